"""Knowing a row again, whatever was done to the sheet around it."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assoc_intranet.posts.planning_rows import PlannedRow
from assoc_intranet.posts.source_rows import Mark, origin_of, pair


def marks(*rows):
    """`"28 Fête"` is a text on a day of November; `"Idée"` waits for one. Rows count from 2, as under a header."""
    return [Mark.of(_row(number, words)) for number, words in enumerate(rows, 2)]


def _row(number, words):
    day, _, text = words.partition(" ") if words[0].isdigit() else ("", "", words)
    planned = datetime.combine(date(2026, 11, int(day)), time(9)) if day else None
    return PlannedRow(row=number, planned=planned, networks=[], text=text, title=text, link="")


def came_from(before, after):
    """For each row of `after`, the number it had in `before`; None for a new one."""
    pairs = pair(marks(*after), marks(*before))
    return [pairs[mark].row if mark in pairs else None for mark in marks(*after)]


SHEET = ["3 Appel", "10 Marché", "17 Atelier", "24 Bilan"]


@pytest.mark.parametrize(
    ("after", "numbers"),
    [
        (["3 Appel", "10 Marché", "17 Atelier", "24 Bilan"], [2, 3, 4, 5]),
        (["3 Appel", "10 Bazar", "17 Atelier", "24 Bilan"], [2, 3, 4, 5]),
        (["3 Appel", "11 Marché", "17 Atelier", "24 Bilan"], [2, 3, 4, 5]),
        (["3 Appel", "12 Bazar", "17 Atelier", "24 Bilan"], [2, 3, 4, 5]),
        (["3 Appel", "5 Nouveau", "10 Marché", "17 Atelier", "24 Bilan"], [2, None, 3, 4, 5]),
        (["3 Appel", "5 Nouveau", "10 Marché", "17 Atelier", "25 Bilan final"], [2, None, 3, 4, 5]),
        (["10 Marché", "17 Atelier", "24 Bilan"], [3, 4, 5]),
        (["10 Marché", "18 Ateliers", "24 Bilan"], [3, 4, 5]),
        (["24 Bilan", "17 Atelier", "10 Marché", "3 Appel"], [5, 4, 3, 2]),
        (["24 Bilan", "17 Atelier", "4 Appel", "10 Marché"], [5, 4, 2, 3]),
        (["10 Appel", "17 Marché", "24 Atelier", "30 Bilan"], [2, 3, 4, 5]),
        (["3 Marché", "10 Appel", "17 Atelier", "24 Bilan"], [3, 2, 4, 5]),
        ([*SHEET, "28 Fête"], [2, 3, 4, 5, None]),
        (["3 Appel", "10 Marché", "28 Fête"], [2, 3, 4]),
    ],
)
def test_a_row_is_known_again(after, numbers):
    assert came_from(SHEET, after) == numbers


def test_another_plan_under_the_same_name_is_not_written_over_the_first():
    assert came_from(SHEET, ["1 Voeux", "8 Galette", "15 Soldes", "22 Neige"]) == [None] * 4


def test_twins_stay_two():
    twins = ["7 Permanence", "7 Permanence"]
    assert came_from(twins, twins) == [2, 3]
    assert came_from(twins, ["1 Avant", *twins]) == [None, 3, 2]
    assert came_from(twins, [*twins, "7 Permanence"]) == [2, 3, None]


def test_who_left_the_sheet_gives_up_its_place():
    gone = marks("3 Appel")[0]._replace(row=-1)
    there = marks("5 Fête")
    assert pair(marks("6 Kermesse", "9 Autre"), [gone, *there]) == {}
    assert pair(marks("5 Fêtes"), [gone, *there]) == {marks("5 Fêtes")[0]: there[0]}
    assert pair(marks("3 Appel"), [gone]) == {marks("3 Appel")[0]: gone}


def test_a_mark_is_read_as_it_was_written():
    for mark in marks("3 Appel", "Idée"):
        assert Mark.read(mark.source("origin")) == mark


SHEETS = st.lists(st.sampled_from(["3 Appel", "4 Appel", "3 Bazar", "Idée", "Autre"]), max_size=12)


@given(SHEETS, SHEETS)
def test_nobody_is_two_people(before, after):
    pairs = pair(marks(*after), marks(*before))
    assert len(set(pairs.values())) == len(pairs)
    assert set(pairs) <= set(marks(*after))
    assert set(pairs.values()) <= set(marks(*before))


@given(SHEETS, st.randoms(use_true_random=False))
def test_a_sorted_sheet_is_wholly_known(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert None not in came_from(rows, shuffled)


@pytest.mark.parametrize(
    "name", ["planning.csv", "Planning.CSV", "planning (1).csv", "planning - Copie.csv", "Copie de planning.csv"]
)
def test_a_copy_is_the_same_file(name):
    assert origin_of(name, name.rpartition(".")[0]) == origin_of("planning.csv", "planning")


def test_other_names_and_sheets_are_others():
    names = [("planning.csv", "planning"), ("planning.xlsx", "Novembre"), ("planning.xlsx", "Décembre")]
    names += [("planning (2026).csv", "planning (2026)"), ("planning (2027).csv", "planning (2027)")]
    assert len({origin_of(*name) for name in names}) == len(names)
