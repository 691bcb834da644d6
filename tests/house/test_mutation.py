"""Each cell of permissions.py is flipped in turn, and each time somebody is treated otherwise than promised."""

from functools import cache
from itertools import combinations

import pytest

from assoc_intranet.core.access import may
from assoc_intranet.core.db import db
from assoc_intranet.members.models import Link, Member
from assoc_intranet.permissions import PERMISSIONS
from assoc_intranet.polls.models import Poll
from assoc_intranet.posts.models import Post
from assoc_intranet.tasks.models import Task

from .test_access import UNSAFE, differences, granted, guarded
from .test_permissions import GRANTEES
from .world import EVERYBODY, GRANTS, NOTHING

# Everything that somebody can be.
PEOPLE = [roles for role in GRANTEES[:3] for roles in ((role,), (role, "admin"))]

# What a thing of each noun can be to a member, by hand: the cells beside those of the roles themselves.
RELATIONS = {
    "invitation": ("own",),
    "member": ("own",),
    "poll": ("own", "elector"),
    "post": ("own", "drafted", "shared", "published"),
    "task": ("own", "assigned", "free"),
}
# A thing stands in the address of the routes that need these, so that its relations count.
ABOUT_A_THING = frozenset(
    {
        *("invitation.manage", "member.see", "member.manage"),
        *("post.see", "post.edit", "post.move", "post.step", "post.discard"),
        *("task.see", "task.edit", "task.move", "task.delete", "task.claim"),
        *("poll.see", "poll.edit", "poll.open", "poll.close", "poll.enrol", "poll.vote"),
    }
)
TABLES = {"post_id": Post, "task_id": Task, "poll_id": Poll, "member_id": Member, "link_id": Link}
# No route needs these: pages ask for them, and what they show is the case. Who sees the address of somebody else?
SHOWN = {"member.email": ("/members", "odile@exemple.org")}


def cells(action):
    """Each grant there could be of an action: a flip gives it where it was not, and takes it away where it was."""
    words = RELATIONS[action.partition(".")[0]] if action in ABOUT_A_THING else ()
    for grantee in GRANTEES:
        yield grantee
        yield from (f"{grantee}:{relation}" for relation in words)


def means_something(action, cell):
    """Whether anybody could tell: an administrator has a role too, and what is drafted by somebody is their own."""
    flipped = PERMISSIONS[action] ^ {cell}
    return any(
        bool(mine & PERMISSIONS[action]) != bool(mine & flipped)
        for roles in PEOPLE
        for relations in _possible(action)
        for mine in [{*roles, *(f"{role}:{relation}" for role in roles for relation in relations)}]
    )


def _possible(action):
    words = RELATIONS[action.partition(".")[0]] if action in ABOUT_A_THING else ()
    sets = [set(some) for number in range(len(words) + 1) for some in combinations(words, number)]
    return [some for some in sets if "drafted" not in some or "own" in some]


def noticed_by_asking(world, action, viewers):
    """A route that needs the action answers somebody otherwise than promised; of most flips, the first one asked."""
    for method, rule in _needing(world.app, action):
        for viewer in viewers:
            yield from differences(world, viewer, method, rule)
    if action in SHOWN:
        address, words = SHOWN[action]
        for viewer in viewers:
            answer = world.ask(viewer, "GET", address)
            if answer.status_code == 200 and (words in answer.text) != granted(viewer, action, NOTHING):
                yield f"{words} on {address} for {viewer}"


def noticed_at_the_gate(world, action, viewers):
    """The gate itself, asked about every thing: where the query behind a route does not even find what is hidden."""
    for key, kind in TABLES.items():
        for thing in world.things[key,]:
            for viewer in viewers & ({thing.of} if thing.of else EVERYBODY):
                member, row = db.session.get_one(Member, world.people[viewer].id), db.session.get(kind, thing.ids[key])
                if may(member, action, row) != granted(viewer, action, thing):
                    yield f"{action} of {thing.name} by {viewer}"


@cache
def _needing(app, action):
    found = [(method, rule) for method, rule in guarded(app, "GET", *UNSAFE)
             if app.view_functions[rule.endpoint].access == action]  # fmt: skip
    return sorted(found, key=lambda pair: pair[0] != "GET")


def notice(world, action, cell):
    """What brings a flip to light first, or None."""
    flipped = {**PERMISSIONS, action: PERMISSIONS[action] ^ {cell}}
    viewers = {viewer for viewer in EVERYBODY if cell.partition(":")[0] in GRANTS[viewer]}
    before = world.app.extensions["permissions"]
    world.app.extensions["permissions"] = flipped
    try:
        by_asking = next(noticed_by_asking(world, action, sorted(viewers)), None)
        return by_asking or next(noticed_at_the_gate(world, action, viewers), None)
    finally:
        world.app.extensions["permissions"] = before


@pytest.mark.parametrize("action", PERMISSIONS)
def test_every_cell_that_flips_is_noticed(world, action):
    flips = [cell for cell in cells(action) if means_something(action, cell)]
    missed = [cell for cell in flips if not notice(world, action, cell)]
    assert len(flips) >= len(GRANTEES) - 1
    assert not missed, f"Nothing fails when {action} changes for {missed}: add things of that kind to world.py."


def test_what_stands_as_it_was_promised_is_not_noticed(world):
    """The premise of the tests above: without a flip there is nothing to notice."""
    for action in ("post.edit", "task.move", "poll.vote", "member.email"):
        assert not list(noticed_by_asking(world, action, sorted(EVERYBODY)))
        assert not list(noticed_at_the_gate(world, action, EVERYBODY))


def test_who_is_about_a_thing_is_said_by_hand_and_whole(world):
    named = {world.app.view_functions[rule.endpoint].access
             for _method, rule in guarded(world.app, "GET", *UNSAFE) if rule.arguments & TABLES.keys()}  # fmt: skip
    assert named == ABOUT_A_THING, "Routes that need these name a thing: say so in ABOUT_A_THING, and of what noun."
