"""Three members change things while the wire of a fourth is cut: in the end their open pages equal fresh ones."""

import os

import pytest

from bench.faults.convergence import Trial
from bench.faults.verdict import CannotRun

SEED = int(os.environ.get("SEED", "7"))


def test_pages_that_were_cut_off_end_as_fresh_ones_byte_for_byte(tmp_path):
    try:
        trial = Trial(tmp_path, SEED)
    except CannotRun as reason:
        pytest.skip(str(reason))
    try:
        told = trial.run(changes=40, longest=2.0, settle=60)
    finally:
        trial.close()
    assert not told.different, f"SEED={SEED}: " + "\n".join(told.different.values())
    assert len(told.equal) == 6
    assert told.cuts
