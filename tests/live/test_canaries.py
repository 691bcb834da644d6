"""Words that give themselves away are written in every column; then everybody's stream is searched for them."""

import os
from random import Random

import pytest
from sqlalchemy import JSON, String, select, true, update

from assoc_intranet.association import queries as associations
from assoc_intranet.core.clock import now, today
from assoc_intranet.core.db import Model, db
from assoc_intranet.mail.models import Mail
from assoc_intranet.members import rules as members
from assoc_intranet.members.models import PasswordRequest, Session
from assoc_intranet.polls import rules as polls
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.states import State
from bench.faults.life import Life
from tests.factories import make_member, make_poll, make_post, make_presence, make_task

ACTS = 200
SEED = int(os.environ.get("SEED", "11"))

NOBODY = frozenset()
TEAM = frozenset({"member", "coordinator", "voter"})
ALL = TEAM | {"observer", "admin"}

# Who may find these words in a stream, said by hand. Posts are never published here, drafts of votes never opened, and
# votes never closed: what goes on then is for the team, or for nobody. `voter` is a member who voted.
MAY_READ = {
    "association.name": ALL,
    "attempt.key": NOBODY,
    "ballot.reason.always": ALL,
    "ballot.reason.after": frozenset({"voter"}),
    "ballot.reason.close": NOBODY,
    "casting.op_id": NOBODY,
    "lease.holder": NOBODY,
    "lease.name": NOBODY,
    "link.email": NOBODY,
    "link.token_hash": NOBODY,
    "mail.body": NOBODY,
    "mail.error": NOBODY,
    "mail.recipient": NOBODY,
    "mail.subject": NOBODY,
    "member.email": NOBODY,
    "member.name": ALL,
    "member.password_hash": NOBODY,
    "option.label": TEAM,
    "password_request.email": NOBODY,
    "poll.op_id": NOBODY,
    "poll.question": TEAM,
    "poll.text": TEAM,
    "post.op_id": NOBODY,
    "post.source": NOBODY,
    "post.text": TEAM,
    "post.title": TEAM,
    "presence.handle": TEAM,
    "presence.op_id": NOBODY,
    "presence.url": TEAM,
    "session.device": NOBODY,
    "session.token_hash": NOBODY,
    "step.text": TEAM,
    "task.notes": TEAM,
    "task.op_id": NOBODY,
    "task.post_title": TEAM,
    "task.title": TEAM,
    "variant.text": TEAM,
}
# Columns that hold one of a few words of ours, or, for the details of a change, what stands in the others.
NO_WORDS_OF_THEIRS = {
    "association.accent",
    "association.country",
    "association.language",
    "association.logo",
    "association.zone",
    "change.details",
    "change.kind",
    "change.subject",
    "choice.answer",
    "link.purpose",
    "link.role",
    "member.language",
    "member.role",
    "network_limit.network",
    "poll.electorate",
    "poll.kind",
    "poll.results",
    "poll.zone",
    "post.state",
    "post.zone",
    "presence.network",
    "presence.status",
    "task.status",
    "variant.network",
}
# What must be heard by who may, for the silence of the others to mean anything.
MUST_BE_HEARD = {
    "ballot.reason.always",
    "ballot.reason.after",
    "member.name",
    "poll.question",
    "post.title",
    "step.text",
    "task.notes",
    "task.title",
    "presence.handle",
}


def words():
    """Every column that can hold words, as `table.column`."""
    return {
        str(column): column
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | JSON)
    }


def test_each_column_with_words_has_an_answer_to_who_may_read_it(app):
    decided = {name if name.count(".") == 1 else name.rpartition(".")[0] for name in MAY_READ} | NO_WORDS_OF_THEIRS
    unknown = set(words()) - decided
    assert not unknown, (
        f"{', '.join(sorted(unknown))} can hold words: say in MAY_READ of tests/live/test_canaries.py who may "
        "find them in a stream, or list it in NO_WORDS_OF_THEIRS."
    )
    assert decided == set(words()), f"There is no column {', '.join(sorted(decided - set(words())))} any more."


def canary(column):
    return f"Canari/{column}/"


@pytest.fixture
def people(amina):
    """Who listens: one of each kind, none of whom does anything, but for one who votes."""
    return {
        "observer": make_member("Chloé Marchal", role="observer", may_vote=False),
        "member": make_member("Émile Petit"),
        "coordinator": make_member("Coralie Simon", role="coordinator"),
        "admin": make_member("Sami Özdemir", role="observer", is_admin=True, may_vote=False),
        "voter": make_member("Viviane Aubry"),
    }


def hears(listeners, member):
    members.open_session(member, "Firefox")
    db.session.commit()
    session_id = db.session.scalar(select(Session.id).filter_by(member_id=member.id).order_by(Session.id.desc()))
    return listeners.hears(member, session_id=session_id)


