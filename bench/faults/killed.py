"""`kill -9` at random moments while eight people write: what they were told is saved is there, and it soon answers."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median

from . import ledger
from .people import PATIENCE, Place
from .servers import Server, until
from .verdict import Verdict, limit

WRITERS = 8
LONGEST = 1.0
BACK = 3.0
SEED = 20_261_121


def run(quick: bool) -> Iterator[Verdict]:
    kills, random = 4 if quick else 200, Random(SEED)  # noqa: S311 (to be repeated)
    print(f"  seed {SEED}, {kills} kills")
    told: list[ledger.Sent] = []
    refused: list[int] = []
    faults: list[str] = []
    starts: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder, "data"), people=WRITERS)
        server = Server(place.folder)
        try:
            for kill in range(kills):
                starts.append(server.start())
                faults += _faults(place)
                at_work = ledger.writers(place.people, server.port, place.polls[0], random)
                if kill % 2:
                    # The others are shot while the server is still cold.
                    until(lambda at_work=at_work: any(writer.told for writer in at_work), PATIENCE)
                time.sleep(random.uniform(0, LONGEST))
                server.kill()
                ledger.stop(at_work)
                told += [sent for writer in at_work for sent in writer.told]
                refused += [status for writer in at_work for _when, status in writer.refused]
            starts.append(server.start())
            faults += _faults(place)
            lost, unknown = ledger.missing(place, told)
        finally:
            server.kill()
    most = limit(BACK, quick)
    shots = f"{kills} kills under {WRITERS} writers"
    yield Verdict(
        "What was acknowledged is kept when the server is killed",
        f"{shots}: {len(told)} acknowledged, {lost} lost ({unknown} saved before they could be acknowledged)",
        kept=bool(told) and not lost,
    )
    yield Verdict(
        "The database is whole after each kill, and nothing is half written",
        f"{kills + 1} checks of integrity, links and changes: {len(faults)} faults {'; '.join(faults[:3])}".strip(),
        kept=not faults,
    )
    yield Verdict(
        f"It answers again within {most:.0f} s",
        f"median {median(starts):.1f} s, longest {max(starts):.1f} s, of {len(starts)} starts",
        kept=median(starts) <= most,
    )
    yield Verdict(
        "Nobody is refused while the server stands",
        f"{len(refused)} refusals {sorted(set(refused)) or ''}".strip(),
        kept=not refused,
    )


def _faults(place: Place) -> list[str]:
    """What SQLite itself finds wrong, and what stands there without the change that tells of it."""
    found = [str(row[0]) for row in place.rows("PRAGMA integrity_check") if row[0] != "ok"]
    found += [f"a broken link in {row[0]}" for row in place.rows("PRAGMA foreign_key_check")]
    return found + ledger.half_written(place)
