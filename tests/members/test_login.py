"""Coming in and going out."""

import statistics
import time

import pytest

from assoc_intranet.core.db import db
from assoc_intranet.members import passwords, rules
from assoc_intranet.members.models import Member, Session
from tests.factories import PASSWORD

from .conftest import code_in


def log_in(client, email="bruno@exemple.org", password=PASSWORD, **more):
    return client.post("/login", data={"email": email, "password": password, **more})


def first_run(client):
    code = rules.first_setup_link()
    db.session.commit()
    form = {"association": "La Bêche", "name": "Amina", "email": "amina@exemple.org", "password": PASSWORD}
    return code, form


def test_the_first_run_names_the_association_and_logs_in(client):
    code, form = first_run(client)
    assert "Code" not in client.get(f"/setup?code={code}").text
    assert client.post("/setup", data={**form, "code": code}).location == "/"
    assert "La Bêche" in client.get("/members").text


def test_looking_at_the_first_run_page_uses_nothing_up(client):
    code, form = first_run(client)
    for _ in range(3):
        assert 'name="association"' in client.get(f"/setup?code={code}").text
    client.post("/setup", data={**form, "code": code})
    assert 'name="association"' not in client.get(f"/setup?code={code}").text


def test_a_refused_first_run_keeps_what_was_typed_and_the_code(client):
    code, form = first_run(client)
    refused = client.post("/setup", data={**form, "code": code, "password": "motdepasse"})
    assert refused.status_code == 422
    assert 'value="La Bêche"' in refused.text
    assert code in refused.text
    assert "motdepasse" not in refused.text
    assert client.post("/setup", data={**form, "code": code}).status_code == 303


def test_there_is_no_account_by_default(client):
    for email in ("admin", "admin@localhost", "admin@exemple.org", "root@localhost"):
        for password in ("", "admin", "password", "assoc-intranet", "changeme"):
            assert log_in(client, email, password).status_code == 422


def test_a_member_logs_in_and_goes_where_they_wanted(client, bruno):
    asked = client.get("/members?q=am")
    assert asked.location == "/login?next=/members?q%3Dam"
    assert 'value="/members?q=am"' in client.get(asked.location).text
    assert log_in(client, next="/members?q=am").location == "/members?q=am"


@pytest.mark.parametrize(
    "hostile",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "/\n/evil.example",
        " //evil.example",
        "//[::1]/",
        "@evil.example",
        "evil.example",
        "//evil.example\\@localhost",
        "//localhost@evil.example",
        "//localhost:5000@evil.example/",
        "https://localhost.evil.example/",
        "https:/evil.example",
        "https:///evil.example",
        "HTTPS://EVIL.EXAMPLE",
        "ftp://evil.example",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "jAvAsCrIpT:alert(1)",
        "/\\/evil.example",
        "\\/evil.example",
        "/\r\n/evil.example",
        "/\x0b/evil.example",
        "\u2028//evil.example",
        "\u3002//evil。example",
        "//0x7f000001/",
        "//[::ffff:127.0.0.1]/",
        "//evil.example:80\\@localhost/",
        "http://[",
        "//[",
        "?next=//evil.example",
        "#//evil.example",
        "login",
    ],
)
def test_a_login_leads_nowhere_else(client, bruno, hostile):
    assert log_in(client, next=hostile).location == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(client, bruno):
    known, unknown = log_in(client, password="faux faux"), log_in(client, "diego@exemple.org", "faux faux")
    assert known.status_code == unknown.status_code == 422

    def bare(page):
        return [
            line
            for line in page.text.splitlines()
            if not any(word in line for word in ("nonce", "csrf_token", "exemple.org"))
        ]

    assert bare(known) == bare(unknown)


def test_an_unknown_address_takes_as_long_as_a_known_one(client, bruno):
    """The hash is nearly all of the time: it is computed in both cases, so that medians stay close."""

    def median(email):
        times = []
        for _ in range(15):
            start = time.perf_counter()
            log_in(client, email, "faux faux")
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    median("warm@exemple.org")
    known, unknown = median("bruno@exemple.org"), median("diego@exemple.org")
    assert 0.6 < known / unknown < 1.6


