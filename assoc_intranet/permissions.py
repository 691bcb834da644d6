"""Who may do what: one table, printed on the help page and checked against a hand-kept copy by the tests.

A grant is a role, the `admin` flag, or a role and a relation to the thing (`member:own`).
"""

ALL = frozenset({"observer", "member", "coordinator"})
TEAM = frozenset({"member", "coordinator"})
COORDINATOR = frozenset({"coordinator"})
ADMIN = frozenset({"admin"})

PERMISSIONS: dict[str, frozenset[str]] = {
    "home.see": ALL,
    "session.end": ALL,
    "profile.edit": ALL,
    "association.edit": ADMIN,
    "backup.list": ADMIN,
    "backup.make": ADMIN,
    "member.list": TEAM | ADMIN,
    "member.see": TEAM | ADMIN,
    "member.email": COORDINATOR | ADMIN,
    "member.invite": COORDINATOR | ADMIN,
    "invitation.manage": ADMIN | {"coordinator:own"},
    "member.manage": ADMIN,
    "network.list": TEAM,
    "network.edit": COORDINATOR,
    "post.list": ALL,
    "post.see": TEAM | {"observer:published"},
    "post.write": TEAM,
    "post.edit": COORDINATOR | {"member:own", "member:shared"},
    "post.move": COORDINATOR | {"member:own", "member:shared"},
    "post.step": COORDINATOR | {"member:own"},
    "post.discard": COORDINATOR | {"member:drafted"},
    "post.import": TEAM,
    "task.list": TEAM,
    "task.see": TEAM,
    "task.write": TEAM,
    "task.edit": COORDINATOR | {"member:own", "member:assigned"},
    "task.move": COORDINATOR | {"member:own", "member:assigned", "member:free"},
    "task.delete": COORDINATOR | {"member:own"},
    "task.claim": TEAM,
    "poll.list": ALL,
    "poll.see": ALL,
    "poll.propose": TEAM,
    "poll.edit": COORDINATOR | {"member:own"},
    "poll.open": COORDINATOR,
    "poll.close": COORDINATOR,
    "poll.enrol": COORDINATOR,
    "poll.vote": frozenset({"observer:elector", "member:elector", "coordinator:elector"}),
}
