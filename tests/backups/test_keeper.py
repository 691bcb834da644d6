"""Who makes the copies: every night, when asked, before an upgrade; never two at once, and a failure is told once."""

import errno
import io
import json
import math
import os
import shutil
import subprocess
import sys
import threading
from datetime import timedelta
from time import monotonic

import pytest
import time_machine
from sqlalchemy import select, text

from assoc_intranet import migrations
from assoc_intranet.backups import __main__ as child
from assoc_intranet.backups import archive, copies, jobs, keeper, queries, rules
from assoc_intranet.backups.keeper import CopyFailed, Keeper
from assoc_intranet.core.changes import Change
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db, writing
from assoc_intranet.jobs.loop import give_back, take
from assoc_intranet.mail.models import Mail
from assoc_intranet.migrations import MigrationFailed, upgrade
from tests.factories import make_member, make_post

LATER = timedelta(days=1)


@pytest.fixture
def folder(app):
    """Where the copies are, empty again afterwards."""
    folder = queries.folder()
    folder.mkdir(exist_ok=True)
    yield folder
    for path in [*folder.glob("*"), *folder.glob(".*.part")]:
        path.unlink()
    folder.rmdir()


@pytest.fixture
def woken(app, association, monkeypatch):
    """What the keeper is asked for."""
    kinds = []
    monkeypatch.setattr(app.extensions["keeper"], "rests_until", 0)
    monkeypatch.setattr(app.extensions["keeper"], "wake", kinds.append)
    return kinds


@pytest.fixture
def disk_is_full(monkeypatch):
    def fail(_kind, _note=""):
        raise CopyFailed("No space left on device")

    monkeypatch.setattr(keeper, "copy", fail)


def happened(kind):
    db.session.rollback()
    return list(db.session.scalars(select(Change).where(Change.kind == kind).order_by(Change.id)))


def test_a_night_brings_a_copy(woken, folder):
    jobs.make_copies(now() + LATER)
    assert woken == ["nightly"]
    with time_machine.travel(now() + LATER):
        (folder / copies.name_of("nightly", now())).touch()
        jobs.make_copies(now())
    assert woken == ["nightly"]


def test_a_server_that_starts_has_ten_minutes_of_peace(app, woken, folder, monkeypatch):
    monkeypatch.setattr(app.extensions["keeper"], "rests_until", Keeper(app).rests_until)
    jobs.make_copies(now() + timedelta(hours=23))
    assert woken == []


def test_a_place_that_nobody_set_up_needs_no_copy(app, folder, monkeypatch):
    monkeypatch.setattr(app.extensions["keeper"], "wake", pytest.fail)
    monkeypatch.setattr(app.extensions["keeper"], "rests_until", 0)
    jobs.make_copies(now() + LATER)


def test_what_somebody_asks_for_is_made_at_once_and_once(app, woken, folder, amina, monkeypatch):
    monkeypatch.setattr(app.extensions["keeper"], "rests_until", math.inf)
    with writing():
        rules.ask(amina)
        rules.ask(amina)
    assert len(happened("backup.asked")) == 1
    jobs.make_copies(now())
    assert woken == ["manual"]
    with writing():
        rules.note_made("manual", "manual.zip", 1)
    jobs.make_copies(now())
    assert woken == ["manual"]


@pytest.fixture
def nightly(here):
    """Whether a copy was made where there is something of everything, and its file."""
    with here.inside():
        is_made = keeper.make("nightly")
        found = queries.there()
        yield is_made, found


def test_the_copy_is_whole_and_remembered(nightly):
    is_made, (copy,) = nightly
    assert is_made
    assert copy.kind == "nightly"
    with archive.opened(copy.path) as found:
        assert found.manifest.tables["post"].rows > 5
    (made,) = happened("backup.made")
    assert made.details == {"copy": "nightly", "file": copy.path.name, "size": copy.size}
    assert queries.failure() is None


def test_two_servers_never_make_one_at_once(app, association, folder, monkeypatch):
    made = []

    def copy(kind):
        made.append(kind)
        path = folder / copies.name_of(kind, now())
        path.touch()
        return path

    monkeypatch.setattr(keeper, "copy", copy)
    assert take("backup", "the other server", timedelta(minutes=1))
    assert keeper.make("nightly")
    assert made == []
    give_back("backup", "the other server")
    assert keeper.make("nightly")
    assert made == ["nightly"]


def test_a_failure_is_told_once_until_a_copy_is_made_again(app, amina, bruno, folder, disk_is_full, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_HOST", "127.0.0.1")
    for _ in range(3):
        assert not keeper.make("nightly")
    (mail,) = db.session.scalars(select(Mail))
    assert mail.recipient == amina.email
    assert "No space left on device" in mail.body
    assert [change.details["reason"] for change in happened("backup.failed")] == ["No space left on device"]
    with writing():
        rules.note_made("nightly", "nightly.zip", 1)
    assert queries.failure() is None
    assert not keeper.make("nightly")
    assert len(list(db.session.scalars(select(Mail)))) == 2


def test_what_was_asked_for_and_failed_is_no_longer_awaited(app, amina, folder, disk_is_full):
    keeper.make("nightly")
    with writing():
        rules.ask(amina)
    keeper.make("manual")
    assert not queries.is_asked()
    assert len(happened("backup.failed")) == 2


def test_a_real_failure_says_what_the_system_said(app, association, folder, monkeypatch):
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", "sqlite:////nowhere/at/all.sqlite")
    with pytest.raises(CopyFailed, match="unable to open database file"):
        keeper.copy("nightly")
    assert list(folder.iterdir()) == []


def test_a_copy_is_made_where_the_system_refuses_low_priority(here, monkeypatch, tmp_path):
    def refuse(_more):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    order = {"url": here.url, "uploads": str(here.uploads), "target": str(tmp_path / "copy.zip")}
    monkeypatch.setattr(os, "nice", refuse)
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(order)))
    assert child.main() == 0
    with archive.opened(tmp_path / "copy.zip") as found:
        assert found.manifest.tables["post"].rows > 5


