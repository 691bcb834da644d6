"""Too many tries: who is slowed down, for how long, and who never is."""

from datetime import timedelta

import pytest
import time_machine

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.core.limits import Attempt, sender
from assoc_intranet.jobs.loop import run_due
from tests.factories import PASSWORD

WRONG = "faux faux"


@pytest.fixture
def clock(limits):
    with time_machine.travel(now(), tick=False) as traveller:
        yield traveller


def try_login(browser, email="bruno@exemple.org", password=WRONG, address="192.0.2.1"):
    form = {"email": email, "password": password}
    return browser.post("/login", data=form, environ_overrides={"REMOTE_ADDR": address}).status_code


def test_an_account_is_tried_at_most_ten_times_in_a_quarter_of_an_hour(app, bruno, clock):
    answers = [try_login(app.test_client(), address=f"192.0.2.{n}") for n in range(1, 101)]
    assert answers.count(422) == 10
    assert answers.count(429) == 90


def test_the_wait_ends_after_a_quarter_of_an_hour_however_often_it_is_tried(client, bruno, clock):
    for _ in range(30):
        try_login(client)
        clock.shift(timedelta(seconds=20))
    clock.shift(timedelta(minutes=5))
    assert try_login(client, password=PASSWORD) == 303


def test_an_address_tries_at_most_fifty_times_whatever_the_accounts(client, association, clock):
    answers = [try_login(client, f"m{n}@exemple.org") for n in range(60)]
    assert answers.count(422) == 50
    assert try_login(client, "m@exemple.org", address="198.51.100.7") == 422


def test_a_network_of_ipv6_counts_as_one(client, association, clock):
    answers = [try_login(client, f"m{n}@exemple.org", address=f"2001:db8:1:2::{n:x}") for n in range(60)]
    assert answers.count(422) == 50
    assert try_login(client, "m@exemple.org", address="2001:db8:1:3::1") == 422


def test_a_member_comes_in_from_a_browser_they_know_while_others_try_their_account(app, bruno, clock):
    own = app.test_client()
    assert try_login(own, password=PASSWORD) == 303
    own.post("/logout")
    for n in range(1, 30):
        try_login(app.test_client(), address=f"198.51.100.{n}")
    assert try_login(app.test_client(), password=PASSWORD, address="203.0.113.9") == 429
    assert try_login(own, password=PASSWORD) == 303


def test_the_counts_survive_a_refusal_and_are_forgotten_when_they_are_over(client, bruno, clock):
    try_login(client)
    assert db.session.scalar(db.select(db.func.max(Attempt.count))) == 1
    assert "bruno" not in str(db.session.scalars(db.select(Attempt.key)).all())
    db.session.rollback()
    run_due()
    assert db.session.scalar(db.select(Attempt.id))
    clock.shift(timedelta(minutes=15))
    db.session.rollback()
    run_due()
    assert db.session.scalar(db.select(Attempt.id)) is None


def test_a_password_asked_again_is_tried_at_most_ten_times(as_, bruno, clock):
    browser = as_(bruno)
    form = {"email": "b@exemple.org", "current_password": "faux faux"}
    answers = [browser.post("/profile/email", data=form).status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_a_forgotten_password_is_asked_for_three_times_known_or_not(client, bruno, clock):
    for email in ("bruno@exemple.org", "diego@exemple.org"):
        answers = [client.post("/password", data={"email": email}).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]


def test_too_many_tries_are_answered_with_a_page_in_words(client, bruno, clock):
    for _ in range(10):
        try_login(client)
    page = client.post("/login", data={"email": "bruno@exemple.org", "password": "x"})
    assert page.status_code == 429
    assert "<h1" in page.text


def test_an_address_that_is_none_does_not_break(app):
    with app.test_request_context(environ_base={"REMOTE_ADDR": "unix:"}):
        assert sender() == "unknown"
