"""What is installed, as a stranger installs it: programs that run outside this checkout, spoken to over the wire."""

import contextlib
import os
import re
import signal
import subprocess
import time
from http.client import HTTPConnection

import pytest

from tests.server.conftest import ROOT, START_SECONDS, free_port

# What would let a program find this checkout, or settings of whoever runs the tests.
OURS = re.compile(r"PYTHON|VIRTUAL_ENV|LC_|LANG")


def only_builds():
    """The packages of the lock that an image drops once the wheel is made."""
    dropped = re.search(r"^RUN pip uninstall --yes (.+)$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)
    return set(dropped[1].split()) - {"pip", "setuptools"}


def bare_environment(**settings):
    """The environment of a machine that knows nothing of us."""
    kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    return {**kept, "LANG": "C.UTF-8", **settings}


def get(port, path, headers=None, method="GET", body=None):
    """(status, headers, body as text) of one request."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        connection.close()


@contextlib.contextmanager
def running(command, folder, **settings):
    """(port, what it said) of a server started in `folder`; it must stop when asked to."""
    port, log = free_port(), folder.parent / f"{folder.name}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=bare_environment(PORT=str(port), **settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_answer(process, port, log)
        yield port, log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def _await_answer(process, port, log):
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        with contextlib.suppress(OSError):
            if get(port, "/healthz")[0] == 200:
                return
        time.sleep(0.05)
    pytest.fail(f"The server did not start: {log.read_text()[-3000:]}")
