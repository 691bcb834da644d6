"""What is kept of a page is nobody else's: names, tokens and places stay with whom they belong to."""

import re

import pytest

from assoc_intranet.core.changes import publish
from assoc_intranet.core.db import db
from assoc_intranet.home.surroundings import NONCE, TOKEN

PAGES = ("/", "/calendar", "/tasks", "/polls", "/members/me", "/nowhere")


def account(page):
    return re.search(r'popovertarget="me">.*?</button>', page.text, re.DOTALL)[0]


@pytest.mark.parametrize("path", PAGES)
def test_two_who_look_in_turn_see_their_own_name_and_token(as_, amina, bruno, path):
    tokens = {}
    for member in (amina, bruno, amina, bruno):
        page = as_(member).get(path)
        assert member.name in account(page)
        assert f"/me.css?of={member.id}&amp;" in page.text
        told = set(re.findall(r'name="csrf_token" value="([^"]+)"', page.text))
        assert len(told) == 1
        tokens.setdefault(member.id, set()).update(told)
        assert NONCE not in page.text
        assert TOKEN not in page.text
    assert not tokens[amina.id] & tokens[bruno.id]


def test_a_new_name_and_a_new_role_show_at_once(as_, bruno):
    client = as_(bruno)
    assert "/tasks" in client.get("/").text
    bruno.name, bruno.role = "Bruno Lambert", "observer"
    publish("access.changed", bruno, member=bruno.id)
    db.session.commit()
    page = client.get("/")
    assert "Bruno Lambert" in account(page)
    assert 'data-place="tasks"' not in page.text


def test_what_waits_for_one_is_not_shown_to_another(as_, amina, bruno):
    assert f"Bonjour {amina.name.split()[0]}" in as_(amina).get("/").text
    assert f"Bonjour {bruno.name.split()[0]}" in as_(bruno).get("/").text
