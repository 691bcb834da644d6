"""The only place that reads the clock. Moments are aware and in UTC; a planned time keeps its wall time and zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    return datetime.now(UTC)


def today(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def moment(day: date, hour: time, zone: str) -> datetime:
    """The instant of a wall time. An hour that occurs twice is the first one; one that does not occur moves forward."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)
