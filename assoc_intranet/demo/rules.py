"""What may happen to the demo: it is filled where nobody is, and removed where nobody else is."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from assoc_intranet.association.queries import DEFAULT_ZONE
from assoc_intranet.core.db import Model, db
from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.members import queries as members
from assoc_intranet.members import rules as member_rules
from assoc_intranet.members.models import Member

from . import queries
from .data.people import DOMAIN, ENTRANCES
from .data.posts import EVENTS
from .story import Story
from .telling import tell_all


def fill() -> bool:
    """Tell the whole story, unless it was told before: whether it was now."""
    _refuse_strangers(_l("The demo needs an empty database, and this one is in use."))
    if queries.is_there():
        return False
    tell_all(Story(DEFAULT_ZONE, EVENTS))
    return True


def draw_entrances() -> list[tuple[str, Member, str]]:
    """A fresh single-use link for each thing one can be: what, through whose eyes, and its token."""
    found = [(what, members.by_email(f"{key}@{DOMAIN}")) for what, key in ENTRANCES.items()]
    return [
        (what, member, member_rules.draw_link("login", member_id=member.id)[1])
        for what, member in found
        if member is not None and member.is_active
    ]


def remove() -> None:
    """Empty every table: where all people are of the demo, so is all that they made."""
    _refuse_strangers(_l("Nothing was removed."))
    for table in reversed(Model.metadata.sorted_tables):
        db.session.execute(table.delete())
    db.session.expire_all()


def _refuse_strangers(consequence: LazyString) -> None:
    if names := [member.name for member in queries.strangers()]:
        some = ", ".join(names[:3]) + (", …" if names[3:] else "")
        raise RuleBroken(_("Somebody here is not part of the demo: %(names)s.", names=some) + f" {consequence}")
