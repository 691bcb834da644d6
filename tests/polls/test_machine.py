"""Ballots against a dictionary: whatever happens in whatever order, both say the same.

`STEPS=10000` takes that many steps; without it, a few hundred.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from assoc_intranet.core.clock import local, now
from assoc_intranet.core.db import db
from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.polls import queries, rules
from tests.factories import make_member, make_poll
from tests.polls.voting import ids, standing, vote

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
LABELS = ("Thé", "Café", "Eau")
EVERYONE = st.integers(0, 3)
STEPS, AT_ONCE = int(os.environ.get("STEPS", "500")), 20
CHOSEN = st.sets(st.sampled_from(LABELS), max_size=3).map(sorted)


class Voting(RuleBasedStateMachine):
    """Three electors and one member who is none, over hours that pass."""

    people: list = []  # noqa: RUF012 (set by the test below, once the association is there)

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.time = self.clock.start()
        self.poll = make_poll(
            self.people[0], "?", *LABELS, kind="multiple", most=2, hours=3,
            electorate="picked", picked=[person.id for person in self.people[:3]],
        )  # fmt: skip
        self.ballots, self.sent, self.closes = {}, {}, self.poll.closes_at
        self.is_closed = False

    def teardown(self):
        db.session.rollback()
        self.clock.stop()

    @property
    def is_open(self):
        return not self.is_closed and now() < self.closes

    @rule(who=EVERYONE, labels=CHOSEN, reason=st.sampled_from(["", "parce que"]), op=st.integers(0, 4))
    def cast(self, who, labels, reason, op):
        op_id = f"{who}-{op}"
        earlier = self.sent.setdefault(who, [])
        fits = self.is_open and who < 3 and 1 <= len(labels) <= 2 and op_id not in earlier[:-1]
        name = self.people[who].name
        same = self.ballots.get(name) == (labels_in_order(self.poll, labels), reason)
        try:
            vote(self.poll, self.people[who], *labels, reason=reason, op_id=op_id)
        except RuleBroken:
            assert not fits
            return
        assert fits
        self.ballots[name] = (labels_in_order(self.poll, labels), reason)
        if op_id not in earlier and not (same and earlier):
            earlier.append(op_id)

    @rule(minutes=st.integers(1, 100))
    def wait(self, minutes):
        self.time.shift(timedelta(minutes=minutes))

    @rule()
    def let_the_job_run(self):
        if queries.due(now()):
            rules.close_due(self.poll.id)
            db.session.commit()

    @precondition(lambda self: self.is_open)
    @rule()
    def close(self):
        rules.close(self.poll, self.people[0], "assez")
        db.session.commit()
        self.is_closed = True

    @rule(hours=st.integers(1, 5))
    def move_the_close(self, hours):
        """Reopened when closed; when open, extended, or refused if that is no later."""
        close = now() + timedelta(hours=hours)
        wall = local(close, self.poll.zone)
        try:
            if self.is_open:
                rules.extend(self.poll, self.people[0], wall.date(), wall.time())
            else:
                rules.reopen(self.poll, self.people[0], wall.date(), wall.time(), "encore")
            db.session.commit()
        except RuleBroken:
            db.session.rollback()
            assert self.is_open
            assert close <= self.closes
        else:
            self.closes, self.is_closed = close, False

    @invariant()
    def both_say_the_same(self):
        assert standing(self.poll) == self.ballots
        assert self.poll.is_open is self.is_open
        assert queries.turnout(self.poll) == (len(self.ballots), 3)


def labels_in_order(poll, labels):
    return sorted(labels, key=ids(poll).get)


def test_ballots_are_what_a_dictionary_says(association):
    Voting.people = [make_member(name) for name in ("Ana Un", "Bob Deux", "Cora Trois", "Dan Dehors")]
    slow = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    many = settings(
        max_examples=STEPS // AT_ONCE, stateful_step_count=AT_ONCE, deadline=None, suppress_health_check=slow
    )
    run_state_machine_as_test(Voting, settings=many)
