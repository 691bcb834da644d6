"""`python -m bench.faults [killed clocks …]`: every promise, its figure, its verdict; exits 1 when one is broken."""

import os
import sys
import time
import traceback
from importlib import import_module

from . import report
from .verdict import CannotRun, Verdict

# In the order they run and are told.
TRIALS: tuple[str, ...] = (
    "killed",
    "two_servers",
    "disk_full",
    "twice",
    "inputs",
    "strangers",
    "clocks",
    "streams",
    "mail",
    "convergence",
    "backups",
)


def main(asked: list[str]) -> int:
    if unknown := set(asked) - set(TRIALS):
        print(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(TRIALS)}.")
        return 2
    quick = bool(os.environ.get("QUICK"))
    records = [_try(name, quick) for name in TRIALS if not asked or name in asked]
    if not quick:
        report.keep(records, order=TRIALS)
    broken = sum(not verdict.kept for record in records for verdict in record.verdicts)
    skipped = [record.trial for record in records if record.skipped]
    print(f"{broken} broken" + (f", not tried: {', '.join(skipped)}" if skipped else ""))
    return 1 if broken else 0


def _try(name: str, quick: bool) -> report.Record:
    """Run one trial to its end. One that fails by itself has shown nothing: it is broken, and the next one goes on."""
    record = report.Record(name)
    began = time.monotonic()
    print(f"\n{name}", flush=True)
    try:
        for verdict in import_module(f".{name}", __package__).run(quick):
            record.verdicts.append(verdict)
            print(f"  {'kept  ' if verdict.kept else 'BROKEN'} | {verdict.promise} | {verdict.figure}", flush=True)
    except CannotRun as reason:
        record.skipped = str(reason)
        print(f"  SKIPPED: {reason}", flush=True)
    except Exception as error:  # noqa: BLE001 (whatever it is, the promises of the other trials are still to be tried)
        traceback.print_exc()
        record.verdicts.append(Verdict(f"The trial `{name}` runs to its end", repr(error), kept=False))
    record.seconds = round(time.monotonic() - began)
    print(f"  {record.seconds} s", flush=True)
    return record


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
