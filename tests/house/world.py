"""Six people, and things of each kind in each state, of each of them: whose it is and who may find it, by hand."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from flask import Flask
from sqlalchemy import delete, insert, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from assoc_intranet.core.changes import forget
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import SAFE_METHODS, Model, db
from assoc_intranet.core.security import HEADERS, POLICY
from assoc_intranet.members import rules as members
from assoc_intranet.polls import rules as polls
from assoc_intranet.posts import importing, kept_sheets
from assoc_intranet.posts import rules as posts
from assoc_intranet.posts.kept_sheets import KeptSheet, Told
from assoc_intranet.tasks import rules as tasks
from tests.conftest import SAME_ORIGIN
from tests.factories import make_association, make_member, make_poll, make_post, make_presence, make_task

VIEWERS = ("visitor", "observer", "member", "coordinator", "admin", "member_admin")
# What the table of permissions knows each of them as: an administrator has a role besides.
GRANTS = {
    "visitor": (),
    "observer": ("observer",),
    "member": ("member",),
    "coordinator": ("coordinator",),
    "admin": ("observer", "admin"),
    "member_admin": ("member", "admin"),
}
EVERYBODY = frozenset(VIEWERS) - {"visitor"}
TEAM = frozenset({"member", "coordinator", "member_admin"})
NOT_THE_TEAM = EVERYBODY - TEAM
NOT_ADMINISTRATORS = EVERYBODY - {"admin", "member_admin"}

# The routes that find a thing in some of its states only, whoever asks. What is in the bin is found by no other.
OPENED = frozenset({"open", "silent", "closed"})
FINDS = {
    "posts.restore": {"binned"},
    "polls.edit": {"draft"},
    "polls.ask_opening": {"draft"},
    "polls.export": OPENED - {"silent"},
    **dict.fromkeys(
        (
            "polls.cast_ballot",
            "polls.ask_extension",
            "polls.extend",
            "polls.ask_closure",
            "polls.close",
            "polls.ask_reopening",
            "polls.reopen",
            "polls.roll",
            "polls.add_elector",
        ),
        OPENED,
    ),
}
# The state in which a route is of most use: what is tried first, or alone where one thing is enough.
USUAL = {
    "polls.save": "draft",
    "polls.discard": "draft",
    "polls.open_poll": "draft",
    "polls.ask_reopening": "closed",
    "polls.reopen": "closed",
    "members.reactivate": "former",
}

SHEET = "Date;Heure;Réseau;Texte\n28/11/2026;18h30;Facebook;Fête\n".encode()


@dataclass(frozen=True)
class Thing:
    """What stands in an address: its ids, what it is to whom, who does not find it, and its state where it counts.

    A thing `of` somebody is tried by that person alone: the others have one of Odile's in the same state.
    """

    name: str
    ids: dict[str, Any]
    relations: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    state: str = ""
    of: str = ""

    def is_found_by(self, viewer: str, endpoint: str) -> bool:
        states = FINDS.get(endpoint)
        in_state = self.state in states if states else self.state != "binned"
        return in_state and viewer not in self.hidden


NOTHING = Thing("no id", {})


def everybody(words: str) -> dict[str, str]:
    return dict.fromkeys(EVERYBODY, words)


class World:
    """The things, the cookies, and the database as it was when they were made: put back whenever something changed."""

    def __init__(self, app: Flask):
        self.app = app
        self._cast()
        self.cookies = {viewer: self._cookie(person) for viewer, person in self.people.items()}
        self.things = {
            ("post_id",): self._posts() + self._binned(),
            ("poll_id",): self._open_polls() + self._drafts() + self._closed_polls(),
            ("task_id",): self._tasks(),
            ("task_id", "step_id"): self._steps(),
            ("member_id",): self._members(),
            ("link_id",): self._links(),
            ("session_id",): self._sessions(),
            ("presence_id",): self._presences(),
            ("key",): self._sheets(),
            ("import_id",): self._imports(),
            ("network",): [Thing("a network", {"network": "facebook"})],
            ("month",): [Thing("a month", {"month": "2026-11"})],
            ("name",): [Thing("a logo", {"name": "logo-1.png"})],
            ("digest", "name"): [Thing("a file", {"digest": "x", "name": "css/app.css"})],
        }
        db.session.commit()
        self._rows = dump()
        self.is_changed = False

    # The cast

    def _cast(self) -> None:
        make_association()
        # So that nobody below is the last one.
        make_member("Gisèle Anselme", role="coordinator", is_admin=True)
        self.other = make_member("Odile Autre")
        self.people = {
            "observer": make_member("Chloé Marchal", role="observer", may_vote=False),
            "member": make_member("Bruno Lambert"),
            "coordinator": make_member("Coralie Simon", role="coordinator"),
            "admin": make_member("Amina Benali", role="observer", is_admin=True, may_vote=False),
            "member_admin": make_member("Mehdi Deux", role="member", is_admin=True),
        }
        self.member, self.coordinator = self.people["member"], self.people["coordinator"]

    def _cookie(self, person: Any) -> str:
        token = members.open_session(person, "Firefox, Linux")
        db.session.commit()
        browser = self.app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        cookie = browser.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        return cookie.value

    # The things. Each says by hand whose it is: the code's own answer is what is under test.

    def _posts(self) -> list[Thing]:
        """An observer may have written drafts too: before they became one."""
        things = []
        for state in ("draft", "review", "ok", "planned", "off", "done"):
            post = make_post(self.other, "D’Odile", state=state)
            is_out = state == "done"
            things.append(
                Thing(
                    f"a post in {state} of somebody else",
                    {"post_id": post.id},
                    everybody("published") if is_out else {},
                    frozenset() if is_out else NOT_THE_TEAM,
                )
            )
        for viewer, person in self.people.items():
            for state, words in (("draft", "own drafted"), ("ok", "own"), ("done", "own published")):
                post = make_post(person, "De moi", state=state)
                hidden = frozenset() if state == "done" else NOT_THE_TEAM
                things.append(
                    Thing(
                        f"a post in {state} of the {viewer}", {"post_id": post.id}, {viewer: words}, hidden, of=viewer
                    )
                )
            post = make_post(self.other, "Partagé", holder_id=person.id)
            things.append(
                Thing(
                    f"a draft the {viewer} looks after",
                    {"post_id": post.id},
                    {viewer: "shared"},
                    NOT_THE_TEAM,
                    of=viewer,
                )
            )
        return things

    def _binned(self) -> list[Thing]:
        things = []
        for viewer, author in {"": self.other, **self.people}.items():
            post = make_post(author, "À la corbeille")
            posts.discard(post, author)
            relations = {viewer: "own drafted"} if viewer else {}
            things.append(
                Thing(f"a post of {author.name} in the bin", {"post_id": post.id}, relations, state="binned", of=viewer)
            )
        return things

    def _open_polls(self) -> list[Thing]:
        electors = dict.fromkeys(TEAM, "elector")
        things = [
            Thing("a vote", {"poll_id": make_poll(self.other, "Entre nous ?").id}, electors, state="open"),
            Thing("a vote whose results wait", {"poll_id": make_poll(self.other, "Secret ?", results="close").id},
                  electors, state="silent"),
        ]  # fmt: skip
        self.people["observer"].may_vote, self.member.may_vote = True, False
        without_bruno = make_poll(self.other, "Sans Bruno ?")
        self.people["observer"].may_vote, self.member.may_vote = False, True
        roll = dict.fromkeys((TEAM - {"member"}) | {"observer"}, "elector")
        things.append(
            Thing("a vote with the observer and without the member", {"poll_id": without_bruno.id}, roll, state="open")
        )
        return [*things, *self._own_polls("open")]

    def _own_polls(self, state: str) -> list[Thing]:
        things = []
        for viewer, person in self.people.items():
            poll = make_poll(person, "De moi ?", is_open=state != "draft")
            if state == "closed":
                polls.close(poll, self.coordinator, "Tout le monde a voté.")
            words = "own elector" if viewer in TEAM and state != "draft" else "own"
            hidden = NOT_THE_TEAM if state == "draft" else frozenset()
            things.append(
                Thing(
                    f"a vote in {state} of the {viewer}",
                    {"poll_id": poll.id},
                    {viewer: words},
                    hidden,
                    state,
                    of=viewer,
                )
            )
        return things

    def _drafts(self) -> list[Thing]:
        poll = make_poll(self.other, "Proposé par Odile ?", is_open=False)
        return [
            Thing("a proposal of somebody else", {"poll_id": poll.id}, {}, NOT_THE_TEAM, "draft"),
            *self._own_polls("draft"),
        ]

    def _closed_polls(self) -> list[Thing]:
        poll = make_poll(self.other, "C’est dit ?")
        polls.close(poll, self.coordinator, "Tout le monde a voté.")
        electors = dict.fromkeys(TEAM, "elector")
        return [
            Thing("a vote that was closed", {"poll_id": poll.id}, electors, state="closed"),
            *self._own_polls("closed"),
        ]

    def _tasks(self) -> list[Thing]:
        def thing(name: str, task: Any, relations: dict[str, str], of: str = "") -> Thing:
            return Thing(name, {"task_id": task.id}, relations, NOT_THE_TEAM, of=of)

        things = [
            thing("a free task of somebody else", make_task(self.other, "À prendre"), everybody("free")),
            thing("a task somebody else has", make_task(self.other, "À Odile", self.other), {}),
            thing("a task that is done", make_task(self.other, "Fait", self.other, status="done", done_at=now()), {}),
        ]
        for viewer, person in self.people.items():
            own = make_task(person, "De moi"), make_task(person, "À Odile, de moi", self.other)
            given = make_task(self.other, "À moi", person)
            things += [
                thing(f"a free task of the {viewer}", own[0], {viewer: "own free"}, viewer),
                thing(f"a task of the {viewer} that somebody else has", own[1], {viewer: "own"}, viewer),
                thing(f"a task the {viewer} has", given, {viewer: "assigned"}, viewer),
            ]
        return things

    def _steps(self) -> list[Thing]:
        things = []
        for viewer, author in {"": self.other, **self.people}.items():
            task = make_task(author, "En deux temps", self.other)
            tasks.add_step(task, author, "D’abord")
            db.session.commit()
            ids = {"task_id": task.id, "step_id": task.steps[0].id}
            relations = {viewer: "own"} if viewer else {}
            things.append(Thing(f"a step of {author.name}", ids, relations, NOT_THE_TEAM, of=viewer))
        return things

    def _members(self) -> list[Thing]:
        former = make_member("Félix Parti", left_at=now())
        return [
            Thing("a member", {"member_id": self.other.id}),
            *(Thing("oneself", {"member_id": person.id}, {viewer: "own"}, of=viewer)
              for viewer, person in self.people.items()),
            Thing("who left", {"member_id": former.id}, {}, NOT_ADMINISTRATORS, "former"),
        ]  # fmt: skip

    def _links(self) -> list[Thing]:
        things = []
        for viewer, author in {"": self.other, **self.people}.items():
            link = members.invite(author, "member")[0]
            db.session.commit()
            relations = {viewer: "own"} if viewer else {}
            things.append(Thing(f"an invitation by {author.name}", {"link_id": link.id}, relations, of=viewer))
        return things

    def _sessions(self) -> list[Thing]:
        """Another device of each."""
        things = []
        for viewer, person in self.people.items():
            members.open_session(person, "Chrome, Android")
            ids = {"session_id": person.session_id}
            things.append(Thing(f"a session of the {viewer}", ids, {}, EVERYBODY - {viewer}))
        return things

    def _presences(self) -> list[Thing]:
        return [Thing("a presence", {"presence_id": make_presence(self.coordinator).id})]

    def _sheets(self) -> list[Thing]:
        """One that waits for each of the team; nobody finds another's."""
        things = []
        for number, viewer in enumerate(sorted(TEAM)):
            key = f"0b7e7d6e-5b0c-4a8e-9f5e-6a1d6d1f3c2{number}"
            kept_sheets.keep(self.people[viewer], KeptSheet(key, "planning.csv", SHEET))
            things.append(Thing(f"a sheet of the {viewer}", {"key": key}, {}, EVERYBODY - {viewer}))
        return things

    def _imports(self) -> list[Thing]:
        things = []
        for viewer in sorted(TEAM):
            plan = KeptSheet("", "planning.csv", SHEET).read(Told())
            done = importing.import_plan(plan, f"{viewer}.csv", self.people[viewer])
            things.append(Thing(f"an import by the {viewer}", {"import_id": done.id}, {}, EVERYBODY - {viewer}))
        return things

    # What tests do with it

    def of(self, rule: Rule, viewer: str = "") -> list[Thing]:
        """What stands in the addresses of a route (for one viewer: what concerns them), the usual first."""
        if not rule.arguments:
            return [NOTHING]
        endpoint = rule.endpoint
        found = self.things.get((endpoint,)) or self.things.get(names_in(rule))
        assert found, (
            f"tests/house/world.py knows no thing for {rule}: add one of each kind and state to World.things (by the "
            "names in its address, or by its endpoint), and say by hand whose it is (relations), who does not find it "
            "(hidden), and in FINDS the states the route finds."
        )
        concerned = [thing for thing in found if not viewer or thing.of in ("", viewer)]
        return sorted(
            concerned,
            key=lambda thing: (
                not thing.is_found_by("coordinator", endpoint),
                thing.state != USUAL.get(endpoint, thing.state),
            ),
        )

    def ask(self, viewer: str, method: str, url: str, **request: Any) -> TestResponse:
        """One request by somebody. What every answer owes is checked here, whoever asks for whatever."""
        if self.is_changed:
            self.put_back()
        browser = self.app.test_client()
        if viewer in self.cookies:
            browser.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[viewer])
        headers = request.pop("headers", SAME_ORIGIN)
        answer = browser.open(url, method=method, headers=headers, **request)
        self.is_changed = method not in SAFE_METHODS and answer.status_code < 400
        faults = owed(answer)
        assert not faults, f"{method} {url} as {viewer}: {faults}"
        return answer

    def put_back(self) -> None:
        """The database as it was."""
        db.session.rollback()
        forget()
        self.is_changed = False
        with db.engine.begin() as connection:
            for table in reversed(Model.metadata.sorted_tables):
                connection.execute(delete(table))
            for table in Model.metadata.sorted_tables:
                if self._rows[table.name]:
                    connection.execute(insert(table), self._rows[table.name])


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with db.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in Model.metadata.sorted_tables
        }


