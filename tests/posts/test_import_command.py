"""`import-calendar` on the command line, as other programs call it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from assoc_intranet.cli import commands
from assoc_intranet.core.db import db
from assoc_intranet.core.i18n import in_language
from assoc_intranet.members import queries as members
from assoc_intranet.members import rules as member_rules
from assoc_intranet.posts import commands as post_commands
from assoc_intranet.posts import rules
from assoc_intranet.posts.models import Post
from tests.transfer.books import book, saved

SAMPLES = Path(__file__).parent.parent / "transfer" / "samples"
PARTY = SAMPLES / "excel-fr-utf8-bom.csv"
BROKEN = "Date;Réseau;Texte\n31/11/2026;MySpace;Fête\n29/11/2026;Facebook;Marché\n30/11/2026;Facebook;\n"


@pytest.fixture
def run(app, monkeypatch):
    monkeypatch.setattr(post_commands, "upgrade", lambda _app: None)

    def invoke(*arguments, language="en"):
        with in_language(language):
            result = CliRunner().invoke(commands(app), ["import-calendar", *map(str, arguments)])
        db.session.expire_all()
        return result

    return invoke


@pytest.fixture
def told(run):
    """The JSON object that it answers, and its exit code."""

    def invoke(*arguments):
        result = run(*arguments, "--json")
        return json.loads(result.stdout), result.exit_code

    return invoke


def counts(answer):
    return [answer["created"], answer["updated"], answer["unchanged"]]


def posts():
    return list(db.session.scalars(select(Post).order_by(Post.id)))


def test_the_object_is_as_promised(told, amina):
    answer, code = told(PARTY)
    assert code == 0
    assert list(answer) == ["created", "updated", "unchanged", "errors", "posts"]
    assert (counts(answer), answer["errors"]) == ([3, 0, 0], [])
    assert answer["posts"][1] == {
        "row": 3,
        "planned": "2026-12-05T09:00",
        "networks": ["facebook"],
        "text": 'Journée internationale des volontaires : merci, "vous" !',
    }


def test_a_second_time_nothing_changes(told, amina):
    told(PARTY)
    answer, code = told(PARTY)
    assert (code, counts(answer), len(answer["posts"])) == (0, [0, 0, 3], 3)


def test_from_another_folder_it_is_the_same_file(told, amina, tmp_path):
    told(PARTY)
    copy = tmp_path / PARTY.name
    copy.write_bytes(PARTY.read_bytes().replace(b"volontaires", b"benevoles"))
    assert counts(told(copy)[0]) == [0, 1, 2]


def test_a_dry_run_counts_and_writes_nothing(told, amina):
    assert counts(told(PARTY, "--dry-run")[0]) == [3, 0, 0]
    assert posts() == []
    told(PARTY)
    assert counts(told(PARTY, "--dry-run")[0]) == [0, 0, 3]


def test_the_first_coordinator_is_the_author(told, bruno, amina):
    told(PARTY)
    assert {post.author for post in posts()} == {amina}
    assert {post.state for post in posts()} == {"draft"}


def test_what_can_be_read_is_imported_and_the_rest_is_named(told, amina, tmp_path):
    file = tmp_path / "planning.csv"
    file.write_text(BROKEN, encoding="utf-8")
    answer, code = told(file)
    assert code == 1
    assert counts(answer) == [2, 0, 0]
    assert [(error["row"], error["column"]) for error in answer["errors"]] == [(2, "Date"), (2, "Réseau"), (4, "Texte")]
    assert all(error["message"] for error in answer["errors"])
    assert [(post["row"], post["planned"], post["networks"]) for post in answer["posts"]] == [
        (2, None, []),
        (3, "2026-11-29T09:00", ["facebook"]),
    ]
    assert [(post.day, post.text) for post in posts()] == [(None, "Fête"), (date(2026, 11, 29), "Marché")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vide.csv", b""),
        ("planning.xlsx", b"PK\x03\x04 and nothing more"),
        ("planning.ods", b"PK\x03\x04"),
        ("guillemet.csv", 'Date;Texte\n28/11/2026;"Fête\n'.encode()),
        ("image.csv", bytes(range(256)) * 20),
        ("courses.csv", b"pommes\npoires\n"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_in_a_sentence(told, amina, tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    answer, code = told(file)
    assert (code, counts(answer), answer["posts"]) == (1, [0, 0, 0], [])
    [error] = answer["errors"]
    assert error["row"] >= 1
    assert error["message"].endswith(".")


def test_a_file_that_is_not_there_is_named(told, run, amina, tmp_path):
    for path in (tmp_path / "rien.csv", tmp_path):
        answer, code = told(path)
        assert code == 1
        assert str(path) in answer["errors"][0]["message"]
    assert "rien.csv" in run(tmp_path / "rien.csv").stderr


def test_before_the_first_run_it_works_and_leaves_the_place_to_whoever_comes(told, app):
    assert counts(told(PARTY, "--dry-run")[0]) == [3, 0, 0]
    assert counts(told(PARTY)[0]) == [3, 0, 0]
    assert counts(told(PARTY)[0]) == [0, 0, 3]
    assert members.active() == []
    assert member_rules.first_setup_link()


def test_nothing_read_is_nobody_in(told, app, tmp_path):
    file = tmp_path / "courses.csv"
    file.write_bytes(b"pommes\npoires\n")
    told(file)
    assert members.by_email("stand-in") is None


def test_what_was_worked_on_here_counts_as_unchanged(told, amina, tmp_path):
    told(PARTY)
    rules.move(posts()[1], amina, date(2026, 12, 6))
    rules.discard(posts()[2], amina)
    db.session.commit()
    changed = tmp_path / PARTY.name
    changed.write_bytes(PARTY.read_bytes().replace(b"volontaires", b"benevoles"))
    assert counts(told(changed)[0]) == [0, 0, 3]
    assert posts()[1].day == date(2026, 12, 6)


def test_people_are_told_in_words(run, amina, tmp_path):
    assert run(PARTY, "--dry-run").stdout == "Nothing is written. It would give: 3 created, 0 updated, 0 unchanged\n"
    assert run(PARTY).stdout == "3 created, 0 updated, 0 unchanged\n"
    file = tmp_path / "planning.csv"
    file.write_text(BROKEN, encoding="utf-8")
    result = run(file)
    assert result.exit_code == 1
    assert "Row 2, column Date: " in result.stderr


def test_help_says_what_happens_to_rows_that_cannot_be_read(run):
    words = " ".join(run("--help").stdout.split())
    assert "the exit code is 1" in words
    assert "--dry-run" in words
    assert "--json" in words


def test_an_ambiguous_column_is_day_first(told, amina, tmp_path):
    file = tmp_path / "planning.csv"
    file.write_text("Date;Texte\n05/12/2026;a\n07/12/2026;b\n", encoding="utf-8")
    assert told(file)[0]["posts"][0]["planned"] == "2026-12-05T09:00"


def test_a_workbook_works_too(told, amina, tmp_path):
    file = tmp_path / "planning.xlsx"
    file.write_bytes(saved(book(["Planning 2026"], ["Date", "Texte"], [date(2026, 11, 28), "Fête"])))
    answer, code = told(file)
    assert (code, answer["posts"][0]["row"]) == (0, 2)


def test_on_a_fresh_folder_the_real_command_answers(tmp_path):
    """Without tables, members or anything: as another program would call it first."""
    program = "from assoc_intranet.cli import main; main()"
    environ = {"DATA_DIR": str(tmp_path / "data"), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    for expected in ([3, 0, 0], [0, 0, 3]):
        command = [sys.executable, "-c", program, "import-calendar", str(PARTY), "--json"]
        result = subprocess.run(command, env=environ, capture_output=True, check=True, cwd=Path(__file__).parents[2])
        assert counts(json.loads(result.stdout)) == expected
        assert result.stderr == b""


def test_the_whole_import_is_one_transaction(run, amina, monkeypatch):
    monkeypatch.setattr(post_commands.Counts, "told", lambda _change: 1 / 0)
    assert isinstance(run(PARTY).exception, ZeroDivisionError)
    assert db.session.scalar(select(func.count(Post.id))) == 0
