"""Whatever is typed, sent or tried in whatever order: the drawing of the test suite, with far more of it.

What is drawn begins elsewhere each time; the figure says how to draw the same again.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests import engines

from .verdict import CannotRun, Verdict

ROOT = Path(__file__).resolve().parents[2]


def run(quick: bool) -> Iterator[Verdict]:
    if quick:
        raise CannotRun("the tests do it in short")
    yield _typed(42)
    yield _voted(10_000)
    yield _sent(10_000, "sqlite")
    if reason := engines.missing():
        raise CannotRun(reason)
    yield _sent(10_000, "postgres")


def _sent(inputs: int, engine: str) -> Verdict:
    promise = f"Nothing that is sent is answered with a fault, and no look changes anything ({engine})"
    again = {"INPUTS": str(inputs), "SEED": str(int(time.time())), "TEST_ENGINE": engine}
    return _verdict(promise, f"{inputs:,} inputs", "tests/house/test_fuzz.py", again)


def _typed(turns: int) -> Verdict:
    promise = "Nothing that is stored or typed adds an element or an attribute to a page"
    again = {"TURNS": str(turns)}
    return _verdict(promise, f"{turns} payloads in every column", "tests/house/test_escaping.py", again)


def _voted(steps: int) -> Verdict:
    again = {"STEPS": str(steps)}
    return _verdict("Ballots are what a dictionary says", f"{steps:,} steps", "tests/polls/test_machine.py", again)


def _verdict(promise: str, tried: str, tests: str, again: dict[str, str]) -> Verdict:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", tests]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | again, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        print(done.stdout.decode(errors="replace"), file=sys.stderr)
    settings = " ".join(f"{name}={value}" for name, value in again.items())
    outcome = "broken" if done.returncode else "0 violations"
    return Verdict(promise, f"{tried}, {outcome} ({settings} {tests})", kept=done.returncode == 0)
