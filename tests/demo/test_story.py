"""A story is told in its order, at its hours."""

from datetime import UTC, datetime, time, timedelta

import pytest

from assoc_intranet.core import clock
from assoc_intranet.demo.story import Story

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def story():
    with clock.at(FRIDAY):
        return Story("Europe/Brussels", {})


def test_acts_happen_in_the_order_of_their_hours(story):
    heard = []
    for hours in (3, 1, 2):
        story.when(FRIDAY - timedelta(hours=hours), lambda: heard.append(clock.now()))
    story.run()
    assert heard == [FRIDAY - timedelta(hours=hours) for hours in (3, 2, 1)]


def test_afterwards_the_clock_is_the_real_one(story):
    story.when(FRIDAY, clock.now)
    story.run()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_saturday_is_a_saturday_in_any_week(story):
    assert [story.day(week, 5).isoformat() for week in (-1, 0, 1)] == ["2026-11-14", "2026-11-21", "2026-11-28"]


def test_nobody_works_at_night(story):
    at_night = story.instant(story.today, time(3, 10))
    assert story.by_day(at_night) == story.ago(1, time(17, 10))
    assert story.by_day(FRIDAY) == FRIDAY
