"""What may happen to a vote, without a browser."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from assoc_intranet.core.changes import Change
from assoc_intranet.core.clock import local, now
from assoc_intranet.core.db import db
from assoc_intranet.core.errors import RuleBroken, Stale
from assoc_intranet.polls import queries, rules
from assoc_intranet.polls.models import Ballot, Casting, Poll
from tests.factories import make_member, make_poll
from tests.polls.voting import ids, standing, vote

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CHOICES = "Vélo", "Couture", "Semis"
DATES = (date(2026, 12, 5), time(18, 30)), (date(2026, 11, 28), None)


def kinds_of_change(poll):
    query = select(Change.kind).where(Change.subject == "poll", Change.subject_id == poll.id).order_by(Change.id)
    return list(db.session.scalars(query))


def later(**distance):
    at = local(now() + timedelta(**distance), "Europe/Brussels")
    return {"day": at.date(), "hour": at.time()}


def draft(question="Un stand ?", labels=(), **different):
    close = later(days=2)
    kind = different.pop("kind", "single" if labels else "yesno")
    return rules.Draft(question, close["day"], close["hour"], kind=kind, labels=labels, **different)


# ---- Drafts


def test_yes_or_no_brings_its_own_answers(bruno):
    poll = rules.propose(bruno, draft())
    assert [option.label for option in poll.options] == ["yes", "no", "abstain"]


def test_dates_are_asked_in_their_order(bruno):
    poll = make_poll(bruno, "Quand ?", *DATES)
    assert [(o.day, o.hour) for o in poll.options] == sorted(DATES, key=lambda d: d[0])


def test_the_same_form_sent_twice_makes_one_draft(bruno):
    first = rules.propose(bruno, draft(), op_id="b8f3")
    assert rules.propose(bruno, draft(), op_id="b8f3") is first
    assert db.session.query(Poll).count() == 1


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"labels": ["Seule"]}, "labels"),
        ({"labels": ["Vélo", "Vélo"]}, "labels"),
        ({"labels": [str(n) for n in range(21)]}, "labels"),
        ({"labels": CHOICES, "kind": "multiple", "most": 4}, "most"),
        ({"labels": CHOICES, "kind": "multiple", "most": 0}, "most"),
        ({"electorate": "picked", "picked": [0]}, "picked"),
    ],
)
def test_a_draft_that_cannot_be_voted_on_is_refused(bruno, different, field):
    with pytest.raises(RuleBroken) as refusal:
        rules.propose(bruno, draft(**different))
    assert refusal.value.field == field


def test_a_vote_cannot_close_in_the_past(bruno):
    with pytest.raises(RuleBroken) as refusal:
        make_poll(bruno, hours=-1, is_open=False)
    assert refusal.value.field == "closes_on"


def test_the_close_keeps_its_wall_time_over_the_end_of_summer_time(association, bruno):
    with time_machine.travel(datetime(2026, 10, 20, 12, tzinfo=UTC), tick=False):
        poll = rules.propose(bruno, rules.Draft("Avant l’hiver ?", date(2026, 10, 26), time(20)))
    assert poll.closes_at == datetime(2026, 10, 26, 19, tzinfo=UTC)


def test_two_people_on_one_draft_lose_nothing(amina, bruno):
    poll = make_poll(bruno, "Ancienne question", is_open=False)
    rules.rewrite(poll, amina, poll.version, draft("La question d’Amina"))
    with pytest.raises(Stale) as refusal:
        rules.rewrite(poll, bruno, 1, draft("La question de Bruno"))
    assert refusal.value.theirs["question"] == "La question d’Amina"
    assert refusal.value.yours["question"] == "La question de Bruno"
    assert (poll.question, refusal.value.version) == ("La question d’Amina", 2)


# ---- Opening, and the roll


def test_the_roll_is_every_member_with_a_vote_at_the_opening(amina, bruno, chloe):
    gone = make_member("Gaston Parti", left_at=now())
    poll = make_poll(amina)
    assert queries.roll(poll) == [amina, bruno]
    assert gone not in queries.roll(poll)


def test_the_voting_flag_puts_an_observer_on_the_roll(amina, chloe):
    chloe.may_vote = True
    poll = make_poll(amina)
    assert chloe in queries.roll(poll)


def test_the_roll_does_not_move_after_the_opening(amina, bruno):
    poll = make_poll(amina)
    late = make_member("Lucie Tard")
    bruno.may_vote, amina.left_at = False, now()
    db.session.commit()
    assert queries.roll(poll) == [amina, bruno]
    with pytest.raises(RuleBroken) as refusal:
        vote(poll, late, "yes")
    assert refusal.value.status == 403
    vote(poll, bruno, "yes")
    assert standing(poll) == {"Bruno Lambert": (["yes"], "")}


def test_a_coordinator_adds_who_came_later_and_it_is_known(amina, bruno):
    poll = make_poll(amina)
    late = make_member("Lucie Tard")
    rules.add_elector(poll, amina, late.id)
    vote(poll, late, "yes")
    assert queries.roll(poll) == [amina, bruno, late]
    assert [(e.kind, e.name, e.elector) for e in queries.story(poll)][-1] == (
        "elector.added",
        "Amina Benali",
        "Lucie Tard",
    )


def test_nobody_is_added_twice_nor_without_a_vote(amina, bruno, chloe):
    poll = make_poll(amina)
    for member in (bruno, chloe):
        with pytest.raises(RuleBroken):
            rules.add_elector(poll, amina, member.id)
    assert queries.roll(poll) == [amina, bruno]


def test_only_who_was_picked_votes(amina, bruno):
    poll = make_poll(amina, electorate="picked", picked=[bruno.id])
    assert queries.roll(poll) == [bruno]
    with pytest.raises(RuleBroken) as refusal:
        vote(poll, amina, "yes")
    assert refusal.value.status == 403


def test_who_lost_the_vote_before_the_opening_is_off_the_roll(amina, bruno):
    poll = make_poll(amina, electorate="picked", picked=[amina.id, bruno.id], is_open=False)
    bruno.may_vote = False
    rules.open_poll(poll, amina, **later(days=1))
    assert queries.roll(poll) == [amina]


def test_a_vote_nobody_could_take_part_in_does_not_open(amina, bruno):
    poll = make_poll(amina, is_open=False)
    amina.may_vote = bruno.may_vote = False
    with pytest.raises(RuleBroken):
        rules.open_poll(poll, amina, **later(days=1))
    db.session.rollback()
    assert poll.is_draft


def test_a_vote_opens_once(amina):
    poll = make_poll(amina)
    with pytest.raises(RuleBroken) as refusal:
        rules.open_poll(poll, amina, **later(days=1))
    assert refusal.value.status == 409


def test_nobody_changes_a_question_that_was_opened(amina, bruno):
    poll = make_poll(amina, "Vélo ou couture ?", "Vélo", "Couture")
    for refused in (
        lambda: rules.rewrite(poll, amina, poll.version, draft("Autre chose ?", labels=["A", "B"])),
        lambda: rules.discard(poll, amina),
    ):
        with pytest.raises(RuleBroken) as refusal:
            refused()
        assert refusal.value.status == 409
    db.session.rollback()
    assert (poll.question, list(ids(poll))) == ("Vélo ou couture ?", ["Vélo", "Couture"])


# ---- Ballots


def test_a_ballot_is_changed_and_not_added(amina, bruno):
    poll = make_poll(amina)
    vote(poll, bruno, "yes", reason="Pour la visibilité")
    vote(poll, bruno, "no", reason="Trop froid")
    assert standing(poll) == {"Bruno Lambert": (["no"], "Trop froid")}
    assert kinds_of_change(poll)[-2:] == ["ballot.cast", "ballot.changed"]


def test_a_reason_alone_can_be_changed(amina, bruno):
    poll = make_poll(amina)
    vote(poll, bruno, "yes")
    vote(poll, bruno, "yes", reason="Après réflexion")
    assert standing(poll) == {"Bruno Lambert": (["yes"], "Après réflexion")}


@pytest.mark.parametrize(
    ("kind", "labels"), [("single", ["Vélo", "Couture"]), ("single", []), ("multiple", CHOICES), ("multiple", [])]
)
def test_too_many_or_no_choices_are_refused(amina, bruno, kind, labels):
    poll = make_poll(amina, "Quels ateliers ?", *CHOICES, kind=kind, most=2)
    with pytest.raises(RuleBroken) as refusal:
        vote(poll, bruno, *labels)
    assert (refusal.value.field, refusal.value.status) == ("choice", 422)
    assert standing(poll) == {}


def test_several_answers_up_to_the_number(amina, bruno):
    poll = make_poll(amina, "Quels ateliers ?", *CHOICES, kind="multiple", most=2)
    vote(poll, bruno, "Vélo", "Semis")
    vote(poll, bruno, "Couture", "Semis")
    assert standing(poll) == {"Bruno Lambert": (["Couture", "Semis"], "")}


@pytest.mark.parametrize("answers", [{0: "yes"}, {-1: "yes"}])
def test_an_option_of_another_vote_is_refused(amina, bruno, answers):
    poll = make_poll(amina)
    for foreign in (answers, {make_poll(amina).options[0].id: "yes"}, {poll.options[0].id: "peut-être"}):
        with pytest.raises(RuleBroken):
            rules.cast_ballot(poll, bruno, foreign)
        db.session.rollback()
    assert standing(poll) == {}


def test_a_date_left_out_counts_as_no(amina, bruno):
    poll = make_poll(amina, "Quand ?", *DATES)
    first, second = poll.options
    rules.cast_ballot(poll, bruno, {second.id: "maybe"})
    assert queries.ballot_of(poll, bruno).answers == {first.id: "no", second.id: "maybe"}


def test_sending_a_ballot_ten_times_has_one_effect(amina, bruno):
    poll = make_poll(amina)
    for _ in range(10):
        vote(poll, bruno, "yes", op_id="op-1")
    assert standing(poll) == {"Bruno Lambert": (["yes"], "")}
    assert kinds_of_change(poll).count("ballot.cast") == 1
    assert "ballot.changed" not in kinds_of_change(poll)
    assert db.session.query(Casting).count() == 1


def test_a_late_repeat_of_an_old_ballot_does_not_undo_a_newer_one(amina, bruno):
    poll = make_poll(amina)
    vote(poll, bruno, "yes", op_id="op-1")
    vote(poll, bruno, "no", op_id="op-2")
    with pytest.raises(RuleBroken) as refusal:
        vote(poll, bruno, "yes", op_id="op-1")
    assert refusal.value.status == 409
    assert standing(poll) == {"Bruno Lambert": (["no"], "")}


def test_another_mind_on_the_same_page_is_heard(amina, bruno):
    """The answer may have been lost, and the same form sent again with something else in it."""
    poll = make_poll(amina)
    for choice in ("yes", "no", "yes"):
        vote(poll, bruno, choice, op_id="op-1")
    assert standing(poll) == {"Bruno Lambert": (["yes"], "")}


@pytest.mark.parametrize(("results", "is_named"), [("always", True), ("after", False), ("close", False)])
def test_the_feed_names_who_voted_only_where_everyone_may_know(amina, bruno, results, is_named):
    poll = make_poll(amina, results=results)
    vote(poll, bruno, "yes")
    cast = db.session.scalars(select(Change).where(Change.kind == "ballot.cast")).one()
    assert cast.actor_id == (bruno.id if is_named else None)


def test_what_is_published_never_tells_a_choice(amina, bruno):
    poll = make_poll(amina, "Quel atelier ?", *CHOICES, results="after")
    vote(poll, bruno, "Couture", reason="Canari")
    vote(poll, bruno, "Vélo", reason="Canari", op_id="op-2")
    told = [change.details for change in db.session.scalars(select(Change)) if change.kind != "poll.opened"]
    assert [details for details in told if details] == [{"member": bruno.id}]
    assert "Canari" not in json.dumps(told)


# ---- The close


@pytest.mark.parametrize(("milliseconds", "is_taken"), [(-1, True), (0, False), (1, False)])
def test_ballots_are_taken_until_the_very_instant_of_the_close(amina, bruno, milliseconds, is_taken):
    with time_machine.travel(NOON, tick=False):
        poll = make_poll(amina, hours=1)
        vote(poll, amina, "no")
    with time_machine.travel(NOON + timedelta(hours=1, milliseconds=milliseconds), tick=False):
        assert poll.is_open is is_taken
        if is_taken:
            vote(poll, bruno, "yes")
            vote(poll, amina, "yes")
        else:
            for member in (bruno, amina):
                with pytest.raises(RuleBroken) as refusal:
                    vote(poll, member, "yes")
                assert refusal.value.status == 409
    expected = {"Amina Benali": (["yes"], ""), "Bruno Lambert": (["yes"], "")}
    assert standing(poll) == (expected if is_taken else {"Amina Benali": (["no"], "")})


def test_the_statement_itself_refuses_when_memory_still_says_open(amina, bruno):
    """Another process closed the vote after this one read it."""
    poll = make_poll(amina)
    rules.close(poll, amina, "Assez")
    db.session.commit()
    set_committed_value(poll, "closed_at", None)
    assert poll.is_open, "memory must be wrong for this test to mean anything"
    with pytest.raises(RuleBroken) as refusal:
        rules.cast_ballot(poll, bruno, {poll.options[0].id: "yes"})
    assert refusal.value.status == 409
    assert db.session.query(Ballot).count() == 0


def test_a_draft_takes_no_ballot(amina, bruno):
    poll = make_poll(amina, electorate="picked", picked=[bruno.id], is_open=False)
    with pytest.raises(RuleBroken):
        vote(poll, bruno, "yes")
    assert standing(poll) == {}


def test_closing_early_says_why_and_ends_the_vote(amina, bruno):
    poll = make_poll(amina)
    rules.close(poll, amina, "Tout le monde a voté")
    db.session.commit()
    with pytest.raises(RuleBroken):
        vote(poll, bruno, "yes")
    event = queries.story(poll)[-1]
    assert (event.kind, event.name, event.reason) == ("poll.closed", "Amina Benali", "Tout le monde a voté")


def test_a_later_close_is_later(amina):
    poll = make_poll(amina, hours=48)
    with pytest.raises(RuleBroken) as refusal:
        rules.extend(poll, amina, **later(hours=24))
    assert refusal.value.field == "closes_on"
    rules.extend(poll, amina, **later(hours=72))
    assert poll.closes_at > now() + timedelta(hours=71)


def test_what_is_closed_is_reopened_and_not_extended(amina, bruno):
    with time_machine.travel(NOON, tick=False):
        poll = make_poll(amina, hours=1)
        vote(poll, bruno, "yes")
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        with pytest.raises(RuleBroken) as refusal:
            rules.extend(poll, amina, **later(hours=1))
        assert refusal.value.status == 409
        db.session.rollback()
        rules.reopen(poll, amina, **later(hours=1), reason="Deux personnes étaient absentes")
        vote(poll, bruno, "no")
        assert standing(poll) == {"Bruno Lambert": (["no"], "")}
        assert queries.story(poll)[-1].reason == "Deux personnes étaient absentes"


def test_what_is_open_is_neither_reopened_nor_closed_twice(amina):
    poll = make_poll(amina)
    with pytest.raises(RuleBroken):
        rules.reopen(poll, amina, **later(hours=1), reason="Pour voir")
    db.session.rollback()
    rules.close(poll, amina, "Assez")
    with pytest.raises(RuleBroken):
        rules.close(poll, amina, "Encore")


# ---- Reading


def test_what_waits_for_a_vote_leaves_when_it_was_given(amina, bruno, chloe):
    soon, late = make_poll(amina, hours=2), make_poll(amina, hours=3)
    make_poll(amina, is_open=False)
    make_poll(amina, electorate="picked", picked=[amina.id], hours=3)
    assert queries.to_vote(bruno) == [soon, late]
    vote(soon, bruno, "abstain")
    assert queries.to_vote(bruno) == [late]
    assert soon in queries.open_others(bruno)
    assert queries.to_vote(chloe) == []
    with time_machine.travel(late.closes_at + timedelta(seconds=1)):
        assert queries.to_vote(bruno) == []


@pytest.mark.parametrize(
    ("results", "before", "after_vote"), [("always", True, True), ("after", False, True), ("close", False, False)]
)
def test_results_show_when_they_were_meant_to(amina, bruno, chloe, results, before, after_vote):
    poll = make_poll(amina, results=results)
    assert queries.shows_results(poll, bruno) is before
    vote(poll, bruno, "yes")
    assert queries.shows_results(poll, bruno) is after_vote
    for other in (amina, chloe):
        assert queries.shows_results(poll, other) is before
    with time_machine.travel(poll.closes_at):
        assert all(queries.shows_results(poll, member) for member in (amina, bruno, chloe))


def test_a_draft_has_no_results(amina):
    assert not queries.shows_results(make_poll(amina, is_open=False), amina)


def test_closed_votes_come_a_page_at_a_time_the_last_first(amina):
    polls = [make_poll(amina, f"Question {n} ?") for n in range(queries.PAGE + 1)]
    for poll in polls:
        rules.close(poll, amina, "Fini")
    db.session.commit()
    first, more = queries.closed(1)
    assert (first[0], len(first), more) == (polls[-1], queries.PAGE, True)
    assert queries.closed(2) == ([polls[0]], False)
