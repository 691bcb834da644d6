"""A mail server that is slow, refuses, hangs up or is away: no page waits for it, no mail is lost or sent thrice."""

import logging
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from assoc_intranet.core.clock import at, now
from assoc_intranet.core.db import db, writing
from assoc_intranet.mail.postman import deliver
from assoc_intranet.members import rules as members
from assoc_intranet.members.models import Member
from tests.mail.server import MailServer

from .site import Site, p95
from .verdict import Verdict

PATIENCE = 200  # milliseconds a page may take
# What the server does: how long it thinks, what it answers, whether it goes away once it has the message.
MOODS: dict[str, tuple[float, str, bool]] = {
    "is kind": (0, "250 OK", False),
    "hangs": (3600, "250 OK", False),
    "says 4xx": (0, "451 later please", False),
    "says 5xx": (0, "554 no thanks", False),
    "goes away after the message": (0, "250 OK", True),
}
AWAY = "is away"
EVERY = timedelta(minutes=1)


def run(quick: bool) -> Iterator[Verdict]:
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        sink = MailServer()
        settings = {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(sink.port),
            "SMTP_TLS": "0",
            "MAIL_FROM": "a@exemple.org",
        }
        site = Site(Path(folder), **settings)
        site.app.logger.setLevel(logging.ERROR)
        try:
            yield from _pages(site, sink, 4 if quick else 9)
            yield from _mails(site, sink, 3 if quick else 20)
            yield _alarm(site, sink)
        finally:
            site.close()
            sink.stop()


def _pages(site: Site, sink: MailServer, times: int) -> Iterator[Verdict]:
    """Invitations by mail, one after the other, whatever the mail server does meanwhile."""
    site.start()
    for _ in range(10):
        site.ask("GET", "/invitations", "amina")
    taken = {}
    for mood in MOODS:
        _set(sink, mood)
        taken[mood] = [_invite(site, f"{uuid4()}@exemple.org") for _ in range(times)]
    site.stop()
    site.settings["SMTP_PORT"] = "9"  # nothing listens there
    site.start()
    taken[AWAY] = [_invite(site, f"{uuid4()}@exemple.org") for _ in range(times)]
    site.stop()
    figures = ", ".join(f"{mood}: {p95(seconds):.0f} ms" for mood, seconds in taken.items())
    slowest = max(p95(seconds) for seconds in taken.values())
    yield Verdict(f"No page waits for mail: all answer within {PATIENCE} ms", f"p95 {figures}", kept=slowest < PATIENCE)


def _invite(site: Site, email: str) -> float:
    answer = site.ask("POST", "/invitations", "amina", {"role": "member", "email": email})
    if answer.status >= 400:
        raise RuntimeError(f"The invitation was refused: {answer.status}")
    return answer.seconds


def _mails(site: Site, sink: MailServer, times: int) -> Iterator[Verdict]:
    """Ten minutes of the postman's rounds in each mood, then a day of a kind server: how often did each mail arrive?"""
    wrong: list[str] = []
    copies: Counter[str] = Counter()
    for mood in (mood for mood in MOODS if mood != "hangs"):
        addresses = [f"{uuid4()}@exemple.org" for _ in range(times)]
        with site.app.app_context():
            _write(site, addresses)
            _set(sink, mood)
            began = now()
            _rounds(sink, began, 10)
            _set(sink, "is kind")
            _rounds(sink, began + timedelta(minutes=10), 60 * 24, every=timedelta(minutes=10))
        arrived = Counter(message["To"] for message in sink.received)
        most = 2 if MOODS[mood][2] else 1
        counts = [arrived[address] for address in addresses]
        wrong += [f"{mood}: {count}" for count in counts if not 1 <= count <= most]
        copies[mood] = max(counts)
    twice = copies.pop("goes away after the message")
    yield Verdict(
        "Each mail arrives once, whatever the server says before it takes it",
        f"{times} mails in each of {len(copies)} moods, {sum(not w.startswith('goes') for w in wrong)} otherwise",
        kept=not [fault for fault in wrong if not fault.startswith("goes")],
    )
    yield Verdict(
        "A server that goes away after the message gets it twice at most",
        f"{times} mails, at most {twice} copies",
        kept=twice <= 2,
    )


def _alarm(site: Site, sink: MailServer) -> Verdict:
    """A server that refuses for two days: how long it is tried, and whether an administrator reads of it."""
    _set(sink, "says 4xx")
    before = sink.handler.tried
    with site.app.app_context():
        _write(site, ["zoe@exemple.org"])
        began = now()
        last = _rounds(sink, began, 60 * 48, every=timedelta(minutes=10))
        tries, hours = sink.handler.tried - before, (last - began) / timedelta(hours=1)
        said = _home(site, began + timedelta(hours=25))
    return Verdict(
        "A mail is tried for 24 hours, then administrators are told",
        f"{tries} tries, the last after {hours:.0f} h; {'said' if said else 'not said'} on their first page",
        kept=23 < hours < 26 and said,
    )


def _home(site: Site, instant: datetime) -> bool:
    with at(instant):
        with writing():
            token = members.open_session(db.session.get_one(Member, site.ids["amina"]), "Firefox")
        browser = site.app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return "451 later please" in browser.get("/").text


def _write(site: Site, addresses: list[str]) -> None:
    with writing():
        author = db.session.get_one(Member, site.ids["amina"])
        for address in addresses:
            members.invite(author, "member", address)


def _rounds(sink: MailServer, began: datetime, minutes: int, every: timedelta = EVERY) -> datetime:
    """What the postman does in so many minutes, its clock told; when it last tried anything."""
    last = began
    for number in range(int(timedelta(minutes=minutes) / every)):
        before, instant = sink.handler.tried, began + number * every
        with at(instant):
            deliver()
            db.session.rollback()
        last = instant if sink.handler.tried > before else last
    return last


def _set(sink: MailServer, mood: str) -> None:
    sink.handler.pause, sink.handler.answer, sink.handler.dies = MOODS[mood]