def test_who_left_cannot_log_in(client, amina, bruno):
    rules.deactivate(bruno, amina)
    db.session.commit()
    assert log_in(client).status_code == 422


def test_an_old_hash_is_renewed_at_login(client, bruno, monkeypatch):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    bruno.password_hash = old
    db.session.commit()
    assert log_in(client).status_code == 303
    assert bruno.password_hash != old
    assert passwords.matches(bruno.password_hash, PASSWORD)


def cookie(client):
    return client.get_cookie("session").value


def test_each_login_has_a_session_of_its_own_and_ends_the_one_before(client, bruno):
    log_in(client)
    first = cookie(client)
    log_in(client)
    assert cookie(client) != first
    assert len(db.session.scalars(db.select(Session)).all()) == 1
    client.set_cookie("session", first)
    assert client.get("/profile").location.startswith("/login")


def test_an_old_cookie_opens_nothing_after_logging_out(client, bruno):
    log_in(client)
    kept = cookie(client)
    assert client.post("/logout").location == "/login"
    client.set_cookie("session", kept)
    assert client.get("/").location.startswith("/login")


def test_logging_out_twice_is_fine(client, association):
    assert client.post("/logout").location == "/login"


def test_the_cookie_outlives_the_browser_unless_others_use_it(client, bruno):
    kept = log_in(client).headers["Set-Cookie"]
    assert "Expires=" in kept
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    client.post("/logout")
    assert "Expires=" not in log_in(client, shared="y").headers["Set-Cookie"]


def test_the_page_after_a_login_carries_a_token_that_works_where_browsers_say_nothing_of_themselves(client, bruno):
    import re

    typed = '["/profile", [["name", "Bruno L."], ["dot", "3"]], false]'
    page = log_in(client, kept=typed).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    silent = {"Sec-Fetch-Site": None}
    form = {"name": "Bruno L.", "dot": "3"}
    assert client.post("/profile", data=form, headers=silent).status_code == 400
    assert client.post("/profile", data={**form, "csrf_token": token}, headers=silent).status_code == 303


def test_a_login_link_works_once_and_looking_uses_nothing_up(client, bruno):
    _link, token = rules.draw_link("login", member_id=bruno.id)
    db.session.commit()
    for _ in range(2):
        assert "Bruno Lambert" in client.get(f"/login/once?code={token}").text
    assert client.post("/login/once", data={"code": token}).location == "/"
    assert client.get("/profile").status_code == 200
    again = client.application.test_client()
    assert again.post("/login/once", data={"code": token}).status_code == 409
    assert "Bruno" not in again.get(f"/login/once?code={token}").text


def test_a_login_link_of_who_left_opens_nothing(client, amina, bruno):
    rules.deactivate(bruno, amina)
    _link, token = rules.draw_link("login", member_id=bruno.id)
    db.session.commit()
    assert client.post("/login/once", data={"code": token}).status_code == 409


def test_mass_assignment_changes_nothing(client, amina):
    """Every column of a member, sent with the form that makes one."""
    _link, token = rules.invite(amina, "observer")
    db.session.commit()
    columns = dict.fromkeys((column.name for column in Member.__table__.columns), "1")
    typed = {"name": "Diego", "email": "diego@exemple.org", "password": PASSWORD, "code": token}
    client.post("/join", data={**columns, "is_admin": "y", "role": "coordinator", **typed})
    diego = db.session.scalar(db.select(Member).where(Member.email == "diego@exemple.org"))
    assert (diego.role, diego.is_admin, diego.may_vote, diego.left_at) == ("observer", False, False, None)


def test_the_code_of_an_invitation_is_found_in_its_link(client, as_, amina):
    page = as_(amina).post("/invitations", data={"role": "member"})
    assert 'name="password"' in client.get(f"/join?code={code_in(page.text)}").text
