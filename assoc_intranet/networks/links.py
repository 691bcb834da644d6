"""The web addresses that X and Mastodon see in a text: each counts them as 23 characters, and no others.

Both follow the grammar of twitter-text 3.1.0 (Apache-2.0, github.com/twitter/twitter-text), Mastodon with
rules of its own. Written anew, so that a text is read once, in a time that grows like its length.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import regex

from .word_lists import any_of, words

_LONGEST_ADDRESS = 4096
_LONGEST_LABEL = 63
_LONGEST_SHORTENED = 40

LATIN = (
    r"\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272"
    r"\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
_FORBIDDEN = r"\uFEFF\uFFFE\uFFFF"
_NOT_IN_HOST = (
    r"!'#%&()*+,\\/:;<=>?@\[\]\^{|}~$"
    r"\u0009-\u000D\u0020\u0085\u00A0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
    r"\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069"
) + _FORBIDDEN
_PRECEDED = rf"(?<=[^A-Za-z0-9@\uFF20$#\uFF03{_FORBIDDEN}])"
_HOST_BEGINNING = regex.compile(rf"{_PRECEDED}[^\-_]")
_ASCII_HOSTS = regex.compile(rf"(?i:[\-.a-z0-9{LATIN}]+)")
_DOT_LIKE = regex.compile(r"[\u3002\uFF0E\uFF61]")


class _Address(NamedTuple):
    """What the grammar takes for an address: after its scheme, if any, its host, then the rest."""

    start: int
    host: int
    host_end: int
    end: int
    has_path: bool

    @property
    def has_scheme(self) -> bool:
        return self.host > self.start


@dataclass(frozen=True)
class _Grammar:
    scheme: "regex.Pattern[str]"
    hosts: "regex.Pattern[str]"
    top_level: "regex.Pattern[str]"
    rest: "regex.Pattern[str]"
    shortened: "regex.Pattern[str]"


def links_on_x(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each address that X shortens, with or without a scheme. `text` is in NFC."""
    grammar = _grammar_of_x()
    for found in _addresses(text, grammar):
        hosts = _ascii_hosts(text, found, grammar)
        if not _is_valid_on_x(text, found) or (text.startswith("xn--", found.host) and not hosts):
            continue
        if found.has_scheme:
            yield from _without_tail(text, found, grammar)
        elif hosts and (found.start == 0 or text[found.start - 1] not in "-_./"):
            *earlier, (start, end) = hosts
            yield from earlier
            # X takes as many characters as the path has, even where other letters stand before it.
            yield start, end + (found.end - found.host_end if found.has_path else 0)


