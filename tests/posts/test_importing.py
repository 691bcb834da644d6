"""Importing a sheet: once is enough, and what somebody worked on here is theirs."""

import time as clock
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import db
from assoc_intranet.members import rules as members
from assoc_intranet.posts import rules
from assoc_intranet.posts.importing import Counts, Fate, counts, foresee, import_plan
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.planning_sheet import read_plan
from assoc_intranet.posts.rules import Draft
from tests.transfer.books import add_rows, book, saved

SHEET = """Date;Heure;Réseau;Texte
28/11/2026;18h30;Facebook, Insta;Fête de quartier
05/12/2026;;;"Merci
à tous"
;;Facebook;Une idée
"""
LATER = SHEET.replace("Fête de quartier", "Grande fête")


def plan_of(text, name="planning.csv"):
    return read_plan(text.encode(), name)


def send(text, member, name="planning.csv", op_id=None):
    change = import_plan(plan_of(text, name), name, member, op_id)
    db.session.commit()
    return Counts(*(change.details[name] for name in ("created", "updated", "unchanged")))


def fates(text, name="planning.csv"):
    return [outcome.fate for outcome in foresee(plan_of(text, name), name)]


def posts():
    return list(db.session.scalars(select(Post).order_by(Post.id)))


def titles():
    return [post.title for post in posts()]


def test_each_row_becomes_a_draft_of_who_imports_it(bruno):
    assert send(SHEET, bruno) == Counts(3, 0, 0)
    party, thanks, idea = posts()
    assert (party.title, party.text, party.day, party.hour) == (
        *["Fête de quartier"] * 2,
        date(2026, 11, 28),
        time(18, 30),
    )
    assert party.own_texts == {"facebook": None, "instagram": None}
    assert party.zone == "Europe/Brussels"
    assert party.due_at.isoformat() == "2026-11-28T17:30:00+00:00"
    assert (thanks.title, thanks.text, thanks.hour, thanks.own_texts) == ("Merci", "Merci\nà tous", time(9), {})
    assert (idea.day, idea.hour, idea.due_at) == (None, None, None)
    assert {(post.state, post.author_id, post.holder_id) for post in posts()} == {("draft", bruno.id, None)}


def test_the_same_file_again_changes_nothing(bruno, amina):
    send(SHEET, bruno)
    before = [(post.version, post.edited_at, post.source) for post in posts()]
    assert send(SHEET, amina) == Counts(0, 0, 3)
    assert [(post.version, post.edited_at, post.source) for post in posts()] == before


def test_a_corrected_cell_corrects_its_post(bruno, amina):
    send(SHEET, bruno)
    assert send(LATER.replace("Facebook, Insta", "Insta, X"), amina) == Counts(0, 1, 2)
    party = posts()[0]
    assert (party.title, set(party.own_texts), party.version) == ("Grande fête", {"instagram", "x"}, 2)
    assert (party.author, party.editor) == (bruno, amina)
    assert send(SHEET, amina) == Counts(0, 1, 2)


def test_a_post_that_moved_in_the_sheet_moves(bruno):
    send(SHEET, bruno)
    assert send(SHEET.replace("05/12/2026;;", ";;").replace(";;Facebook", "01/12/2026;;Facebook"), bruno).updated == 2
    assert [post.day for post in posts()] == [date(2026, 11, 28), None, date(2026, 12, 1)]


def test_rows_put_in_taken_out_or_sorted_double_nothing(bruno):
    send(SHEET, bruno)
    header, *rows = SHEET.replace('"Merci\nà tous"', "Merci").splitlines()
    send("\n".join([header, *rows]), bruno)
    assert send("\n".join([header, "01/11/2026;;;Toussaint", *rows]), bruno) == Counts(1, 0, 3)
    assert send("\n".join([header, *reversed(rows)]), bruno) == Counts(0, 0, 3)
    assert send("\n".join([header, rows[2], rows[0].replace("Fête", "La fête")]), bruno) == Counts(0, 1, 1)
    assert len(posts()) == 4


def test_a_row_that_comes_back_is_the_same_post(bruno):
    send(SHEET, bruno)
    header, first, *rest = SHEET.splitlines()
    assert send("\n".join([header, *rest]), bruno) == Counts(0, 0, 2)
    assert send("\n".join([header, *rest, first]), bruno) == Counts(0, 0, 3)


def test_what_was_edited_here_is_left_alone(bruno, amina):
    send(SHEET, bruno)
    party = posts()[0]
    rules.rewrite(party, amina, 1, Draft("Fête !", "La fête, en mieux", variants={"facebook": None}))
    db.session.commit()
    assert fates(LATER) == [Fate.OURS, Fate.SAME, Fate.SAME]
    assert send(LATER, bruno) == Counts(0, 0, 3)
    assert (posts()[0].title, posts()[0].version) == ("Fête !", 2)
    assert send(LATER.replace("Grande", "Énorme"), bruno) == Counts(0, 0, 3)


def test_what_was_moved_here_stays_there(bruno):
    send(SHEET, bruno)
    rules.move(posts()[0], bruno, date(2026, 11, 30))
    db.session.commit()
    assert send(LATER, bruno) == Counts(0, 0, 3)
    assert posts()[0].day == date(2026, 11, 30)


@pytest.mark.parametrize("state", ["review", "ok", "planned", "done", "off"])
def test_what_is_more_than_a_draft_is_not_written_over(bruno, state):
    send(SHEET, bruno)
    posts()[0].state = state
    db.session.commit()
    assert send(LATER, bruno) == Counts(0, 0, 3)
    assert posts()[0].title == "Fête de quartier"


