"""How long a text is on each network, counted as that network counts it."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import EllipsisType

import regex

from .kinds import KINDS
from .links import LATIN, links_on_mastodon, links_on_x
from .word_lists import any_of, words

_LINK = 23


@dataclass(frozen=True)
class Measure:
    """What a text takes of a limit, both in the unit of its network; `limit` is None where there is none.

    `detail` measures the same text against a second limit of the network: for Bluesky, its UTF-8 bytes.
    """

    used: int
    limit: int | None
    detail: "Measure | None" = None

    @property
    def ok(self) -> bool:
        """Within every limit, whether the network enforces it or not."""
        return (self.limit is None or self.used <= self.limit) and (self.detail is None or self.detail.ok)


def measure(network_id: str, text: str, *, limit: int | EllipsisType | None = ...) -> Measure:
    """The length of a text on a network of `KINDS`, and its limit: the one we ship unless another is given.

    Every text has a length; a line end counts as one character, however the browser sends it.
    Raises ValueError where no network has this id.
    """
    if network_id not in KINDS:
        raise ValueError(f"No network is called {network_id!r}; there are {', '.join(KINDS)}.")
    kind = KINDS[network_id]
    text = _tidied(text)
    return Measure(
        used=_RULES[kind.rule](text),
        limit=kind.limit if limit is ... else limit,
        detail=None if kind.byte_limit is None else Measure(_bytes(text), kind.byte_limit),
    )


def _tidied(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATES.search(text):  # a character cut in two is one character again
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


_SURROGATES = regex.compile(r"\p{Surrogate}{2}")


# Plain units.


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _graphemes(text: str) -> int:
    """What a reader sees as characters: the extended grapheme clusters of Unicode (UAX #29)."""
    return len(text) if text.isascii() else len(_CLUSTER.findall(text))


# A flag is a cluster of its own; found by \X alone, a row of flags takes the square of its length.
_CLUSTER = regex.compile(r"\p{GCB=RI}{2}[\p{GCB=EX}\p{GCB=ZWJ}\p{GCB=SM}]*|\X")


# X (twitter-text, config v3): a link is 23, an emoji 2, a character of most alphabets 1, any other 2, in NFC.


def _on_x(text: str) -> int:
    text = _composed(text)
    links = list(links_on_x(text))
    rest = _replaced(text, [(start, end, "\n") for start, end in links])
    heavy = len(_HEAVY.findall(rest))
    if heavy:
        rest = _joined_emoji().sub("\N{OBJECT REPLACEMENT CHARACTER}", rest)
        heavy = len(_HEAVY.findall(rest))
    return len(rest) + heavy + (_LINK - 1) * len(links)


_HEAVY = regex.compile(r"[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")


def _composed(text: str) -> str:
    """In NFC. A pile of marks that nobody could read is cut up: sorting it takes the square of its height."""
    if _PILE_OF_MARKS.search(text):
        return "".join(unicodedata.normalize("NFC", part) for part in _CUT_UP.findall(text))
    return unicodedata.normalize("NFC", text)


_PILE_OF_MARKS = regex.compile(r"\P{ccc=0}{500}")
_CUT_UP = regex.compile(r"\p{ccc=0}*\P{ccc=0}{0,500}")


@cache
def _joined_emoji() -> "regex.Pattern[str]":
    """Emoji made of several characters: keycaps, skin tones, flags, and what the list of Unicode has besides."""
    return regex.compile(
        rf"""(?V1x)
        {any_of(words("emoji-sequences.txt"))}
        | [0-9\#*] \uFE0F? \u20E3
        | [\p{{Emoji_Modifier_Base}}&&\p{{Emoji_Presentation}}] \p{{Emoji_Modifier}}
        | [\p{{Emoji_Modifier_Base}}--\p{{Emoji_Presentation}}] \uFE0F? \p{{Emoji_Modifier}}
        | [[\p{{Emoji}}--\p{{Emoji_Presentation}}--[0-9\#*]]{_ALSO_QUALIFIED}] \uFE0F
        """
    )


# Drawn as emoji without a variation selector, but old enough for X to take one along.
_ALSO_QUALIFIED = "⌚⌛◽◾☔☕♈-♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯"


# Mastodon (StatusLengthValidator, Extractor, Account::MENTION_RE): clusters, a link being 23 and a mention of
# somebody elsewhere only the name. Text is not normalised.


def _on_mastodon(text: str) -> int:
    if not text.strip():
        return 0
    links = [(start, end, "x" * _LINK) for start, end in links_on_mastodon(text)]
    return _graphemes(_replaced(text, sorted(links + _mentions_elsewhere(text))))


def _mentions_elsewhere(text: str) -> list[tuple[int, int, str]]:
    return [
        (*mention.span(), "@" + mention["name"])
        for mention in _MENTION.finditer(text)
        if len(mention["host"] or "") <= _LONGEST_HOST and not _NO_MENTION_BEFORE.match(text, mention.end())
    ]


_WORD = r"\p{L}\p{M}\p{Nd}\p{Pc}"
_MENTION = regex.compile(
    rf"(?<![=/{_WORD}])@(?P<name>[A-Za-z0-9_]+(?:[.\-]+[A-Za-z0-9_]+)*)"
    rf"(?:@(?P<host>[{_WORD}]+(?:[.\-]+[{_WORD}]+)*))?"
)
_NO_MENTION_BEFORE = regex.compile(rf"[@\uFF20{LATIN}]|://")
_LONGEST_HOST = 253


def _replaced(text: str, entities: list[tuple[int, int, str]]) -> str:
    """The text with what each entity counts for in its place; of two that overlap, the first one counts."""
    parts, position = [], 0
    for start, end, short in entities:
        if start >= position:
            parts += [text[position:start], short]
            position = end
    return "".join([*parts, text[position:]])


# Threads says that an emoji counts as its UTF-8 bytes, and nothing of the rest: UTF-16 units are prudent.


def _on_threads(text: str) -> int:
    if not _EMOJI.search(text):
        return _utf16_units(text)
    return sum(
        _bytes(cluster) if _EMOJI.search(cluster) else _utf16_units(cluster) for cluster in _CLUSTER.findall(text)
    )


_EMOJI = regex.compile(
    r"""(?V1x)
    \p{Emoji_Presentation}
    | [\p{Emoji}--[0-9\#*©®™]] (?!\uFE0E)
    | [©®™] \uFE0F
    | [0-9\#*] \uFE0F? \u20E3
    """
)


_RULES: dict[str, Callable[[str], int]] = {
    "x_weighted_v3": _on_x,
    "mastodon": _on_mastodon,
    "bluesky": _graphemes,
    "threads_500": _on_threads,
    "utf16": _utf16_units,
    "bytes": _bytes,
    "none": _graphemes,
}
