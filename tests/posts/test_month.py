"""The arithmetic of a month."""

from datetime import date, timedelta

import pytest

from assoc_intranet.posts.month import Month

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "words", [None, "", "2026-13", "2026-00", "1999-12", "2101-01", "26-11", "novembre", "2026-11-01", "٢٠٢٦-١١"]
)
def test_what_cannot_be_read_is_the_present_month(words):
    assert str(Month.read(words, TODAY)) == "2026-11"


def test_weeks_begin_on_monday_and_hold_the_whole_month():
    for year in range(2000, 2101, 7):
        for number in range(1, 13):
            month = Month(date(year, number, 1))
            days = [day for week in month.weeks for day in week]
            assert days[0].weekday() == 0
            assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
            assert days[0] <= month.first <= days[6]
            assert days[-7] <= month.last <= days[-1]


def test_the_week_around_new_year_has_its_iso_number():
    assert Month(date(2027, 1, 1)).weeks[0][3].isocalendar().week == 53


def test_months_follow_each_other():
    month = Month(date(2026, 12, 1))
    assert str(month.next) == "2027-01"
    assert month.next.previous == month
