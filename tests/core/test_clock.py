"""Wall time and instants: each hour that is typed comes once, and never early."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from assoc_intranet.core.clock import at, local, moment, now, today

BRUSSELS = "Europe/Brussels"
HALF_PAST_TWO = time(2, 30)


@pytest.mark.parametrize("zone", [BRUSSELS, "America/Toronto", "Pacific/Noumea", "Africa/Tunis"])
def test_every_half_hour_of_two_years_is_the_first_instant_at_which_the_wall_clock_shows_it(zone):
    for number in range(2 * 365 * 48):
        planned = datetime(2027, 1, 1) + number * timedelta(minutes=30)  # noqa: DTZ001 (wall time)
        instant = moment(planned.date(), planned.time(), zone)
        shown = instant.astimezone(ZoneInfo(zone))
        assert shown.replace(tzinfo=None) - planned in (timedelta(), timedelta(hours=1)), "never early, an hour at most"
        assert shown.fold == 0 or shown.replace(tzinfo=None) != planned, "of two, the first"


def test_an_hour_that_does_not_exist_moves_forward():
    instant = moment(date(2027, 3, 28), HALF_PAST_TWO, BRUSSELS)
    assert instant == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert local(instant, BRUSSELS).time() == time(3, 30)


def test_an_hour_that_comes_twice_is_the_first_one():
    assert moment(date(2027, 10, 31), HALF_PAST_TWO, BRUSSELS) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_told_time_is_over_when_it_was_told():
    with at(datetime(2030, 1, 1, 23, 30, tzinfo=UTC)):
        assert today(BRUSSELS) == date(2030, 1, 2)
    assert abs(datetime.now(UTC) - now()) < timedelta(minutes=1)
