"""What others wrote is served and run as they published it, under its licence."""

import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "static/vendor", ROOT / "tests/vendor")
ENTRIES = [
    pytest.param(folder, entry, id=entry["file"])
    for folder in FOLDERS
    for entry in tomllib.loads((folder / "VENDOR.toml").read_text(encoding="utf-8"))["file"]
]


@pytest.mark.parametrize(("folder", "entry"), ENTRIES)
def test_a_vendored_file_is_the_one_its_authors_published(folder, entry):
    found = sha256((folder / entry["file"]).read_bytes()).hexdigest()
    assert found == entry["sha256"], (
        f"{entry['file']} is not what {entry['source']} contains. Vendored files are never edited: "
        f"put the published file back, or update its whole entry in {folder.name}/VENDOR.toml."
    )


@pytest.mark.parametrize(("folder", "entry"), ENTRIES)
def test_a_vendored_file_says_where_it_comes_from(folder, entry):
    for field in ("name", "version", "licence", "source", "date"):
        assert entry.get(field), f"{entry['file']} has no {field} in VENDOR.toml."
    assert entry["version"] in entry["source"], f"{entry['file']}: version and source disagree."
    assert (folder / entry["licence_file"]).is_file(), f"The licence of {entry['file']} is not beside it."


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_nothing_is_vendored_without_an_entry(folder):
    declared = {entry.values[1]["file"] for entry in ENTRIES if entry.values[0] == folder}
    scripts = {path.name for path in folder.iterdir() if path.suffix in {".js", ".css"}}
    assert scripts == declared, f"VENDOR.toml of {folder.parent.name}/ and the files beside it differ."
