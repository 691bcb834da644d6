"""The forms of a page as a browser would send them: where, how, and the value of each field as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.factories import PASSWORD

from .world import EVERYBODY, World, address, routes

# What pages send by a script, or show only to who came by mail; and pages that have no route of their own.
BY_HAND = {
    "posts.change_state": [("state", "review")],
    "posts.count": [("text", "Bonjour"), ("own-facebook", "y"), ("text-facebook", "Salut")],
    "tasks.tick": [("done", "yes")],
    "tasks.remove_step": [],
    "networks.reset_limit": [],
    "passwords.ask": [("email", "bruno@exemple.org")],
    "passwords.save": [("code", "x"), ("password", "trois mots jolis")],
    "invitations.join": [
        ("code", "x"),
        ("name", "Zoé"),
        ("email", "zoe@exemple.org"),
        ("password", "trois mots jolis"),
    ],
    "login.log_in_once": [("code", "x")],
    "setup.found": [("code", "x"), ("association", "Nous"), ("name", "Zoé"), ("email", "zoe@exemple.org")],
}
SOON = datetime.now(UTC).year + 2
# What is typed where a page leaves a field open.
TYPED = {
    "title": "Un titre", "question": "Une question ?", "name": "Zoé Lang", "handle": "@nous", "text": "Des mots",
    "reason": "Parce que", "labels": "Un\nDeux", "email": "zoe@exemple.org", "password": "quatre mots bien jolis",
    "current_password": PASSWORD, "confirm_password": PASSWORD, "day_1": f"28/11/{SOON}", "hour_1": "18:30",
    "day_2": f"29/11/{SOON}", "hour_2": "18:30", "closes_on": f"01/12/{SOON}", "closes_hour": "18:30",
}  # fmt: skip
INSTEAD = {
    "login.log_in_here": {"email": ["bruno@exemple.org"], "password": [PASSWORD]},
    "polls.extend": {"closes_on": [f"01/12/{SOON}"]},
}
BESIDES = tuple(f"/polls/new?kind={kind}" for kind in ("yesno", "single", "multiple", "date"))


@dataclass
class Filled:
    """One form. `kinds` says of each name what it is (text, checkbox, select, file…), `offers` what may be ticked."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)

    def names(self) -> set[str]:
        """Of what is sent, without the token."""
        return {name for name, _value in self.fields} - {"csrf_token"}

    def rule(self, app: Flask) -> Rule | None:
        try:
            path = self.action.partition("?")[0]
            return app.url_map.bind("localhost").match(path, method=self.method, return_rule=True)[0]
        except HTTPException:
            return None


def forms_in(page: str) -> list[Filled]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def all_forms(world: World) -> Iterator[tuple[str, Rule, Filled]]:
    """(viewer, route, form) of every form that posts, on every page that anybody is shown in the world."""
    for viewer in ("visitor", *sorted(EVERYBODY)):
        pages = [address(rule, thing.ids) for _method, rule in routes(world.app, "GET")
                 for thing in world.of(rule, viewer)]  # fmt: skip
        for page in (*pages, *BESIDES):
            answer = world.ask(viewer, "GET", page)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                for form in forms_in(answer.text):
                    target = form.rule(world.app) if form.method == "POST" else None
                    if target is not None:
                        yield viewer, target, form
            answer.close()


def typed(endpoint: str, form: Filled) -> dict[str, list[str]]:
    """The fields of a form with what is missing filled in, and what must be otherwise than it stands."""
    fields = {name: [value] for name, value in form.offers.items() if form.kinds[name] == "radio"}
    for name in form.names():
        fields[name] = [value or TYPED.get(name, "") for known, value in form.fields if known == name]
    return {**fields, **INSTEAD.get(endpoint, {})}


def working_forms(world: World) -> dict[str, tuple[str, Filled, dict[str, list[str]]]]:
    """By route: the first who sends a form of it with success, the form, and what is sent."""
    found: dict[str, tuple[str, Filled, dict[str, list[str]]]] = {}
    by_hand = (
        ("coordinator", rule, Filled(method, address(rule, thing.ids), list(BY_HAND[rule.endpoint])))
        for method, rule in routes(world.app, "POST")
        if rule.endpoint in BY_HAND
        for thing in world.of(rule)
    )
    for viewer, rule, form in (*all_forms(world), *by_hand):
        fields = typed(rule.endpoint, form)
        if rule.endpoint not in found and _succeeds(world, viewer, form, fields):
            found[rule.endpoint] = viewer, form, fields
    world.put_back()
    return found


def _succeeds(world: World, viewer: str, form: Filled, fields: dict[str, list[str]]) -> bool:
    world.put_back()
    answer = world.ask(viewer, "POST", form.action, data=fields)
    answer.close()
    return answer.status_code < 400


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Filled] = []
        self.form: Filled | None = None
        self.select: tuple[str, bool] | None = None
        self.textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Filled(has.get("method", "get").upper(), has.get("action", ""))
            self.forms.append(self.form)
        if self.form is None:
            return
        name = has.get("name", "")
        if tag == "input" and name:
            self._input(name, has)
        elif tag == "button" and name and name not in self.form.kinds:
            # The first named button is the one that the Enter key presses.
            self._set(name, has.get("value", ""), "submit")
        elif tag == "select":
            self.select = (name, "multiple" in has)
            self.form.kinds[name] = "select"
        elif tag == "option" and self.select is not None:
            self._option(has)
        elif tag == "textarea":
            self.textarea = name
            self._set(name, "", "textarea")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None

    def handle_data(self, data: str) -> None:
        if self.textarea is not None and self.form is not None and self.form.fields:
            # As HTML has it, a line end right behind the tag belongs to the tag.
            name, before = self.form.fields[-1]
            self.form.fields[-1] = (name, before + (data if before else data.lstrip("\r").removeprefix("\n")))

    def _input(self, name: str, has: dict[str, str]) -> None:
        kind = has.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in has:
            assert self.form is not None
            self.form.kinds[name] = kind
            self.form.offers.setdefault(name, has.get("value", "on"))
        elif kind not in ("button", "reset", "image"):
            self._set(name, has.get("value", "on" if kind == "checkbox" else ""), kind)

    def _option(self, has: dict[str, str]) -> None:
        assert self.form is not None
        assert self.select is not None
        name, several = self.select
        chosen = any(name == known for known, _value in self.form.fields)
        if "selected" in has or (not several and not chosen):
            if not several:
                self.form.fields[:] = [pair for pair in self.form.fields if pair[0] != name]
            self.form.fields.append((name, has.get("value", "")))

    def _set(self, name: str, value: str, kind: str) -> None:
        assert self.form is not None
        self.form.kinds[name] = kind
        self.form.fields.append((name, value))
