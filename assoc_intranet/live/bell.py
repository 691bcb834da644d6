"""LISTEN and NOTIFY between servers on one PostgreSQL: who committed rings, and the others look at once."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, exc

CHANNEL = "assoc_intranet_change"
LOOK_UP = 1
log = logging.getLogger(__name__)


class Bell(threading.Thread):
    """A convenience, never a need: where it cannot ring, each server still looks twice a second.

    `wake` is called when another server rang. Each direction has a connection of its own, outside the pool: one waits
    on its connection nearly all the time.
    """

    def __init__(self, engine: Engine, wake: Callable[[], object]):
        super().__init__(name="bell", daemon=True)
        self.engine, self.wake = engine, wake
        self.errors: Any = engine.dialect.loaded_dbapi
        self.ended = threading.Event()
        self._rope: Any = None
        self._own_pid = 0

    def run(self) -> None:
        while not self.ended.is_set():
            try:
                self._listen()
            except (self.errors.Error, exc.SQLAlchemyError) as error:
                self._note(error)
                self.ended.wait(LOOK_UP)

    def ring(self) -> None:
        """Tell the other servers. What goes wrong costs them half a second, and is tried anew at the next change."""
        if self.ended.is_set():
            return
        try:
            if self._rope is None:
                self._rope = self._connect()
                self._own_pid = self._rope.info.backend_pid
            self._rope.execute(f"NOTIFY {CHANNEL}")
        except (self.errors.Error, exc.SQLAlchemyError) as error:
            self._let_go()
            self._note(error)

    def stop(self) -> None:
        self.ended.set()
        if self.is_alive():
            self.join(2 * LOOK_UP)
        self._let_go()

    def _listen(self) -> None:
        with self._connect() as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self.wake()  # What was rung before this is not heard.
            while not self.ended.is_set():
                for rung in connection.notifies(timeout=LOOK_UP):
                    if rung.pid != self._own_pid:
                        self.wake()

    def _connect(self) -> Any:
        pooled = self.engine.raw_connection()
        connection: Any = pooled.dbapi_connection
        pooled.detach()
        connection.autocommit = True
        return connection

    def _let_go(self) -> None:
        if self._rope is not None:
            self._rope.close()
            self._rope = None

    def _note(self, error: Exception) -> None:
        """A connection that broke, or that was not to be had, is made again; who knows no LISTEN will not learn it."""
        passing = (self.errors.OperationalError, self.errors.InterfaceError, exc.TimeoutError)
        if not isinstance(getattr(error, "orig", error), passing):
            log.warning("live updates: this database has no LISTEN and NOTIFY, changes are looked for: %s", error)
            self.ended.set()
