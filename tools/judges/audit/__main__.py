"""`make audit`: planted holes must be seen first, then the running server is attacked; a table says what came of it."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from assoc_intranet import create_app

from .. import holes
from . import advisories, lighthouse, report, sqlmap, tools, walk, wapiti
from .pages import Question, Reader
from .places import Place, ours, planted
from .report import BROKEN, KEPT, NOT_JUDGED, Row

QUICK = bool(os.environ.get("QUICK"))
MODULE_SECONDS = 10 if QUICK else 120
SQLMAP_SECONDS = 60 if QUICK else 330
# What lighthouse sees as on a slow telephone, and for whom.
PAGES = (("/login", False), ("/calendar", True), ("/polls/5", True))
LEAST = {"performance": 90, "accessibility": 100, "best-practices": 100}
STRANGERS_PAGES = ("/login", "/password", "/password/new", "/join", "/setup", "/login/once")
# They end the session that wapiti judges with, or its rights. sqlmap, which logs in for each question, judges them.
LEFT_OUT = (
    "/logout",
    "/sessions/*",
    "/profile/departure",
    "/profile/password",
    "/live*",
    "/members/*/rights",
    "/members/*/deactivation",
)
# The audit serves without https, where such a cookie would never come back; tests/house/test_headers.py has https.
NO_HTTPS = "Secure Flag cookie"
WAYS = len(wapiti.FROM_ELSEWHERE)
SAFE_TWINS = ("/greeting/escaped", "/plants/bound", "/notes/checked", "/half/checked", "/away/inside")


def main() -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with planted(folder) as theirs:
            proof = _tell("Planted holes", _prove(theirs, folder))
        if any(row.verdict == BROKEN for row in proof):
            print("A judge no longer sees what was planted for it: what it says of ours would be worth nothing.")
            return 1
        with ours(folder) as house:
            rows = _tell("This intranet", _judge(house, folder))
    broken = sum(row.verdict == BROKEN for row in rows)
    if not QUICK:
        report.keep(proof, rows, round(time.monotonic() - began), tools.versions())
    print(f"\n{broken} broken, {sum(row.verdict == NOT_JUDGED for row in rows)} not judged.")
    return 1 if broken else 0


def _tell(head: str, rows: Iterator[Row]) -> list[Row]:
    print(f"\n{head}\n", flush=True)
    told = []
    for row in rows:
        print(row, flush=True)
        told.append(row)
    return told


def _prove(place: Place, folder: Path) -> Iterator[Row]:
    """Each planted hole with the judges that saw it, and the safe twins that none may name."""
    questions = Reader(place, holes.app.url_map).read("/")
    found = {it.path for it, word in sqlmap.judge(place, questions, folder, 180).items() if word == sqlmap.INJECTABLE}
    alarms = wapiti.judge(place, ["/"], folder, 30).alarms
    seen = {(alarm.kind, alarm.path) for alarm in alarms}
    forms = [alarm for alarm in alarms if alarm.kind == wapiti.FORGED]
    forged = {alarm.path for alarm in forms if wapiti.can_be_forged(place, alarm.path)}
    by_wapiti = {
        "Script in an answer": ("Reflected Cross Site Scripting", "/greeting"),
        "Form without a check of where it comes from": (wapiti.FORGED, "/notes"),
        "Failure (500)": (wapiti.FAILED, "/half"),
        "Redirection to elsewhere": ("Open Redirect", "/away"),
    }
    yield _seen("SQL in a parameter", ["sqlmap"] if "/plants" in found else [])
    for hole, what in by_wapiti.items():
        judges = ["wapiti"] if what in seen else []
        if what[0] == wapiti.FORGED:
            judges += ["sending it from elsewhere"] if what[1] in forged else []
        yield _seen(hole, judges)
    yield _seen("File that no page names", ["the walk"] if any("/.env " in it for it in walk.open_doors(place)) else [])
    yield _seen("TRACE answered", ["the walk"] if walk.traced(place, ("/.env",)) else [])
    if reason := lighthouse.cannot():
        yield Row("Field without a name", reason, NOT_JUDGED)
    else:
        points = lighthouse.judge(place, "/", folder, logged_in=False)
        yield _seen("Field without a name", ["lighthouse"] if points.get("accessibility", 100) < 100 else [])
    accused = {alarm.path for alarm in alarms} | found
    yield _none("No safe twin is named", sorted(accused & set(SAFE_TWINS)), f"of {len(SAFE_TWINS)}")


def _seen(hole: str, judges: list[str]) -> Row:
    return Row(f"{hole}: is seen", ", ".join(judges) or "by none", KEPT if judges else BROKEN)


def _judge(place: Place, folder: Path) -> Iterator[Row]:
    rules = create_app(environ={"DATA_DIR": str(folder / "data")}).url_map
    member, stranger = Reader(place, rules), Reader(place, rules, logged_in=False)
    questions = [*stranger.read(*STRANGERS_PAGES), *member.read("/")]
    addresses = {rule.endpoint for rule in rules.iter_rules()}
    yield from (_speed(place, path, folder, logged_in=logged_in) for path, logged_in in PAGES)
    yield _doors(walk.open_doors(place))
    read = tuple({**stranger.pages, **member.pages})
    yield _none("TRACE is refused everywhere", walk.traced(place, (*read, "/nowhere")), f"of {len(read) + 1} addresses")
    yield from _wapiti(place, member, folder)
    yield told_of_sql(sqlmap.judge(place, questions, folder, SQLMAP_SECONDS))
    met = len((member.endpoints | stranger.endpoints) & addresses)
    yield Row("The judges met our routes", f"{met} of {len(addresses)} by a link or by a form with a word in it", KEPT)
    failures = place.failures()
    kinds = sorted({failure[:120] for failure in failures})
    figure = f"{len(failures)} tracebacks in the log{': ' if kinds else ''}{'; '.join(kinds)}"
    yield Row("Nothing that was sent broke a page", figure, BROKEN if failures else KEPT)
    yield advisories.judge()


def _speed(place: Place, path: str, folder: Path, *, logged_in: bool) -> Row:
    promise = f"lighthouse gives `{path}` " + ", ".join(f"{least} for {name}" for name, least in LEAST.items())
    if reason := lighthouse.cannot():
        return Row(promise, reason, NOT_JUDGED)
    points = lighthouse.judge(place, path, folder, logged_in=logged_in)
    if not points:
        return Row(promise, "lighthouse gave no answer", NOT_JUDGED)
    kept = all(points[name] >= least for name, least in LEAST.items())
    return Row(promise, ", ".join(map(str, points.values())), KEPT if kept else BROKEN)


def _doors(found: list[str]) -> Row:
    return _none("No address leads to what no page names", found, f"of {len(walk.WORDS)} words, as two people")


def _wapiti(place: Place, reader: Reader, folder: Path) -> Iterator[Row]:
    answer = wapiti.judge(place, reader.pages, folder, MODULE_SECONDS, (*LEFT_OUT, *reader.passed_over))
    if answer.status != 200:
        figure = "it was logged out on its way" if answer.tried else "it gave no answer"
        yield Row("wapiti finds no hole", figure, NOT_JUDGED)
        return
    doubted = {alarm.path for alarm in answer.alarms if alarm.kind == wapiti.FORGED}
    forms = doubted | {it.path.replace("*", "") for it in reader.questions.values() if it.method == "POST"}
    others = {f"{it.kind}: {it.method} {it.path}" for it in answer.alarms if it.kind not in (wapiti.FORGED, NO_HTTPS)}
    ended = [module for module in wapiti.MODULES.split(",") if module not in answer.unfinished]
    yield _none("wapiti finds no hole", sorted(others), f"on {answer.tried} addresses and forms by {', '.join(ended)}")
    if answer.unfinished:
        figure = f"after {MODULE_SECONDS} s each it was still trying, without a find: {', '.join(answer.unfinished)}"
        yield Row("wapiti tries all it knows", figure, NOT_JUDGED)
    forged = [path for path in sorted(forms) if wapiti.can_be_forged(place, path)]
    way = f"of {len(forms)} forms, {len(doubted)} doubted by wapiti; each sent from elsewhere in {WAYS} ways"
    yield _none("No form is taken that another site sends", forged, way)


def told_of_sql(answers: dict[Question, str]) -> Row:
    promise = "No word that is sent becomes SQL"
    if found := [it.path for it, word in answers.items() if word == sqlmap.INJECTABLE]:
        return Row(promise, f"{len(found)}: {', '.join(found)}", BROKEN)
    clean = [question for question, word in answers.items() if word == sqlmap.CLEAN]
    figure = f"0 of {sum(question.words for question in clean)} words in {len(clean)} questions"
    if left := [f"{it.method} {it.path}" for it in answers if it not in clean]:
        return Row(promise, f"{figure}; there was no time for {len(left)} others: {', '.join(left)}", NOT_JUDGED)
    return Row(promise, figure, KEPT)


def _none(promise: str, found: list[str], among: str) -> Row:
    return Row(promise, f"{len(found)} {among}{': ' if found else ''}{', '.join(found)}", BROKEN if found else KEPT)


if __name__ == "__main__":
    sys.exit(main())
