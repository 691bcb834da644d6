"""The judges from outside are believed only as long as they see, and no answer to them outlives its question."""

from pathlib import Path

from tools.judges.__main__ import PLANTED, doubt, planted_in, stale, unjudged
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