def furnish(amina, bruno, voter):
    """Something in each table."""
    post = make_post(bruno, variants={"mastodon": canary("variant.text")})
    make_post(bruno, day=None)
    task = make_task(bruno, "Affiches", post_id=post.id)
    for results in ("always", "after", "close"):
        poll = make_poll(amina, "Un stand ?", results=results)
        if results == "after":
            polls.cast_ballot(poll, voter, {poll.options[0].id: "yes"})
    make_poll(bruno, "Proposé ?", is_open=False)
    make_presence(amina, handle=canary("presence.handle"))
    members.invite(amina, "member", "zoe@exemple.org")
    at = now()
    db.session.add(PasswordRequest(email="zoe@exemple.org", asked_at=at))
    db.session.add(
        Mail(recipient="zoe@exemple.org", subject="Lien", body="Lien", created_at=at, try_at=at, error="Non")
    )
    db.session.commit()
    return task


def plant():
    """A canary in every row, in each column that holds words of theirs. What is asked in open votes is for all."""
    for name, column in words().items():
        if name in NO_WORDS_OF_THEIRS or name in ("ballot.reason", "option.label"):
            continue
        table = column.table
        secret = table.c.opened_at.is_(None) if name in ("poll.question", "poll.text") else true()
        for (row_id,) in db.session.execute(select(table.c.id).where(secret)).all():
            # Some are unique: each has its number.
            said = {column.name: f"{canary(name)}{row_id}"}
            db.session.execute(update(table).where(table.c.id == row_id).values(said))
    db.session.commit()


class SecretLife(Life):
    """A month in which nothing becomes public, and in which people come, change their rights and write to presences."""

    def __init__(self, *args):
        super().__init__(*args, sign=lambda column: f" {canary(column)}")
        for public in ("open", "close", "reopen"):
            del self.acts[public]
        self.acts |= {"invite": self.invite, "present": self.present}

    def step(self, who):
        with self._one(Post, Post.deleted_at.is_(None), Post.state != State.PLANNED) as post:
            path = f"/posts/{post.id}/state" if post else ""
        return self.send(who, path, {"state": self.random.choice(["review", "draft", "ok", "fix"])}) if path else 0

    def invite(self, who):
        email = f"{canary('link.email').replace('/', '-')}{self.random.random()}@exemple.org"
        return self.send(who, "/invitations", {"role": "member", "email": email})

    def present(self, who):
        form = {"network": "mastodon", "handle": canary("presence.handle"), "status": "active", "op_id": self._op_id()}
        return self.send(who, "/networks", form)


@pytest.fixture
def overhear(app, listeners, as_, amina, bruno, people):
    """`overhear(acts)` lives that long, and gives what everybody heard of it."""

    def live(acts):
        denise = make_member("Denise Noël")
        furnish(amina, bruno, people["voter"])
        streams = {kind: hears(listeners, member) for kind, member in people.items()}
        plant()
        actors = {"amina": amina, "bruno": bruno, "denise": denise}
        ids = {name: member.id for name, member in actors.items()}
        browsers = {name: as_(member) for name, member in actors.items()}
        heard = dict.fromkeys(streams, "")

        def send(who, path, form):
            return browsers[who].post(path, data=form).status_code

        def listen():
            for kind, stream in streams.items():
                assert not stream.closed, f"the stream of the {kind} has ended"
                heard[kind] += listeners.heard(stream)

        random = Random(SEED)  # noqa: S311 (repeated by its seed)
        SecretLife(app, random, send, ids, today(associations.zone())).live(acts, listen)
        return heard

    return live


def found_in(heard):
    return {(name, kind) for name in MAY_READ for kind, words in heard.items() if canary(name) in words}


def test_no_stream_has_a_word_of_what_its_reader_may_not_see(overhear, client):
    heard = overhear(ACTS)
    found = found_in(heard)
    leaked = {(name, kind) for name, kind in found if kind not in MAY_READ[name]}
    assert not leaked, f"SEED={SEED}: heard by who may not: {leaked}"
    unheard = MUST_BE_HEARD - {name for name, _kind in found}
    assert not unheard, f"SEED={SEED}: nobody heard {unheard}, so that the silence of the others proves nothing"
    assert "event: resync" not in "".join(heard.values())
    assert client.get("/live").data == b"event: bye\ndata: out\n\n"


def test_a_planted_leak_is_heard(overhear, monkeypatch):
    monkeypatch.setattr("assoc_intranet.posts.queries._visible", lambda _role: [Post.deleted_at.is_(None)])
    assert ("post.title", "observer") in found_in(overhear(30))
