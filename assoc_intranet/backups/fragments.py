"""The piece that is pushed: the copies that are there, and how the last attempt went."""

from typing import Any

from assoc_intranet.core.changes import Change
from assoc_intranet.live import fragment

from . import queries


def _one_for_all(_change: Change) -> list[tuple[Any, ...]]:
    return [()]


@fragment(
    "backups/_copies.html", on=(queries.ASKED, queries.MADE, queries.FAILED), topic="administration", keys=_one_for_all
)
def copies() -> dict[str, Any]:
    return {
        "copies": queries.there(),
        "is_asked": queries.is_asked(),
        "failure": queries.failure(),
        "folder": queries.folder(),
    }
