"""The list of members, their pages, and what an administrator changes there."""

import threading
from datetime import timedelta

import pytest
import time_machine

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.members import queries, rules
from assoc_intranet.members.models import Member
from tests.factories import PASSWORD, make_member

RIGHTS = {"role": "coordinator", "may_vote": "y"}


@pytest.fixture
def stale(as_, amina):
    """Amina's browser, an hour after she logged in."""
    browser = as_(amina)
    with time_machine.travel(now() + timedelta(minutes=15, seconds=1), tick=False):
        yield browser


def test_members_see_names_roles_and_rights_but_no_addresses(as_, amina, bruno, chloe):
    page = as_(bruno).get("/members").text
    assert "Chloé Marchal" in page
    assert f'id="member-{chloe.id}-tags"' in page
    for person in (amina, chloe):
        assert person.email not in page
        assert person.email not in as_(bruno).get(f"/members/{person.id}").text


def test_coordinators_and_administrators_see_addresses(as_, amina, bruno, chloe):
    bruno.role = "coordinator"
    chloe.is_admin = True
    db.session.commit()
    for reader in (bruno, chloe):
        assert amina.email in as_(reader).get("/members").text
        assert amina.email in as_(reader).get(f"/members/{amina.id}").text


def test_observers_do_not_see_the_list(as_, chloe, bruno):
    assert as_(chloe).get("/members").status_code == 403
    assert as_(chloe).get(f"/members/{bruno.id}").status_code == 403


def test_the_list_is_searched_by_name_and_role(as_, amina, bruno):
    make_member("Élodie Zola", email="elodie@exemple.org")
    page = as_(bruno).get("/members?q=ELODIE").text
    assert "Élodie Zola" in page
    assert "Amina Benali" not in page
    assert "Élodie" not in as_(bruno).get("/members?role=coordinator").text
    assert as_(bruno).get("/members?q=personne&role=rien").status_code == 200


def test_who_left_is_shown_to_administrators_only(as_, amina, bruno):
    denise = make_member("Denise Noël", left_at=now())
    assert "Denise" in as_(amina).get("/members").text
    assert "Denise" not in as_(bruno).get("/members").text
    assert as_(amina).get(f"/members/{denise.id}").status_code == 200
    assert as_(bruno).get(f"/members/{denise.id}").status_code == 404


def test_an_administrator_gives_rights(as_, amina, bruno):
    answer = as_(amina).post(f"/members/{bruno.id}/rights", data=RIGHTS)
    assert answer.location == f"/members/{bruno.id}"
    assert (bruno.role, bruno.may_vote, bruno.is_admin) == ("coordinator", True, False)


@pytest.mark.parametrize("act", ["rights", "deactivation", "reactivation", "password-link"])
def test_only_administrators_manage_members(as_, amina, bruno, act):
    denise = make_member("Denise Noël", role="coordinator")
    for person in (bruno, denise):
        assert as_(person).post(f"/members/{amina.id}/{act}", data=RIGHTS).status_code == 403
    assert amina.is_active
    assert amina.is_admin


def test_a_demoted_coordinator_is_refused_at_the_next_request(as_, amina, bruno):
    bruno.role = "coordinator"
    db.session.commit()
    brunos = as_(bruno)
    assert brunos.get("/invitations").status_code == 200
    as_(amina).post(f"/members/{bruno.id}/rights", data={"role": "member", "may_vote": "y"})
    assert brunos.get("/invitations").status_code == 403


def test_a_closed_account_is_out_at_once_and_may_come_back(as_, client, amina, bruno):
    brunos = as_(bruno)
    assert as_(amina).post(f"/members/{bruno.id}/deactivation").status_code == 303
    assert brunos.get("/profile").status_code == 303
    login = {"email": bruno.email, "password": PASSWORD}
    assert client.post("/login", data=login).status_code == 422
    as_(amina).post(f"/members/{bruno.id}/reactivation")
    assert client.post("/login", data=login).status_code == 303


def test_the_last_administrator_is_told_why_not_beside_the_box(as_, amina):
    refused = as_(amina).post(f"/members/{amina.id}/rights", data=RIGHTS)
    assert refused.status_code == 409
    assert f'id="member-{amina.id}-is_admin-error"' in refused.text
    assert as_(amina).post(f"/members/{amina.id}/deactivation").status_code == 409
    assert amina.is_admin
    assert amina.is_active


