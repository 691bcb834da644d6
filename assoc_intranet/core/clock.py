"""The only place that reads the clock. Moments are aware and in UTC; a planned time keeps its wall time and zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    return _told.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Inside, it is `instant`: for what is told after the event, by the same rules that make it happen."""
    before = _told.set(instant)
    try:
        yield
    finally:
        _told.reset(before)


def today(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def moment(day: date, hour: time, zone: str) -> datetime:
    """The instant of a wall time. An hour that occurs twice is the first one; one that does not occur moves forward."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def quarter() -> int:
    """Which quarter of an hour it is: midnight, in every zone, begins one."""
    return int(now().timestamp() // 900)
