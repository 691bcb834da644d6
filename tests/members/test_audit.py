"""The security log: each event is there, no line can be forged, no secret is in it."""

import logging

import pytest

from assoc_intranet.core import audit
from assoc_intranet.core.db import db
from assoc_intranet.jobs.loop import run_due
from assoc_intranet.members import rules
from tests.factories import PASSWORD

from .conftest import code_in


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.DEBUG)

    def audit_lines():
        return [record.getMessage() for record in caplog.records if record.name == "assoc_intranet.audit"]

    return audit_lines


def test_logins_refusals_and_changes_of_rights_are_written(client, as_, amina, bruno, lines):
    client.post("/login", data={"email": "bruno@exemple.org", "password": "faux faux"})
    client.post("/login", data={"email": "diego@exemple.org", "password": "faux faux"})
    client.post("/login", data={"email": "bruno@exemple.org", "password": PASSWORD})
    client.get("/settings")
    client.post("/logout")
    as_(amina).post(f"/members/{bruno.id}/rights", data={"role": "coordinator"})
    as_(amina).post(f"/members/{bruno.id}/deactivation")
    text = "\n".join(lines())
    assert f'login.failed member={bruno.id} address="127.0.0.1"' in text
    assert "login.failed member=null" in text
    assert f"login member={bruno.id}" in text
    assert f'refused status=403 method="GET" path="/settings" member={bruno.id}' in text
    assert "access.ended" in text
    assert f'member.rights subject="member-{bruno.id}" by={amina.id}' in text
    assert "member.left" in text


def test_no_secret_is_in_any_log(client, as_, amina, bruno, smtp, caplog, lines):
    secret = "canari secret 7"
    client.post("/login", data={"email": "bruno@exemple.org", "password": secret})
    client.post("/login", data={"email": secret, "password": "x"})
    as_(bruno).post("/profile/password", data={"current_password": PASSWORD, "password": secret})
    invitation = code_in(as_(amina).post("/invitations", data={"role": "member"}).text)
    link = code_in(as_(amina).post(f"/members/{bruno.id}/password-link").text)
    client.post("/password", data={"email": "bruno@exemple.org"})
    run_due()
    mailed = code_in(smtp()[-1].body)
    for path in ("/join", "/password/new", "/login/once"):
        client.get(f"{path}?code={mailed}")
        client.post(path, data={"code": invitation})
    text = "\n".join(record.getMessage() for record in caplog.records)
    assert lines()
    for canary in (secret, invitation, link, mailed, PASSWORD):
        assert canary not in text


def test_a_name_cannot_break_a_line(app, lines):
    audit.note("test", name="Diego\r\n2026 member.rights forged \x1b[31m\u2028")
    (line,) = lines()
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


def test_the_path_of_a_refused_request_cannot_break_a_line(as_, chloe, lines):
    as_(chloe).get("/members/7%0D%0Aforged")
    as_(chloe).get("/members?q=%0D%0Aforged")
    assert all(len(line.splitlines()) == 1 for line in lines())


def test_what_was_rolled_back_never_happened(amina, bruno, lines):
    rules.set_rights(bruno, amina, "coordinator", may_vote=True, is_admin=False)
    db.session.rollback()
    rules.deactivate(bruno, amina)
    db.session.commit()
    assert [line.split()[0] for line in lines()] == ["member.left"]