def test_an_unknown_role_is_refused_in_words(as_, amina, bruno):
    for role in ("", "admin", "client"):
        assert as_(amina).post(f"/members/{bruno.id}/rights", data={"role": role}).status_code == 422
    assert bruno.role == "member"


@pytest.mark.parametrize("act", ["rights", "deactivation", "reactivation", "password-link"])
def test_an_old_login_is_asked_for_the_password_first(stale, bruno, act):
    before = (bruno.role, bruno.left_at)
    page = stale.post(f"/members/{bruno.id}/{act}", data=RIGHTS)
    assert page.status_code == 403
    assert 'name="confirm_password"' in page.text
    assert f'action="/members/{bruno.id}/{act}"' in page.text
    assert 'name="role" value="coordinator"' in page.text
    assert (bruno.role, bruno.left_at) == before


def test_with_the_password_the_act_goes_on_and_is_not_asked_again(stale, bruno):
    url = f"/members/{bruno.id}/rights"
    wrong = stale.post(url, data={**RIGHTS, "confirm_password": "faux faux"})
    assert wrong.status_code == 403
    assert "faux faux" not in wrong.text
    assert bruno.role == "member"
    assert stale.post(url, data={**RIGHTS, "confirm_password": PASSWORD}).status_code == 303
    assert bruno.role == "coordinator"
    assert stale.post(url, data={"role": "member"}).status_code == 303


def test_a_login_is_fresh_for_a_quarter_of_an_hour_to_the_second(as_, amina, bruno):
    with time_machine.travel(now(), tick=False) as clock:
        browser = as_(amina)
        clock.shift(timedelta(minutes=14, seconds=59))
        assert browser.post(f"/members/{bruno.id}/rights", data=RIGHTS).status_code == 303
        clock.shift(timedelta(seconds=1))
        assert browser.post(f"/members/{bruno.id}/rights", data=RIGHTS).status_code == 403


def test_two_administrators_cannot_step_down_at_the_same_time(app, as_, amina):
    denise = make_member("Denise Noël", is_admin=True)
    browsers = {person.id: as_(person) for person in (amina, denise)}
    ready = threading.Barrier(2)

    def step_down(member_id):
        ready.wait()
        with app.app_context():
            browsers[member_id].post(f"/members/{member_id}/rights", data={"role": "member"})

    threads = [threading.Thread(target=step_down, args=(member_id,)) for member_id in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert db.session.scalar(db.select(db.func.count(Member.id)).where(Member.is_admin)) == 1


def test_the_password_link_of_an_administrator_lets_the_member_choose_once(as_, client, amina, bruno):
    from .conftest import code_in

    page = as_(amina).post(f"/members/{bruno.id}/password-link")
    assert page.headers["Cache-Control"] == "no-store"
    code = code_in(page.text)
    assert "Bruno Lambert" in client.get(f"/password/new?code={code}").text
    form = {"code": code, "password": "quatre autres mots jolis"}
    assert client.post("/password/new", data=form).location == "/"
    assert rules.check_password(bruno, "quatre autres mots jolis")
    assert client.application.test_client().post("/password/new", data=form).status_code == 409


def test_who_joins_and_who_changes_is_seen_by_members_and_not_by_observers(as_, amina, bruno, chloe, listeners):
    member, observer = listeners.hears(bruno), listeners.hears(chloe)
    rules.set_rights(bruno, amina, "coordinator", may_vote=False, is_admin=False)
    heard = listeners.heard(member)
    assert f'id="member-{bruno.id}-tags"' in heard
    assert listeners.heard(observer) == ""


def test_an_address_is_in_no_push(as_, amina, bruno, listeners):
    stream = listeners.hears(amina)
    denise = rules.enrol("Denise Noël", "canari@exemple.org", "hash", "member")
    heard = listeners.heard(stream)
    assert f"member-{denise.id}-tags" in heard
    assert "canari" not in heard


def test_a_stream_follows_the_rights_of_its_member(as_, amina, bruno, listeners):
    as_(bruno)
    stream = listeners.hears(bruno, session_id=queries.open_sessions(bruno)[0].id)
    assert "members" in stream.topics
    rules.set_rights(bruno, amina, "observer", may_vote=False, is_admin=False)
    listeners.read()
    assert "members" not in stream.topics
    assert "observers" in stream.topics
    rules.deactivate(bruno, amina)
    listeners.read()
    assert stream.closed
