"""The security log: who came in, who was refused, who changed what, one line each, without secrets."""

import json
import logging
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Connection, event
from sqlalchemy.orm import Mapper, Session, object_session

from .changes import Change

FOLLOWED = ("access.", "association.", "backup.", "member.")
log = logging.getLogger("assoc_intranet.audit")


def note(kind: str, **facts: Any) -> None:
    """Write one line. Values are written as JSON, so that no name can break the line or colour a terminal."""
    if has_request_context():
        facts["address"] = request.remote_addr
    words = " ".join(f"{name}={json.dumps(value)}" for name, value in facts.items())
    log.info("%s %s", kind, words)


@event.listens_for(Change, "after_insert")
def _remember(_mapper: Mapper[Any], _connection: Connection, change: Change) -> None:
    session = object_session(change)
    if session is not None and change.kind.startswith(FOLLOWED):
        fact = {"subject": f"{change.subject}-{change.subject_id}", "by": change.actor_id, **change.details}
        session.info.setdefault("audit", []).append((change.kind, fact))


@event.listens_for(Session, "after_commit")
def _write(session: Session) -> None:
    """What is only said once it is true: a change that was rolled back never happened."""
    if not session.in_nested_transaction():
        for kind, facts in session.info.pop("audit", ()):
            note(kind, **facts)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("audit", None)
