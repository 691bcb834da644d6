"""Inviting, with and without a mail server."""

from datetime import timedelta

import pytest
import time_machine

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.members import queries, rules
from assoc_intranet.members.models import Link, Member
from tests.factories import PASSWORD, make_member

from .conftest import code_in

DIEGO = {"name": "Diego Fuentes", "email": "diego@exemple.org", "password": PASSWORD}


@pytest.fixture
def denise(association):
    """Denise coordinates and does not administer."""
    return make_member("Denise Noël", role="coordinator")


def test_a_link_is_copied_from_the_page_and_lets_one_person_in(as_, client, amina):
    page = as_(amina).post("/invitations", data={"role": "observer", "op_id": "1"})
    code = code_in(page.text)
    for _ in range(2):
        assert client.get(f"/join?code={code}").status_code == 200
    assert client.post("/join", data={**DIEGO, "code": code}).location == "/"
    diego = queries.by_email("diego@exemple.org")
    assert (diego.name, diego.role) == ("Diego Fuentes", "observer")
    other = client.application.test_client()
    again = other.post("/join", data={**DIEGO, "email": "autre@exemple.org", "code": code})
    assert again.status_code == 409
    assert 'name="password"' not in other.get(f"/join?code={code}").text


def test_an_invitation_ends_after_30_days_to_the_second(as_, client, amina):
    with time_machine.travel(now(), tick=False) as clock:
        code = code_in(as_(amina).post("/invitations", data={"role": "member"}).text)
        clock.shift(timedelta(days=30, seconds=-1))
        assert 'name="password"' in client.get(f"/join?code={code}").text
        clock.shift(timedelta(seconds=1))
        assert 'name="password"' not in client.get(f"/join?code={code}").text
        assert client.post("/join", data={**DIEGO, "code": code}).status_code == 409


@pytest.mark.parametrize("code", ["", "x", "' OR 1=1", "é" * 500])
def test_a_made_up_code_opens_nothing(client, association, code):
    assert client.post("/join", data={**DIEGO, "code": code}).status_code == 409
    assert db.session.scalar(db.select(Member)) is None


def test_two_at_once_with_one_link_let_one_in(app, amina):
    import threading

    _link, token = rules.invite(amina, "member")
    db.session.commit()
    ready, answers = threading.Barrier(2), []

    def join(number):
        with app.app_context():
            browser = app.test_client()
            ready.wait()
            form = {**DIEGO, "email": f"d{number}@exemple.org", "code": token}
            answers.append(browser.post("/join", data=form).status_code)

    threads = [threading.Thread(target=join, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]


def test_coordinators_invite_observers_and_members_administrators_any(as_, amina, denise, bruno):
    page = as_(denise).get("/invitations").text
    assert 'value="coordinator"' not in page
    assert as_(denise).post("/invitations", data={"role": "coordinator"}).status_code == 422
    assert as_(denise).post("/invitations", data={"role": "member"}).status_code == 200
    assert as_(amina).post("/invitations", data={"role": "coordinator"}).status_code == 200
    assert as_(bruno).get("/invitations").status_code == 403
    assert as_(bruno).post("/invitations", data={"role": "observer"}).status_code == 403


def test_pending_invitations_are_listed_and_taken_back(as_, client, amina):
    browser = as_(amina)
    code = code_in(browser.post("/invitations", data={"role": "member"}).text)
    link_id = db.session.scalar(db.select(Link.id))
    page = browser.get("/invitations").text
    assert f"/invitations/{link_id}/revocation" in page
    assert code not in page
    assert browser.post(f"/invitations/{link_id}/revocation").location == "/invitations"
    assert f"/invitations/{link_id}/" not in browser.get("/invitations").text
    assert client.post("/join", data={**DIEGO, "code": code}).status_code == 409
    assert browser.post(f"/invitations/{link_id}/revocation").status_code == 404


def test_a_coordinator_takes_back_only_their_own(as_, amina, denise):
    rules.invite(amina, "coordinator")
    rules.invite(denise, "member")
    db.session.commit()
    hers, own = db.session.scalars(db.select(Link.id).order_by(Link.id))
    for act in ("revocation", "renewal"):
        assert as_(denise).post(f"/invitations/{hers}/{act}").status_code == 403
        assert f"/invitations/{hers}/{act}" not in as_(denise).get("/invitations").text
    assert as_(denise).post(f"/invitations/{own}/renewal").status_code == 200
    newest = db.session.scalar(db.select(db.func.max(Link.id)))
    assert as_(amina).post(f"/invitations/{newest}/revocation").status_code == 303


def test_a_lost_link_is_drawn_again(as_, client, amina):
    lost = code_in(as_(amina).post("/invitations", data={"role": "member"}).text)
    link_id = db.session.scalar(db.select(Link.id))
    code = code_in(as_(amina).post(f"/invitations/{link_id}/renewal").text)
    assert client.post("/join", data={**DIEGO, "code": lost}).status_code == 409
    assert client.post("/join", data={**DIEGO, "code": code}).status_code == 303


def test_a_used_or_other_link_is_no_invitation_to_take_back(as_, amina, bruno):
    link, _token = rules.draw_link("password", member_id=bruno.id)
    db.session.commit()
    assert as_(amina).post(f"/invitations/{link.id}/revocation").status_code == 404


def test_an_invitation_is_mailed_in_the_language_of_the_association(as_, amina, smtp):
    page = as_(amina).post("/invitations", data={"role": "member", "email": "diego@exemple.org", "op_id": "1"})
    (mail,) = smtp()
    assert mail.recipient == "diego@exemple.org"
    assert "La Bêche & le Tournevis" in mail.subject
    assert f"https://asso.exemple.org/join?code={code_in(page.text)}" in mail.body
    as_(amina).post("/invitations", data={"role": "member", "email": "diego@exemple.org", "op_id": "1"})
    assert len(smtp()) == 1


def test_without_a_mail_server_no_address_is_asked_for(as_, amina):
    assert 'name="email"' not in as_(amina).get("/invitations").text


def test_nobody_who_is_here_is_invited_again(as_, amina, bruno, smtp):
    form = {"role": "member", "email": "Bruno@exemple.org"}
    assert as_(amina).post("/invitations", data=form).status_code == 422
    assert smtp() == []


def test_the_address_of_the_invitation_is_filled_in(as_, client, amina, smtp):
    page = as_(amina).post("/invitations", data={"role": "member", "email": "diego@exemple.org"})
    assert 'value="diego@exemple.org"' in client.get(f"/join?code={code_in(page.text)}").text


def test_a_link_in_a_mail_never_takes_the_host_that_a_request_names(as_, amina, app, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_HOST", "mail.exemple.org")
    from assoc_intranet.mail.models import Mail

    form = {"role": "member", "email": "diego@exemple.org"}
    browser = as_(amina)
    browser.set_cookie("session", browser.get_cookie("session").value, domain="evil.example")
    page = browser.post("/invitations", data=form, base_url="http://evil.example")
    assert page.status_code == 200
    body = db.session.scalar(db.select(Mail.body))
    assert "evil.example" not in body
    assert "http://127.0.0.1:5000/join?code=" in body
