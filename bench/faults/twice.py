"""The same thing sent twice: double clicks, forms sent again, lines cut after the commit, fifty people for one task."""

import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

from tests import engines

from . import ledger
from .ledger import Sent
from .people import Answer, Person, Place
from .servers import Server
from .verdict import Verdict

SEED = 20_261_123
CLERKS, CROWD = 6, 50
REPEATS, BALLOTS, RACES = 10_000, 10_000, 20
QUICK_REPEATS, QUICK_BALLOTS, QUICK_RACES = 200, 100, 2
# From before the server has read the form to after it has answered.
CUT = (0.0, 0.05)
CHOICES = "SELECT count(*) FROM choice GROUP BY ballot_id HAVING count(*) <> 1"
TITLES = "SELECT title FROM {} GROUP BY title HAVING count(*) > 1"


@dataclass
class Found:
    """What came of it, on all engines together."""

    sent: int = 0
    errands: int = 0
    lost: int = 0
    extra: int = 0
    refused: Counter[int] = field(default_factory=Counter)
    differing: int = 0
    trials: int = 0
    ballots: int = 0
    unclear: int = 0
    ballots_refused: Counter[int] = field(default_factory=Counter)
    races: list[Counter[int]] = field(default_factory=list)
    holders: list[int] = field(default_factory=list)


