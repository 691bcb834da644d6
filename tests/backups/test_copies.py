"""Which copies are there, which go, and when the next is due."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assoc_intranet.backups import copies
from assoc_intranet.backups.copies import Copy

ZONE = "Europe/Brussels"
NIGHT = datetime(2026, 11, 21, 2, 0, 5, tzinfo=UTC)


def nightly(at):
    return Copy(Path(copies.name_of("nightly", at)), "nightly", at, 1)


def live_through(days, start=NIGHT):
    """The copies that are there after so many nights."""
    there = []
    for number in range(days):
        at = start + timedelta(days=number)
        there.append(nightly(at))
        gone = copies.to_forget(there, at, ZONE)
        there = [copy for copy in there if copy not in gone]
    return there


def test_seven_days_stay_then_one_a_week_and_nothing_beyond_five_weeks():
    there = live_through(100)
    last = max(copy.made_at for copy in there)
    ages = sorted((last - copy.made_at).days for copy in there)
    assert ages[:8] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert max(ages) <= 35
    weeks = [copy.made_at.isocalendar()[:2] for copy in there if (last - copy.made_at).days > 7]
    assert len(weeks) == len(set(weeks))
    assert 3 <= len(weeks) <= 5
    assert len(there) <= 13


@pytest.mark.parametrize("days", range(20, 60))
def test_there_is_always_one_of_each_of_the_last_weeks(days):
    there = live_through(days)
    last = max(copy.made_at for copy in there)
    for weeks in range(1, min(4, (days - 1) // 7)):
        wanted = last - timedelta(weeks=weeks)
        assert any(abs(copy.made_at - wanted) <= timedelta(days=7) for copy in there)


def test_of_one_day_the_last_copy_stays():
    early, late = nightly(NIGHT), nightly(NIGHT + timedelta(hours=5))
    assert copies.to_forget([early, late], NIGHT + timedelta(hours=6), ZONE) == [early]


def test_the_only_copy_stays_however_old():
    old, older = nightly(NIGHT), nightly(NIGHT - timedelta(days=1))
    assert copies.to_forget([old, older], NIGHT + timedelta(days=100), ZONE) == [older]


@pytest.mark.parametrize("kind", ["manual", "before"])
def test_five_of_the_others_stay(kind):
    """A migration that fails at every start must not fill the disk."""
    made = [Copy(Path(f"{hours}"), kind, NIGHT - timedelta(hours=hours), 1) for hours in range(8)]
    assert copies.to_forget([*made, nightly(NIGHT + timedelta(hours=1))], NIGHT, ZONE) == made[5:]


def test_what_was_copied_before_an_upgrade_stays_beside_the_nights():
    before = Copy(Path("before"), "before", NIGHT - timedelta(hours=1), 1)
    assert copies.to_forget([nightly(NIGHT), before], NIGHT, ZONE) == []
    assert copies.to_forget([nightly(NIGHT), before], NIGHT + timedelta(days=36), ZONE) == [before]


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2026-11-21 12:00", True),
        ("2026-11-20 02:00:05", "2026-11-21 01:59:59", False),
        ("2026-11-20 02:00:05", "2026-11-21 02:00:00", True),
        ("2026-11-21 02:00:05", "2026-11-21 02:00:06", False),
        ("2026-11-21 01:00", "2026-11-21 02:00", True),
        ("2026-11-15 02:00:05", "2026-11-21 14:00", True),
        # Three o'clock does not move with the sun: 02:00 in winter, 01:00 in summer, for who counts in UTC.
        ("2027-03-27 02:00:05", "2027-03-28 01:00:00", True),
        ("2027-03-27 02:00:05", "2027-03-28 00:59:59", False),
        ("2027-10-30 01:00:05", "2027-10-31 01:59:59", False),
        ("2027-10-30 01:00:05", "2027-10-31 02:00:00", True),
    ],
)
def test_a_copy_is_due_at_three_or_as_soon_as_somebody_is_there(last, now, due):
    there = [nightly(instant(last))] if last else []
    assert copies.is_due(there, instant(now), ZONE) is due


def test_a_copy_of_the_future_neither_counts_nor_goes():
    """The clock was ahead for a while, or it is behind now."""
    real = [nightly(NIGHT - timedelta(days=days)) for days in range(1, 4)]
    ahead = [
        Copy(Path(f"{n}"), kind, NIGHT + timedelta(days=400 + n), 1) for kind in ("manual", "before") for n in range(6)
    ]
    ahead.append(nightly(NIGHT + timedelta(days=400)))
    by_hand = Copy(Path("by hand"), "manual", NIGHT - timedelta(hours=1), 1)
    assert copies.is_due([*real, *ahead], NIGHT, ZONE)
    assert not copies.is_due([nightly(NIGHT + timedelta(minutes=4))], NIGHT, ZONE)
    assert copies.to_forget([*real, by_hand, *ahead], NIGHT, ZONE) == []
    old = nightly(NIGHT - timedelta(days=90))
    assert copies.to_forget([old, *ahead], NIGHT, ZONE) == []


def instant(words):
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def test_only_our_files_are_copies(tmp_path):
    ours = [copies.name_of("nightly", NIGHT), copies.name_of("before", NIGHT - timedelta(days=1), "0001")]
    for name in (*ours, "holidays.zip", "nightly-20261121.zip", ".nightly-20261121T020005Z.zip.part", "a.sqlite"):
        (tmp_path / name).touch()
    assert [copy.path.name for copy in copies.found_in(tmp_path)] == ours
    assert [copy.kind for copy in copies.found_in(tmp_path)] == ["nightly", "before"]
    assert copies.found_in(tmp_path / "nowhere") == []
