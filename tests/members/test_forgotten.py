"""A forgotten password, with a mail server and without."""

import re
from datetime import timedelta

import pytest
import time_machine

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.jobs.loop import run_due
from assoc_intranet.members import rules
from assoc_intranet.members.models import Link, PasswordRequest

from .conftest import code_in

NEW = "quatre autres mots jolis"


def ask(client, email="bruno@exemple.org"):
    return client.post("/password", data={"email": email})


def mailed_code(smtp):
    run_due()
    return code_in(smtp()[-1].body)


def test_a_member_gets_a_link_and_chooses_a_new_password(client, bruno, smtp):
    ask(client, " Bruno@Exemple.org")
    code = mailed_code(smtp)
    assert smtp()[-1].recipient == "bruno@exemple.org"
    assert f"https://asso.exemple.org/password/new?code={code}" in smtp()[-1].body
    for _ in range(2):
        assert "Bruno Lambert" in client.get(f"/password/new?code={code}").text
    assert client.post("/password/new", data={"code": code, "password": NEW}).location == "/"
    assert client.get("/profile").status_code == 200


def test_the_link_works_once_for_an_hour_to_the_second(client, bruno, smtp):
    with time_machine.travel(now(), tick=False) as clock:
        ask(client)
        code = mailed_code(smtp)
        clock.shift(timedelta(hours=1, seconds=-1))
        assert 'name="password"' in client.get(f"/password/new?code={code}").text
        clock.shift(timedelta(seconds=1))
        assert 'name="password"' not in client.get(f"/password/new?code={code}").text
        assert client.post("/password/new", data={"code": code, "password": NEW}).status_code == 409
        ask(client)
        code = mailed_code(smtp)
        assert client.post("/password/new", data={"code": code, "password": NEW}).status_code == 303
        assert client.post("/password/new", data={"code": code, "password": NEW}).status_code == 409


def test_a_new_password_ends_every_login_and_is_told_by_mail(client, as_, bruno, smtp):
    elsewhere = as_(bruno)
    ask(client)
    code = mailed_code(smtp)
    client.post("/password/new", data={"code": code, "password": NEW})
    assert elsewhere.get("/profile").status_code == 303
    assert len(smtp()) == 2
    assert NEW not in smtp()[-1].body


def test_the_link_is_kept_as_a_hash_and_dies_with_the_password_it_was_for(client, as_, bruno, smtp):
    from tests.factories import PASSWORD

    brunos = as_(bruno)
    ask(client)
    code = mailed_code(smtp)
    assert code not in str(db.session.scalars(db.select(Link.token_hash)).all())
    brunos.post("/profile/password", data={"current_password": PASSWORD, "password": NEW})
    assert client.post("/password/new", data={"code": code, "password": NEW + "!"}).status_code == 409


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(client, bruno, smtp):
    def bare(page):
        return re.sub(r'nonce="[^"]+"|value="[^"]+"|X-CSRFToken&#34;: &#34;[^&]+|X-CSRFToken": "[^"]+', "", page.text)

    client.get("/password")
    known, unknown = ask(client), ask(client, "diego@exemple.org")
    assert known.status_code == unknown.status_code == 200
    assert bare(known) == bare(unknown)
    assert {name: value for name, value in known.headers if "Policy" not in name} == {
        name: value for name, value in unknown.headers if "Policy" not in name
    }


def test_the_work_is_the_same_for_a_known_and_an_unknown_address(client, bruno, smtp):
    """Whether the address is known is looked at by a job: the statements of the page are the same."""
    from sqlalchemy import event

    def statements(email):
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            ask(client, email)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return seen

    statements("warm@exemple.org")
    assert statements("bruno@exemple.org") == statements("diego@exemple.org")


@pytest.mark.parametrize("left", [False, True])
def test_nothing_is_mailed_to_who_is_not_here(client, bruno, amina, smtp, left):
    if left:
        rules.deactivate(bruno, amina)
        db.session.commit()
    ask(client, "bruno@exemple.org" if left else "diego@exemple.org")
    run_due()
    assert smtp() == []
    assert db.session.scalar(db.select(Link)) is None
    assert db.session.scalar(db.select(PasswordRequest)) is None


def test_without_a_mail_server_the_page_says_whom_to_ask(client, bruno):
    page = client.get("/password").text
    assert "administ" in page
    assert 'name="email"' not in page
    assert ask(client).status_code == 200
    run_due()
    assert client.get("/login").status_code == 200


def test_a_weak_new_password_is_refused_and_the_link_still_works(client, bruno, smtp):
    ask(client)
    code = mailed_code(smtp)
    for weak in ("court", "azertyuiop", "brunolambert"):
        assert client.post("/password/new", data={"code": code, "password": weak}).status_code == 422
    assert client.post("/password/new", data={"code": code, "password": NEW}).status_code == 303


def test_the_mail_is_in_the_language_of_the_member(client, bruno, smtp):
    bruno.language = "en"
    db.session.commit()
    ask(client)
    run_due()
    assert "Your new password" in smtp()[-1].subject
