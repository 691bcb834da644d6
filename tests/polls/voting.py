"""Voting in tests, by the words of the options instead of their ids."""

from typing import Any

from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member
from assoc_intranet.polls import queries, rules
from assoc_intranet.polls.models import Poll


def ids(poll: Poll) -> dict[str, int]:
    """Label to id; the dates of a date poll are named by their day."""
    return {option.label or str(option.day): option.id for option in poll.options}


def vote(poll: Poll, member: Member, *labels: str, **sent: Any) -> None:
    """`vote(poll, bruno, "yes")`, saved; raises what the rule refuses."""
    known = ids(poll)
    try:
        rules.cast_ballot(poll, member, {known[label]: "yes" for label in labels}, **sent)
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise


def standing(poll: Poll) -> dict[str, tuple[list[str], str]]:
    """Every ballot as it stands: the name of who cast it, the labels chosen, the reason."""
    db.session.expire_all()
    names = {id_: label for label, id_ in ids(poll).items()}
    return {b.name: ([names[o] for o in b.answers], b.reason) for b in queries.ballots(poll)}
