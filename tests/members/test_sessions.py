"""How long a login lasts, to the second."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from assoc_intranet.core.db import db
from assoc_intranet.jobs.loop import run_due
from assoc_intranet.members.models import Session
from tests.factories import make_member

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def is_in(browser):
    return browser.get("/profile").status_code == 200


def test_a_login_nobody_uses_ends_after_14_days(clock, as_, bruno):
    browser = as_(bruno)
    clock.move_to(START + timedelta(days=14) - SECOND)
    with time_machine.travel(START + timedelta(days=14), tick=False):
        assert not is_in(browser)
    assert is_in(browser)


def test_each_use_gives_14_days_more_up_to_90_in_all(clock, as_, bruno):
    browser = as_(bruno)
    for day in range(10, 90, 10):
        clock.move_to(START + timedelta(days=day))
        assert is_in(browser)
    clock.move_to(START + timedelta(days=90) - SECOND)
    assert is_in(browser)
    clock.move_to(START + timedelta(days=90))
    assert not is_in(browser)


def test_an_administrator_logs_in_again_after_12_hours(clock, as_, amina):
    browser = as_(amina)
    clock.move_to(START + timedelta(hours=12) - SECOND)
    assert is_in(browser)
    clock.move_to(START + timedelta(hours=12))
    assert not is_in(browser)


def test_that_a_session_is_used_is_noted_at_most_once_in_ten_minutes(clock, as_, bruno):
    browser = as_(bruno)

    def seen():
        return db.session.scalar(db.select(Session.seen_at))

    clock.move_to(START + timedelta(minutes=10))
    assert is_in(browser)
    assert seen() == START
    clock.move_to(START + timedelta(minutes=10) + SECOND)
    assert is_in(browser)
    assert seen() == START + timedelta(minutes=10) + SECOND


def test_what_is_over_is_ended_and_its_streams_are_told(clock, as_, amina, bruno, listeners):
    as_(amina)
    as_(bruno)
    ends, stays = db.session.scalars(db.select(Session.id).order_by(Session.id))
    stream = listeners.hears(amina, session_id=ends)
    clock.move_to(START + timedelta(hours=12))
    run_due()
    assert db.session.scalars(db.select(Session.id)).all() == [stays]
    listeners.read()
    assert stream.closed


def test_a_member_sees_their_logins_and_ends_one(as_, bruno):
    here, other = as_(bruno), as_(bruno)
    page = here.get("/profile").text
    assert page.count("Firefox, Linux") >= 2
    ids = db.session.scalars(db.select(Session.id).order_by(Session.id)).all()
    assert f"/sessions/{ids[1]}/closure" in page
    assert f"/sessions/{ids[0]}/closure" not in page
    assert here.post(f"/sessions/{ids[1]}/closure").location == "/profile"
    assert not is_in(other)
    assert is_in(here)


def test_a_member_ends_all_other_logins(as_, bruno):
    here, others = as_(bruno), [as_(bruno), as_(bruno)]
    here.post("/sessions/others/closure")
    assert is_in(here)
    assert not any(is_in(other) for other in others)


def test_nobody_ends_the_login_of_somebody_else(as_, amina, bruno):
    brunos = as_(bruno)
    session_id = db.session.scalar(db.select(Session.id))
    assert as_(amina).post(f"/sessions/{session_id}/closure").status_code == 404
    assert is_in(brunos)


def test_the_list_does_not_show_logins_that_are_over(clock, as_, bruno):
    as_(bruno)
    clock.move_to(START + timedelta(days=15))
    assert as_(bruno).get("/profile").text.count("Firefox, Linux") == 1
    assert make_member("Denise Noël").sessions == []
