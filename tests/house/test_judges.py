"""The judges from outside are believed only as long as they see, and no answer to them outlives its question."""

from pathlib import Path

import html5lib

from tools.judges.__main__ import PLANTED, doubt, planted_in, stale, unjudged
from tools.judges.audit.__main__ import told_of_sql
from tools.judges.audit.pages import Question, fields_of
from tools.judges.audit.report import BROKEN, KEPT, NOT_JUDGED
from tools.judges.judges import HERE, JUDGES, Finding

HOLE = Finding("bandit", "B608", "garden.py", 1)
TWIN = Finding("bandit", "B608", "garden.py", 2)
ANSWER = {"judge": "bandit", "rule": "B608", "file": "*.py", "line": "SELECT", "reason": "The name is ours."}


def garden(folder: Path) -> Path:
    (folder / "garden.py").write_text('execute(f"SELECT {name}")\nexecute("SELECT 1")\n', encoding="utf-8")
    return folder


def test_each_judge_has_a_hole_to_see():
    assert {hole.judge for hole in planted_in(HERE)} == set(JUDGES)
    assert {hole.file for hole in planted_in(HERE)} == set(PLANTED)


def test_a_judge_who_sees_the_hole_and_nothing_else_is_believed():
    assert doubt("bandit", {HOLE}, {HOLE}) == ""


def test_a_judge_who_went_blind_is_not_believed():
    assert "no longer sees" in doubt("bandit", {HOLE}, set())


def test_a_judge_who_names_the_safe_twin_is_not_believed():
    assert "where there is none" in doubt("bandit", {HOLE}, {HOLE, TWIN})


def test_a_finding_nobody_answered_is_told_with_its_line(tmp_path):
    [told] = unjudged([HOLE], [], garden(tmp_path))
    assert told.startswith("garden.py:1: bandit B608")
    assert "SELECT {name}" in told


def test_an_answer_with_its_line_is_enough(tmp_path):
    assert unjudged([HOLE], [ANSWER], garden(tmp_path)) == []
    assert unjudged([HOLE], [{**ANSWER, "line": "DELETE"}], garden(tmp_path)) != []


def test_an_answer_to_nothing_must_go(tmp_path):
    assert stale([HOLE], [ANSWER], garden(tmp_path)) == []
    [told] = stale([], [ANSWER], garden(tmp_path))
    assert told.endswith("Take it away.")


def test_the_fields_of_a_form_are_sent_as_a_browser_would_and_never_empty():
    page = html5lib.parse(
        '<form><input type=hidden name=op_id value=7><input type=hidden name=kind value=""><input name=title>'
        "<textarea name=text>\nBonjour</textarea><select name=role><option value=member>Membre<option>Autre</select>"
        "<input type=file name=sheet><button>Envoyer</button></form>",
        namespaceHTMLElements=False,
    )
    [form] = page.iter("form")
    assert list(fields_of(form)) == [
        ("op_id", "7"),
        ("kind", ""),
        ("title", "mot"),
        ("text", "Bonjour"),
        ("role", "member"),
    ]


def test_what_was_not_judged_is_never_told_as_kept():
    question = Question("plants", "GET", logged_in=True, path="/plants/thym*", fields=(("q", "mot"),))
    assert told_of_sql({question: "clean"}).verdict == KEPT
    assert told_of_sql({question: "clean"}).figure == "0 of 2 words in 1 questions"
    assert told_of_sql({question: "out of time"}).verdict == NOT_JUDGED
    assert told_of_sql({question: "injectable"}).verdict == BROKEN