def test_what_is_a_draft_again_takes_what_the_sheet_says(bruno):
    send(SHEET, bruno)
    rules.change_state(posts()[0], bruno, "review")
    send(LATER, bruno)
    rules.change_state(posts()[0], bruno, "draft")
    assert send(LATER, bruno) == Counts(0, 1, 2)
    assert posts()[0].title == "Grande fête"


def test_what_is_in_the_bin_stays_there(bruno):
    send(SHEET, bruno)
    rules.discard(posts()[0], bruno)
    db.session.commit()
    assert fates(SHEET)[0] is fates(LATER)[0] is Fate.BINNED
    assert send(SHEET, bruno) == send(LATER, bruno) == Counts(0, 0, 3)
    assert posts()[0].deleted_at
    rules.restore(posts()[0], bruno)
    assert send(LATER, bruno) == Counts(0, 1, 2)


def test_twins_in_the_bin_may_change_places(bruno):
    twins = "Date;Texte\n28/11/2026;Fête\n28/11/2026;Fête\n"
    send(twins, bruno)
    for post in posts():
        rules.discard(post, bruno)
    db.session.commit()
    after = "Date;Texte\n01/11/2026;Avant\n28/11/2026;Kermesse\n28/11/2026;Bazar\n"
    send(after, bruno)
    assert send(after, bruno).created == 0


def test_the_name_of_the_file_says_which_calendar_it_is(bruno):
    send(SHEET, bruno)
    assert send(SHEET, bruno, "Planning (1).csv") == Counts(0, 0, 3)
    assert send(SHEET, bruno, "autre.csv") == Counts(3, 0, 0)


def test_each_sheet_of_a_workbook_is_a_calendar(bruno):
    made = book(["Date", "Texte"], [date(2026, 11, 28), "Fête"], sheet="Novembre")
    add_rows(made.create_sheet("Décembre"), [["Date", "Texte"], [date(2026, 12, 5), "Bilan"]])
    data = saved(made)
    for sheet in ("Novembre", "Décembre", "Novembre"):
        import_plan(read_plan(data, "planning.xlsx", sheet=sheet), "planning.xlsx", bruno)
    assert titles() == ["Fête", "Bilan"]


def test_the_same_form_sent_twice_is_one_import(bruno):
    assert send(SHEET, bruno, op_id="b8f3") == send(SHEET, bruno, op_id="b8f3") == Counts(3, 0, 0)
    assert send(SHEET, bruno, op_id="c9a4") == Counts(0, 0, 3)


def test_an_import_is_told_as_what_it_did(bruno):
    send(SHEET, bruno)
    send(LATER, bruno)
    changes = list(db.session.scalars(select(Change).order_by(Change.id)))
    told = [(change.kind, change.details.get("days")) for change in changes]
    assert told == [
        ("post.imported", [""]),
        ("post.imported", ["2026-11-28"]),
        ("post.imported", ["2026-12-05"]),
        ("calendar.imported", None),
        ("post.edited", ["2026-11-28"]),
        ("calendar.imported", None),
    ]
    assert changes[3].details["months"] == {"2026-11": 1, "2026-12": 1, "": 1}


def test_who_looks_at_the_month_sees_it_fill(listeners, amina, bruno, chloe):
    member, observer = listeners.hears(amina), listeners.hears(chloe)
    send(SHEET, bruno)
    heard = listeners.heard(member)
    assert heard.count('hx-target="#day-2026-11-28"') == 1
    assert 'hx-target="#tray"' in heard
    assert "Fête de quartier" in heard
    assert "Fête de quartier" not in listeners.heard(observer)


def test_formulas_are_text(bruno):
    send("Date;Texte\n28/11/2026;'=1+1\n29/11/2026;'@amina\n30/11/2026;-2°C\n", bruno)
    assert [post.text for post in posts()] == ["=1+1", "@amina", "-2°C"]


def test_before_anybody_is_here_a_stand_in_signs(app):
    assert send(SHEET, members.stand_in("Import")) == Counts(3, 0, 0)
    assert send(SHEET, members.stand_in("Import")) == Counts(0, 0, 3)


def test_a_sheet_without_posts_brings_none(bruno):
    assert send("Date;Texte\n", bruno) == Counts(0, 0, 0)
    assert posts() == []


CELLS = st.sampled_from(["28/11/2026", "05/12/2026", "", "bientôt", "Fête", "Marché", "Facebook", "x", "18h30"])
ROWS = st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ROWS, ROWS)
def test_twice_is_once(bruno, before, after):
    """Whatever was there, what is imported twice is unchanged the second time."""
    for rows in (before, after):
        text = "\n".join(["Date;Heure;Réseau;Texte", *(";".join(row) for row in rows)])
        send(text, bruno)
        assert send(text, bruno) == Counts(0, 0, len(plan_of(text).rows))
    db.session.execute(Post.__table__.delete())
    db.session.commit()


def test_five_thousand_rows_take_a_few_seconds(bruno):
    rows = (f"{1 + n % 28}/11/2026;18h30;Facebook, Insta;Fête {n}" for n in range(5000))
    text = "\n".join(["Date;Heure;Réseau;Texte", *rows])
    started = clock.process_time()
    assert send(text, bruno) == Counts(5000, 0, 0)
    assert clock.process_time() - started < 8
    started = clock.process_time()
    assert counts(foresee(plan_of(text), "planning.csv")) == Counts(0, 0, 5000)
    assert clock.process_time() - started < 4
    assert db.session.scalar(select(func.count(Post.id))) == 5000
