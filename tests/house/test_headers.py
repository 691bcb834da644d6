"""What every answer owes, whatever it says: the policy with a fresh nonce, the other headers, sealed cookies.

`World.ask` checks it on every answer of the tests of access, of looking and of hostile input; here is the rest.
"""

import re

import pytest
from flask import Response, request, session

from assoc_intranet import create_app
from assoc_intranet.core.access import public
from assoc_intranet.core.db import Model, db
from assoc_intranet.core.security import HEADERS, POLICY

from .world import VIEWERS, address, owed, routes

NONCE = re.compile(r"'nonce-([^']+)'")


@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_answer_of_every_route_is_protected(world, viewer):
    for method, rule in routes(world.app, "GET", "HEAD", "OPTIONS"):
        world.ask(viewer, method, address(rule, world.of(rule)[0].ids)).close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/static/x/nowhere.css", 404),
        ("DELETE", "/calendar", 405),
        ("POST", "/healthz", 405),
        ("BREW", "/login", 405),
        ("GET", "/posts/7/", 404),
        ("GET", "//calendar", 308),
        ("GET", "/healthz", 200),
        ("GET", "/live", 200),
    ],
)
def test_refusals_are_protected_too(world, method, path, status):
    assert world.ask("visitor", method, path).status_code == status


def test_what_is_too_large_and_what_fails_is_protected_too(world, monkeypatch):
    large = b"x" * (world.app.config["MAX_CONTENT_LENGTH"] + 1)
    assert world.ask("visitor", "POST", "/login", data=large).status_code == 413

    def fails():
        raise ZeroDivisionError

    monkeypatch.setitem(world.app.view_functions, "association.theme", public(fails))
    assert world.ask("visitor", "GET", "/theme.css").status_code == 500


def test_the_nonce_is_fresh_and_the_same_all_over_a_page(world):
    nonces = set()
    for _ in range(5):
        answer = world.ask("member", "GET", "/calendar")
        nonce = NONCE.search(answer.headers["Content-Security-Policy"])[1]
        assert set(re.findall(r'nonce="([^"]*)"', answer.text)) == {nonce}
        nonces.add(nonce)
    assert len(nonces) == 5


def test_a_refused_forgery_has_its_nonce_too(world):
    """It is refused before anything of ours runs: a nonce drawn too early would make it a fault."""
    answer = world.ask("visitor", "POST", "/login", headers={"Sec-Fetch-Site": None})
    assert answer.status_code == 400


def test_pages_are_never_answered_with_not_modified(world):
    """A page that is shown again under a new nonce runs none of its scripts."""
    first = world.ask("member", "GET", "/calendar")
    asked = {"If-None-Match": first.headers.get("ETag", '"x"'), "If-Modified-Since": "Sat, 28 Nov 2099 09:00:00 GMT"}
    assert world.ask("member", "GET", "/calendar", headers=asked).status_code == 200
    assert "ETag" not in first.headers


def test_the_cookie_is_sealed(world):
    answer = world.ask("visitor", "GET", "/login")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


@pytest.fixture
def behind_https(tmp_path):
    """The application as it stands behind one proxy that speaks https."""
    environ = {"DATA_DIR": str(tmp_path), "BASE_URL": "https://intranet.example.org", "TRUSTED_PROXIES": "1"}
    app = create_app({"TESTING": True, "RATELIMIT_ENABLED": False}, environ)
    app.view_functions["association.theme"] = public(_greet)
    with app.app_context():
        Model.metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def _greet():
    session["greeted"] = True
    return Response(f"{request.remote_addr} {request.scheme} {request.host}")


def test_with_https_the_cookie_is_bound_to_this_host(behind_https):
    answer = behind_https.test_client().get("/theme.css")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


SPOOFED = {
    "X-Forwarded-For": "6.6.6.6, 203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example, intranet.example.org",
}


def test_the_word_of_a_trusted_proxy_counts_and_no_other(behind_https):
    assert (
        behind_https.test_client().get("/theme.css", headers=SPOOFED).text == "203.0.113.7 https intranet.example.org"
    )


def test_without_a_proxy_nobody_is_taken_for_one(world, monkeypatch):
    monkeypatch.setitem(world.app.view_functions, "association.theme", public(_greet))
    assert world.ask("visitor", "GET", "/theme.css", headers=SPOOFED).text == "127.0.0.1 http localhost"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: headers.pop("X-Content-Type-Options"),
        lambda headers: headers.pop("Content-Security-Policy"),
        lambda headers: headers.set("Content-Security-Policy", POLICY.format(nonce="x")),
        lambda headers: headers.set("Content-Security-Policy", POLICY.format(nonce="x" * 24) + "; script-src *"),
        lambda headers: headers.pop("Cache-Control"),
        lambda headers: headers.set("Cache-Control", "max-age=60"),
        lambda headers: headers.set("Content-Type", "text/html"),
        lambda headers: headers.add("Set-Cookie", "session=x; HttpOnly"),
        lambda headers: headers.add("Set-Cookie", "session=x; SameSite=Lax"),
        lambda headers: headers.set("Referrer-Policy", "no-referrer"),
    ],
)
def test_a_planted_fault_is_found(world, spoil):
    answer = world.ask("visitor", "GET", "/login")
    assert not owed(answer)
    spoil(answer.headers)
    assert owed(answer)


def test_the_headers_are_those_that_were_promised():
    """By hand, as access.csv is: what the code checks itself against could shrink unseen."""
    assert {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }.items() <= HEADERS.items()
    promised = (
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types htmx"
    )
    assert promised == POLICY