def links_on_mastodon(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each address that Mastodon shortens: those with a scheme."""
    grammar = _grammar_of_mastodon()
    for found in _addresses(text, grammar):
        if found.has_scheme and _is_valid_on_mastodon(text, found):
            yield from _without_tail(text, found, grammar)


def _addresses(text: str, grammar: _Grammar) -> Iterator[_Address]:
    """From left to right, the next being looked for after the end of the last, accepted or not."""
    position = 0
    for run in grammar.hosts.finditer(text):
        if run.end() <= position or "." not in run[0]:
            continue
        hosts = _Hosts(text, run.start(), run.end(), grammar)
        scheme = grammar.scheme.search(text, max(run.start() - 10, position and position + 1), run.start())
        found: tuple[int, int, int] | None = None
        if scheme and hosts.whole_end:
            found = (scheme.start(), run.start(), hosts.whole_end)
        found = found or hosts.next_from(position)
        while found:
            rest = grammar.rest.match(text, found[2])
            position = rest.end()
            yield _Address(*found, position, bool(rest["path"]))
            found = hosts.next_from(position)


class _Hosts:
    """The host names that one run of labels, dots, hyphens and underscores may hold."""

    def __init__(self, text: str, start: int, end: int, grammar: _Grammar) -> None:
        self.text = text
        self.labels = []
        for label in text[start:end].split("."):
            self.labels.append((start, start + len(label)))
            start += len(label) + 1
        self._cursor = 0
        self._find_ends(grammar)

    def _find_ends(self, grammar: _Grammar) -> None:
        """For each label, where a host ends if it is the last one before the top level, or the first one."""
        self.last_ends = [0] * len(self.labels)
        self.first_ends = [0] * len(self.labels)
        for index in range(len(self.labels) - 2, -1, -1):
            start, end = self.labels[index]
            top_level = grammar.top_level.match(self.text, end + 1)
            self.last_ends[index] = top_level.end() if top_level else 0
            label = self.text[start:end]
            if label and label[0] not in "-_" and label[-1] not in "-_":
                last_end = 0 if "_" in label else self.last_ends[index]
                self.first_ends[index] = self.first_ends[index + 1] or last_end

    @property
    def whole_end(self) -> int:
        """Where the longest host that begins with the run ends, or 0."""
        return self.first_ends[0]

    def next_from(self, position: int) -> tuple[int, int, int] | None:
        """The first host, without a scheme, whose preceding character is at `position` or after."""
        while self._cursor < len(self.labels) - 1:
            index, self._cursor = self._cursor, self._cursor + 1
            start, end = self.labels[index]
            host_end = self.first_ends[index + 1]
            if not host_end:
                host_end = self.last_ends[index]
                start = max(start, self.text.rfind("_", start, end) + 1)
            if host_end and start < end and self.text[end - 1] not in "-_":
                beginning = self._beginning(start, end, position)
                if beginning is not None:
                    return beginning, beginning, host_end
        return None

    def _beginning(self, start: int, end: int, position: int) -> int | None:
        found = _HOST_BEGINNING.search(self.text, max(start, position + 1), end)
        at = found.start() if found else None
        # The text itself may begin with a host, yet its first character is first tried as the preceding one.
        return 0 if start == position == 0 and at != 1 and self.text[0] not in "-_" else at


def _ascii_hosts(text: str, found: _Address, grammar: _Grammar) -> list[tuple[int, int]]:
    """The parts of a host that are one by themselves, with only letters of the Latin alphabet."""
    hosts = []
    for run in _ASCII_HOSTS.finditer(text, found.host, found.host_end):
        start = run.end() - len(run[0].lstrip("."))
        dot = text.rfind(".", start, run.end())
        while dot > start:
            if top_level := grammar.top_level.match(text, dot + 1, found.host_end):
                hosts.append((start, top_level.end()))
                break
            dot = text.rfind(".", start, dot)
    return hosts


def _without_tail(text: str, found: _Address, grammar: _Grammar) -> Iterator[tuple[int, int]]:
    """The whole address, or of one already shortened (t.co) what belongs to it."""
    shortened = grammar.shortened.match(text, found.start, found.end)
    if shortened is None:
        yield found.start, found.end
    elif len(shortened[1]) <= _LONGEST_SHORTENED:
        yield shortened.span()


def _is_valid_on_x(text: str, found: _Address) -> bool:
    units = len(text[found.start : found.end].encode("utf-16-le", "surrogatepass")) // 2
    scheme = found.host - found.start or len("https://")
    labels = text[found.host : found.host_end].split(".")
    return scheme + units <= _LONGEST_ADDRESS and all(_encoded(label) <= _LONGEST_LABEL for label in labels)


def _is_valid_on_mastodon(text: str, found: _Address) -> bool:
    labels = text[found.host : found.host_end].split(".")
    encoded = [_encoded(label) for label in labels]
    length = found.end - found.start + sum(encoded) - sum(map(len, labels))
    return length <= _LONGEST_ADDRESS and max(encoded) <= _LONGEST_LABEL


def _encoded(label: str) -> int:
    """The length of a label in Punycode, or its own where that is too long already."""
    if len(label) > _LONGEST_LABEL:
        return len(label)
    parts = _DOT_LIKE.split(label)
    lengths = [len(part) if part.isascii() else len(b"xn--" + part.encode("punycode")) for part in parts]
    return sum(lengths) + len(parts) - 1


@cache
def _grammar_of_x() -> _Grammar:
    path = rf"a-z\u0400-\u04FF0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{LATIN}"
    path_end = rf"[a-z\u0400-\u04FF0-9+\-=_#/{LATIN}]|{_in_brackets(path)}"
    query = r"(?:\?[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[A-Za-z0-9\-_&=#/])?"
    return _Grammar(
        scheme=_scheme("https?"),
        hosts=regex.compile(rf"[^{_NOT_IN_HOST}]+"),
        top_level=_top_level(r"[\-0-9a-z]+"),
        rest=_rest(path, path_end, rf"@[{path}]+/", query),
        shortened=regex.compile(rf"(?i:https?://t\.co/)([A-Za-z0-9]+){query}"),
    )


@cache
def _grammar_of_mastodon() -> _Grammar:
    path = r"^\p{White_Space}<>()?"
    bracketed = rf"a-z\p{{Cyrillic}}0-9!*';:=+,.$/%#\[\]\p{{Pd}}_~&|@{LATIN}"
    path_end = rf"""[^\p{{White_Space}}()?!*"'「」<>;:=,.$%\[\]~&|@]|{_in_brackets(bracketed)}"""
    beyond = r"\u00A0-\uD7FF\uE000-\uFDCF\uFDF0-\uFFEF" + "".join(
        rf"\U{plane:04X}{'1000' if plane == 0xE else '0000'}-\U{plane:04X}FFFD" for plane in range(1, 17)
    )
    query = rf"(?:\?[A-Za-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@\^{beyond}]*[A-Za-z0-9_&=#/\-{beyond}])?"
    return _Grammar(
        scheme=_scheme("https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini"),
        hosts=regex.compile(rf"[^{_NOT_IN_HOST}\"`\u0000-\u001F\u007F]+"),
        top_level=_top_level("[0-9a-z]+"),
        rest=_rest(path, path_end, rf"[{path}]+/", query),
        shortened=regex.compile(r"(?i:https?://t\.co/)([A-Za-z0-9]+)"),
    )


def _scheme(names: str) -> "regex.Pattern[str]":
    return regex.compile(rf"(?:\A|{_PRECEDED})(?i:{names})://\Z")


def _top_level(punycode: str) -> "regex.Pattern[str]":
    names = words("top-level-domains.txt")
    known = any_of(names + [name.upper() for name in names if not name.isascii()])
    return regex.compile(rf"(?ai){known}(?=[^0-9a-z@+\-]|\Z)|xn--{punycode}")


def _rest(path: str, path_end: str, other_path: str, query: str) -> "regex.Pattern[str]":
    ended = rf"[{path}]*(?:{_in_brackets(path)}[{path}]*)*(?:{path_end})"
    return regex.compile(rf"(?::[0-9]+)?(?P<path>/(?i:{ended}|{other_path})*)?{query}")


def _in_brackets(characters: str) -> str:
    """Balanced, with at most one pair inside another."""
    inner = f"[{characters}]"
    return rf"\((?:{inner}+|{inner}*\({inner}+\){inner}*)\)"
