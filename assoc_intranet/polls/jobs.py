"""What time makes happen to votes: they close. Ballots are refused from that instant, with or without this."""

from datetime import datetime

from assoc_intranet.core.db import db, writing
from assoc_intranet.jobs import due

from . import queries, rules


@due
def close_polls(at: datetime) -> None:
    ids = queries.due(at)
    db.session.rollback()
    for poll_id in ids:
        with writing():
            rules.close_due(poll_id)
