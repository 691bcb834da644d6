"""Where the figures go: results.json, and from it the table and the curves of docs/performance.md."""

import json
from pathlib import Path
from typing import Any

from .drawing import curve
from .goals import GOALS, REASONS, Goal

ROOT = Path(__file__).resolve().parents[1]
RESULTS, PAGE, CURVES = ROOT / "bench" / "results.json", ROOT / "docs" / "performance.md", ROOT / "docs" / "curves"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"
POSTS = {"month_1k": 1_000, "month_5k": 5_000, "month_100k": 100_000}
STREAMS = {"live_10": 10, "live_100": 100, "live_500": 500, "live_1000": 1_000}

Run = dict[str, Any]


def keep(results: dict[str, Any]) -> None:
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    runs = {run["name"]: run for run in results["runs"]}
    posts = [(many, runs[name]["cpu_ms"]) for name, many in POSTS.items()]
    streams = [(many, runs[name]["last_p50_ms"]) for name, many in STREAMS.items()]
    CURVES.mkdir(exist_ok=True)
    (CURVES / "posts.svg").write_text(curve("One month on the server, by posts kept", "posts", posts, "ms"))
    (CURVES / "streams.svg").write_text(curve("From a commit to the last reader, by streams", "streams", streams, "ms"))
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{_tables(results, runs)}{END}{after}")


def _tables(results: dict[str, Any], runs: dict[str, Run]) -> str:
    goals = [
        "| what | goal | measured | |",
        "|---|---|---|---|",
        *(_judged(goal, runs.get(goal.name, {})) for goal in GOALS),
    ]
    parts = [f"- `{part}` {size:,} bytes" for part, size in runs["first_visit"]["parts"].items()]
    every = ["| run | figures |", "|---|---|", *(f"| {name} | {_figures(run)} |" for name, run in runs.items())]
    sections = [
        [f"`{results['command']}`, {results['date']}, {results['machine']}."],
        goals,
        ["### What a first visit loads"],
        parts,
        ["### Every run"],
        every,
    ]
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _judged(goal: Goal, run: Run) -> str:
    bound = f"{'at least' if goal.at_least else 'at most'} {goal.limit:,} {goal.unit}"
    measured = run.get(goal.figure)
    if measured is None:
        return f"| {goal.what} | {bound} | not measured | {run.get('skipped', '')} |"
    verdict = (
        "met" if goal.is_met(measured) else f"**missed**: {REASONS.get((goal.name, goal.figure), 'not looked into')}"
    )
    return f"| {goal.what} | {bound} | {measured:,} {goal.unit} | {verdict} |"


def _figures(run: Run) -> str:
    return ", ".join(f"{key} {value}" for key, value in run.items() if key not in ("name", "parts"))
