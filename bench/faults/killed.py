"""`kill -9` at random moments while eight people write: what they were told is saved is there, and it soon answers."""

import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from statistics import median
from uuid import uuid4

from .people import Person, Place
from .servers import Server
from .verdict import Verdict

WRITERS = 8
LONGEST = 1.2
SEED = 20_261_121
# Where what was acknowledged must be found again, by what the client knows of it.
FOUND = {
    "post": "SELECT op_id FROM post",
    "task": "SELECT op_id FROM task",
    "ballot": "SELECT op_id FROM casting",
    "claim": "SELECT task_id || ' ' || member_id FROM task_person",
}
# Each thing is written in one transaction with the change that tells of it.
PAIRS = (
    "SELECT (SELECT count(*) FROM post) - (SELECT count(*) FROM change WHERE kind = 'post.written')",
    "SELECT (SELECT count(*) FROM task) - (SELECT count(*) FROM change WHERE kind = 'task.written')",
    "SELECT (SELECT count(*) FROM task_person) - (SELECT count(*) FROM change WHERE kind = 'task.taken')",
    "SELECT (SELECT count(*) FROM casting) - (SELECT count(*) FROM change WHERE kind LIKE 'ballot.c%')",
)


class Writer(threading.Thread):
    """One person who writes until nobody answers, and notes what they were told is saved."""

    def __init__(self, person: Person, poll: tuple[int, list[int]], random: Random):
        super().__init__(daemon=True)
        self.person, self.poll, self.random = person, poll, random
        self.told: list[tuple[str, str]] = []
        self.refused: list[int] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        acts = (self._post, self._task_and_claim, self._vote)
        while not self.stopping.is_set() and self.random.choice(acts)():
            pass
        self.person.hang_up()

    def _post(self) -> bool:
        op_id = str(uuid4())
        form = {"title": f"Récolte {op_id}", "text": "Venez nombreux." * 20, "networks": "facebook", "op_id": op_id}
        return self._send("/posts", form, "post", op_id) is not None

    def _task_and_claim(self) -> bool:
        op_id = str(uuid4())
        form = {"title": f"Affiches {op_id}", "priority": "0", "post_id": "", "op_id": op_id}
        location = self._send("/tasks", form, "task", op_id)
        if not location:
            return location is not None
        task_id = location.rpartition("/")[2]
        return self._send(f"{location}/claim", {}, "claim", f"{task_id} {self.person.member_id}") is not None

    def _vote(self) -> bool:
        poll_id, options = self.poll
        op_id = str(uuid4())
        form = {"choice": self.random.choice(options), "reason": f"Parce que {op_id}", "op_id": op_id}
        return self._send(f"/polls/{poll_id}/ballot", form, "ballot", op_id) is not None

    def _send(self, path: str, form: dict[str, object], kind: str, known_as: str) -> str | None:
        """Where it stands now, empty if it was refused; None when nobody answered."""
        answer = self.person.post(path, form)
        if not answer.status:
            return None
        if answer.is_yes:
            self.told.append((kind, known_as))
        else:
            self.refused.append(answer.status)
        return answer.location if answer.is_yes else ""


def run(quick: bool) -> Iterator[Verdict]:
    rounds, random = 4 if quick else 200, Random(SEED)  # noqa: S311 (to be repeated)
    print(f"  seed {SEED}, {rounds} kills")
    told: list[tuple[str, str]] = []
    refused: list[int] = []
    faults: list[str] = []
    starts: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder, "data"), people=WRITERS)
        server = Server(place.folder)
        try:
            for _round in range(rounds):
                starts.append(server.start())
                faults += _faults(place.folder)
                writers = _write_until_shot(place, server, random)
                told += [what for writer in writers for what in writer.told]
                refused += [status for writer in writers for status in writer.refused]
            starts.append(server.start())
            faults += _faults(place.folder)
            lost, found = _missing(place.folder, told)
        finally:
            server.kill()
    shots = f"{rounds} kills under {WRITERS} writers"
    yield Verdict(
        "What was acknowledged is kept when the server is killed",
        f"{shots}: {len(told)} acknowledged, {lost} lost, {found - len(told) + lost} saved but not yet acknowledged",
        kept=bool(told) and not lost,
    )
    yield Verdict(
        "The database is whole after each kill, and nothing is half written",
        f"{rounds + 1} checks of integrity, of links and of changes: {len(faults)} faults{': ' if faults else ''}"
        + "; ".join(faults[:3]),
        kept=not faults,
    )
    yield Verdict(
        "It answers again within 3 s",
        f"median {median(starts):.1f} s, longest {max(starts):.1f} s, of {len(starts)} starts",
        kept=median(starts) < 3,
    )
    yield Verdict(
        "Nobody is refused while the server stands",
        f"{len(refused)} refusals {sorted(set(refused)) or ''}".strip(),
        kept=not refused,
    )


def _write_until_shot(place: Place, server: Server, random: Random) -> list[Writer]:
    writers = [
        Writer(person.at(server.port), place.polls[0], Random(random.random()))  # noqa: S311
        for person in place.people
    ]
    for writer in writers:
        writer.start()
    time.sleep(random.uniform(0, LONGEST))
    server.kill()
    for writer in writers:
        writer.stopping.set()
        writer.join()
    return writers


def _faults(folder: Path) -> list[str]:
    """What SQLite itself finds wrong, and what stands there without the change that tells of it."""
    with closing(sqlite3.connect(folder / "assoc.sqlite")) as database:
        found = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"a broken link in {row[0]}" for row in database.execute("PRAGMA foreign_key_check")]
        found += [f"half written: {pair}" for pair in PAIRS if database.execute(pair).fetchone()[0]]
    return found


def _missing(folder: Path, told: list[tuple[str, str]]) -> tuple[int, int]:
    """How many that were acknowledged are not there, and how many are there."""
    with closing(sqlite3.connect(folder / "assoc.sqlite")) as database:
        there = {(kind, str(row[0])) for kind, query in FOUND.items() for row in database.execute(query)}
    return len(set(told) - there), len(there)
