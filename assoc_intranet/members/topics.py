"""The audiences everybody belongs to by their role."""

from assoc_intranet.live import topics_of

from .models import Member


@topics_of
def by_role(member: Member) -> set[str]:
    topics = {"everyone", f"member:{member.id}"}
    if member.role == "observer":
        return topics | {"observers"} | ({"directory"} if member.is_admin else set())
    return topics | {"members", "directory"} | ({"coordinators"} if member.role == "coordinator" else set())
