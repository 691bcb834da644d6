"""One table says who may do what: all of it is used, nothing goes round it, and a copy kept by hand says the same."""

import ast
import csv
import re
from pathlib import Path

import pytest

from assoc_intranet.permissions import PERMISSIONS

from .sources import called, modules, templates

EXPECTED = Path(__file__).with_name("access.csv")
GRANTEES = ("observer", "member", "coordinator", "admin")
# `may(member, "x.y")` and `can("x.y")`, in Python; `can('x.y')`, in a template.
ASKED_IN_TEMPLATE = re.compile(r"\bcan\(\s*['\"]([a-z]+\.[a-z]+)['\"]")


def kept_by_hand() -> dict[str, frozenset[str]]:
    """The grants of each action, as access.csv has them: `yes`, `-`, or the relations that are needed."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return {row["action"]: frozenset(_granted(row)) for row in csv.DictReader(file)}


def _granted(row):
    for grantee in GRANTEES:
        for cell in row[grantee].split():
            if cell != "-":
                yield grantee if cell == "yes" else f"{grantee}:{cell}"


def asked_for() -> set[str]:
    """Every action that a route needs or that code and templates ask about."""
    found = {action for source in templates().values() for action in ASKED_IN_TEMPLATE.findall(source)}
    for tree in modules().values():
        for name, call in called(tree):
            if name in ("needs", "may", "can"):
                words = (arg.value for arg in call.args if isinstance(arg, ast.Constant))
                found |= {word for word in words if isinstance(word, str)}
    return found


def undeclared(app) -> list[str]:
    return [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", None) not in {"public", *PERMISSIONS}
    ]


def test_every_route_says_what_it_needs(stage):
    found = undeclared(stage)
    assert not found, f"{found} answer 500: put @needs(action) or @public under the route."


def test_a_planted_route_is_found_and_answers_500(app, monkeypatch):
    monkeypatch.setitem(app.view_functions, "home.more", lambda: "for whom?")
    assert undeclared(app) == ["home.more"]
    assert app.test_client().get("/more").status_code == 500


def test_a_planted_route_with_an_unknown_action_is_found(app, monkeypatch):
    def view():
        return "for whom?"

    view.access = "home.everything"
    monkeypatch.setitem(app.view_functions, "home.more", view)
    assert undeclared(app) == ["home.more"]


def test_every_action_that_is_asked_for_is_in_the_table():
    unknown = asked_for() - PERMISSIONS.keys()
    assert not unknown, f"{unknown} are asked for, but permissions.py does not know them."


def test_every_action_in_the_table_is_asked_for():
    idle = PERMISSIONS.keys() - asked_for()
    assert not idle, f"Nothing asks for {idle}: take them out of permissions.py, or use them."


def test_the_table_says_what_was_written_by_hand():
    expected = kept_by_hand()
    missing = PERMISSIONS.keys() - expected.keys()
    assert not missing, f"Write {missing} into tests/house/access.csv by hand, from what members were promised."
    stale = expected.keys() - PERMISSIONS.keys()
    assert not stale, f"permissions.py no longer knows {stale}: take them out of tests/house/access.csv."
    differ = {action: (set(PERMISSIONS[action]), set(expected[action])) for action in expected
              if PERMISSIONS[action] != expected[action]}  # fmt: skip
    assert not differ, f"permissions.py and tests/house/access.csv disagree, (ours, by hand): {differ}."


@pytest.mark.parametrize("action", PERMISSIONS)
def test_a_cell_that_flips_is_noticed(action):
    """The copy is worth something only if each grant in it counts."""
    for grantee in GRANTEES:
        assert PERMISSIONS[action] ^ {grantee} != kept_by_hand()[action]


def test_being_an_administrator_gives_no_editorial_power():
    administered = {action.partition(".")[0] for action, grants in PERMISSIONS.items() if "admin" in grants}
    assert administered <= {"association", "member", "invitation", "backup", "log"}
