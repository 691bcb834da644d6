"""docs/install.md, typed as it stands in a bare folder: from nothing to the first post, with every step counted."""

import os
import re
import shutil
import subprocess
import time
from urllib.parse import urlencode

import pytest

from tests.server.conftest import free_port

from .conftest import ROOT, bare_environment, get
from .front import FORM, NAME

GUIDE = (ROOT / "docs/install.md").read_text(encoding="utf-8")
SECONDS = 300
# The only words that are changed before a command is run: whence, and the folder that stands for `/`.
# PORT is set besides: the usual one may be taken here.
CHANGED = {
    "WHERE-YOU-FOUND-IT": "{checkout}",
    "/srv/": "{root}/srv/",
    "/etc/": "{root}/etc/",
    "/var/lib/": "{root}/var/lib/",
}
# Settings as systemd reads them: a value goes to the end of its line, and quotes around it are not part of it.
READ_SETTINGS = """
    while IFS= read -r line; do
        case "$line" in '' | '#'* | ';'*) continue ;; esac
        value=${line#*=}
        case "$value" in
        \\"*\\") value=${value#?} value=${value%?} ;;
        \\'*\\') value=${value#?} value=${value%?} ;;
        esac
        export "${line%%=*}=$value"
    done <"$settings"
"""
MORE_SETTINGS = """
# A name with spaces, an accent and brackets; a value in quotes.
MAIL_FROM=Asso Été <bonjour@exemple.org>
MAX_UPLOAD_MB="20"
"""
# What would change the machine itself is played by these. The service is what its ExecStart and EnvironmentFile say.
STAND_INS = {
    "apt-get": "true",
    "adduser": "true",
    "systemd-run": f"""
        while [ "${{1#--}}" != "$1" ]; do
            case "$1" in
            --property=EnvironmentFile=*) settings=${{1##*=}} ;;
            --setenv=*) export "${{1#*=}}" ;;
            esac
            shift
        done
        {READ_SETTINGS}
        cd /
        exec "$@" """,
    "journalctl": """
        for _ in $(seq 1200); do ! grep -q Serving "$ROOT/journal" || break; sleep 0.1; done
        cat "$ROOT/journal" """,
    "systemctl": f"""
        unit="$ROOT/etc/systemd/system/assoc-intranet.service"
        value() {{ sed -n "s/^$1=//p" "$unit" | sed "s#/srv/#$ROOT/srv/#; s#/etc/#$ROOT/etc/#"; }}
        case "$*" in
        daemon-reload) test -s "$unit" ;;
        "reload caddy") ! command -v caddy || HOME=$ROOT caddy validate --config "$ROOT/etc/caddy/Caddyfile" ;;
        "enable --now assoc-intranet" | "restart assoc-intranet")
            if [ -f "$ROOT/pid" ]; then kill "$(cat "$ROOT/pid")"; sleep 1; fi
            mkdir -p -m "$(value StateDirectoryMode)" "$ROOT/var/lib/$(value StateDirectory)"
            settings="$(value EnvironmentFile)"
            {READ_SETTINGS}
            cd /
            nohup $(value ExecStart) >"$ROOT/journal" 2>&1 &
            echo $! >"$ROOT/pid" ;;
        *) echo "Nobody plays systemctl $*" >&2; exit 1 ;;
        esac""",
}


def commands(heading):
    """The shell blocks of the parts whose heading begins so."""
    parts = re.split(r"^## ", GUIDE, flags=re.MULTILINE)[1:]
    chosen = [part for part in parts if re.match(heading, part)]
    assert chosen, f"docs/install.md has no part {heading}"
    return [block for part in chosen for block in re.findall(r"^```sh\n(.*?)^```", part, re.MULTILINE | re.DOTALL)]


