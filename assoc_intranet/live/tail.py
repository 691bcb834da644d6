"""One thread a process that reads new changes, renders what they touch once a language, and hands it to the hub."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, select

from assoc_intranet.core.changes import NEWS, Change, cursor
from assoc_intranet.core.db import db
from assoc_intranet.core.i18n import LANGUAGES, in_language

from .bell import Bell
from .hub import Batch, Hub, Subscriber
from .registry import FRAGMENTS, Fragment

LOOK_EVERY = {"sqlite": 0.05, "postgresql": 0.5}
LIMIT = 500
PAUSE = 1
log = logging.getLogger(__name__)

Rights = Callable[[Subscriber], frozenset[str] | None]


class Tail(threading.Thread):
    """`rights(subscriber)` says what a stream may read now, asked after a change whose kind begins with `access.`."""

    def __init__(self, app: Flask, hub: Hub, rights: Rights):
        super().__init__(name="tail", daemon=True)
        self.app, self.hub, self.rights = app, hub, rights
        self.awake = threading.Event()
        self.stopping = False
        self._has_news = False
        self._watch: Any = None
        self._version: object = None
        with app.app_context():
            self.cursor = cursor()
            db.session.remove()
        hub.start(self.cursor)

    def run(self) -> None:
        event.listen(db.session, "after_commit", self._committed)
        with self.app.app_context():
            engine = db.engine
        bell = Bell(engine, self.awake.set) if engine.dialect.name == "postgresql" else None
        if bell:
            bell.start()
        try:
            while not self.stopping:
                woken = self.awake.wait(LOOK_EVERY[engine.dialect.name])
                self.awake.clear()
                try:
                    if bell and self._has_news:
                        self._has_news = False
                        bell.ring()
                    if self._has_moved(engine) or woken:
                        self.read()
                except Exception:
                    log.exception("live updates: reading the changes failed")
                    self.awake.wait(PAUSE)
        finally:
            event.remove(db.session, "after_commit", self._committed)
            if bell:
                bell.stop()
            if self._watch is not None:
                self._watch.close()

    def stop(self) -> None:
        self.stopping = True
        self.awake.set()
        if self.is_alive():
            self.join(5)

    def read(self) -> None:
        """Everything new, a batch at a time."""
        while True:
            with self.app.test_request_context(base_url=self.app.config["BASE_URL"] or None):
                query = select(Change).where(Change.id > self.cursor).order_by(Change.id).limit(LIMIT)
                changes = list(db.session.scalars(query))
                if not changes:
                    return
                # Read now: once a rendering has rolled its session back, the rows are no longer there to ask.
                newest = changes[-1].id
                self._hand_over(changes)
            self.cursor = newest

    def _hand_over(self, changes: list[Change]) -> None:
        members = [c.details["member"] for c in changes if c.kind.startswith("access.")]
        if members:
            self.hub.regrant(self.rights, members)
        batch = render_batch(changes, self.hub.audiences())
        self.hub.call(lambda: self.hub.deliver(batch))

    def _has_moved(self, engine: Engine) -> bool:
        """Whether anybody committed since the last look; where the database does not say, it must be read."""
        if engine.dialect.name != "sqlite":
            return True
        if self._watch is None:
            # The driver's own connection: ours begin a transaction, and inside one the version stands still.
            self._watch = engine.raw_connection()
        version = self._watch.cursor().execute("PRAGMA data_version").fetchone()
        moved = bool(version != self._version)
        self._version = version
        return moved

    def _committed(self, session: Any) -> None:
        """Only where something was published: what renews a lease or a session is nobody's news."""
        if NEWS in session.info:
            if not session.in_nested_transaction():
                del session.info[NEWS]
            self._has_news = True
            self.awake.set()


def render_batch(changes: list[Change], audiences: frozenset[tuple[str, str]]) -> Batch:
    """Each touched fragment once a language, as it stands now: ten changes to one card are one rendering."""
    pieces: list[tuple[str, str, str]] = []
    missing: set[tuple[str, str]] = set()
    failed: set[str] = set()
    touched: dict[tuple[Fragment, tuple[Any, ...]], None] = {}
    for change in changes:
        for fragment in FRAGMENTS:
            try:
                touched |= dict.fromkeys((fragment, key) for key in fragment.touched_by(change))
            except Exception:
                log.exception("live updates: what %s touches of %s is not known", change.kind, fragment.template)
                failed.add("everyone")
    for fragment, key in touched:
        topic = None
        try:
            topic = fragment.topic(*key)
            for language in LANGUAGES if topic else ():
                if (topic, language) not in audiences:
                    missing.add((str(topic), language))
                elif html := _in(language, fragment, key):
                    pieces.append((str(topic), language, html))
        except Exception:
            log.exception("live updates: %s%s could not be rendered", fragment.template, key)
            failed.add(topic or "everyone")
    return Batch(changes[-1].id, tuple(pieces), frozenset(missing), frozenset(failed))


def _in(language: str, fragment: Fragment, key: tuple[Any, ...]) -> str:
    with in_language(language):
        html = fragment(*key)
    return "" if html is None else str(html.partial)
