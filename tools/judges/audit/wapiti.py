"""wapiti on a whole place: it follows the links, fills the forms, and tries what attackers try."""

import json
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from .asking import ask
from .places import Place
from .tools import AUDIT

# The quick ones first. SQL is judged by sqlmap, which sees more.
MODULES = "http_headers,cookieflags,csp,csrf,redirect,crlf,xss,permanentxss,exec,file"
OUT_OF_TIME = re.compile(r"time was reached for module (\w+)")
FORGED = "Cross Site Request Forgery"
FAILED = "Internal Server Error"
FROM_ELSEWHERE: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "https://ailleurs.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)


@dataclass(frozen=True)
class Alarm:
    kind: str
    method: str
    path: str
    about: str


@dataclass(frozen=True)
class Answer:
    """Its alarms, how many addresses and forms it tried, the modules it had no time to end, and its last status."""

    alarms: list[Alarm]
    tried: int
    unfinished: list[str]
    status: int


def judge(place: Place, pages: Iterable[str], folder: Path, seconds: int, leave_out: Iterable[str] = ()) -> Answer:
    """These pages, their forms and where they lead; each module has `seconds`."""
    report = folder / f"wapiti-{place.name}.json"
    notes = folder / f"wapiti-{place.name}"
    headers = ["-H", "Sec-Fetch-Site: same-origin", "-H", "Accept-Language: fr"]
    if cookie := place.cookie():
        headers += ["-H", f"Cookie: {cookie}", "--drop-set-cookie"]
    starts = [word for path in pages for word in ("-s", place.url + path)]
    excluded = [word for path in leave_out for word in ("-x", place.url + path)]
    bounds = [
        "-d",
        "1",
        "-S",
        "paranoid",
        "--max-scan-time",
        "90",
        "--max-attack-time",
        str(seconds),
        "--scope",
        "folder",
    ]
    kept = ["--store-session", notes, "--store-config", notes, "--flush-session"]
    told = ["-f", "json", "-o", report, "--no-bugreport", "-v", "1"]
    command = [
        AUDIT / "wapiti",
        "-u",
        f"{place.url}/",
        "--scope",
        "folder",
        "-m",
        MODULES,
        *starts,
        *headers,
        *bounds,
        *excluded,
    ]
    longest = 90 + seconds * len(MODULES.split(","))
    try:
        answer = subprocess.run(
            [*command, *kept, *told], capture_output=True, text=True, check=False, timeout=longest + 60
        )
        told_of = json.loads(report.read_text(encoding="utf-8"))
    except (subprocess.TimeoutExpired, OSError):
        return Answer([], 0, [], 0)
    alarms = [
        Alarm(kind, it["method"], it["path"], it["info"])
        for group in ("vulnerabilities", "anomalies")
        for kind, found in told_of[group].items()
        for it in found
    ]
    unfinished = OUT_OF_TIME.findall(answer.stdout + answer.stderr)
    status = ask("GET", f"{place.url}/", {"Cookie": cookie})[0]
    return Answer(alarms, told_of["infos"]["crawled_pages_nbr"], unfinished, status)


def can_be_forged(place: Place, path: str) -> bool:
    """Whether what is sent there is taken when it comes from elsewhere."""
    headers = {"Cookie": place.cookie()}
    body = urlencode({"words": "forged"})
    answers = [ask("POST", place.url + path, {**headers, **origin}, body)[0] for origin in FROM_ELSEWHERE]
    return any(status not in (400, 403) for status in answers)