def run(quick: bool) -> Iterator[Verdict]:
    repeats, ballots, races = (QUICK_REPEATS, QUICK_BALLOTS, QUICK_RACES) if quick else (REPEATS, BALLOTS, RACES)
    without_postgres = engines.missing()
    print(f"  seed {SEED}{f', on SQLite alone: {without_postgres}' if without_postgres else ''}")
    parts = 1 if without_postgres else 2
    found = Found()
    for part in range(parts):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()), "data")
            database = ""
            if part == 1:
                database = engines.create_database(stack.enter_context(engines.postgres_server()), "faults")
            polls = 1 + -(-ballots // parts // CROWD)
            place = Place(folder, database, people=CROWD, polls=polls)
            servers = [stack.enter_context(Server(folder, database)) for _number in range(1 + part)]
            trial = Trial(place, [server.port for server in servers], found)
            trial.repeat(repeats // parts)
            trial.vote_twice(ballots // parts)
            for _race in range(races // parts):
                trial.race()
    where = "SQLite" if without_postgres else "SQLite, and two servers on PostgreSQL"
    yield from _verdicts(found, where)


class Trial:
    def __init__(self, place: Place, ports: list[int], found: Found):
        self.place, self.ports, self.found = place, ports, found

    def repeat(self, requests: int) -> None:
        """Clerks who send everything twice or more, one way or the other, until so many requests were made."""
        with ThreadPoolExecutor(CLERKS) as pool:
            clerks = [Clerk(self.place, number, self.ports) for number in range(CLERKS)]
            list(pool.map(lambda clerk: clerk.work(requests // CLERKS), clerks))
        told = [sent for clerk in clerks for sent in clerk.told]
        lost, unknown = ledger.missing(self.place, told)
        doubles = sum(len(self.place.rows(TITLES.format(table))) for table in ("post", "task"))
        self.found.errands += len(told)
        self.found.sent += sum(clerk.sent for clerk in clerks)
        self.found.lost += lost
        self.found.extra += unknown + doubles + len(ledger.half_written(self.place))
        for clerk in clerks:
            self.found.refused += clerk.refused
            self.found.differing += clerk.differing

    def vote_twice(self, trials: int) -> None:
        """Two first ballots of one member at once, each saying something else: one stands, and says one thing."""
        pairs = [(person, poll) for poll in self.place.polls[1:] for person in self.place.people][:trials]
        near, far = self.ports[0], self.ports[-1]

        def vote(pair: tuple[Person, tuple[int, list[int]]]) -> list[Answer]:
            person, (poll_id, options) = pair
            forms = [{"choice": option, "reason": "", "op_id": str(uuid4())} for option in options]
            return at_once(
                [
                    lambda: once(person.at(near), f"/polls/{poll_id}/ballot", forms[0]),
                    lambda: once(person.at(far), f"/polls/{poll_id}/ballot", forms[1]),
                ]
            )

        with ThreadPoolExecutor(CLERKS) as pool:
            answers = [answer for pair in pool.map(vote, pairs) for answer in pair]
        first = self.place.polls[0][0]
        self.found.trials += len(pairs)
        self.found.ballots += self.place.rows(f"SELECT count(*) FROM ballot WHERE poll_id <> {first:d}")[0][0]  # noqa: S608
        self.found.unclear += len(self.place.rows(CHOICES))
        self.found.ballots_refused += Counter(answer.status for answer in answers if not answer.is_yes)

    def race(self) -> None:
        """Everybody takes the same free task at the same moment."""
        form = {"title": f"Tenir le bar {uuid4()}", "priority": "0", "post_id": "", "op_id": str(uuid4())}
        task = once(self.place.people[0].at(self.ports[0]), "/tasks", form).location
        barrier = threading.Barrier(CROWD)

        def take(number: int, person: Person) -> Answer:
            here = person.at(self.ports[number % len(self.ports)])
            barrier.wait()
            return once(here, f"{task}/claim", {})

        answers = at_once([lambda n=n, p=p: take(n, p) for n, p in enumerate(self.place.people)])  # type: ignore[misc]
        self.found.races.append(Counter(200 if answer.is_yes else answer.status for answer in answers))
        task_id = int(task.rpartition("/")[2])
        holders = self.place.rows(f"SELECT count(*) FROM task_person WHERE task_id = {task_id:d}")  # noqa: S608
        self.found.holders.append(holders[0][0])


class Clerk:
    """One member at two browsers, each on its own server where there are two."""

    def __init__(self, place: Place, number: int, ports: list[int]):
        self.poll = place.polls[0]
        self.here = place.people[number].at(ports[0])
        self.there = place.people[number].at(ports[-1])
        self.random = Random(SEED + number)  # noqa: S311 (to be repeated)
        self.told: list[Sent] = []
        self.refused: Counter[int] = Counter()
        self.sent = self.differing = 0

    def work(self, requests: int) -> None:
        errands = (self._post, self._task, self._ballot)
        while self.sent < requests:
            self.random.choice(errands)()
        self.here.hang_up()
        self.there.hang_up()

    def _post(self) -> None:
        op_id = str(uuid4())
        self._send(Sent("post", op_id, "/posts", {"title": f"Récolte {op_id}", "text": "", "op_id": op_id}))

    def _task(self) -> None:
        op_id = str(uuid4())
        form = {"title": f"Affiches {op_id}", "priority": "0", "post_id": "", "op_id": op_id}
        location = self._send(Sent("task", op_id, "/tasks", form))
        if location:
            known_as = f"{location.rpartition('/')[2]} {self.here.member_id}"
            self._send(Sent("claim", known_as, f"{location}/claim", {}))

    def _ballot(self) -> None:
        op_id = str(uuid4())
        form = {"choice": self.random.choice(self.poll[1]), "reason": op_id, "op_id": op_id}
        self._send(Sent("ballot", op_id, f"/polls/{self.poll[0]}/ballot", form))

    def _send(self, sent: Sent) -> str:
        """Where it stands, whichever way it was sent more than once."""
        ways: tuple[Callable[[Sent], list[Answer]], ...] = (self._click_twice, self._send_again, self._lose_the_line)
        answers = self.random.choice(ways)(sent)
        self.refused += Counter(answer.status for answer in answers if not answer.is_yes)
        places = {answer.location for answer in answers if answer.is_yes}
        if places:
            self.told.append(sent)
        self.differing += len(places) > 1
        return next(iter(places), "")

    def _click_twice(self, sent: Sent) -> list[Answer]:
        self.sent += 2
        return at_once([lambda p=p: p.post(sent.path, sent.form) for p in (self.here, self.there)])  # type: ignore[misc]

    def _send_again(self, sent: Sent) -> list[Answer]:
        self.sent += 3
        return [person.post(sent.path, sent.form) for person in (self.here, self.there, self.here)]

    def _lose_the_line(self, sent: Sent) -> list[Answer]:
        """The answer never arrives, whether or not it was done: so the same form is sent once more."""
        self.sent += 2
        self.here.post_and_leave(sent.path, sent.form, self.random.uniform(*CUT))
        return [self.there.post(sent.path, sent.form)]


def once(person: Person, path: str, form: dict[str, Any]) -> Answer:
    answer = person.post(path, form)
    person.hang_up()
    return answer


def at_once(acts: list[Callable[[], Answer]]) -> list[Answer]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(act) for act in acts]]


def _verdicts(found: Found, where: str) -> Iterator[Verdict]:
    said = f"; refused {dict(found.refused)}" if found.refused else ""
    yield Verdict(
        "The same form sent again has one effect, told once: double clicks, resent forms, lines cut after the commit",
        f"{where}: {found.sent} requests for {found.errands} things: {found.lost} lost, {found.extra} too many{said}",
        kept=bool(found.errands) and not found.lost and not found.extra,
    )
    yield Verdict(
        "Each of them is answered alike",
        f"{found.differing} that led to two places, {found.refused.total()} refused",
        kept=not found.differing and not found.refused,
    )
    refused = f"; refused {dict(found.ballots_refused)}" if found.ballots_refused else ""
    yield Verdict(
        "Two first ballots of one member at the same moment are one ballot that says one thing",
        f"{found.trials} trials: {found.ballots} ballots, {found.unclear} unclear{refused}",
        kept=found.ballots == found.trials and not found.unclear and not found.ballots_refused,
    )
    winners = [race[200] for race in found.races]
    others = sum((race for race in found.races), Counter())
    del others[200]
    yield Verdict(
        f"Of {CROWD} people who take one free task at once, one has it and the others are told",
        f"{len(winners)} races: {sum(winners)} winners, {sum(found.holders)} holders, others {dict(others)}",
        kept=set(winners) == set(found.holders) == {1} and set(others) == {409},
    )
