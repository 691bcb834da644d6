"""What the demo holds: told once for all these tests, which only look at it."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from assoc_intranet.association import queries as association
from assoc_intranet.core import clock
from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import db, writing
from assoc_intranet.demo import rules
from assoc_intranet.home import feed
from assoc_intranet.members import passwords
from assoc_intranet.members import queries as members
from assoc_intranet.members.models import ROLES, Member
from assoc_intranet.networks.models import Presence
from assoc_intranet.polls import queries as polls
from assoc_intranet.polls.kinds import Kind, Results
from assoc_intranet.polls.models import Ballot, Poll
from assoc_intranet.posts import lengths
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.states import State
from assoc_intranet.tasks import queries as tasks
from assoc_intranet.tasks.models import Task
from assoc_intranet.tasks.statuses import Status

from ..conftest import _empty
from .test_rules import FRIDAY


@pytest.fixture(scope="module", autouse=True)
def demo(stage):
    """The demo of a Friday morning."""
    with stage.app_context(), clock.at(FRIDAY):
        with writing():
            rules.fill()
        yield
        db.session.remove()
        _empty()


def everything(model):
    return list(db.session.scalars(select(model)))


def person(key):
    return members.by_email(f"{key}@beche-tournevis.example")


def test_it_is_an_association_of_25_with_60_posts_20_tasks_and_6_votes():
    assert association.name() == "La Bêche & le Tournevis"
    assert [len(everything(model)) for model in (Member, Post, Task, Poll)] == [25, 60, 20, 6]


def test_its_people_differ():
    people = everything(Member)
    assert {member.role for member in people} == set(ROLES)
    assert sum(not member.is_active for member in people) == 1
    assert len({member.dot for member in people}) > 5
    assert any(member.is_admin and member.role == "member" for member in people)
    assert any(not member.may_vote and member.role == "member" for member in people)


def test_it_is_present_on_six_networks_and_left_one():
    assert Counter(presence.status for presence in everything(Presence)) == {"active": 6, "dormant": 1}


def test_what_is_past_is_published_and_what_comes_is_in_every_state():
    today = clock.today("Europe/Brussels")
    dated = [post for post in everything(Post) if post.day]
    assert {post.state for post in dated if post.day < today} == {State.DONE, State.OFF}
    assert {post.state for post in dated if post.day >= today} == set(State) - {State.DONE}
    assert sum(post.day is None for post in everything(Post)) == 5


def test_some_posts_say_it_differently_on_a_network():
    assert any(text for post in everything(Post) for text in post.own_texts.values())


def test_what_is_approved_fits_its_networks_and_one_draft_does_not_yet():
    too_long = [
        post
        for post in everything(Post)
        if lengths.obstacles(lengths.variations(post.own_texts, post.text, post.own_texts, {}))
    ]
    assert [(post.title, post.state) for post in too_long] == [
        ("À table\u00a0: qui apporte quoi samedi\u202f?", State.DRAFT)
    ]


def test_only_ideas_have_nothing_to_say_yet():
    assert {post.state for post in everything(Post) if not post.text} == {State.IDEA}


def test_tasks_are_late_near_far_free_and_done():
    today = clock.today("Europe/Brussels")
    found = everything(Task)
    open_ = [task for task in found if not task.is_done]
    assert all(tasks.sort_by_week(open_, today))
    assert {task.status for task in found} == set(Status)
    assert any(task.is_free for task in found)
    assert any(0 < task.steps_done < len(task.steps) for task in found)
    assert sum(task.post is not None for task in found) > 5


def test_votes_are_of_every_kind_and_at_every_stage():
    found = everything(Poll)
    assert {poll.kind for poll in found} == set(Kind)
    assert {poll.results for poll in found} == set(Results)
    assert Counter((poll.is_draft, poll.is_open) for poll in found) == {
        (True, False): 1,
        (False, True): 3,
        (False, False): 2,
    }
    assert "Utilisez-vous le don en ligne\u202f?" in {poll.question for poll in found if poll.is_open}
    assert all(polls.turnout(poll)[0] >= 10 for poll in found if not poll.is_draft)


def test_something_waits_for_each_person_who_can_be_visited():
    today = clock.today("Europe/Brussels")
    for key in ("bruno", "nadia", "amina"):
        assert polls.to_vote(person(key)), key
    assert tasks.mine(person("bruno"), today).late
    assert tasks.mine(person("nadia"), today).late


def test_it_is_told_in_the_order_of_time_and_nothing_lies_ahead():
    moments = list(db.session.scalars(select(Change.at).order_by(Change.id)))
    assert moments == sorted(moments)
    assert moments[-1] <= FRIDAY
    assert max(ballot.cast_at for ballot in everything(Ballot)) <= FRIDAY


def test_the_feed_is_alive(stage):
    with stage.test_request_context():
        lines = feed.since(person("nadia"), FRIDAY - timedelta(days=2))
    assert len({line.who.id for line in lines}) > 3


def test_nobody_acts_before_they_came_or_after_they_left():
    people = {member.id: member for member in everything(Member)}
    for change in everything(Change):
        actor = people[change.actor_id] if change.actor_id else None
        assert actor is None or actor.joined_at <= change.at
        assert actor is None or actor.left_at is None or change.at <= actor.left_at


def test_nobody_has_a_password_that_anybody_knows():
    hashes = {member.password_hash for member in everything(Member)}
    assert len(hashes) == 1
    for guess in ("", "demo", "password", "admin", "amina", "La Bêche & le Tournevis"):
        assert not passwords.matches(*hashes, guess)
