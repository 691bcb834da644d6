"""A file that is not a whole backup of ours is refused in a sentence, and nothing is written."""

import errno
import json
import random
import zipfile

import pytest
import time_machine

from assoc_intranet.backups import archive
from assoc_intranet.core.db import db


@pytest.fixture
def rewritten(good, tmp_path):
    """`rewritten(change)` is the same backup after `change(members)`; the manifest is one of the members."""
    return lambda change, method=zipfile.ZIP_DEFLATED: _rewrite(good, tmp_path / "bad.zip", change, method)


def _rewrite(good, bad, change, method):
    with zipfile.ZipFile(good) as source:
        members = {name: source.read(name) for name in source.namelist()}
    change(members)
    with zipfile.ZipFile(bad, "w", method) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return bad


def manifest_with(**changes):
    def change(members):
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps(manifest | changes).encode()

    return change


def put(members, name, content):
    """A member that the manifest knows as it is."""
    manifest = json.loads(members["manifest.json"])
    rows = content.count(b"\n") - 1 if name.startswith("tables/") else None
    manifest["members"][name] = {
        "size": len(content),
        "sha256": archive.hashlib.sha256(content).hexdigest(),
        "rows": rows,
    }
    members[name] = content
    members["manifest.json"] = json.dumps(manifest).encode()


def assert_refused(there, file, *words):
    code, said = there.run("restore", str(file))
    assert code == 2, said
    assert "Nothing was written." in said
    assert all(word in said for word in words), said
    assert "Traceback" not in said
    with there.inside():
        assert db.inspect(db.engine).get_table_names() == []
    assert not there.uploads.exists() or not list(there.uploads.iterdir())


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_not_a_backup(there, tmp_path, content):
    file = tmp_path / "bad.zip"
    file.write_bytes(content)
    assert_refused(there, file)


def test_a_file_that_is_not_there(there, tmp_path):
    assert_refused(there, tmp_path / "nowhere.zip", "cannot be read")
    assert_refused(there, tmp_path, "cannot be read")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_short(good, there, tmp_path, part):
    bad = tmp_path / "cut.zip"
    bad.write_bytes(good.read_bytes()[: int(good.stat().st_size * part)])
    assert_refused(there, bad)


def test_a_file_with_a_damaged_byte(good, tmp_path):
    """Wherever it is, it is noticed, or it is in what the ZIP says about dates and rights, which nobody reads."""
    content, chance, noticed = good.read_bytes(), random.Random(20261121), 0  # noqa: S311 (to be repeated)
    with archive.opened(good) as found:
        manifest = found.manifest
    for _ in range(60):
        place = chance.randrange(len(content))
        bad = tmp_path / "bad.zip"
        bad.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        try:
            with archive.opened(bad) as found:
                assert found.manifest == manifest
        except archive.BadBackup:
            noticed += 1
    assert noticed > 30


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda members: members.pop("manifest.json"), "no manifest"),
        (lambda members: members.update({"manifest.json": b"[]"}), "manifest cannot be read"),
        (lambda members: members.update({"manifest.json": b"[" * 100_000}), "manifest cannot be read"),
        (manifest_with(format=2), "newer version"),
        (manifest_with(schema="9999"), "newer version"),
        (manifest_with(schema="../../etc"), "manifest cannot be read"),
        (manifest_with(schema="0000"), ""),
        (manifest_with(created_at="yesterday"), "manifest cannot be read"),
        (manifest_with(members=[]), "manifest cannot be read"),
        (lambda members: members.pop("tables/post.ndjson"), "missing"),
        (lambda members: members.update({"tables/extra.ndjson": b"{}\n"}), "do not belong"),
        (lambda members: members.update({"tables/post.ndjson": b"{}\n"}), "tables/post.ndjson"),
        (lambda members: put(members, "uploads/../../escaped", b"x"), "manifest cannot be read"),
        (lambda members: put(members, "/etc/escaped", b"x"), "manifest cannot be read"),
        (lambda members: put(members, "uploads/a\\..\\b", b"x"), "manifest cannot be read"),
        (lambda members: put(members, "uploads/.hidden", b"x"), "manifest cannot be read"),
        (lambda members: [put(members, f"uploads/a{rest}", b"x") for rest in ("", "/b")], "manifest cannot be read"),
        (lambda members: put(members, "tables/extra.ndjson", b'{"columns": [], "last_id": 0}\n'), "extra"),
        (lambda members: put(members, "tables/step.ndjson", b"nothing\n"), "tables/step.ndjson"),
        (lambda members: put(members, "tables/step.ndjson", b'{"columns": [["id", "text"]]}\n'), "columns of step"),
    ],
)  # fmt: skip
def test_what_was_changed_on_purpose(rewritten, there, change, words):
    assert_refused(there, rewritten(change), words)


