"""`python -m bench`: what pages cost the server, against a bare hello on the same server, written to results.json."""

import json
import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from .first_visit import first_visit
from .load import ask
from .process import Measured, pin_load, running
from .seed import seed

HERE = Path(__file__).parent
SECONDS = 1.5 if os.environ.get("QUICK") else 6.0
PAGES = (("month", "/calendar/2026-11"), ("home", "/"), ("board", "/tasks"))
POSTS = {"1k": 1_000, "5k": 5_000}


def main() -> None:
    with running("-m", "bench.hello", "{port}") as server:
        pin_load()
        hello = ask(server, "/healthz", SECONDS)
    runs: list[dict[str, object]] = [{"name": "hello", **vars(hello), "ratio_to_hello": 1.0}]
    for name, posts in POSTS.items():
        with tempfile.TemporaryDirectory() as folder:
            cookie = seed(Path(folder), posts)
            with running("app.py", DATA_DIR=folder) as server:
                runs += _pages(server, name, cookie, hello.cpu_ms)
                if name == "5k":
                    runs.append(first_visit(server.url, cookie))
                    runs.append({"name": "start", "seconds": round(server.seconds_to_start, 2)})
    for run in runs:
        print("  ".join(f"{key}={value}" for key, value in run.items()))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    results = {"machine": machine, "date": f"{datetime.now(UTC):%Y-%m-%d}", "runs": runs}
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n")


def _pages(server: Measured, size: str, cookie: str, hello_ms: float) -> list[dict[str, object]]:
    runs = []
    for name, path in PAGES:
        result = ask(server, path, SECONDS, cookie)
        ratio = round(result.cpu_ms / hello_ms, 1)
        runs.append(
            {"name": f"{name}_{size}", **vars(result), "ratio_to_hello": ratio, "pss_mb": round(server.pss(), 1)}
        )
    return runs


main()
