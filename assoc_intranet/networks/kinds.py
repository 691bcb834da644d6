"""The kinds of network an association may be present on: their limits, and the names people give them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask_babel import lazy_gettext as _l

_CHECKED = date(2026, 11, 20)
_COMMON = _l("common usage, not published by the network")
_AYRSHARE = "Ayrshare"
_AYRSHARE_URL = "https://www.ayrshare.com/docs/apis/post/social-networks/"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A network. `limit` is counted by `rule` (see `counting`), `byte_limit` in UTF-8 bytes besides it.

    `code` is the two letters of its tile; a network of our own (`own`) has a round tile with an `icon`.
    `enforce` says what a text over the limit does: "block" its approval, or only "warn".
    `cadence` is a modest number of posts a week to begin with; None where none is advised.
    """

    id: str
    name: str
    code: str = ""
    icon: str = ""
    own: bool = False
    rule: Literal["x_weighted_v3", "mastodon", "bluesky", "threads_500", "utf16", "bytes", "none"] = "utf16"
    limit: int | None = None
    byte_limit: int | None = None
    enforce: Literal["block", "warn"] = "block"
    source: str = _COMMON
    source_url: str | None = None
    checked: date = _CHECKED
    cadence: float | None = None


_ALL = (
    Kind(
        id="facebook", name="Facebook", code="Fb", limit=63206, enforce="warn", cadence=1,
        source=_AYRSHARE, source_url=_AYRSHARE_URL,
    ),
    Kind(
        id="instagram", name="Instagram", code="Ig", limit=2200, cadence=1,
        source=_AYRSHARE, source_url=_AYRSHARE_URL,
    ),
    Kind(
        id="linkedin", name="LinkedIn", code="Li", limit=3000, cadence=0.5,
        source=_AYRSHARE, source_url=_AYRSHARE_URL,
    ),
    Kind(
        id="x", name="X", code="X", rule="x_weighted_v3", limit=280,
        source="twitter-text, config v3", source_url="https://github.com/twitter/twitter-text",
    ),
    Kind(
        id="threads", name="Threads", code="Th", rule="threads_500", limit=500, cadence=1,
        source="Threads API", source_url="https://developers.facebook.com/documentation/threads/posts",
    ),
    Kind(
        id="mastodon", name="Mastodon", code="Ma", rule="mastodon", limit=500, cadence=2,
        source="Mastodon", source_url="https://docs.joinmastodon.org/user/posting/",
    ),
    Kind(
        id="bluesky", name="Bluesky", code="Bs", rule="bluesky", limit=300, byte_limit=3000, cadence=2,
        source="AT Protocol, app.bsky.feed.post", source_url="https://github.com/bluesky-social/atproto",
    ),
    Kind(id="youtube", name="YouTube", code="Yt", rule="bytes", limit=5000, enforce="warn", cadence=0.25),
    Kind(id="tiktok", name="TikTok", code="Tk", limit=2200, enforce="warn"),
    Kind(
        id="pinterest", name="Pinterest", code="Pi", limit=500, cadence=1,
        source=_AYRSHARE, source_url=_AYRSHARE_URL,
    ),
    Kind(id="whatsapp", name="WhatsApp", code="Wa", limit=4096, enforce="warn", cadence=1),
    Kind(id="telegram", name="Telegram", code="Tg", limit=4096, enforce="warn", cadence=1),
    Kind(
        id="newsletter", name=_l("Newsletter"), icon="mail", own=True, rule="none", enforce="warn",
        cadence=0.25,
    ),
    Kind(id="site", name=_l("Website"), icon="globe", own=True, rule="none", enforce="warn", cadence=0.25),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.id: kind for kind in _ALL}

# What volunteers write in a spreadsheet, without accents, capitals or punctuation.
_NAMES = {
    "facebook": "facebook, fb, face book, fbk, facebok, face, facebook meta, meta facebook",
    "instagram": "instagram, insta, ig, instagramme, inst, instagram meta, meta instagram",
    "linkedin": "linkedin, linked in, li, lkd, lkdn, linkdin, linkedln",
    "x": "x, twitter, twiter, tw, tweet, tweets, x twitter, twitter x, ex twitter, x ex twitter",
    "threads": "threads, thread, th, threads meta, meta threads",
    "mastodon": """mastodon, masto, ma, mastodonte, mamot, piaille, framapiaf, pouet, fediverse, fedivers,
        mastodon fediverse, mastodon fedivers, fediverse mastodon, fedivers mastodon""",
    "bluesky": "bluesky, blue sky, bsky, bs, blusky, bluesky social",
    "youtube": "youtube, you tube, yt, ytb, youtube shorts, youtube short, shorts",
    "tiktok": "tiktok, tik tok, tk, tt, tictoc",
    "pinterest": "pinterest, pi, pin, pins, pinterest pin",
    "whatsapp": "whatsapp, whats app, wa, whatsap, watsapp, wapp, wsp",
    "telegram": "telegram, tg, telegramme, tele gram",
    "newsletter": """newsletter, newsletters, news letter, nl, infolettre, infolettres, info lettre, lettre,
        lettre d information, lettre d informations, lettre d info, lettre d infos, lettre information,
        lettre info, lettre infos, mailing, mailings, mailing list, e mailing, emailing, mail, mails, email,
        emails, e mail, e mails, courriel, courriels, courrier electronique, liste de diffusion, bulletin,
        bulletin d information, bulletin d info, bulletin d infos""",
    "site": """site, sites, site web, site internet, website, web site, web, internet, www, page web, blog,
        blogue, site blog, blog site, site et blog, site ou blog, site web ou blog, site officiel,
        wordpress, site wordpress, article de blog, article blog, article du site, article site,
        actualite du site, actu du site, actu site""",
}

# Words that go with the name of any network: "Page Facebook", "chaîne YouTube", "story Insta".
_WITH_ANY = frozenset(
    re.findall(
        r"\w+",
        """account asso association canal chaine channel compte de du evenement event feed fil group groupe
        l la le les live ma mes mon nos notre our page perso post pro profil profile publication reel reels
        reseau stories story sur the""",
    )
)


def find_kind(text: str) -> str | None:
    """The id of the one network that `text` names, whatever its accents, capitals and punctuation."""
    words = _plain(text).split()
    return _BY_NAME.get(" ".join(words)) or _BY_NAME.get(" ".join(w for w in words if w not in _WITH_ANY))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]+", " ", "".join(c for c in letters if not unicodedata.combining(c)))


_BY_NAME = {" ".join(name.split()): kind for kind, names in _NAMES.items() for name in names.split(",")}
