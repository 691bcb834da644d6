"""What goes out when a vote moves, and to whom it must not."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from assoc_intranet.core.db import db
from assoc_intranet.jobs.loop import run_due
from assoc_intranet.members import rules as members
from assoc_intranet.members.models import Member, Session
from assoc_intranet.polls import rules
from assoc_intranet.polls.models import Poll
from tests.factories import make_member, make_poll
from tests.polls.voting import ids, vote

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CANARY = "Canari-des-mines"


@pytest.fixture
def denise(association) -> Member:
    """Denise votes first, with a reason nobody may read too early."""
    return make_member("Denise Noël")


@pytest.fixture
def hears(listeners):
    """`hears(bruno)` is his open stream, with a session, so that his rights can be asked again."""

    def open_stream(member):
        members.open_session(member, "Firefox")
        db.session.commit()
        session = db.session.query(Session).filter_by(member_id=member.id).order_by(Session.id.desc()).first()
        return listeners.hears(member, session_id=session.id)

    return open_stream


def test_everybody_sees_the_figures_of_a_vote_that_always_shows_them(listeners, hears, amina, bruno, chloe, denise):
    poll = make_poll(amina)
    streams = [hears(member) for member in (amina, bruno, chloe)]
    vote(poll, denise, "yes", reason=CANARY)
    for stream in streams:
        heard = listeners.heard(stream)
        assert f'hx-target="#poll-{poll.id}-figures"' in heard
        assert CANARY in heard


def test_before_the_close_nobody_gets_what_is_for_the_close(listeners, hears, amina, bruno, chloe, denise):
    """Not the coordinator, not who voted, not the voter's own stream: only how many have voted."""
    chloe.may_vote = True
    poll = make_poll(amina, results="close")
    everybody = (amina, bruno, chloe, denise)
    for member in everybody[1:3]:
        vote(poll, member, "no")
    streams = [hears(member) for member in everybody]
    vote(poll, denise, "yes", reason=CANARY)
    vote(poll, denise, "no", reason=CANARY, op_id="op-2")
    rules.extend(poll, amina, (poll.closes_at + timedelta(days=1)).date(), poll.closes_hour)
    for stream in streams:
        heard = listeners.heard(stream)
        assert f'hx-target="#poll-{poll.id}-turnout"' in heard, "the vote must be heard of for this to mean anything"
        assert CANARY not in heard
        assert "figures" not in heard
        assert "Denise" not in heard


def test_at_the_close_everybody_gets_it(listeners, hears, amina, bruno, chloe, denise):
    with time_machine.travel(NOON, tick=False):
        poll = make_poll(amina, results="close", hours=1)
        vote(poll, denise, "yes", reason=CANARY)
        people = amina, bruno, chloe
        streams = [hears(member) for member in people]
        listeners.read()
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        run_due()
        for stream in streams:
            heard = listeners.heard(stream)
            assert CANARY in heard
            assert 'hx-target="#poll-1-status"' in heard


def test_until_one_has_voted_nothing_is_heard_of_the_results(listeners, hears, amina, bruno, chloe, denise):
    poll = make_poll(amina, results="after")
    vote(poll, amina, "no")
    outside = [hears(member) for member in (bruno, chloe)]
    inside = hears(amina)
    vote(poll, denise, "yes", reason=CANARY)
    assert CANARY in listeners.heard(inside), "who has voted must hear it for this test to mean anything"
    for stream in outside:
        heard = listeners.heard(stream)
        assert CANARY not in heard
        assert "figures" not in heard


def test_the_first_ballot_opens_the_results_on_the_stream_that_is_already_open(listeners, hears, amina, bruno, denise):
    poll = make_poll(amina, results="after")
    stream = hears(bruno)
    vote(poll, denise, "yes", reason=CANARY)
    assert CANARY not in listeners.heard(stream)
    vote(poll, bruno, "no")
    assert CANARY in listeners.heard(stream), "his own ballot already brings the results"
    vote(poll, denise, "no", reason="Autre raison", op_id="op-2")
    assert "Autre raison" in listeners.heard(stream)


def test_a_reopened_vote_still_shows_its_results_to_who_has_voted(listeners, hears, amina, bruno, chloe, denise):
    poll = make_poll(amina, results="after")
    vote(poll, bruno, "no")
    rules.close(poll, amina, "Trop tôt, en fait")
    db.session.commit()
    inside, outside = hears(bruno), hears(chloe)
    rules.reopen(poll, amina, (poll.closes_at + timedelta(days=1)).date(), poll.closes_hour, "Encore un jour")
    vote(poll, denise, "yes", reason=CANARY)
    assert CANARY in listeners.heard(inside)
    assert CANARY not in listeners.heard(outside)


def test_a_draft_does_not_reach_an_observer(listeners, hears, amina, bruno, chloe):
    team, observer = hears(bruno), hears(chloe)
    poll = make_poll(amina, CANARY, is_open=False)
    rules.rewrite(poll, amina, poll.version, rules.Draft(f"{CANARY} 2", poll.closes_on, poll.closes_hour))
    assert f"{CANARY} 2" in listeners.heard(team)
    assert CANARY not in listeners.heard(observer)


def test_a_discarded_draft_leaves_the_lists_of_the_others(listeners, hears, amina, bruno):
    poll = make_poll(amina, CANARY, is_open=False)
    stream = hears(bruno)
    rules.discard(poll, amina)
    heard = listeners.heard(stream)
    assert 'hx-target="#polls-drafts"' in heard
    assert CANARY not in heard


def test_a_push_names_dates_in_the_language_of_who_listens(listeners, amina, bruno):
    poll = make_poll(amina, "Quand ?", (NOON.date(), None), (NOON.date() + timedelta(days=7), None))
    french, english = listeners.hears(amina, "fr"), listeners.hears(amina, "en")
    rules.cast_ballot(poll, bruno, dict.fromkeys(ids(poll).values(), "yes"))
    assert "sam. 28 nov." in listeners.heard(french)
    assert "Sat 28 Nov" in listeners.heard(english)


def test_the_push_holds_the_same_bytes_as_the_page(listeners, as_, amina, bruno):
    poll = make_poll(amina, "Thé ou café ?", "Thé", "Café")
    stream = listeners.hears(bruno, "fr")
    vote(poll, amina, "Thé", reason="Il réchauffe")
    pushed = "\n".join(line.removeprefix("data: ") for line in listeners.heard(stream).splitlines())
    page = as_(bruno).get(f"/polls/{poll.id}", headers={"Accept-Language": "fr"}).text
    for part in ("turnout", "figures", "ballots"):
        piece = pushed.split(f'hx-target="#poll-{poll.id}-{part}" hx-swap="outerMorph">')[1].split("</hx-partial>")[0]
        assert piece.strip() in page


def test_topics_end_with_the_vote(listeners, amina, bruno):
    poll = make_poll(amina, results="after")
    vote(poll, bruno, "yes")
    assert f"poll:{poll.id}:voted" in listeners.hears(bruno).topics
    assert not any(topic.startswith("poll:") for topic in listeners.hears(amina).topics)
    rules.close(db.session.get_one(Poll, poll.id), amina, "Assez")
    assert not any(topic.startswith("poll:") for topic in listeners.hears(bruno).topics)
