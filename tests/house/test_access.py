"""Every route, every kind of person, every kind of thing: in or not, as access.csv says."""

import pytest

from assoc_intranet.core.db import SAFE_METHODS

from .test_permissions import kept_by_hand
from .world import EVERYBODY, GRANTS, VIEWERS, address, dump, routes

UNSAFE = ("DELETE", "PATCH", "POST", "PUT")
DOOR, OUT, IN = "is led to the door", "is kept out", "comes in"
EXPECTED = kept_by_hand()


def expected(viewer, action, thing):
    """What access.csv and the things of the world promise this viewer."""
    if viewer == "visitor":
        return DOOR
    if viewer in thing.hidden:
        return OUT
    relations = thing.relations.get(viewer, "").split()
    mine = {*GRANTS[viewer], *(f"{role}:{relation}" for role in GRANTS[viewer] for relation in relations)}
    return IN if mine & EXPECTED[action] else OUT


def seen(answer):
    if answer.status_code == 401 or answer.headers.get("Location", "").startswith("/login"):
        return DOOR
    return OUT if answer.status_code in (403, 404) else IN


def guarded(app, *methods):
    return [(method, rule) for method, rule in routes(app, *methods)
            if app.view_functions[rule.endpoint].access != "public"]  # fmt: skip


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("method", ["GET", *UNSAFE])
def test_everybody_finds_what_they_were_promised(world, viewer, method):
    differ = []
    for _method, rule in guarded(world.app, method):
        action = world.app.view_functions[rule.endpoint].access
        for thing in world.of(rule):
            if rule.endpoint == "login.log_out" and viewer != "visitor":
                continue
            answer = world.ask(viewer, method, address(rule, thing.ids))
            promised, found = expected(viewer, action, thing), seen(answer)
            if promised != found:
                differ.append(f"{method} {rule} ({thing.name}): {promised} by {action}, {found} ({answer.status_code})")
    assert not differ, f"As {viewer}:\n" + "\n".join(differ)


def test_everybody_may_log_out(world):
    for viewer in EVERYBODY:
        answer = world.ask(viewer, "POST", "/logout")
        assert answer.status_code == 303


@pytest.mark.parametrize("viewer", ["visitor", "observer", "member", "admin"])
def test_who_is_kept_out_changes_nothing(world, viewer):
    world.put_back()
    before = dump()
    for method, rule in guarded(world.app, *UNSAFE):
        action = world.app.view_functions[rule.endpoint].access
        for thing in world.of(rule):
            if expected(viewer, action, thing) != IN:
                world.ask(viewer, method, address(rule, thing.ids))
                assert dump() == before, f"{method} {rule} ({thing.name}) changed something for {viewer}."


def test_every_unsafe_route_refuses_what_may_be_forged(world):
    world.put_back()
    before = dump()
    for method, rule in routes(world.app, *UNSAFE):
        url = address(rule, world.of(rule)[0].ids)
        for headers, status in (
            ({"Sec-Fetch-Site": None}, 400),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site"}, 403),
        ):
            answer = world.ask("coordinator", method, url, headers=headers)
            assert answer.status_code == status, f"{method} {url} with {headers}: {answer.status_code}"
    assert dump() == before


def test_safe_methods_are_all_that_is_not_asked_for_a_token():
    assert not SAFE_METHODS & set(UNSAFE)


def test_a_planted_hole_is_found(world, monkeypatch):
    """A route that lets everybody in, and one that keeps everybody out."""
    views = world.app.view_functions

    def hole(**_ids):
        return "come in"

    hole.access = "member.manage"
    monkeypatch.setitem(views, "members.deactivate", hole)
    thing = world.things["member_id",][0]
    answer = world.ask("observer", "POST", f"/members/{thing.ids['member_id']}/deactivation")
    assert seen(answer) == IN
    assert expected("observer", "member.manage", thing) == OUT
