"""Where the figures of full runs are kept: bench/faults.json, and the table in docs/reliability.md drawn from it."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .verdict import Verdict

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "bench" / "faults.json"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- figures: written by make faults -->", "<!-- end of figures -->"


@dataclass
class Record:
    trial: str
    verdicts: list[Verdict] = field(default_factory=list)
    skipped: str = ""
    seconds: int = 0


def keep(records: list[Record], order: Sequence[str]) -> None:
    """Put these trials in the place of their last run; those that were not asked for keep theirs, with its date."""
    known = json.loads(KEPT.read_text())["trials"] if KEPT.exists() else {}
    run = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "command": "make faults" if len(records) == len(order) else f"python -m bench.faults {_names(records)}",
    }
    known |= {record.trial: {**run, **asdict(record)} for record in records}
    trials = {name: known[name] for name in order if name in known}
    KEPT.write_text(json.dumps({"trials": trials}, indent=1, ensure_ascii=False) + "\n")
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{_tables(trials)}{END}{after}")


def _names(records: list[Record]) -> str:
    return " ".join(record.trial for record in records)


def _tables(trials: dict[str, dict[str, Any]]) -> str:
    return "".join(_table(trial) for trial in trials.values())


def _table(trial: dict[str, Any]) -> str:
    head = f"\n### {trial['trial'].replace('_', ' ').capitalize()}\n\n"
    where = f"{trial['date']}, {trial['machine']}, `{trial['command']}`"
    if trial["skipped"]:
        return f"{head}Not tried ({where}): {trial['skipped']}\n\n"
    lines = "".join(_line(verdict) for verdict in trial["verdicts"])
    return f"{head}{where}, {trial['seconds']} s.\n\n| promise | figure | verdict |\n|---|---|---|\n{lines}\n"


def _line(verdict: dict[str, Any]) -> str:
    figure = verdict["figure"].replace("|", "\\|")
    return f"| {verdict['promise']} | {figure} | {'kept' if verdict['kept'] else '**broken**'} |\n"