class Machine:
    """A folder that stands for `/`, and a shell in which the guide is typed."""

    def __init__(self, root):
        self.root, self.port, self.steps = root, free_port(), []
        for folder in ("srv", "var/lib", "etc/systemd/system", "etc/caddy", "bin", "home"):
            (root / folder).mkdir(parents=True)
        for name, body in STAND_INS.items():
            (root / "bin" / name).write_text(f"#!/bin/sh\nset -eu\n{body}\n")
            (root / "bin" / name).chmod(0o755)

    def type(self, blocks, check=True):
        """What all the blocks print, in one shell that stops at the first command that fails."""
        script = "set -eu\n" + "".join(blocks)
        for written, run in CHANGED.items():
            script = script.replace(written, run.format(checkout=ROOT, root=self.root))
        paths = f"{self.root}/bin:{os.environ['PATH']}"
        began = time.monotonic()
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.root / "home",
            env=bare_environment(PATH=paths, ROOT=str(self.root), PORT=str(self.port)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        self._count([line for block in blocks for line in block.splitlines()], began)
        assert not check or done.returncode == 0, done.stdout[-3000:]
        return done.stdout

    def send(self, path, form, cookie=""):
        """A form, as it comes through the proxy: (headers, cookie)."""
        began = time.monotonic()
        proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": NAME, "Host": NAME}
        headers = {**FORM, **proxied, "Cookie": cookie}
        status, headers, page = get(self.port, path, headers, "POST", urlencode(form))
        assert status == 303, page
        self._count([f"POST {path}"], began)
        return headers, headers.get("Set-Cookie", cookie).partition(";")[0]

    def read(self, path, cookie):
        return get(self.port, path, {"Host": NAME, "Cookie": cookie})[2]

    def _count(self, lines, began):
        self.steps += [(line, time.monotonic() - began if line is lines[-1] else 0) for line in lines]

    def account(self):
        """What was typed, and how long the machine took."""
        total = sum(seconds for _, seconds in self.steps)
        lines = [f"{seconds:6.1f} s  {line}" for line, seconds in self.steps]
        return "\n".join([*lines, f"{len(self.steps)} lines and forms, {total / 60:.1f} minutes of the machine"])

    def mode(self, path):
        return (self.root / path).stat().st_mode & 0o777

    def stop(self):
        if (self.root / "pid").exists():
            subprocess.run(["kill", (self.root / "pid").read_text().strip()], check=False)


@pytest.fixture
def machine(tmp_path):
    if os.environ.get("TEST_ENGINE"):
        pytest.skip("the guide installs on SQLite")
    if missing := [name for name in ("git", "make", "bash") if not shutil.which(name)]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    standing = Machine(tmp_path / "root")
    yield standing
    standing.stop()


def test_from_nothing_to_the_first_post_by_the_guide_alone(machine):
    said = machine.type(commands(r"[1-5]\. "))
    code = re.search(rf"https://{NAME}/setup\?code=(\S+)", said)[1]
    who = {"association": "La Bêche", "name": "Amina Benali", "email": "amina@exemple.org"}
    _, cookie = machine.send("/setup", {"code": code, **who, "password": "trois mots jolis"})
    headers, _ = machine.send("/posts", {"title": "Plantation du pommier", "day": "2026-11-28"}, cookie)
    post = headers["Location"]
    assert "Plantation du pommier" in machine.read(post, cookie)
    print(machine.account())  # noqa: T201 (shown by pytest -s)

    assert machine.mode("etc/assoc-intranet.env") == 0o600
    assert machine.mode("var/lib/assoc-intranet") == 0o750
    assert {path.name for path in (machine.root / "srv/assoc-intranet/instance").iterdir()} == {".gitkeep"}

    with (machine.root / "etc/assoc-intranet.env").open("a", encoding="utf-8") as settings:
        settings.write(MORE_SETTINGS)
    looked = machine.type(commands(r"6\. "), check=False)
    assert "Traceback" not in looked
    assert "✓ Database" in looked

    assert "Serving" in machine.type([*commands("Upgrading"), "journalctl"])
    assert "Plantation du pommier" in machine.read(post, cookie)


def test_every_variable_of_compose_is_in_the_guide():
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "deploy/compose.yaml").read_text()))
    assert {name for name in asked if name not in GUIDE} == set()
