"""A story with a clock: acts are noted in any order, and happen in the order of their hours."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from assoc_intranet.core.clock import at, local, moment, now, today
from assoc_intranet.members.models import Member
from assoc_intranet.polls.models import Poll
from assoc_intranet.posts.models import Post
from assoc_intranet.tasks.models import Task

from .words import typeset

Act = Callable[[], object]
AWAKE = 8
NIGHT = timedelta(hours=10)


class Story:
    """Days are counted from today, or from the Monday of this week.

    What was made is found again by what the data calls it: a person by their key, the rest by its title.
    """

    def __init__(self, zone: str, events: Mapping[str, tuple[int, int]]):
        self.zone = zone
        self.now = now()
        self.today = today(zone)
        self.cast: dict[str, Member] = {}
        self.posts: dict[str, Post] = {}
        self.written: dict[str, datetime] = {}
        self.tasks: dict[str, Task] = {}
        self.polls: dict[str, Poll] = {}
        self._events = {name: self.day(*spot) for name, spot in events.items()}
        self._acts: list[tuple[datetime, Act]] = []

    def when(self, instant: datetime, act: Act) -> None:
        self._acts.append((instant, act))

    def run(self) -> None:
        for instant, act in sorted(self._acts, key=lambda noted: noted[0]):
            with at(instant):
                act()

    def words(self, text: str) -> str:
        return typeset(text, self._events)

    def day(self, week: int, weekday: int) -> date:
        """A weekday of this week (0), of the one before (-1), of the next (1)…"""
        return self.today - timedelta(days=self.today.weekday()) + timedelta(weeks=week, days=weekday)

    def in_days(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def instant(self, day: date, hour: time) -> datetime:
        return moment(day, hour, self.zone)

    def ago(self, days: int, hour: time) -> datetime:
        return self.instant(self.in_days(-days), hour)

    def between(self, first: datetime, last: datetime, share: float) -> datetime:
        """Part of the way from one moment to another, by day."""
        return max(self.by_day(first + share * (last - first)), first + timedelta(minutes=5))

    def by_day(self, instant: datetime) -> datetime:
        """The same moment, or the day before where everybody would be asleep."""
        return instant - NIGHT if local(instant, self.zone).hour < AWAKE else instant
