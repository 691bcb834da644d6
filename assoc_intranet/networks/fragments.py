"""The pieces that are pushed: our presences, and the limits of the networks."""

from typing import Any

from assoc_intranet.core.changes import Change
from assoc_intranet.live import fragment

from . import queries

PRESENCES = ("presence.written", "presence.edited", "presence.deleted")
LIMITS = ("limit.set", "limit.reset")


def _one_for_all(_change: Change) -> list[tuple[Any, ...]]:
    return [()]


@fragment("networks/_presences.html", on=(*PRESENCES, *LIMITS), topic="members", keys=_one_for_all)
def presences() -> dict[str, Any]:
    standings = {standing.kind.id: standing for standing in queries.standings()}
    return {"presences": queries.presences(), "standings": standings}


@fragment("networks/_limits.html", on=LIMITS, topic="members", keys=_one_for_all)
def limits() -> dict[str, Any]:
    return {"standings": queries.standings()}
