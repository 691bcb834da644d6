"""`python -m bench.votes FOLDER SECONDS`: ballots changed by eight threads on one core, without the web."""

import json
import os
import sys
import time
from pathlib import Path
from threading import Thread

from flask import Flask

from assoc_intranet import create_app
from assoc_intranet.core.db import db, writing
from assoc_intranet.members.models import Member
from assoc_intranet.polls import rules
from assoc_intranet.polls.models import Poll

from .process import CORES

WRITERS = 8


def main(folder: str, seconds: float) -> None:
    os.sched_setaffinity(0, CORES[:1])
    app = create_app(environ={"DATA_DIR": folder})
    end = time.perf_counter() + seconds
    kept: list[int] = []
    writers = [Thread(target=_vote, args=(app, number, end, kept)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    print(json.dumps({"rps": round(len(kept) / seconds), "syncs_per_s": _syncs(folder, seconds / 4)}))


def _syncs(folder: str, seconds: float) -> int:
    """How many times a second this disk keeps one byte for good: no vote can be acknowledged more often."""
    kept, end = 0, time.perf_counter() + seconds
    with (Path(folder) / "sync").open("wb", buffering=0) as file:
        while time.perf_counter() < end:
            file.write(b".")
            os.fdatasync(file.fileno())
            kept += 1
    return round(kept / seconds)


def _vote(app: Flask, number: int, end: float, kept: list[int]) -> None:
    with app.app_context():
        member_id, turn = db.session.query(Member.id).order_by(Member.id)[number][0], 0
        while time.perf_counter() < end:
            turn += 1
            with writing():
                poll, member = db.session.query(Poll).first(), db.session.get(Member, member_id)
                rules.cast_ballot(poll, member, {poll.options[turn % 2].id: "yes"})
            kept.append(turn)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
