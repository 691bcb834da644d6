"""The gate: who is not here is asked in, what is not found is 404, and what the table does not grant is 403."""

from types import SimpleNamespace

import pytest

from assoc_intranet.core.access import can, may, needs
from assoc_intranet.core.db import commit


def somebody(*grants):
    return SimpleNamespace(grants=grants)


def thing(*relations):
    return SimpleNamespace(relations=lambda _member: relations)


@pytest.mark.parametrize(
    ("member", "of", "allowed"),
    [
        (somebody("coordinator"), None, True),
        (somebody("coordinator"), thing(), True),
        (somebody("member"), thing("own"), True),
        (somebody("member"), thing("own", "published"), True),
        (somebody("member"), thing("published"), False),
        (somebody("member"), None, False),
        (somebody("observer"), thing("own"), False),
        (somebody("observer", "admin"), thing("own"), False),
    ],
)
def test_a_grant_is_a_role_or_a_role_and_a_relation(app, member, of, allowed):
    assert may(member, "post.step", of) is allowed


def test_an_unknown_action_is_our_fault(app):
    with pytest.raises(KeyError):
        may(somebody("coordinator"), "post.frobnicate")


def test_a_template_asks_for_the_person_of_the_request(app, as_, amina, bruno, door):
    address = door(lambda: f"{can('member.manage')}")
    assert as_(amina).get(address).text == "True"
    assert as_(bruno).get(address).text == "False"
    assert app.test_client().get(address).text == "False"


def test_the_loader_gets_the_member_and_what_it_names(app, as_, bruno, monkeypatch):
    asked = []

    def load(member, post_id):
        asked.append((member.name, post_id))
        return thing("own") if post_id == 7 else None

    view = needs("post.step", load)(lambda found: f"{type(found).__name__}")
    monkeypatch.setitem(app.view_functions, "posts.show", view)
    assert as_(bruno).get("/posts/7").text == "SimpleNamespace"
    assert as_(bruno).get("/posts/8").status_code == 404
    assert asked == [("Bruno Lambert", 7), ("Bruno Lambert", 8)]


def test_what_the_table_refuses_is_forbidden(app, as_, chloe, monkeypatch):
    def load(_member, post_id):
        return thing(f"number {post_id}")

    monkeypatch.setitem(app.view_functions, "posts.show", needs("post.step", load)(str))
    assert as_(chloe).get("/posts/7").status_code == 403


def test_diego_is_led_to_the_door_and_htmx_too(client, association):
    answer = client.get("/profile")
    assert answer.status_code == 303
    assert answer.location == "/login?next=/profile"
    answer = client.get("/profile", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/profile"


def test_a_rule_that_breaks_its_gate_fails_closed(app, as_, bruno, monkeypatch):
    def broken(member):
        raise RuntimeError

    monkeypatch.setattr(type(bruno), "grants", property(broken))
    assert as_(bruno).get("/calendar").status_code == 500
    commit()
