"""Two people save one thing in every order there is: who saw the last version is heard, the other sees both texts."""

import pytest

from assoc_intranet.core.db import db
from assoc_intranet.networks.models import Presence
from assoc_intranet.polls.models import Poll
from assoc_intranet.posts.models import Post
from assoc_intranet.tasks.models import Task
from tests.factories import make_member, make_poll, make_post, make_presence, make_task

from .filling import forms_in


def interleavings(first, second):
    """Every way to shuffle two sequences together, each in its own order."""
    if not first or not second:
        yield [*first, *second]
        return
    yield from ([first[0], *rest] for rest in interleavings(first[1:], second))
    yield from ([second[0], *rest] for rest in interleavings(first, second[1:]))


# Three saves: two by one, one by the other. Each opens the page before they save.
ORDERS = list(interleavings(["A opens", "A saves", "A opens", "A saves"], ["B opens", "B saves"]))

THINGS = {
    "post": (Post, "text", "/posts/{}", "/posts/{}", make_post),
    "task": (Task, "notes", "/tasks/{}/details", "/tasks/{}", make_task),
    "poll": (Poll, "text", "/polls/{}/draft", "/polls/{}/draft", lambda amina: make_poll(amina, is_open=False)),
    "presence": (Presence, "handle", "/networks/{}", "/networks/{}", make_presence),
}


@pytest.mark.parametrize("kind", THINGS)
def test_in_every_order_nothing_is_overwritten_in_silence(as_, amina, kind):
    model, field, page, action, make = THINGS[kind]
    browsers = {"A": as_(amina), "B": as_(make_member("Denise Noël", role="coordinator"))}
    assert len(ORDERS) == 15
    for order in ORDERS:
        number = make(amina).id
        forms, seen, standing, version = {}, {}, None, 0
        for turn, event in enumerate(order):
            who, does = event.split()
            if does == "opens":
                shown = browsers[who].get(page.format(number)).text
                (forms[who],) = [form for form in forms_in(shown) if form.action == action.format(number)]
                seen[who] = version
                continue
            text = f"écrit par {who} au tour {turn}"
            fields = {}
            for name, value in forms[who].fields:
                fields.setdefault(name, []).append(value)
            answer = browsers[who].post(action.format(number), data={**fields, field: text})
            if seen[who] == version:
                assert answer.status_code == 303, order
                standing, version = text, version + 1
            else:
                assert answer.status_code == 409, order
                assert text in answer.text, f"{order}: what {who} wrote is lost"
                assert standing in answer.text, f"{order}: what stands is not shown"
        db.session.expire_all()
        assert getattr(db.session.get(model, number), field) == standing, order
