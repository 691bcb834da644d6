"""Clocks that jump, hours that do not exist or come twice, and work that comes late: once each, and never early."""

import tempfile
import time as stopwatch
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from assoc_intranet.core.changes import Change
from assoc_intranet.core.clock import at, local, moment
from assoc_intranet.core.db import db, writing
from assoc_intranet.members.models import Member
from assoc_intranet.polls import rules as polls
from assoc_intranet.polls.models import Poll
from assoc_intranet.posts import rules as posts
from assoc_intranet.posts.models import Post

from .site import Site
from .verdict import CannotRun, Verdict

ZONE = "Europe/Brussels"
NOON = datetime(2026, 11, 21, 11, tzinfo=UTC)
GAP, FOLD = date(2027, 3, 28), date(2027, 10, 31)
HALF_PAST_TWO = time(2, 30)
HALF_HOUR = timedelta(minutes=30)
# What lets due work look five times a second instead of once.
OFTEN = "from assoc_intranet.jobs import loop; loop.EVERY = 0.2"


def run(quick: bool) -> Iterator[Verdict]:
    yield from _sweep(years=10)
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        raise CannotRun("libfaketime is not installed (Debian: apt-get install libfaketime).")
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock(Path(folder), library, quick)
        try:
            yield from _jumps(clock, times=1 if quick else 5)
            yield from _nights(clock)
            yield from _late(clock)
        finally:
            clock.site.close()


class Clock:
    """A server whose clock is what we say: it runs on from there."""

    def __init__(self, folder: Path, library: Path, quick: bool):
        self.site = Site(folder)
        self.file = folder / "clock"
        self.library = library
        self.number = 0
        self.hurry, self.rounds = (OFTEN, 1.2) if quick else ("", 3.5)

    def start(self, instant: datetime) -> None:
        self._write(instant)
        self.site.start(
            self.hurry,
            LD_PRELOAD=str(self.library),
            FAKETIME_TIMESTAMP_FILE=str(self.file),
            FAKETIME_NO_CACHE="1",
            FAKETIME_DONT_FAKE_MONOTONIC="1",
            DONT_FAKE_MONOTONIC="1",
        )
        self.look()

    def put(self, instant: datetime) -> None:
        """Put the clock there, and let due work look."""
        self._write(instant)
        self.look()

    def look(self) -> None:
        """Wait while due work looks more than twice."""
        stopwatch.sleep(self.rounds)

    def _write(self, instant: datetime) -> None:
        # As a distance from the true time, so that it runs on.
        distance = (instant - datetime.now(UTC)).total_seconds()
        draft = self.file.with_suffix(".draft")
        draft.write_text(f"{distance:+.0f}\n")
        draft.replace(self.file)

    def poll(self, closes: datetime) -> int:
        """A vote that was opened a while before it closes, at a whole minute of the wall clock."""
        wall = local(closes, ZONE)
        return self.poll_at(wall.date(), wall.time(), closes - timedelta(days=2))

    def poll_at(self, day: date, hour: time, opened: datetime) -> int:
        self.number += 1
        with self.site.app.app_context(), at(opened), writing():
            author = db.session.get_one(Member, self.site.ids["amina"])
            poll = polls.propose(author, polls.Draft(f"Vote {self.number} ?", day, hour))
            polls.open_poll(poll, author, day, hour)
            return poll.id

    def closings(self) -> dict[int, int]:
        """How often each vote was said to be closed."""
        with self.site.app.app_context():
            query = select(Change.subject_id, func.count()).filter_by(kind="poll.closed").group_by(Change.subject_id)
            return dict(db.session.execute(query).tuples().all())

    def closed_at(self, poll_id: int) -> datetime | None:
        with self.site.app.app_context():
            return db.session.get_one(Poll, poll_id).closed_at


