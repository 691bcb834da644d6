"""`demo` and `demo --remove`, as typed in a terminal."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from assoc_intranet.cli import commands
from assoc_intranet.core.db import db
from assoc_intranet.core.i18n import in_language
from assoc_intranet.demo import commands as room
from assoc_intranet.members.models import Link, Member

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"^  ([^,]+), (.+)\n    (http://.+)$", re.MULTILINE)


@pytest.fixture
def typed(stage, monkeypatch, capsys):
    """Types `assoc-intranet …` in a terminal and gives what it prints. The tables are there already."""
    monkeypatch.setattr(room, "upgrade", lambda _app: None)

    def type_in(*words):
        with stage.app_context(), in_language("en"):
            try:
                commands(stage).main(args=words, prog_name="assoc-intranet", standalone_mode=False)
            finally:
                db.session.remove()
        return capsys.readouterr().out

    return type_in


def path_of(url):
    return url.removeprefix("http://127.0.0.1:5000")


def test_it_prints_one_link_for_each_role(app, typed):
    printed = LINK.findall(typed("demo"))
    assert [what for what, _, _ in printed] == ["Observer", "Member", "Coordinator", "Administrator"]
    people = {member.name: member for member in db.session.scalars(select(Member))}
    found = [people[name] for _, name, _ in printed]
    assert [member.role for member in found] == ["observer", "member", "coordinator", "coordinator"]
    assert [member.is_admin for member in found] == [False, False, False, True]
    assert all(url.startswith("http://127.0.0.1:5000/") for _, _, url in printed)


def test_its_links_name_the_address_of_the_house(app, typed, monkeypatch):
    monkeypatch.setitem(app.config, "BASE_URL", "https://demo.exemple.org")
    assert typed("demo").count("https://demo.exemple.org/login/once?code=") == 4


def test_a_link_lets_in_once(app, typed, client):
    _, name, url = LINK.findall(typed("demo"))[1]
    page = path_of(url)
    assert name in client.get(page).text
    assert client.get("/").status_code == 303, "opening the link must not log in by itself"
    form = {"code": page.partition("code=")[2]}
    assert client.post("/login/once", data=form).status_code == 303
    assert name.split()[0] in client.get("/").text
    assert app.test_client().post("/login/once", data=form).status_code == 409


def test_every_role_can_walk_around(app, typed):
    for _, _, url in LINK.findall(typed("demo")):
        browser = app.test_client()
        browser.post("/login/once", data={"code": url.partition("code=")[2]})
        for page in ("/", "/calendar", "/polls"):
            assert browser.get(page).status_code == 200


def test_typed_twice_it_draws_new_links_and_doubles_nobody(app, typed):
    first, second = typed("demo"), typed("demo")
    assert "was here already" in second
    assert not set(LINK.findall(first)) & set(LINK.findall(second))
    assert len(list(db.session.scalars(select(Member)))) == 25


def test_in_use_it_says_whose_house_it_is_and_stops(amina, typed):
    with pytest.raises(room.click.ClickException, match="Amina Benali"):
        typed("demo")
    with pytest.raises(room.click.ClickException, match="Nothing was removed"):
        typed("demo", "--remove")
    assert db.session.scalar(select(Link.id)) is None


def test_removing_what_is_not_there_does_nothing(app, typed):
    assert typed("demo", "--remove") == "There is no demo here.\n"


def test_removing_takes_away_what_was_sent(app, typed):
    """A sheet that waits to be imported is known by the number of its member, whom somebody else may be one day."""
    typed("demo")
    sheet = app.config["DATA_DIR"] / "uploads" / "imports" / "3-planning.sheet"
    sheet.parent.mkdir(parents=True, exist_ok=True)
    sheet.write_bytes(b"planning.csv\n")
    typed("demo", "--remove")
    assert not sheet.exists()


def test_nobody_of_the_demo_is_in_the_security_log(app, typed, caplog):
    typed("demo")
    assert "member.joined" not in caplog.text


def test_from_an_empty_folder_and_back(tmp_path):
    """The real thing: real migrations, a real process, and then no row left in any table of the file."""
    environ = {**os.environ, "DATA_DIR": str(tmp_path), "PORT": "5123", "LC_ALL": "C.UTF-8", "DATABASE_URL": ""}

    def run(*words):
        command = [sys.executable, "-c", "from assoc_intranet.cli import main; main()", *words]
        return subprocess.run(
            command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
        ).stdout

    assert run("demo").count("http://127.0.0.1:5123/login/once?code=") == 4
    assert rows(tmp_path)["post"] == 60
    run("demo", "--remove")
    assert not any(rows(tmp_path).values())


def rows(folder):
    """How many rows each table has, save what SQLite and the migrations keep for themselves."""
    with closing(sqlite3.connect(folder / "assoc.sqlite")) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        ours = [name for name in names if name not in ("sqlite_sequence", "alembic_version")]
        return {name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in ours}  # noqa: S608
