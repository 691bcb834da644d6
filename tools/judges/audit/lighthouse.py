"""lighthouse on a page, in Chromium: its speed on a slow telephone, its accessibility, its good manners."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from .places import Place
from .tools import LIGHTHOUSE

CATEGORIES = ("performance", "accessibility", "best-practices")
# A page with a live stream is never idle: the judge would wait for its end.
LONGEST_WAIT = 8_000


def cannot() -> str:
    if not LIGHTHOUSE.exists():
        return "lighthouse is not installed: it needs npm"
    return "" if shutil.which("chromium") else "there is no Chromium here"


def judge(place: Place, path: str, folder: Path, *, logged_in: bool) -> dict[str, int]:
    """Points out of 100 for each category; nothing when the page could not be judged."""
    report, headers = folder / "lighthouse.json", folder / "headers.json"
    report.unlink(missing_ok=True)
    headers.write_text(json.dumps({"Cookie": place.cookie()} if logged_in else {}), encoding="utf-8")
    command = [
        *("node", LIGHTHOUSE / "cli" / "index.js", place.url + path, "--quiet", "--no-enable-error-reporting"),
        *("--output=json", f"--output-path={report}", f"--extra-headers={headers}", "--disable-full-page-screenshot"),
        *(f"--only-categories={','.join(CATEGORIES)}", f"--max-wait-for-load={LONGEST_WAIT}"),
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    environ = {**os.environ, "CHROME_PATH": str(shutil.which("chromium"))}
    try:
        subprocess.run(command, env=environ, capture_output=True, check=False, timeout=90)
    except subprocess.TimeoutExpired:
        return {}
    if not report.exists():
        return {}
    scores = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {name: round(100 * (scores[name]["score"] or 0)) for name in CATEGORIES}
