"""What a stranger learns from the time an answer takes: nothing about who is a member."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from math import erfc, sqrt
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask

from assoc_intranet import create_app
from assoc_intranet.core.db import Model, db
from tests.factories import make_association, make_member

from .verdict import Verdict

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
ASKED = {"/login": {"password": "ni deux ni trois"}, "/password": {}}
# Below this, chance alone would rarely part the two so far.
CHANCE = 0.01


def run(quick: bool) -> Iterator[Verdict]:
    logging.getLogger("assoc_intranet").setLevel(logging.WARNING)
    times = 30 if quick else 200
    with TemporaryDirectory() as folder:
        app = create_app({"RATELIMIT_ENABLED": False}, {"DATA_DIR": folder})
        with app.app_context():
            Model.metadata.create_all(db.engine)
            make_association()
            make_member("Bruno Lambert")
            for path, fields in ASKED.items():
                verdict = _verdict(app, path, fields, times)
                # Chance alone parts the two once in a hundred times; what is really so shows again.
                yield verdict if verdict.kept else _verdict(app, path, fields, times)
            db.session.remove()
            db.engine.dispose()


def _verdict(app: Flask, path: str, fields: dict[str, str], times: int) -> Verdict:
    """Known and unknown in a mixed order, so that what else the machine does falls on both alike."""
    known, unknown = "bruno@exemple.org", "diego@exemple.org"
    took: dict[str, list[float]] = {known: [], unknown: []}
    answers: dict[str, set[tuple[int, int]]] = {known: set(), unknown: set()}
    order = [known, unknown] * times
    random.shuffle(order)
    _ask(app, path, {**fields, "email": unknown})
    for email in order:
        began = time.perf_counter()
        answer = _ask(app, path, {**fields, "email": email})
        took[email].append(time.perf_counter() - began)
        answers[email].add((answer.status_code, len(answer.data)))
    p = mann_whitney(took[known], took[unknown])
    same = answers[known] == answers[unknown]
    figure = f"{times} times each, p = {p:.3f}, {_middle(took[known])} and {_middle(took[unknown])} ms"
    return Verdict(
        f"{path} answers a known and an unknown address alike, and as fast", figure, kept=same and p > CHANCE
    )


def _ask(app: Flask, path: str, fields: dict[str, str]) -> Any:
    post: Callable[..., Any] = app.test_client().post
    return post(path, data=fields, headers=SAME_ORIGIN)


def _middle(seconds: list[float]) -> str:
    return f"{sorted(seconds)[len(seconds) // 2] * 1000:.1f}"


def mann_whitney(one: list[float], other: list[float]) -> float:
    """How likely two samples of one kind are at least this far apart (two-sided, by the normal law)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(place + 1 for place, (_value, sample) in enumerate(ranked) if sample == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    z = abs(u - n * m / 2) / sqrt(n * m * (n + m + 1) / 12)
    return erfc(z / sqrt(2))
