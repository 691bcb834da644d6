"""A disk that fills up: writing is refused with a page that says so, reading goes on, and room is all that it takes."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from .people import Answer, Person, Place
from .servers import Server
from .verdict import CannotRun, Verdict

DISK = 6 * 1024 * 1024
PAGES = ("/", "/calendar/2026-11", "/tasks", "/polls", "/healthz")
# More than the server keeps in memory of a request.
LARGE = 1_500_000
TEXT = "Une phrase du jardin. " * 900
SENTENCE = "disque du serveur est plein"


def run(quick: bool) -> Iterator[Verdict]:
    rounds = 1 if quick else 5
    with tempfile.TemporaryDirectory() as folder, _small_disk(Path(folder, "data")) as data:
        place = Place(data, people=1)
        # On a small machine there is one disk: what waits in temporary files fills it too.
        with Server(data, TMPDIR=str(data)) as server:
            trial = Trial(place, place.people[0].at(server.port))
            for _round in range(rounds):
                trial.fill()
                trial.write_in_vain()
                trial.read()
                trial.free()
        yield from trial.verdicts(rounds)


class Trial:
    """One person who writes and reads while the disk is full and after it was."""

    def __init__(self, place: Place, person: Person):
        self.place, self.data, self.person = place, place.folder, person
        self.told: list[str] = []
        self.refusals: list[tuple[str, Answer]] = []
        self.read_badly: list[str] = []
        self.reads = 0
        self.freed: list[Answer] = []

    def fill(self) -> None:
        """Take nearly all the room at once, then write until the first refusal: at most what the disk can hold."""
        # With room, it is only too long; from then on the server knows where its temporary files go.
        self._write(text="x" * LARGE)
        room = os.statvfs(self.data)
        filler = b"\0" * max(0, room.f_bavail * room.f_frsize - 200_000)
        self.data.joinpath("filler").write_bytes(filler)
        for _turn in range(DISK // len(TEXT)):
            if not self._write().is_yes:
                return
        raise RuntimeError("the disk never became full")

    def write_in_vain(self) -> None:
        """The last bytes are taken too, then each kind of answer is asked for."""
        with self.data.joinpath("filler").open("ab", buffering=0) as filler:
            try:
                while filler.write(b"\0" * 512):
                    pass
            except OSError:
                pass
        large = self._write(text="x" * LARGE)
        self.refusals += [("page", self._write()), ("htmx", self._write(**{"HX-Request": "true"})), ("large", large)]

    def read(self) -> None:
        for path in PAGES:
            status = self.person.get(path).status
            self.reads += 1
            if status != 200:
                self.read_badly.append(f"{path} {status}")

    def free(self) -> None:
        self.data.joinpath("filler").unlink()
        self.freed.append(self._write())

    def _write(self, text: str = TEXT, **headers: str) -> Answer:
        op_id = str(uuid4())
        form = {"title": "Récolte", "text": text, "op_id": op_id}
        answer = self.person.post("/posts", form, **headers)
        if answer.is_yes:
            self.told.append(op_id)
        return answer

    def verdicts(self, rounds: int) -> Iterator[Verdict]:
        statuses = {f"{kind} {answer.status}" for kind, answer in self.refusals}
        in_words = sum(SENTENCE in answer.body.decode() for _kind, answer in self.refusals)
        yield Verdict(
            "A write on a full disk is refused with 507 and a sentence in French, as a page and to htmx",
            f"disk full {rounds} times: {', '.join(sorted(statuses))}; {in_words} of {len(self.refusals)} in words",
            kept=in_words == len(self.refusals) and all(answer.status == 507 for _kind, answer in self.refusals),
        )
        yield Verdict(
            "Reading goes on while the disk is full",
            f"{self.reads} pages, {len(self.read_badly)} not served {', '.join(self.read_badly[:3])}".strip(),
            kept=not self.read_badly,
        )
        yield Verdict(
            "As soon as there is room, writing goes on without a restart",
            f"{sum(answer.is_yes for answer in self.freed)} of {rounds} first writes after room was made",
            kept=all(answer.is_yes for answer in self.freed),
        )
        whole = self.place.rows("PRAGMA integrity_check")[0][0]
        there = {row[0] for row in self.place.rows("SELECT op_id FROM post")}
        lost, extra = set(self.told) - there, there - set(self.told)
        yield Verdict(
            "Nothing is corrupted, what was acknowledged is there, what was refused is not",
            f"integrity {whole}; {len(self.told)} acknowledged, {len(lost)} lost, {len(extra)} kept of the refused",
            kept=whole == "ok" and not lost and not extra,
        )


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"a small disk cannot be mounted here ({done.stderr.strip()}): root may")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
