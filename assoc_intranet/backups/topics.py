"""Who may follow how the copies go: administrators."""

from assoc_intranet.live import topics_of
from assoc_intranet.members.models import Member


@topics_of
def administration(member: Member) -> set[str]:
    return {"administration"} if member.is_admin else set()
