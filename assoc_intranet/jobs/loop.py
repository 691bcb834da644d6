"""One thread under a lease: whoever holds it looks every second for what is due; when it dies, another takes over."""

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask
from sqlalchemy import CursorResult, delete, update
from sqlalchemy.exc import IntegrityError

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db, writing

from .models import Lease

EVERY = 1.0
# Together with the second of a round, what is due waits less than half a minute when its process dies.
LEASE = timedelta(seconds=20)
RENEW = timedelta(seconds=7)
# How far the clocks of two servers may be apart.
APART = timedelta(minutes=5)
log = logging.getLogger(__name__)

Due = Callable[[datetime], None]
DUE: list[Due] = []


def due(work: Due) -> Due:
    """Register `work(now)`: it reads what is due and, for each thing found, calls one rule inside `writing()`."""
    DUE.append(work)
    return work


def run_due() -> None:
    """Do everything that is due now. One failing job does not keep the others from running."""
    for work in DUE:
        try:
            work(now())
        except Exception:
            log.exception("due work %s failed", work.__module__)
        finally:
            db.session.remove()


class Worker(threading.Thread):
    def __init__(self, app: Flask):
        super().__init__(name="jobs", daemon=True)
        self.app = app
        self.me = secrets.token_hex(8)
        self.stopping = threading.Event()
        self._renew_at = now() - RENEW

    def run(self) -> None:
        while not self.stopping.wait(EVERY):
            try:
                with self.app.test_request_context(base_url=self.app.config["BASE_URL"] or None):
                    if self.holds_lease():
                        run_due()
            except Exception:
                log.exception("due work: the round failed")
        self._release()

    def _release(self) -> None:
        """Let another process begin at once."""
        try:
            with self.app.app_context():
                give_back("due", self.me)
        except Exception:
            log.exception("due work: the lease could not be given back")

    def stop(self) -> None:
        self.stopping.set()
        if self.is_alive():
            self.join(5)

    def holds_lease(self) -> bool:
        """Whether this process works now: it renews its lease well before the end, or takes one that ran out."""
        if self._renew_at - RENEW <= now() < self._renew_at:
            return True
        if take("due", self.me, LEASE):
            self._renew_at = now() + RENEW
            return True
        return False


def take(name: str, holder: str, time: timedelta) -> bool:
    """Whether `holder` alone does the work of this name for that time: nobody else had it, or theirs ran out.

    One that reaches further than any does was taken before the clock was put back: waiting for it could take hours.
    """
    over = (Lease.until < now()) | (Lease.until > now() + time + APART)
    mine_or_over = (Lease.holder == holder) | over
    try:
        with writing():
            statement = update(Lease).where(Lease.name == name, mine_or_over).values(holder=holder, until=now() + time)
            taken: Any = cast("CursorResult[Any]", db.session.execute(statement)).rowcount
            if not taken and db.session.query(Lease.id).filter_by(name=name).first() is None:
                db.session.add(Lease(name=name, holder=holder, until=now() + time))
                taken = 1
        return bool(taken)
    except IntegrityError:
        return False


def give_back(name: str, holder: str) -> None:
    with writing():
        db.session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
