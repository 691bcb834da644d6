"""`python -m bench`: what the real server costs, against a bare hello on the same server, written down for all."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from tests.engines import create_database, missing, postgres_server

from . import report
from .first_visit import first_visit
from .goals import GOALS, SURE
from .live import measure
from .load import ask, vote
from .process import ROOT, Measured, pin_load, running
from .report import Run
from .seed import Seeded, seed

IS_QUICK = bool(os.environ.get("QUICK"))
SECONDS = 0.8 if IS_QUICK else 6.0
LISTEN_SECONDS = 1.5 if IS_QUICK else 12.0
STREAMS = (10, 100, 500, 1000)
MONTH, FEW = "/calendar/2026-11", 100


def main() -> int:
    pin_load()
    runs: list[Run] = []
    for run in _all():
        print("  ".join(f"{key}={value}" for key, value in run.items()), flush=True)
        runs.append(run)
    if not IS_QUICK:
        _keep(runs)
    figures = {run["name"]: run for run in runs}
    missed = 0
    for goal in GOALS:
        measured = figures.get(goal.name, {}).get(goal.figure)
        if goal.figure in SURE and measured is not None and not goal.is_met(measured):
            print(f"MISSED: {goal.what}: {measured:,} {goal.unit}, the goal is {goal.limit:,}")
            missed += 1
    return 1 if missed else 0


def _keep(runs: list[Run]) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    report.keep({"machine": machine, "date": f"{datetime.now(UTC):%Y-%m-%d}", "command": "make bench", "runs": runs})


def _all() -> Iterator[Run]:
    with running("-m", "bench.hello", "{port}") as server:
        hello = ask(server, "/healthz", SECONDS)
    yield {"name": "hello", **vars(hello), "ratio_to_hello": 1.0}
    five: float = 1
    for size, posts in (("1k", 1_000), ("5k", 5_000), ("100k", 100_000)):
        with _seeded(posts) as (settings, seeded), running("app.py", **settings) as server:
            month = _page(server, f"month_{size}", MONTH, seeded, hello.cpu_ms)
            five = month["cpu_ms"] if size == "5k" else five
            yield month | ({"to_month_5k": round(month["cpu_ms"] / five, 2)} if size == "100k" else {})
            if size == "5k":
                yield from _other_pages(server, seeded, hello.cpu_ms)
                yield first_visit(server.url, seeded.cookies[0])
                yield _votes(server, seeded)
    yield from _live()
    yield from _between_servers()


def _page(server: Measured, name: str, path: str, seeded: Seeded, hello_ms: float) -> Run:
    result = ask(server, path, SECONDS, seeded.cookies[0])
    ratio = round(result.cpu_ms / hello_ms, 1)
    return {"name": name, **vars(result), "ratio_to_hello": ratio, "pss_mb": round(server.pss(), 1)}


def _other_pages(server: Measured, seeded: Seeded, hello_ms: float) -> Iterator[Run]:
    pages = {"home": "/", "board_60": "/tasks", "poll_60": f"/polls/{seeded.poll_id}"}
    for name, path in pages.items():
        yield _page(server, name, path, seeded, hello_ms)
    yield {"name": "memory", "pss_mb": round(server.pss(), 1)}
    yield {"name": "start", "seconds": round(server.seconds_to_start, 2)}


def _votes(server: Measured, seeded: Seeded) -> Run:
    path = f"/polls/{seeded.poll_id}/ballot"
    return {"name": "votes_8_writers", **vars(vote(server, path, seeded.options, seeded.cookies[1:9], SECONDS))}


def _live() -> Iterator[Run]:
    for ears in STREAMS:
        with _seeded(1_000) as (settings, seeded), running("app.py", LIVE_MAX="2000", **settings) as server:
            database = f"{settings['DATA_DIR']}/assoc.sqlite"
            heard = measure(server, server, database, seeded, ears, LISTEN_SECONDS)
            yield {"name": f"live_{ears}", **vars(heard)}
            if ears == STREAMS[-1]:
                yield _votes_by_rule(settings)


def _votes_by_rule(settings: dict[str, str]) -> Run:
    command = [sys.executable, "-m", "bench.votes", settings["DATA_DIR"], str(SECONDS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {"name": "votes_8_rules", **json.loads(done.stdout)}


def _between_servers() -> Iterator[Run]:
    with _seeded(1_000) as (settings, seeded):
        yield _two("live_two_sqlite", ("app.py",), settings, f"{settings['DATA_DIR']}/assoc.sqlite", seeded)
    if reason := missing():
        yield {"name": "live_two_postgres", "skipped": reason}
        return
    with postgres_server() as base:
        for name, command in (("", ("app.py",)), ("_polling", ("-m", "bench.without_notify"))):
            url = create_database(base, f"live{name}").replace("+psycopg", "", 1)
            with _seeded(1_000, DATABASE_URL=url) as (settings, seeded):
                yield _two(f"live_two_postgres{name}", command, settings, url, seeded)
                if not name:
                    with running("app.py", **settings) as server:
                        yield {"name": "start_postgres", "seconds": round(server.seconds_to_start, 2)}


def _two(name: str, command: tuple[str, ...], settings: dict[str, str], database: str, seeded: Seeded) -> Run:
    with running(*command, **settings) as written_on, running(*command, **settings) as heard_on:
        heard = measure(heard_on, written_on, database, seeded, FEW, LISTEN_SECONDS)
    return {"name": name, **vars(heard)}


@contextmanager
def _seeded(posts: int, **settings: str) -> Iterator[tuple[dict[str, str], Seeded]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = {"DATA_DIR": folder, **settings}
        yield settings, seed(posts, **settings)


if __name__ == "__main__":
    sys.exit(main())
