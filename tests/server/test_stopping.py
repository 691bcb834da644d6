"""Starting, stopping, and two servers on the same data."""

import os
import socket
import subprocess
import sys
import time

from assoc_intranet.core.db import db
from assoc_intranet.jobs.models import Lease
from tests.factories import make_association, make_member

from .conftest import LAST_CHUNK, ROOT, environment, serving


def holders(served):
    with served.app.app_context():
        found = db.session.query(Lease.holder).all()
        db.session.remove()
    return {holder for (holder,) in found}


def awaited_holder(served, but=frozenset(), seconds=6):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := holders(served) - but:
            return found
        time.sleep(0.1)
    return set()


def test_two_servers_share_the_data_and_one_does_what_is_due(data):
    with serving(environment(*data)) as first:
        chosen = awaited_holder(first)
        assert len(chosen) == 1
        with serving(environment(*data)) as second:
            time.sleep(1.5)
            assert holders(second) == chosen
            with first.app.app_context():
                make_association()
                listening = first.stream(make_member())
            with listening as line:
                began = time.monotonic()
                assert first.stop() == 0
                assert time.monotonic() - began < 4
                assert LAST_CHUNK in line.hear(LAST_CHUNK), "The stream was cut instead of ended."
            assert len(awaited_holder(second, but=chosen)) == 1


def run(**settings):
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "LANG": "C", **settings},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_it_refuses_to_listen_beyond_this_machine_without_https(tmp_path):
    done = run(DATA_DIR=str(tmp_path), HOST="0.0.0.0")  # noqa: S104 (and is refused)
    assert done.returncode == 2
    assert "INSECURE_HTTP=1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "assoc.sqlite").exists(), "What is refused changes nothing."


def test_it_refuses_to_serve_while_debugging(tmp_path):
    done = run(DATA_DIR=str(tmp_path), FLASK_DEBUG="1")
    assert done.returncode == 2
    assert "FLASK_DEBUG" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "assoc.sqlite").exists(), "What is refused changes nothing."


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(DATA_DIR=str(tmp_path), PORT=str(port))
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr
