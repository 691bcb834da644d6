"""Due work: votes that close, posts that are due and mails that leave need a server that does it."""

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from assoc_intranet.association import queries as association
from assoc_intranet.core.clock import local, now
from assoc_intranet.core.db import db
from assoc_intranet.core.i18n import moment_words
from assoc_intranet.jobs.models import Lease

# A server that lives renews its lease every ten seconds, and gives it back when it stops.
TOO_LONG = timedelta(minutes=1)


def look() -> Iterator[str]:
    try:
        until = db.session.scalar(select(func.max(Lease.until)))
        zone = association.zone()
    except DatabaseError:
        return  # Nothing stands in it yet, or the check of the database has said why.
    finally:
        db.session.rollback()
    if until is not None and until < now() - TOO_LONG:
        since = moment_words(local(until, zone), local(now(), zone).date())
        yield _("Nobody has done what is due since %(since)s: start the server, it catches up.", since=since)
