"""Copies while people write: each comes back row for row, and those who write hardly feel it. A large one, timed."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import insert

from assoc_intranet import create_app
from assoc_intranet.backups import archive
from assoc_intranet.core.db import db, writing
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.states import State
from tests.factories import PASSWORD

from . import ledger
from .people import Place
from .servers import ROOT, Server
from .verdict import Verdict

WRITERS = 8
SEED = 20_261_121
WINDOW = 5.0
MOST_SLOWER = 0.2
MOST_SECONDS = 60
PAGES = ("/", "/more", "/calendar", "/calendar/2026-11", "/posts/bin", "/posts/new", "/tasks", "/tasks/mine",
         "/tasks/done", "/tasks/new", "/polls", "/polls/new", "/polls/1", "/polls/1/electors", "/networks",
         "/networks/limits", "/members", "/members/1", "/profile", "/profile/password")  # fmt: skip


def run(quick: bool) -> Iterator[Verdict]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _of_a_busy_server(Path(folder), rounds=2 if quick else 100)
    with tempfile.TemporaryDirectory() as folder:
        yield from _large(Path(folder), megabytes=4 if quick else 100, rounds=0 if quick else 5)


def _of_a_busy_server(folder: Path, rounds: int) -> Iterator[Verdict]:
    place, random = Place(folder / "data", people=WRITERS), Random(SEED)  # noqa: S311 (to be repeated)
    file, there = folder / "copy.zip", folder / "restored"
    faults: list[str] = []
    told, lost, rates = 0, 0, []
    with Server(place.folder) as server:
        for _copy in range(rounds):
            with _at_work(place, server, random) as writers:
                time.sleep(0.5)
                before = [sent for writer in writers for sent in list(writer.told)]
                rates.append(_rate(writers, lambda: _command("backup", "--force", str(file), data=place.folder)))
            _command("restore", str(file), data=there)
            faults += _faults(file, there)
            told, lost = told + len(before), lost + _missing(there, before)
            opened = _opened(there)
            shutil.rmtree(there)
    yield Verdict(
        "A copy made while people write comes back as it was, row for row",
        f"{rounds} copies and restores, {median(rates):.0f} writes/s: {len(faults)} mismatches {'; '.join(faults[:3])}",
        kept=not faults,
    )
    yield Verdict(
        "What was acknowledged before a copy began is in it",
        f"{told} acknowledged, {lost} missing",
        kept=bool(told) and not lost,
    )
    yield Verdict(
        "Where it was put back, a member logs in and opens the pages",
        f"{opened} of {len(PAGES)} pages",
        kept=opened == len(PAGES),
    )


def _large(folder: Path, megabytes: int, rounds: int) -> Iterator[Verdict]:
    """What a copy costs those who write meanwhile, and how long a large database takes to come back."""
    place = Place(folder / "data", people=WRITERS)
    _fill(place, megabytes)
    size = (place.folder / "assoc.sqlite").stat().st_size / 1e6
    if rounds:
        yield _slower(place, folder, size, rounds)
    file = folder / "copy.zip"
    _command("backup", str(file), data=place.folder)
    began = time.monotonic()
    _command("restore", str(file), data=folder / "restored")
    seconds = time.monotonic() - began
    yield Verdict(
        f"100 MB come back within {MOST_SECONDS} s",
        f"{size:.0f} MB in {seconds:.1f} s, out of a file of {file.stat().st_size / 1e6:.0f} MB",
        kept=seconds <= MOST_SECONDS,
    )


def _slower(place: Place, folder: Path, size: float, rounds: int) -> Verdict:
    with Server(place.folder) as server:
        pairs = [_rates(place, server, folder / f"copy-{number}.zip") for number in range(rounds)]
    slower = median(1 - beside / alone for alone, beside in pairs)
    alone, beside = (median(rates) for rates in zip(*pairs, strict=True))
    return Verdict(
        f"A copy slows those who write by less than {MOST_SLOWER:.0%}",
        f"{size:.0f} MB, {rounds} copies: {alone:.0f} writes/s alone, {beside:.0f} during a copy, {slower:.0%} slower",
        kept=slower < MOST_SLOWER,
    )


def _fill(place: Place, megabytes: int) -> None:
    """Published posts of two thousand letters, no two alike, over the ten years before."""
    random, at, file = Random(SEED), datetime(2026, 10, 1, tzinfo=UTC), place.folder / "assoc.sqlite"  # noqa: S311
    usual = {"zone": "Europe/Brussels", "created_at": at, "edited_at": at, "author_id": place.people[0].member_id,
             "state": State.DONE, "hour": time_of_day(9)}  # fmt: skip
    with place.app.app_context():
        while file.stat().st_size < megabytes * 1e6:
            texts = [" ".join(f"{random.getrandbits(30):x}" for _ in range(230)) for _ in range(1000)]
            days = [at.date() - timedelta(days=random.randrange(100, 3650)) for _ in texts]
            pairs = zip(texts, days, strict=True)
            with writing():
                rows = [{**usual, "title": text[:60], "text": text, "day": day} for text, day in pairs]
                db.session.execute(insert(Post), rows)
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()


def _rates(place: Place, server: Server, target: Path) -> tuple[float, float]:
    """Writes a second alone, before and after, and while a copy is made as it is every night.

    What is written makes the next page longer: without the second half, the copy would be blamed for that.
    """
    order = {
        "url": f"sqlite:///{place.folder / 'assoc.sqlite'}",
        "uploads": str(place.folder / "uploads"),
        "target": str(target),
    }
    with _at_work(place, server, Random(SEED)) as writers:  # noqa: S311 (to be repeated)
        time.sleep(1)
        before = _rate(writers, lambda: time.sleep(WINDOW))
        beside = _rate(writers, lambda: _child("-m", "assoc_intranet.backups", given=json.dumps(order)))
        after = _rate(writers, lambda: time.sleep(WINDOW))
    return (before + after) / 2, beside


@contextmanager
def _at_work(place: Place, server: Server, random: Random) -> Iterator[list[ledger.Writer]]:
    writers = ledger.writers(place.people, server.port, place.polls[0], random)
    try:
        yield writers
    finally:
        ledger.stop(writers)


def _rate(writers: list[ledger.Writer], meanwhile: Callable[[], object]) -> float:
    before, began = sum(len(writer.told) for writer in writers), time.monotonic()
    meanwhile()
    return (sum(len(writer.told) for writer in writers) - before) / (time.monotonic() - began)


def _command(*words: str, data: Path) -> None:
    _child("-c", "from assoc_intranet.cli import main; main()", *words, DATA_DIR=str(data))


def _child(*arguments: str, given: str = "", **settings: str) -> None:
    environ = {**os.environ, **settings}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environ, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")


def _faults(file: Path, there: Path) -> list[str]:
    """What is wrong with a place that was restored: against the file, for SQLite, and in what belongs together."""
    again = there / "again.zip"
    _command("backup", str(again), data=there)
    with archive.opened(file) as copied, archive.opened(again) as restored:
        one, other = copied.manifest.members, restored.manifest.members
        found = [f"{name} differs" for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
    found += [row[0] for row in _rows(there, "PRAGMA integrity_check") if row[0] != "ok"]
    found += [f"a broken link in {row[0]}" for row in _rows(there, "PRAGMA foreign_key_check")]
    return found + [f"half copied: {pair}" for pair in ledger.PAIRS if _rows(there, pair)[0][0]]


def _missing(there: Path, told: list[ledger.Sent]) -> int:
    found = {(kind, str(row[0])) for kind, query in ledger.FOUND.items() for row in _rows(there, query)}
    return len({(sent.kind, sent.known_as) for sent in told} - found)


def _rows(there: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(there / "assoc.sqlite")) as database:
        return database.execute(query).fetchall()


def _opened(there: Path) -> int:
    """How many pages a member sees after logging in with the password they had."""
    app = create_app({"TESTING": True}, {"DATA_DIR": str(there)})
    browser, headers = app.test_client(), {"Sec-Fetch-Site": "same-origin"}
    browser.post("/login", data={"email": "membre0@exemple.org", "password": PASSWORD}, headers=headers)
    opened = sum(browser.get(page).status_code == 200 for page in PAGES)
    with app.app_context():
        db.engine.dispose()
    return opened
