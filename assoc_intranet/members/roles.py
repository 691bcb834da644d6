"""The three roles in words, who may give which, and the colours of people's dots."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from .models import ROLES, Member

LABELS: dict[str, LazyString] = {
    "observer": _l("Observer"),
    "member": _l("Member"),
    "coordinator": _l("Coordinator"),
}
MEANINGS: dict[str, LazyString] = {
    "observer": _l("Reads what is published and open results; no drafts."),
    "member": _l("Writes posts, takes tasks, proposes votes."),
    "coordinator": _l("Approves and plans posts, opens and closes votes, invites."),
}
# In the order of the hues of the stylesheet.
DOTS: tuple[LazyString, ...] = (
    _l("green"),
    _l("yellow"),
    _l("red"),
    _l("blue"),
    _l("purple"),
    _l("pink"),
    _l("turquoise"),
    _l("lime"),
)


def grantable(member: Member) -> tuple[str, ...]:
    """The roles this member may invite to: an administrator any, a coordinator those below their own."""
    return ROLES if member.is_admin else ROLES[:2]
