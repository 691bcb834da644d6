"""Three members change things while the wire of a fourth is cut: in the end their open pages equal fresh ones."""

import os

from bench.faults.convergence import Trial

SEED = int(os.environ.get("SEED", "7"))


def test_pages_that_were_cut_off_end_as_fresh_ones_byte_for_byte(tmp_path, browser):
    trial = Trial(tmp_path, SEED)
    try:
        told = trial.run(browser, changes=40, longest=2.0, settle=60)
    finally:
        trial.close()
    assert not told.different, f"SEED={SEED}: " + "\n".join(told.different.values())
    assert len(told.equal) == 6
    assert told.cuts
