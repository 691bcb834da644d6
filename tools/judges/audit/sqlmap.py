"""sqlmap on every question: whether a word that is sent can become SQL."""

import subprocess
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .pages import Question
from .places import Place
from .tools import AUDIT

# Boolean, error and union: what takes time only to be noticed by time is left out.
OPTIONS = ("--batch", "--level=1", "--risk=1", "--technique=BEU", "--dbms=sqlite", "--flush-session", "--retries=0")
QUIET = ("--disable-coloring", "--ignore-code=*", "--timeout=10", "--answers=follow=N,redirect=N,merge=N")
# As a browser says it of our own pages, so that a form is judged beyond the check against forgery.
OURSELVES = "--headers=Sec-Fetch-Site: same-origin"
INJECTABLE, CLEAN = "injectable", "clean"
SEEN = "identified the following injection point"
UNSEEN = "do not appear to be injectable"


def judge(place: Place, questions: Iterable[Question], folder: Path, seconds: float) -> dict[Question, str]:
    """What was found for each question: `injectable`, `clean`, or why it was not judged."""
    end = time.monotonic() + seconds
    # What only reads comes first, what takes rights away last. A suspicion is looked into alone: a page that another
    # try changed meanwhile answers differently by itself.
    questions = sorted(questions, key=lambda question: (question.endpoint == "members.set_rights", question.method))
    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(questions, pool.map(lambda it: _one(place, it, folder, end), questions), strict=True))
    suspects = [question for question, answer in answers.items() if answer == INJECTABLE]
    return answers | {question: _one(place, question, folder, time.monotonic() + 60) for question in suspects}


def _one(place: Place, question: Question, folder: Path, end: float) -> str:
    left = end - time.monotonic()
    if left < 1:
        return "out of time"
    url = place.url + question.path
    target = ["--url", f"{url}?{question.sent}".rstrip("?") if question.method == "GET" else url]
    if question.method == "POST":
        target += ["--data", question.sent, "--method", "POST"]
    if question.logged_in and (cookie := place.cookie()):
        target += ["--cookie", cookie]
    notes = folder / f"sqlmap-{place.name}-{abs(hash(question))}"
    command = [AUDIT / "sqlmap", *target, *OPTIONS, *QUIET, OURSELVES, "--output-dir", notes]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=min(left, 90))
    except subprocess.TimeoutExpired:
        return "out of time"
    if SEEN in answer.stdout:
        return INJECTABLE
    if UNSEEN in answer.stdout:
        return CLEAN
    return next((line for line in answer.stdout.splitlines() if "CRITICAL" in line), "no answer")
