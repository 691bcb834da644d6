"""The locks pin what pyproject.toml asks for, with digests, and name nobody's servers."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNS = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["postgres"],
    *PROJECT["dependency-groups"]["build"],
    *PROJECT["build-system"]["requires"],
]
ASKED = {
    "requirements.lock": RUNS,
    "requirements-dev.lock": [*RUNS, *PROJECT["dependency-groups"]["dev"]],
    "tools/judges/requirements.lock": PROJECT["dependency-groups"]["judges"],
    "tools/judges/audit.lock": PROJECT["dependency-groups"]["audit"],
}
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?P<rest>.*(?:\n[ ]+.*)*)", re.MULTILINE)
CURE = "Run `make lock` and commit what it writes."


def pins(lock):
    return {canonicalize_name(pin["name"]): pin for pin in PIN.finditer((ROOT / lock).read_text(encoding="utf-8"))}


def asked_for(lock):
    requirements = [Requirement(line) for line in ASKED[lock]]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


@pytest.mark.parametrize("lock", ASKED)
def test_the_lock_pins_all_that_is_asked_for(lock):
    pinned = pins(lock)
    for name, requirement in asked_for(lock).items():
        assert name in pinned, f"{lock} is stale: pyproject.toml asks for {name}. {CURE}"
        version = pinned[name]["version"]
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{lock} is stale: it pins {name} {version}, pyproject.toml asks for {requirement}. {CURE}"
        )


@pytest.mark.parametrize("lock", ASKED)
def test_the_lock_pins_nothing_that_is_no_longer_asked_for(lock):
    direct = {name for name, pin in pins(lock).items() if PROJECT["project"]["name"] in pin["rest"]}
    assert direct <= set(asked_for(lock)), f"{lock} is stale: {direct - set(asked_for(lock))} went. {CURE}"


def test_tests_run_with_the_versions_that_are_served():
    tested = {name: pin["version"] for name, pin in pins("requirements-dev.lock").items()}
    for name, pin in pins("requirements.lock").items():
        assert tested.get(name) == pin["version"], f"The two locks disagree about {name}. {CURE}"


@pytest.mark.parametrize("lock", ASKED)
def test_every_pin_has_its_digests(lock):
    for name, pin in pins(lock).items():
        assert "--hash=sha256:" in pin["rest"], f"{name} in {lock} has no digest. {CURE}"


@pytest.mark.parametrize("lock", ASKED)
def test_the_lock_names_no_server(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|@ file", text), f"{lock} holds an address. {CURE}"
