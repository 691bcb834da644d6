"""What was copied comes back as it was, to the last row, on either kind of database."""

from assoc_intranet.backups import archive
from assoc_intranet.core.db import Model, db
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
