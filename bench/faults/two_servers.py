"""Two servers on one PostgreSQL: one of them is killed, then the database itself breaks off, both under load."""

import tempfile
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from uuid import uuid4

from tests import engines

from . import ledger
from .people import Person, Place
from .servers import Server, until
from .verdict import CannotRun, Verdict, limit

WRITERS, STREAMS = 8, 24
SEED = 20_261_122
HEAL_STREAMS, HEAL_WORK, HEAL_DATABASE = 5.0, 30.0, 10.0
RETRY = 0.3
DOUBLES = (
    "SELECT title FROM post GROUP BY title HAVING count(*) > 1",
    "SELECT title FROM task GROUP BY title HAVING count(*) > 1",
)
# A dead server keeps no lock: what it had in hand is undone as soon as its connections are seen to be gone.
DURABLE = ("fsync=off", "full_page_writes=on")


class Listener(threading.Thread):
    """A page that is open: it follows the stream, comes back to whatever server answers, and is told to read again."""

    def __init__(self, person: Person, ports: list[int]):
        super().__init__(daemon=True)
        self.person, self.ports = person, ports
        self.newest = "0"
        self.mark = b""
        self.heard, self.stopping = threading.Event(), threading.Event()

    def wait_for(self, mark: str) -> None:
        """From now on, note whether this was shown."""
        self.heard.clear()
        self.mark = mark.encode()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._follow(self.ports[0])
            except (OSError, HTTPException):
                self.ports = [*self.ports[1:], self.ports[0]]
            self.stopping.wait(RETRY)

    def _follow(self, port: int) -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            headers = {"Cookie": self.person.cookie, "Accept-Language": "fr", "Last-Event-ID": self.newest}
            line.request("GET", "/live", headers=headers)
            answer = line.getresponse()
            while not self.stopping.is_set() and (said := answer.readline()):
                self._take_in(said, port)
        finally:
            line.close()

    def _take_in(self, said: bytes, port: int) -> None:
        if said.startswith(b"id: "):
            self.newest = said[4:].strip().decode()
        elif said.startswith(b"event: resync"):
            page = self.person.at(port)
            said = page.get(SIGNAL_PAGE).body
            page.hang_up()
        if self.mark and self.mark in said:
            self.heard.set()


SIGNAL_DAY = "2027-03-01"
SIGNAL_PAGE = "/calendar/2027-03"


def run(quick: bool) -> Iterator[Verdict]:
    if reason := engines.missing():
        raise CannotRun(reason)
    print(f"  seed {SEED}")
    with tempfile.TemporaryDirectory() as folder, engines.postgres_server(DURABLE) as base:
        data, database = Path(folder, "data"), engines.create_database(base, "faults")
        place = Place(data, database, people=WRITERS, polls=2)
        first, second = Server(data, database), Server(data, database)
        try:
            first.start()
            until(lambda: bool(place.rows("SELECT holder FROM lease")), 10)
            second.start()
            trial = Trial(place, base, quick, Random(SEED))  # noqa: S311 (to be repeated)
            for _round in range(1 if quick else 3):
                trial.kill(first, second)
                first.start()
                first, second = second, first
            for _round in range(1 if quick else 3):
                trial.break_database([first, second])
            yield from trial.verdicts()
        finally:
            first.kill()
            second.kill()


