"""Dates and hours as volunteers type them."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from assoc_intranet.transfer.dates import NotADate, order_of, read_day
from assoc_intranet.transfer.hours import NotATime, read_hour

FETE = date(2026, 11, 28)
EVENING = time(18, 30)


@pytest.mark.parametrize(
    "text",
    [
        *("28/11/2026", "28-11-26", "28.11.2026", "28 / 11 / 2026", "28 11 2026", "le 28/11/2026", "samedi 28/11/2026"),
        *("2026-11-28", "2026/11/28", "20261128", "28-nov-2026", "28-nov.-26", "28 nov. 26", "28 novembre 2026"),
        *("samedi 28 novembre 2026", "Sam. 28 nov. 2026", "SAMEDI 28 NOVEMBRE 2026", "sam 28 Nov 2026"),
        *(
            "November 28, 2026",
            "Nov 28, 2026",
            "Sat 28 Nov 2026",
            "Saturday, November 28th, 2026",
            "28th of November 2026",
        ),
        *("28\u00a0novembre\u00a02026", "28\u202f11\u202f2026", "\u200e28/11/2026", "28/11/2026 (à confirmer)"),
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert read_day(text) == (FETE, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("samedi 5 décembre 2026", date(2026, 12, 5)),
        ("1er mars 2027", date(2027, 3, 1)),
        ("dim. 1er févr. 2026", date(2026, 2, 1)),
        ("mar. 8 déc. 2026", date(2026, 12, 8)),
        ("Mar 8, 2026", date(2026, 3, 8)),
        ("15 août 2026", date(2026, 8, 15)),
        ("14 juil. 2026", date(2026, 7, 14)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_months_and_weekdays_do_not_get_mixed_up(text, day):
    assert read_day(text) == (day, None)


@pytest.mark.parametrize(
    "text",
    [
        *("28/11/2026 18h30", "28/11/2026 à 18 h 30", "28/11/2026, 18:30", "28/11/2026 - 18h30", "28/11/2026 18:30:00"),
        *("samedi 28 novembre 2026 à 18h30", "28 novembre 2026, 18\u202fh\u202f30", "28/11/26 18.30"),
        *("2026-11-28 18:30", "2026-11-28T18:30", "2026-11-28T18:30:00.000", "Nov 28, 2026 6:30 PM"),
        *("28/11/2026 6:30 PM", "28/11/2026 18h30 - 20h"),
    ],
)
def test_a_cell_may_hold_the_day_and_the_hour(text):
    assert read_day(text) == (FETE, EVENING)


def test_an_hour_with_an_offset_is_told_where_the_association_lives():
    assert read_day("2026-11-28T17:30:00Z", zone=ZoneInfo("Europe/Brussels")) == (FETE, EVENING)
    assert read_day("2026-11-28T12:30:00-05:00", zone=ZoneInfo("Europe/Paris")) == (FETE, EVENING)
    assert read_day("2026-11-28 17:30:00 UTC", zone=ZoneInfo("Europe/Paris")) == (FETE, EVENING)
    assert read_day("2026-11-28T18:30:00+01:00") == (FETE, EVENING)


@pytest.mark.parametrize(
    "text",
    [
        *("31/11/2026", "29/02/2027", "32/01/2026", "28/13/2026", "2026-13-01", "31 novembre 2026", "20261301"),
        *("28/11/1926", "28/11/20226", "bientôt", "samedi", "novembre 2026", "18h30", "46354", "28/11/2026 bientôt"),
        *("28/11/2026 25h00", "", "28", "((((", "28/11/2026 18h30 29/11/2026", "9999-12-31T23:59:59Z"),
    ],
)
def test_what_is_no_date_says_so(text):
    with pytest.raises(NotADate) as refusal:
        read_day(text, zone=ZoneInfo("Europe/Paris"))
    assert str(refusal.value).endswith(".")


def test_a_day_without_a_year_needs_one_from_elsewhere():
    with pytest.raises(NotADate, match="year"):
        read_day("5 décembre")
    with pytest.raises(NotADate, match="year"):
        read_day("5 décembre 18h30")
    assert read_day("5 décembre", year=2026) == (date(2026, 12, 5), None)
    assert read_day("sam. 5 déc. à 18h30", year=2026) == (date(2026, 12, 5), EVENING)
    assert read_day("5/12", year=2026) == (date(2026, 12, 5), None)


def test_a_weekday_that_contradicts_the_year_from_elsewhere_is_believed():
    assert read_day("samedi 5 décembre", year=2026) == (date(2026, 12, 5), None)
    with pytest.raises(NotADate, match="year"):
        read_day("dimanche 5 décembre", year=2026)


def test_a_number_above_twelve_decides_for_its_column():
    assert order_of(["05/12/2026", "28/11/2026"]).decide(told=None) is True
    assert order_of(["12/05/2026", "11/28/2026 18:30"]).decide(told=None) is False
    assert order_of(["12/05/2026", "11/28/2026"]).decide(told=True) is False
    assert not order_of(["12/05/2026", "11/28/2026"]).is_ambiguous


def test_a_column_that_says_nothing_is_day_first_unless_we_are_told():
    order = order_of(["05/12/2026", "07/12/2026"])
    assert order.is_ambiguous
    assert order.decide(told=None) is True
    assert order.decide(told=False) is False


def test_a_column_without_a_doubtful_day_asks_nothing():
    assert not order_of(["2026-12-05", "5 décembre 2026", "12/12/2026", ""]).is_ambiguous


def test_a_column_that_contradicts_itself_goes_with_most_cells():
    order = order_of(["28/11/2026", "29/11/2026", "11/30/2026", "05/12/2026"])
    assert order.is_ambiguous
    assert order.decide(told=None) is True
    with pytest.raises(NotADate, match="day/month"):
        read_day("11/30/2026", day_first=True)


@pytest.mark.parametrize(
    "text",
    [
        *("18h30", "18 h 30", "18H30", "18:30", "18:30:00", "18.30", "18 heures 30", "18h30min", "1830", "à 18h30"),
        *("6:30 PM", "6:30pm", "6:30 p.m.", "18:30 h", "vers 18h30", "18h30-20h", "18h30 - 20h00", "de 18h30 à 20h"),
        *("18\u00a0h\u00a030", "18\u202fh\u202f30", "18:30 (heure de Paris)"),
    ],
)
def test_an_hour_is_read_however_it_is_written(text):
    assert read_hour(text) == EVENING


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        *(
            ("18h", time(18)),
            ("18 h", time(18)),
            ("18", time(18)),
            ("9h00", time(9)),
            ("09h", time(9)),
            ("9h5", time(9, 5)),
        ),
        *(("midi", time(12)), ("Minuit", time(0)), ("noon", time(12)), ("12 AM", time(0)), ("12:15 PM", time(12, 15))),
        *(("6pm", time(18)), ("00:00", time(0)), ("930", time(9, 30)), ("18h-19h", time(18))),
    ],
)
def test_whole_hours_and_named_ones(text, hour):
    assert read_hour(text) == hour


@pytest.mark.parametrize(
    "text", ["25h00", "18h75", "24:00", "matin", "0,77", "18:3", "", "18-19h", "28/11/2026", "13 AM h"]
)
def test_what_is_no_hour_says_so(text):
    with pytest.raises(NotATime) as refusal:
        read_hour(text)
    assert str(refusal.value).endswith(".")
