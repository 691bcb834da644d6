"""A form that is sent twice at the same moment makes one thing, and both answers lead to it."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from assoc_intranet.core.db import db
from assoc_intranet.networks.models import Presence
from assoc_intranet.polls.models import Poll
from assoc_intranet.posts.models import Post
from assoc_intranet.tasks.models import Task
from tests.tasks.test_race import ROUNDS, at_once

POST = {"title": "Récolte", "text": "", "day": "28/11/2026", "hour": "18:30", "networks": "facebook"}
TASK = {"title": "Affiches", "priority": "0", "post_id": ""}
PRESENCE = {"network": "facebook", "handle": "La Bêche", "status": "active"}
POLL = {
    "kind": "single",
    "question": "Quel jour ?",
    "labels": "Samedi\nDimanche",
    "closes_on": "2099-11-28",
    "closes_hour": "20:00",
    "results": "always",
    "electorate": "all",
}


@pytest.mark.parametrize(
    ("url", "form", "table"),
    [("/posts", POST, Post), ("/tasks", TASK, Task), ("/polls", POLL, Poll), ("/networks", PRESENCE, Presence)],
)
def test_a_form_that_arrives_twice_at_once_makes_one_thing(app, as_, amina, url, form, table):
    browsers = [as_(amina), as_(amina), as_(amina)]
    for made in range(1, ROUNDS + 1):
        answers = at_once(app, browsers, url, [{**form, "op_id": str(uuid4())}] * 3)
        assert [answer.status_code for answer in answers] == [303, 303, 303], answers[0].text
        assert len({answer.location for answer in answers}) == 1
        assert db.session.scalar(select(func.count()).select_from(table)) == made