class Trial:
    def __init__(self, place: Place, base: str, quick: bool, random: Random):
        self.place, self.base, self.random = place, base, random
        self.most_streams = limit(HEAL_STREAMS, quick)
        self.most_work = limit(HEAL_WORK, quick)
        self.most_database = limit(HEAL_DATABASE, quick)
        self.told: list[ledger.Sent] = []
        self.repeated = 0
        self.odd: list[int] = []
        self.meanwhile: list[int] = []
        self.streams: list[float] = []
        self.work: list[float] = []
        self.database: list[float] = []
        self.afterwards: list[float] = []

    def kill(self, holder: Server, survivor: Server) -> None:
        """Kill the server that holds the lease, under load on both."""
        half = WRITERS // 2
        listeners = self._listen([holder, survivor])
        widowed = ledger.writers(self.place.people[:half], holder.port, self.place.polls[0], self.random)
        others = ledger.writers(self.place.people[half:], survivor.port, self.place.polls[0], self.random)
        time.sleep(self.random.uniform(1, 2))
        holder.kill()
        at = time.monotonic()
        self._make_due()
        self.streams.append(self._signal(listeners, survivor, at, self.most_streams))
        ledger.stop(widowed)
        self._send_again(widowed, survivor)
        self.work.append(until(self._is_done, 2 * self.most_work, at))
        ledger.stop(others)
        self._close(listeners)
        self.told += [sent for writer in [*widowed, *others] for sent in writer.told]
        self.odd += [status for writer in [*widowed, *others] for _when, status in writer.refused]

    def break_database(self, servers: list[Server]) -> None:
        listeners = self._listen(servers)
        half = WRITERS // 2
        writers = ledger.writers(self.place.people[:half], servers[0].port, self.place.polls[0], self.random)
        writers += ledger.writers(self.place.people[half:], servers[1].port, self.place.polls[0], self.random)
        time.sleep(self.random.uniform(1, 2))
        at = time.monotonic()
        engines.restart_at_once(self.base)
        self.afterwards.append(self._signal(listeners, servers[0], at, self.most_database))
        until(lambda: all(time.monotonic() - last(writer) > 2 for writer in writers), 2 * self.most_database)
        ledger.stop(writers)
        self._close(listeners)
        self.told += [sent for writer in writers for sent in writer.told]
        # A line that broke without an answer counts as one that is odd.
        self.meanwhile += [status for writer in writers for _when, status in writer.refused]
        self.meanwhile += [0 for writer in writers if writer.unsure]
        self.database.append(max((last(writer) for writer in writers), default=at) - at)

    def _listen(self, servers: list[Server]) -> list[Listener]:
        ports = [server.port for server in servers]
        listeners = []
        for number in range(STREAMS):
            turned = ports if number % 2 == 0 else ports[::-1]
            listeners.append(Listener(self.place.people[number % WRITERS], turned))
            listeners[-1].start()
        return listeners

    def _close(self, listeners: list[Listener]) -> None:
        """Told to end, they do at the next thing they hear; nobody waits for them."""
        for listener in listeners:
            listener.stopping.set()

    def _signal(self, listeners: list[Listener], server: Server, since: float, seconds: float) -> float:
        """Seconds from `since` until every open page shows what was written after it."""
        mark = f"Signal {uuid4()}"
        form = {"title": mark, "text": "", "day": SIGNAL_DAY, "hour": "09:00", "op_id": str(uuid4())}
        for listener in listeners:
            listener.wait_for(mark)
        sender = self.place.people[0].at(server.port)
        until(lambda: sender.post("/posts", form).is_yes, seconds)
        sender.hang_up()
        return until(lambda: all(listener.heard.is_set() for listener in listeners), 2 * seconds, since)

    def _send_again(self, writers: list[ledger.Writer], server: Server) -> None:
        """Who saw no answer presses the button again, and is served by the other server."""
        for writer in writers:
            if writer.unsure is not None:
                person = writer.person.at(server.port)
                if person.post(writer.unsure.path, writer.unsure.form).is_yes:
                    writer.told.append(writer.unsure)
                    self.repeated += 1
                person.hang_up()

    def _make_due(self) -> None:
        poll_id = self.place.polls[1][0]
        self.place.rows(f"UPDATE poll SET closed_at = NULL, closes_at = now() WHERE id = {poll_id:d}")  # noqa: S608

    def _is_done(self) -> bool:
        poll_id = self.place.polls[1][0]
        return self.place.rows(f"SELECT closed_at FROM poll WHERE id = {poll_id:d}")[0][0] is not None  # noqa: S608

    def verdicts(self) -> Iterator[Verdict]:
        lost, _unknown = ledger.missing(self.place, self.told)
        doubles = sum(len(self.place.rows(query)) for query in DOUBLES)
        broken = ledger.half_written(self.place)
        kills, breaks = len(self.streams), len(self.database)
        yield Verdict(
            "What was acknowledged is kept when one of two servers is killed, and what is sent again is there once",
            f"{kills} kills, {breaks} restarts of the database: {len(self.told)} acknowledged, {lost} lost; "
            f"{self.repeated} sent again, {doubles} double; {len(broken)} half written",
            kept=bool(self.told) and not lost and not doubles and not broken,
        )
        yield Verdict(
            "The survivor refuses nobody",
            f"{len(self.odd)} refusals {sorted(set(self.odd)) or ''}".strip(),
            kept=not self.odd,
        )
        yield Verdict(
            f"Open pages are live again within {self.most_streams:.0f} s of the kill, on the survivor",
            f"{STREAMS} streams, the last after {max(self.streams):.1f} s",
            kept=max(self.streams) <= self.most_streams,
        )
        yield Verdict(
            f"Due work moves to the survivor within {self.most_work:.0f} s",
            f"killed {kills} times while it did that, the last vote closed after {max(self.work):.0f} s",
            kept=max(self.work) <= self.most_work,
        )
        yield Verdict(
            "While PostgreSQL restarts at once, the only refusal is 503",
            f"{len(self.meanwhile)} refusals: {', '.join(map(str, sorted(set(self.meanwhile)))) or 'none'}",
            kept=set(self.meanwhile) <= {503},
        )
        yield Verdict(
            f"All is well {self.most_database:.0f} s after that, with no restart of ours, and pages are live again",
            f"last refusal after {max(self.database):.1f} s, {STREAMS} streams live after {max(self.afterwards):.1f} s",
            kept=max(self.database) <= self.most_database and max(self.afterwards) <= self.most_database,
        )


def last(writer: ledger.Writer) -> float:
    return writer.refused[-1][0] if writer.refused else 0.0