def test_a_stray_file_is_left_out_and_named(here, caplog):
    (here.uploads / ".DS_Store").write_bytes(b"of another program")
    with here.inside():
        assert keeper.make("nightly")
        (copy,) = queries.there()
    with archive.opened(copy.path) as found:
        assert found.manifest.uploads == ["uploads/0123456789abcdef0123456789abcdef.png"]
    assert ".DS_Store" in caplog.text


@pytest.mark.parametrize("ended", ["killed", "late"])
def test_a_child_that_does_not_end_by_itself_is_told_of_in_a_sentence(app, folder, monkeypatch, ended):
    def run(command, **_options):
        if ended == "late":
            raise subprocess.TimeoutExpired(command, 900)
        return subprocess.CompletedProcess(command, -9, "", "")

    monkeypatch.setattr(keeper.subprocess, "run", run)
    with pytest.raises(CopyFailed) as failed:
        keeper.copy("nightly")
    assert "stopp" in str(failed.value) or "arrêt" in str(failed.value)
    assert "python" not in str(failed.value)


def test_a_child_that_is_asked_for_nothing_says_so(monkeypatch, capsys):
    monkeypatch.setattr(os, "nice", lambda _more: 0)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert child.main() == 1
    assert "JSONDecodeError" in capsys.readouterr().err


def test_after_a_failure_the_nights_wait_an_hour(app, association, folder, disk_is_full):
    tired = Keeper(app)
    tired.rests_until = 0
    wake(tired, "nightly")
    assert tired.rests_until > monotonic() + 50 * 60


def wake(somebody, kind):
    somebody.wake(kind)
    for thread in [thread for thread in threading.enumerate() if thread.name == "keeper"]:
        thread.join(20)


def test_after_an_error_not_even_what_is_asked_for_is_tried_at_each_tick(app, association, folder, monkeypatch):
    tried = []

    def fail(kind):
        tried.append(kind)
        raise RuntimeError("a bug")

    monkeypatch.setattr(keeper, "make", fail)
    tired = Keeper(app)
    for _ in range(3):
        wake(tired, "manual")
    assert tried == ["manual"]
    tired.stops_until = 0
    wake(tired, "manual")
    assert len(tried) == 2


def test_a_copy_is_told_of_where_an_old_one_cannot_be_deleted(app, amina, folder, monkeypatch):
    def refuse():
        raise PermissionError("an old one")

    def write(kind):
        path = folder / copies.name_of(kind, now())
        path.touch()
        return path

    monkeypatch.setattr(keeper, "copy", write)
    monkeypatch.setattr(keeper, "forget_old", refuse)
    with writing():
        rules.ask(amina)
    assert keeper.make("manual")
    assert not queries.is_asked()


def test_what_a_power_cut_left_goes_with_the_next_copy(app, association, folder):
    left, fresh = folder / ".abc.part", folder / ".def.part"
    left.touch()
    with time_machine.travel(now() + LATER, tick=False):
        fresh.touch()
        keeper.forget_old()
    assert not left.exists()


def test_there_is_a_copy_before_the_tables_change(here, there, monkeypatch):
    upgrade(here.app)
    monkeypatch.setattr(migrations, "head", lambda: "9000")
    upgrade(here.app)
    with here.inside():
        (copy,) = queries.there()
    assert copy.kind == "before"
    assert f"before-{max(migrations.revisions())}-" in copy.path.name
    monkeypatch.undo()
    assert there.run("restore", str(copy.path))[0] == 0
    assert there.rows(*archive.PASSING_TABLES) == here.rows(*archive.PASSING_TABLES)


def test_starts_that_fail_leave_five_copies(here):
    with here.inside():
        for number in range(7):
            with time_machine.travel(now() + timedelta(minutes=number)):
                keeper.copy_before("0001")
        assert len(queries.there()) == 5


def test_nothing_changes_where_there_can_be_no_copy(here, monkeypatch):
    (here.folder / "backups").write_text("a file where the folder should be")
    monkeypatch.setattr(migrations, "head", lambda: "9000")
    with here.inside(), pytest.raises(MigrationFailed, match="copy before"):
        upgrade(here.app)


def test_an_older_backup_is_brought_up_to_date(good, there, monkeypatch, tmp_path):
    """A column that a later version adds is there, with its default, for the rows of the older one."""
    later = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, later, ignore=shutil.ignore_patterns("__pycache__"))
    (later / "versions/9000_later.py").write_text(LATER_VERSION.format(head=migrations.head()))
    monkeypatch.setattr(migrations, "HERE", later)
    code, said = there.run("restore", str(good))
    assert code == 0, said
    with there.inside():
        assert migrations.current() == "9000"
        assert set(db.session.scalars(text("SELECT shoe_size FROM member"))) == {42}


LATER_VERSION = '''
"""Knows how large feet are."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "9000", "{head}"


def upgrade():
    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("shoe_size", sa.Integer, nullable=False, server_default="42"))
'''


def test_each_copy_holds_what_was_done_by_then(here):
    with here.inside():
        assert keeper.make("manual")
        make_post(make_member("Zoé Nocturne"), "Après la copie")
        with time_machine.travel(now() + timedelta(seconds=2)):
            assert keeper.make("manual")
        counted = []
        for copy in queries.there():
            with archive.opened(copy.path) as found:
                counted.append(found.manifest.tables["post"].rows)
    assert counted[0] == counted[1] + 1