def owed(answer: TestResponse) -> list[str]:
    """What an answer lacks of what every one owes: an empty list."""
    headers = answer.headers
    faults = [f"{name} is not {value}" for name, value in HEADERS.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    if policy != POLICY.format(nonce=nonce) or len(nonce) < 22:
        faults.append(f"the content policy is {policy!r}")
    kept = "max-age" in headers.get("Cache-Control", "")
    if not kept and headers.get("Cache-Control") != "no-store":
        faults.append(f"Cache-Control is {headers.get('Cache-Control')!r}")
    if kept and answer.mimetype == "text/html":
        faults.append("a page is kept, and with it its nonce")
    if kept and "Set-Cookie" in headers:
        faults.append("an answer that is kept sets a cookie")
    if answer.mimetype.startswith("text/") and "charset=utf-8" not in headers["Content-Type"]:
        faults.append(f"Content-Type is {headers['Content-Type']!r}")
    for cookie in headers.getlist("Set-Cookie"):
        faults += [
            f"{cookie.partition('=')[0]} is not {mark}" for mark in ("HttpOnly", "SameSite=Lax") if mark not in cookie
        ]
    if answer.mimetype == "text/html" and "Content-Encoding" not in headers and "Traceback" in answer.text:
        faults.append("a trace of our code is shown")
    return faults


def names_in(rule: Rule) -> tuple[str, ...]:
    return tuple(re.findall(r"<(?:\w+:)?(\w+)>", rule.rule))


def address(rule: Rule, ids: dict[str, Any]) -> str:
    """The path of a route with these ids, whatever they are."""

    def written(found: re.Match[str]) -> str:
        return quote(str(ids[found[1]]), safe="/", errors="surrogatepass")

    return re.sub(r"<(?:\w+:)?(\w+)>", written, rule.rule)


def routes(app: Flask, *methods: str) -> list[tuple[str, Rule]]:
    """(method, rule) of every route that answers one of `methods`."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    return [(method, rule) for rule in rules for method in sorted(rule.methods or ()) if method in methods]
