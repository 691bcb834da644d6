"""People who write until nobody answers, and the ledger of what they were told: it is compared with the database."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from uuid import uuid4

from .people import Answer, Person, Place

# Where what was acknowledged must be found again, by what the client knows of it.
FOUND = {
    "post": "SELECT op_id FROM post",
    "task": "SELECT op_id FROM task",
    "ballot": "SELECT op_id FROM casting",
    "claim": "SELECT task_id || ' ' || member_id FROM task_person",
}
# Each thing is written in one transaction with one change that tells of it.
PAIRS = (
    "SELECT (SELECT count(*) FROM post) - (SELECT count(*) FROM change WHERE kind = 'post.written')",
    "SELECT (SELECT count(*) FROM task) - (SELECT count(*) FROM change WHERE kind = 'task.written')",
    "SELECT (SELECT count(*) FROM task_person) - (SELECT count(*) FROM change WHERE kind = 'task.taken')",
    "SELECT (SELECT count(*) FROM casting) - (SELECT count(*) FROM change WHERE kind LIKE 'ballot.c%')",
)
PAGES = ("/", "/calendar/2026-11", "/tasks", "/polls")
PAUSE = 0.05


@dataclass(frozen=True)
class Sent:
    """A form that was sent, and by what it is known: sent again, it must have one effect."""

    kind: str
    known_as: str
    path: str
    form: Mapping[str, object]


class Writer(threading.Thread):
    """One person who reads and writes until nobody answers.

    `told` was acknowledged, `refused` was not, with the moment and the status; of `unsure` there was no answer at all.
    """

    def __init__(self, person: Person, poll: tuple[int, list[int]], random: Random):
        super().__init__(daemon=True)
        self.person, self.poll, self.random = person, poll, random
        self.told: list[Sent] = []
        self.refused: list[tuple[float, int]] = []
        self.unsure: Sent | None = None
        self.stopping = threading.Event()

    def run(self) -> None:
        acts = (self._read, self._post, self._task_and_claim, self._vote)
        while not self.stopping.is_set() and self.random.choice(acts)():
            pass
        self.person.hang_up()

    def _read(self) -> bool:
        return self._note(self.person.get(self.random.choice(PAGES)))

    def _post(self) -> bool:
        op_id = str(uuid4())
        form = {"title": f"Récolte {op_id}", "text": "Venez nombreux." * 20, "networks": "facebook", "op_id": op_id}
        return self._send(Sent("post", op_id, "/posts", form)).status > 0

    def _task_and_claim(self) -> bool:
        op_id = str(uuid4())
        form = {"title": f"Affiches {op_id}", "priority": "0", "post_id": "", "op_id": op_id}
        answer = self._send(Sent("task", op_id, "/tasks", form))
        if not answer.is_yes:
            return answer.status > 0
        known_as = f"{answer.location.rpartition('/')[2]} {self.person.member_id}"
        return self._send(Sent("claim", known_as, f"{answer.location}/claim", {})).status > 0

    def _vote(self) -> bool:
        poll_id, options = self.poll
        op_id = str(uuid4())
        form = {"choice": self.random.choice(options), "reason": f"Parce que {op_id}", "op_id": op_id}
        return self._send(Sent("ballot", op_id, f"/polls/{poll_id}/ballot", form)).status > 0

    def _send(self, sent: Sent) -> Answer:
        answer = self.person.post(sent.path, sent.form)
        if answer.is_yes:
            self.told.append(sent)
        if not self._note(answer):
            self.unsure = sent
        return answer

    def _note(self, answer: Answer) -> bool:
        """Whether there was one. Who is refused waits a little, as anybody would."""
        if answer.status and not answer.is_yes:
            self.refused.append((time.monotonic(), answer.status))
            time.sleep(PAUSE)
        return answer.status > 0


def writers(people: list[Person], port: int, poll: tuple[int, list[int]], random: Random) -> list[Writer]:
    """These people, at work on one server."""
    started = [Writer(person.at(port), poll, Random(random.random())) for person in people]  # noqa: S311
    for writer in started:
        writer.start()
    return started


def stop(at_work: list[Writer]) -> None:
    for writer in at_work:
        writer.stopping.set()
    for writer in at_work:
        writer.join()


def half_written(place: Place) -> list[str]:
    return [f"half written: {pair}" for pair in PAIRS if place.rows(pair)[0][0]]


def missing(place: Place, told: list[Sent]) -> tuple[int, int]:
    """How many that were acknowledged are not there, and how many are there that were not."""
    there = {(kind, str(row[0])) for kind, query in FOUND.items() for row in place.rows(query)}
    known = {(sent.kind, sent.known_as) for sent in told}
    return len(known - there), len(there - known)
