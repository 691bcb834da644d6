"""What happens to the copies, as it is remembered: asked for, made, or failed and told once."""

from typing import Any

from assoc_intranet import mail
from assoc_intranet.association import queries as association
from assoc_intranet.core.changes import publish

from . import queries
from .queries import ASKED, FAILED, MADE


def ask(member: Any) -> None:
    """Ask for a copy now; who does the due work makes it. Asked twice, it is one."""
    if (here := association.current()) and not queries.is_asked():
        publish(ASKED, here, member)


def note_made(kind: str, file: str, size: int) -> None:
    if here := association.current():
        publish(MADE, here, copy=kind, file=file, size=size)


def note_failed(kind: str, reason: str) -> None:
    """Remember why. Administrators get one mail, until a copy was made again."""
    here, is_new = association.current(), not queries.failure()
    if here is None or not (is_new or queries.is_asked()):
        return
    publish(FAILED, here, copy=kind, reason=reason)
    if is_new:
        for member in queries.administrators():
            language = member.language or here.language
            mail.queue(member.email, "backup_failed", language, name=member.name, association=here.name, reason=reason)
