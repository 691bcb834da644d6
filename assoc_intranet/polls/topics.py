"""Who may follow what of a vote: the results of a vote that shows them after one's own, for who has voted."""

from assoc_intranet.core.db import db
from assoc_intranet.live import topics_of
from assoc_intranet.members.models import Member

from . import queries
from .kinds import Results
from .models import Poll


@topics_of
def voted(member: Member) -> set[str]:
    return {f"poll:{poll_id}:voted" for poll_id in queries.voted_in(member)}


def for_all(poll_id: int) -> str | None:
    """What tells of no result: observers see it too, once the vote is open."""
    poll = db.session.get(Poll, poll_id)
    if poll is None:
        return None
    return "members" if poll.is_draft else "everyone"


def for_results(poll_id: int) -> str | None:
    """Nobody, or nobody yet, where the results are for the close."""
    poll = db.session.get(Poll, poll_id)
    if poll is None or poll.is_draft:
        return None
    if poll.is_closed or poll.results == Results.ALWAYS:
        return "everyone"
    return f"poll:{poll_id}:voted" if poll.results == Results.AFTER else None
