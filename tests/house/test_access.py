"""Every route, every kind of person, every kind of thing: in or not, as access.csv says."""

import pytest
from werkzeug.routing import Map, Rule

from assoc_intranet.core.db import SAFE_METHODS

from .test_permissions import kept_by_hand
from .world import EVERYBODY, GRANTS, NOTHING, VIEWERS, address, dump, routes

UNSAFE = ("DELETE", "PATCH", "POST", "PUT")
DOOR, OUT, IN = "is led to the door", "is kept out", "comes in"
EXPECTED = kept_by_hand()


def promised(viewer, rule, action, thing):
    """What access.csv and the things of the world promise this viewer."""
    if viewer == "visitor":
        return DOOR
    return IN if thing.is_found_by(viewer, rule.endpoint) and granted(viewer, action, thing) else OUT


def granted(viewer, action, thing):
    assert action in EXPECTED, (
        f"{action} has no line in tests/house/access.csv: write it by hand, from what members were promised."
    )
    relations = thing.relations.get(viewer, "").split()
    mine = {*GRANTS[viewer], *(f"{role}:{relation}" for role in GRANTS[viewer] for relation in relations)}
    return bool(mine & EXPECTED[action])


def seen(answer):
    if answer.status_code == 401 or answer.headers.get("Location", "").startswith("/login"):
        return DOOR
    if answer.status_code >= 500:
        return "meets a fault"
    return OUT if answer.status_code in (403, 404) else IN


def guarded(app, *methods):
    return [(method, rule) for method, rule in routes(app, *methods)
            if app.view_functions[rule.endpoint].access != "public"]  # fmt: skip


def differences(world, viewer, method, rule):
    """Where this route treats this viewer otherwise than promised: a sentence for each thing."""
    action = world.app.view_functions[rule.endpoint].access
    for thing in world.of(rule, viewer):
        answer = world.ask(viewer, method, address(rule, thing.ids))
        answer.close()
        wanted, found = promised(viewer, rule, action, thing), seen(answer)
        if wanted != found:
            yield f"{method} {rule} ({thing.name}): {wanted} by {action}, {found} ({answer.status_code})"


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("method", ["GET", *UNSAFE])
def test_everybody_finds_what_they_were_promised(world, viewer, method):
    routes_of_method = [rule for _method, rule in guarded(world.app, method)]
    differ = [sentence for rule in routes_of_method for sentence in differences(world, viewer, method, rule)]
    assert not differ, f"As {viewer}:\n" + "\n".join(differ)


def test_everybody_may_log_out(world):
    for viewer in EVERYBODY:
        answer = world.ask(viewer, "POST", "/logout")
        assert answer.status_code == 303


@pytest.mark.parametrize("viewer", [viewer for viewer in VIEWERS if viewer != "coordinator"])
def test_who_is_kept_out_changes_nothing(world, viewer):
    world.put_back()
    before = dump()
    for method, rule in guarded(world.app, *UNSAFE):
        action = world.app.view_functions[rule.endpoint].access
        for thing in world.of(rule, viewer):
            if promised(viewer, rule, action, thing) != IN:
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


def test_who_adds_a_route_is_told_what_to_write(world):
    with pytest.raises(AssertionError, match=r"knows no thing for /duties/<int:duty_id>.*World\.things.*by hand"):
        world.of(next(Map([Rule("/duties/<int:duty_id>", endpoint="duties.show")]).iter_rules()))
    with pytest.raises(AssertionError, match=r"duty\.take has no line in tests/house/access\.csv"):
        granted("member", "duty.take", NOTHING)


def test_a_planted_hole_is_found(world, monkeypatch):
    """A route that lets everybody in, and one that keeps everybody out."""
    views = world.app.view_functions

    def hole(**_ids):
        return "come in"

    hole.access = "member.manage"
    monkeypatch.setitem(views, "members.deactivate", hole)
    thing = world.things["member_id",][0]
    (rule,) = [rule for _method, rule in guarded(world.app, "POST") if rule.endpoint == "members.deactivate"]
    assert list(differences(world, "observer", "POST", rule))
    answer = world.ask("observer", "POST", f"/members/{thing.ids['member_id']}/deactivation")
    assert seen(answer) == IN
    assert not granted("observer", "member.manage", thing)
