"""What lies in deploy/: no container engine and no service manager here, so it is read, judged, and run in parts."""

import json
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from assoc_intranet.config import SETTINGS
from tests.house.test_lock import pins
from tests.server.conftest import environment, free_port, serving

from .conftest import ROOT, only_builds

DEPLOY = ROOT / "deploy"
NAMES = {setting.name for setting in SETTINGS} | {f"{setting.name}_FILE" for setting in SETTINGS}
# What the image sets that is Python's or the shell's.
OF_OTHERS = {"PATH", "LANG", "PYTHONUNBUFFERED", "PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR"}
MOST_EXPOSED = 1.5


def instructions():
    """[(word, rest)] of the Dockerfile, continued lines joined."""
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [tuple(line.split(maxsplit=1)) for line in lines]


def last_stage():
    all_of_them = instructions()
    begins = max(place for place, (word, _) in enumerate(all_of_them) if word == "FROM")
    return dict(all_of_them[begins:]), all_of_them[begins:]


def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def servers():
    return {name: service for name, service in compose()["services"].items() if "build" in service}


def test_what_the_image_copies_is_there_and_is_sent_to_the_builder():
    sent = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    let_through = {line[1:] for line in sent if line.startswith("!")}
    sources = [
        source
        for word, rest in instructions()
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    ]
    assert set(sources) == let_through
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_installs_what_the_lock_says_with_its_digests():
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert "--require-hashes" in installs[0]
    assert "--no-index" in installs[1]
    assert len(installs) == 2


def test_nothing_that_builds_stays_in_the_image():
    only_for_building = {
        name
        for name, pin in pins("requirements.lock").items()
        if name == "hatchling" or re.search(r"# via\s+(#\s+)?hatchling\s*$", pin["rest"])
    }
    assert only_builds() == only_for_building
    commands, everything = last_stage()
    assert "apt-get" not in (DEPLOY / "Dockerfile").read_text()
    assert "pip uninstall" in commands["RUN"]
    assert [rest for word, rest in everything if word == "COPY"] == [
        "--from=build /opt/assoc-intranet /opt/assoc-intranet"
    ]


def test_the_image_runs_as_nobody_in_particular_with_settings_that_exist():
    commands, everything = last_stage()
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", commands["USER"])
    named = {name for word, rest in everything if word == "ENV" for name in re.findall(r"(\w+)=", rest)}
    assert named - OF_OTHERS <= NAMES
    assert commands["VOLUME"] == "/data"
    assert "DATA_DIR=/data" in commands["ENV"]


def test_the_health_check_sees_a_server_that_answers_and_one_that_does_not(tmp_path):
    check = json.loads(last_stage()[0]["HEALTHCHECK"].partition("CMD ")[2])
    check[0] = sys.executable

    def health(port):
        return subprocess.run(check, env={"PORT": str(port)}, capture_output=True, check=False).returncode

    with serving(environment(tmp_path / "data", "")) as served:
        assert health(served.port) == 0
    assert health(free_port()) != 0


def test_every_setting_that_compose_gives_exists():
    assert len(servers()) == 2
    for service in servers().values():
        assert set(service["environment"]) <= NAMES


def test_what_compose_names_it_also_declares():
    asked = compose()
    for service in asked["services"].values():
        assert set(service.get("secrets", ())) <= set(asked["secrets"])
        assert set(service["networks"]) <= set(asked["networks"])
        assert set(service.get("depends_on", ())) <= set(asked["services"])
        mounted = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert {name for name in mounted if not name.startswith(".")} <= set(asked["volumes"])
        assert all((DEPLOY / name).exists() for name in mounted if name.startswith("."))
        given = [value for name, value in service["environment"].items() if name.endswith("_FILE")]
        assert {Path(path).name for path in given} <= set(service.get("secrets", ()))
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()


def test_no_secret_stands_in_compose_and_none_can_be_committed():
    for service in compose()["services"].values():
        words = {name for name in service["environment"] if re.search("PASSWORD|SECRET|URL$", name)}
        assert {name for name in words if not name.endswith("_FILE")} <= {"BASE_URL"}
    paths = ["deploy/.env", *(f"deploy/{secret['file']}" for secret in compose()["secrets"].values())]
    ignored = subprocess.run(
        ["git", "check-ignore", *paths], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert len(ignored) == len(paths)


def test_the_two_servers_share_uploads_secret_and_database():
    first, second = servers().values()
    assert first == second
    assert first["volumes"] == ["data:/data"]


def test_what_the_proxy_of_compose_is_told_is_what_its_file_asks():
    asked = set(re.findall(r"\{\$(\w+)", (DEPLOY / "Caddyfile").read_text()))
    proxy = compose()["services"]["proxy"]["environment"]
    assert asked == set(proxy)
    assert {server.partition(":")[0] for server in proxy["SERVERS"].split()} == set(servers())


@pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed (Debian: apt-get install caddy)")
@pytest.mark.parametrize("given", [{}, {"DOMAIN": "exemple.org", "SERVERS": "server-1:5000 server-2:5000"}])
def test_caddy_accepts_its_file(given, tmp_path):
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"]
    judged = subprocess.run(command, env={"HOME": str(tmp_path), **given}, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stderr


def unit():
    read = ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(DEPLOY / "assoc-intranet.service")
    return read


def test_the_service_writes_where_the_guide_puts_the_data():
    assert unit()["Service"]["StateDirectory"] == "assoc-intranet"
    assert "DATA_DIR=/var/lib/assoc-intranet" in (ROOT / "docs/install.md").read_text()


def test_the_service_may_make_its_copies_with_low_priority():
    """What a later line allows again is allowed: the group that was refused before holds both."""
    filters = re.findall(r"^SystemCallFilter=(.+)$", (DEPLOY / "assoc-intranet.service").read_text(), re.MULTILINE)
    refused = next(place for place, line in enumerate(filters) if line.startswith("~") and "@resources" in line)
    allowed = {name for line in filters[refused + 1 :] if not line.startswith("~") for name in line.split()}
    assert {"nice", "setpriority"} <= allowed
    assert not any(line.startswith("~") for line in filters[refused + 1 :])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_the_service_and_finds_it_little_exposed(tmp_path):
    copy = tmp_path / "assoc-intranet.service"
    text = (DEPLOY / "assoc-intranet.service").read_text()
    copy.write_text(text.replace(unit()["Service"]["ExecStart"].split()[0], "/bin/true"))
    judged = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert (judged.returncode, judged.stderr) == (0, "")
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}", copy]
    judged = subprocess.run(command, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout[-200:]
