"""Where the figures of the last full audit are kept: results.json, and the table in docs/audit.md drawn from it."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from ..judges import HERE, ROOT

KEPT, BROKEN, NOT_JUDGED = "kept", "broken", "not judged"
RESULTS = HERE / "results.json"
PAGE = ROOT / "docs" / "audit.md"
BEGIN, END = "<!-- figures: written by make audit -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Row:
    promise: str
    figure: str
    verdict: str

    def __str__(self) -> str:
        return f"| {self.promise} | {self.figure.replace('|', '/')} | {self.verdict} |"


def table(rows: Sequence[Row]) -> str:
    return "\n".join(["| promise | figure | verdict |", "|---|---|---|", *map(str, rows)])


def keep(planted: Sequence[Row], ours: Sequence[Row], seconds: int, versions: dict[str, str]) -> None:
    results = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "command": "make audit",
        "seconds": seconds,
        "versions": versions,
        "planted": [asdict(row) for row in planted],
        "ours": [asdict(row) for row in ours],
    }
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    run = f"{results['date']}, {results['machine']}, `make audit`, {seconds} s; "
    run += ", ".join(f"{name} {version}" for name, version in versions.items()) + "."
    told = f"\n{run}\n\n### Planted holes\n\n{table(planted)}\n\n### This intranet\n\n{table(ours)}\n\n"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{told}{END}{rest.partition(END)[2]}", encoding="utf-8")