def _sweep(years: int) -> Iterator[Verdict]:
    """Every half hour of the wall clock: the instant it means, tried against a clock that goes through them all."""
    zone, day, end = ZoneInfo(ZONE), date(2026, 1, 1), date(2026 + years, 1, 1)
    plans, early, moved, wrong = 0, 0, 0, 0
    fired: dict[tuple[date, time], int] = {}
    due: dict[datetime, list[tuple[date, time]]] = {}
    while day < end:
        for half in range(48):
            hour = time(half // 2, 30 * (half % 2))
            due.setdefault(moment(day, hour, ZONE), []).append((day, hour))
            plans += 1
        day += timedelta(days=1)
    instant, last = min(due), max(due)
    while instant <= last:
        wall = instant.astimezone(zone).replace(tzinfo=None)
        for planned in due.get(instant, ()):
            fired[planned] = fired.get(planned, 0) + 1
            meant = datetime.combine(*planned)
            early += wall < meant
            moved += wall == meant + timedelta(hours=1)
            wrong += wall not in (meant, meant + timedelta(hours=1))
        instant += HALF_HOUR
    double = sum(times > 1 for times in fired.values())
    yield Verdict(
        f"Each half hour of {years} years comes due once and never early",
        f"{plans} plans: {plans - len(fired)} never, {early} early, {double} double, {wrong} at another hour, "
        f"{moved} in hours that do not exist (an hour later)",
        kept=len(fired) == plans and not early and not double and not wrong and moved == 2 * years,
    )


def _jumps(clock: Clock, times: int) -> Iterator[Verdict]:
    """Votes that close soon, later and in a year, under a clock that goes an hour back or on, and two years on."""
    hour = timedelta(hours=1)
    soon = clock.poll(NOON + 30 * timedelta(minutes=1))
    later = clock.poll(NOON + 3 * hour)
    next_year = clock.poll(NOON + timedelta(days=365))
    early: list[str] = []

    def expect(name: str, *closed: int) -> None:
        early.extend(f"{name}: {poll}" for poll in set(clock.closings()) - set(closed))

    clock.start(NOON)
    expect("at first")
    for _ in range(times):
        clock.put(NOON - hour)
        expect("an hour back", *([soon] if clock.closings() else []))
        clock.put(NOON + hour)
        expect("an hour on", soon)
    clock.put(NOON + timedelta(days=730))
    expect("two years on", soon, later, next_year)
    clock.put(NOON)
    told = clock.closings()
    yield Verdict(
        "Votes close once each under a clock that jumps an hour back, an hour on and two years on",
        f"{2 * times + 2} jumps, {len(early)} early, {sum(n > 1 for n in told.values())} twice, {3 - len(told)} never",
        kept=not early and told == {soon: 1, later: 1, next_year: 1},
    )
    truly = all(clock.closed_at(poll) == clock_time for poll, clock_time in _meant(clock, soon, later, next_year))
    yield Verdict("They are closed at the hour that was said", "as said" if truly else "at another hour", kept=truly)


def _meant(clock: Clock, *polls_: int) -> list[tuple[int, datetime]]:
    with clock.site.app.app_context():
        return [(poll, db.session.get_one(Poll, poll).closes_at) for poll in polls_]


def _nights(clock: Clock) -> Iterator[Verdict]:
    """02:30 on the night that has none, and on the night that has two."""
    for name, day, instant in (
        ("does not exist (28 March 2027)", GAP, datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("comes twice (31 October 2027)", FOLD, datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ):
        poll = clock.poll_at(day, HALF_PAST_TWO, instant - timedelta(days=2))
        post = _plan(clock, day)
        before = len(clock.closings())
        clock.put(instant - timedelta(minutes=3))
        early = len(clock.closings()) - before
        clock.put(instant + timedelta(seconds=5))
        once = clock.closings().get(poll, 0)
        clock.put(instant + timedelta(hours=1, seconds=5))
        again = clock.closings().get(poll, 0)
        with clock.site.app.app_context():
            row = db.session.get_one(Post, post)
            shown, due_at = row.hour, row.due_at
        yield Verdict(
            f"A vote and a post at an hour that {name} come due once, and show the hour that was typed",
            f"{early} early, {again} in all, {shown:%H:%M} shown, due at {local(due_at or instant, ZONE):%H:%M}",
            kept=not early and once == again == 1 and shown == HALF_PAST_TWO and due_at == instant,
        )


def _plan(clock: Clock, day: date) -> int:
    with clock.site.app.app_context(), writing():
        author = db.session.get_one(Member, clock.site.ids["amina"])
        return posts.write(author, posts.Draft(f"Publication du {day}", day=day, hour=HALF_PAST_TWO)).id


def _late(clock: Clock) -> Iterator[Verdict]:
    """Nobody works for three hours; whoever comes then does it all, once, and says what should have happened."""
    clock.site.stop()
    began = NOON + timedelta(days=30)  # the cookie was signed by the true clock, and is good for 90
    waiting = [clock.poll(began + timedelta(minutes=20 * number)) for number in range(1, 9)]
    with clock.site.app.app_context(), at(began), writing():
        author = db.session.get_one(Member, clock.site.ids["amina"])
        wall = local(began + timedelta(hours=1), ZONE)
        posts.write(author, posts.Draft("En souffrance", day=wall.date(), hour=wall.time()), state="planned")
    clock.start(began + timedelta(hours=3))
    told = clock.closings()
    with at(began + timedelta(hours=3)):
        clock.site.cookies["amina"] = clock.site.log_in("amina")
    page = clock.site.ask("GET", "/", "amina").body.decode()
    clock.site.stop()
    once = sum(told.get(poll) == 1 for poll in waiting)
    late = "En retard\u00a0: En souffrance" in page
    yield Verdict(
        "After three hours in which nobody worked, what was due is done once, and what is late is said to be",
        f"{once} of {len(waiting)} votes closed once, the late post {'said to be late' if late else 'not said'}",
        kept=once == len(waiting) and late,
    )