@pytest.mark.parametrize(
    "row",
    [
        b'["x", 1, "text", false]',
        b'[1, 1, "text"]',
        b'[1, 1, "text", 2]',
        b'[1, 1, "text", false, 3]',
        b"{}",
        b'[1, 999, "of no task", false]',
        b'[1, 1, "once", false]\n[1, 1, "twice", false]',
        b'[1, null, "text", false]',
        b'[99999999999999999999, 1, "text", false]',
        b'[1, 1, "\\ud800", false]',
        b'[ 1,1,"spaced",false]',
    ],
)  # fmt: skip
def test_rows_that_do_not_fit(rewritten, there, row):
    def change(members):
        heading = members["tables/step.ndjson"].partition(b"\n")[0]
        put(members, "tables/step.ndjson", heading + b"\n" + row + b"\n")

    assert_refused(there, rewritten(change))


def test_a_disk_that_is_full_leaves_nothing_behind(good, there, monkeypatch):
    def fail(_archive, _name, target):
        target.parent.mkdir(parents=True)
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive.Archive, "extract", fail)
    assert_refused(there, good, "No space left on device")


def test_a_bomb(rewritten, there):
    """A file of some kilobytes that announces more than the disk can hold is refused before it is read."""

    def announce(members):
        put(members, "uploads/bomb.png", b"")
        manifest = json.loads(members["manifest.json"])
        manifest["members"]["uploads/bomb.png"]["size"] = 10**15
        members["manifest.json"] = json.dumps(manifest).encode()

    assert_refused(there, rewritten(announce), "MB are free")


def test_a_bomb_that_lies(rewritten, there):
    """What is in it is read up to what was announced, and not a piece further."""

    def lie(members):
        put(members, "uploads/bomb.png", b"small")
        members["uploads/bomb.png"] = bytes(50_000_000)

    assert_refused(there, rewritten(lie), "uploads/bomb.png")


def test_a_member_that_is_there_twice(rewritten, there):
    bad = rewritten(lambda _members: None)
    with zipfile.ZipFile(bad, "a") as target, pytest.warns(UserWarning, match="Duplicate"):
        target.writestr("tables/post.ndjson", b"other rows")
    assert_refused(there, bad, "do not belong")


def test_what_somebody_else_packed_another_way(rewritten, there):
    assert_refused(there, rewritten(manifest_with(members={}), zipfile.ZIP_LZMA))


def test_a_place_that_is_not_empty_is_left_alone(good, here, there):
    before = here.rows()
    code, said = here.run("restore", str(good))
    assert (code, "choose an empty DATA_DIR" in said) == (2, True)
    assert here.rows() == before
    there.uploads.mkdir()
    (there.uploads / "something.png").write_bytes(b"mine")
    code, said = there.run("restore", str(good))
    assert (code, "choose an empty DATA_DIR" in said) == (2, True)
    assert (there.uploads / "something.png").read_bytes() == b"mine"


def test_a_backup_is_not_written_over_by_mistake(here, tmp_path):
    good = tmp_path / "copy.zip"
    assert here.run("backup", str(good))[0] == 0
    with time_machine.travel("2026-11-21 03:00Z"):
        assert here.run("backup", str(good)) == (
            2,
            f"Error: {good} is there already: choose another name, or say --force.\n",
        )
        assert here.run("backup", "--force", str(good))[0] == 0
    with archive.opened(good) as found:
        assert found.manifest.created_at.startswith("2026-11-21T03:0")


def test_only_its_owner_reads_a_backup(good):
    assert good.stat().st_mode & 0o777 == 0o600


def test_where_nothing_can_be_written_there_is_a_sentence(here, tmp_path):
    code, said = here.run("backup", str(tmp_path / "nowhere" / "copy.zip"))
    assert (code, "cannot be written" in said) == (2, True)


def test_an_empty_place_has_nothing_to_copy(there, tmp_path):
    code, said = there.run("backup", str(tmp_path / "copy.zip"))
    assert (code, "nothing to copy" in said) == (2, True)
    assert list(tmp_path.glob("*.zip")) == []
