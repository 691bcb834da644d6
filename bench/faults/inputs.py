"""Whatever is typed or sent: 10,000 inputs over every route as everybody, on both engines, and no fault is shown.

The drawing is the test suite's own (tests/house/test_fuzz.py), with more of it and from another beginning each time.
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
PROMISE = "Nothing that is sent shows a fault, loses a header or lets a look change something ({engine})"


def run(quick: bool) -> Iterator[Verdict]:
    inputs = 500 if quick else 10_000
    yield _drawn(inputs, "sqlite")
    if reason := engines.missing():
        raise CannotRun(reason)
    yield _drawn(inputs, "postgres")


def _drawn(inputs: int, engine: str) -> Verdict:
    seed = int(time.time())
    environ = os.environ | {"INPUTS": str(inputs), "SEED": str(seed), "TEST_ENGINE": engine}
    tests = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "tests/house/test_fuzz.py"]
    done = subprocess.run(tests, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        print(done.stdout.decode(errors="replace"), file=sys.stderr)
    again = f"INPUTS={inputs} SEED={seed} TEST_ENGINE={engine}"
    figure = f"{inputs:,} inputs, {'some broke something' if done.returncode else '0 broke anything'} ({again})"
    return Verdict(PROMISE.format(engine=engine), figure, kept=done.returncode == 0)
