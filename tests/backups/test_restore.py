"""What was copied comes back as it was, to the last row, on either kind of database."""

import contextvars
import threading

from sqlalchemy import func, select

from assoc_intranet.backups import archive
from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import Model, db, writing
from assoc_intranet.members.models import Member
from assoc_intranet.tasks import rules as tasks
from assoc_intranet.tasks.models import Task
from tests.factories import PASSWORD

PASSING = archive.PASSING_TABLES


def test_what_was_copied_comes_back(here, there, tmp_path):
    file = tmp_path / "copy.zip"
    assert here.run("backup", str(file))[0] == 0
    code, said = there.run("restore", str(file))
    assert code == 0, said
    before, after = here.rows(*PASSING), there.rows(*PASSING)

    assert after == before
    assert [path.read_bytes() for path in there.uploads.glob("*.png")] == [b"\x89PNG drawn"]


def test_a_copy_of_the_copy_is_the_same(here, there, tmp_path):
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    here.run("backup", str(first))
    there.run("restore", str(first))
    there.run("backup", str(second))
    with archive.opened(first) as one, archive.opened(second) as other:
        assert one.manifest.members == other.manifest.members


def test_every_table_is_copied_or_known_to_pass(here, tmp_path):
    file = tmp_path / "copy.zip"
    here.run("backup", str(file))
    with archive.opened(file) as found:
        assert set(found.manifest.tables) | PASSING == set(Model.metadata.tables)
        assert not set(found.manifest.tables) & PASSING


def test_people_log_in_where_it_was_put_back(here, there, tmp_path):
    here.run("backup", str(tmp_path / "copy.zip"))
    there.run("restore", str(tmp_path / "copy.zip"))
    browser = there.app.test_client()
    headers = {"Sec-Fetch-Site": "same-origin"}
    form = {"email": "amina@exemple.org", "password": PASSWORD}
    assert browser.post("/login", data=form, headers=headers).status_code == 303
    for page in ("/", "/calendar", "/tasks", "/polls", "/members", "/networks", "/settings", "/backups"):
        assert browser.get(page).status_code == 200, page
    with there.app.app_context():
        db.engine.dispose()


def test_a_copy_made_while_four_write_is_of_one_instant(here, there, tmp_path):
    """Each task is written with the change that tells of it: a copy never has the one without the other."""
    stopping = threading.Event()
    noted: list[int] = []

    def write():
        with here.app.app_context():
            while not stopping.is_set():
                with writing():
                    author = db.session.scalar(select(Member).where(Member.email == "bruno@exemple.org"))
                    number = tasks.write(author, tasks.Draft(title="Encore une affiche")).id
                noted.append(number)

    writers = [threading.Thread(target=contextvars.Context().run, args=(write,)) for _ in range(4)]
    for writer in writers:
        writer.start()
    files = [tmp_path / f"{number}.zip" for number in range(3)]
    for file in files:
        before = list(noted)
        archive.write(here.url, here.uploads, file)
        with archive.opened(file) as found:
            assert found.manifest.tables["task"].rows >= len(before)
    stopping.set()
    for writer in writers:
        writer.join()
    assert there.run("restore", str(files[-1]))[0] == 0
    with there.inside():
        told = select(func.count(Change.id)).where(Change.kind == "task.written")
        assert db.session.scalar(select(func.count(Task.id))) == db.session.scalar(told)
        assert set(before) <= set(db.session.scalars(select(Task.id)))
