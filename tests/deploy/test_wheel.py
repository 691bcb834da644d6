"""Source archive, wheel from it, bare environment: what is installed serves by itself, without this checkout."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest

from tests.house.test_lock import pins

from .conftest import ROOT, bare_environment, get, only_builds, running

WHERE_FROM = """
import sys
from pathlib import Path
from assoc_intranet import cli, create_app
create_app()
print({str(Path(module.__file__)) for module in sys.modules.values() if getattr(module, "__file__", None)})
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A virtual environment with what requirements.lock pins, and our wheel."""
    if os.environ.get("TEST_ENGINE"):
        pytest.skip("what is packed does not depend on the database")
    place = tmp_path_factory.mktemp("wheel")
    build("sdist", ROOT, place)
    build("wheel", unpacked(next(place.glob("*.tar.gz")), place), place)
    venv.create(place / "venv", symlinks=True)
    share_pinned_packages(next((place / "venv").glob("lib/*/site-packages")))
    install(next(place.glob("*.whl")), place / "venv/bin/python")
    return place / "venv/bin"


def build(kind, folder, place):
    """With the build backend that the lock pins; nothing is fetched."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", place]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr


def unpacked(archive, place):
    with tarfile.open(archive) as tar:
        tar.extractall(place / "source", filter="data")
    return next((place / "source").iterdir())


def share_pinned_packages(target):
    """By hard links, and only what the lock pins for serving: what else is needed would be missing then."""
    for name in pins("requirements.lock").keys() - only_builds():
        try:
            files = importlib.metadata.distribution(name).files
        except importlib.metadata.PackageNotFoundError:
            continue  # Another system's.
        for file in files:
            if ".." not in file.parts:
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                link(file.locate(), target / file)


def link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def install(wheel, python):
    uv = [shutil.which("uv") or "uv", "pip", "install", "--python", python]
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--disable-pip-version-check"]
    command = [*(pip if importlib.util.find_spec("pip") else uv), "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def served(installed, empty_folder):
    with running([installed / "assoc-intranet", "serve"], empty_folder) as answering:
        yield answering


def test_the_first_run_is_shown_in_french_and_in_english(served):
    port, said = served
    address = re.search(r"/setup\?code=\S+", said)[0]
    for language, sentence in (("fr", "Nommez votre association"), ("en", "Name your association")):
        status, _, page = get(port, address, {"Accept-Language": language})
        assert status == 200
        assert sentence in page


def test_every_static_file_of_the_page_is_there(served):
    port, _ = served
    page = get(port, "/login")[2]
    files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert {Path(file).suffix for file in files} >= {".css", ".js", ".svg"}
    for file in files:
        status, headers, body = get(port, file)
        assert (status, bool(body)) == (200, True), file
        assert "immutable" in headers["Cache-Control"]


def test_the_data_lands_where_it_was_started(served, empty_folder):
    assert {path.name for path in (empty_folder / "instance").iterdir()} >= {"assoc.sqlite", "secret_key"}


def test_a_command_finds_the_migrated_database(served, installed, empty_folder):
    told = subprocess.run(
        [installed / "assoc-intranet", "doctor"],
        cwd=empty_folder,
        env=bare_environment(LANG="fr_BE.UTF-8"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "✓ Base de données" in told.stdout, told.stdout + told.stderr


def test_nothing_comes_from_the_checkout(installed, empty_folder):
    command = [installed / "python", "-c", WHERE_FROM]
    found = subprocess.run(
        command, cwd=empty_folder, env=bare_environment(), capture_output=True, text=True, check=True
    )
    files = eval(found.stdout)  # noqa: S307 (a set of paths that we just printed)
    ours = {file for file in files if "/assoc_intranet/" in file}
    assert ours
    assert not {file for file in files if file.startswith(f"{ROOT}/")}


def test_every_licence_travels_with_the_wheel(installed):
    record = next(installed.parent.glob("lib/*/site-packages/assoc_intranet-*.dist-info"))
    there = {path.name for path in (record / "licenses").rglob("LICENSE*")}
    ours = [ROOT / "LICENSE", *(ROOT / "static").rglob("LICENSE*"), *(ROOT / "assoc_intranet").rglob("LICENSE*")]
    assert there == {path.name for path in ours}
