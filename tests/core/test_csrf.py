"""A forged request does nothing: what browsers say of where it comes from, and the token where they say nothing."""

import re

import pytest

OURS = "http://localhost"
PASSED, MISSING, FORBIDDEN = 422, 400, 403


def token_of(client):
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/login").text)[1]


@pytest.mark.parametrize(
    ("site", "origin", "with_token", "status"),
    [
        ("same-origin", None, False, PASSED),
        ("same-origin", OURS, False, PASSED),
        ("same-origin", "null", False, PASSED),
        (None, OURS, False, PASSED),
        (None, None, True, PASSED),
        (None, "null", True, PASSED),
        (None, "https://evil.example", True, PASSED),
        ("none", None, True, PASSED),
        ("something new", None, True, PASSED),
        (None, None, False, MISSING),
        (None, "null", False, MISSING),
        (None, "https://evil.example", False, MISSING),
        (None, f"{OURS}.evil.example", False, MISSING),
        (None, f"{OURS}:81", False, MISSING),
        (None, "https://localhost", False, MISSING),
        (None, "http://[", False, MISSING),
        ("none", None, False, MISSING),
        ("none", OURS, False, MISSING),
        ("something new", OURS, False, MISSING),
        ("cross-site", None, False, FORBIDDEN),
        ("cross-site", OURS, True, FORBIDDEN),
        ("same-site", None, False, FORBIDDEN),
        ("same-site", OURS, True, FORBIDDEN),
    ],
)
def test_where_a_request_comes_from_decides(client, association, site, origin, with_token, status):
    token = {"csrf_token": token_of(client)} if with_token else {}
    answer = client.post("/login", headers={"Sec-Fetch-Site": site, "Origin": origin}, data=token)
    assert answer.status_code == status


def test_the_token_may_be_in_a_header(client, association):
    headers = {"Sec-Fetch-Site": None, "X-CSRFToken": token_of(client)}
    assert client.post("/login", headers=headers).status_code == PASSED


def test_the_token_of_another_browser_is_none(app, client, association):
    stolen = token_of(app.test_client())
    token_of(client)
    answer = client.post("/login", headers={"Sec-Fetch-Site": None}, data={"csrf_token": stolen})
    assert answer.status_code == MISSING


def test_behind_a_proxy_the_public_address_is_ours(app, client, association, monkeypatch):
    monkeypatch.setitem(app.config, "BASE_URL", "https://intranet.example.org")
    for origin, status in (("https://intranet.example.org", PASSED), (OURS, MISSING)):
        assert client.post("/login", headers={"Sec-Fetch-Site": None, "Origin": origin}).status_code == status


def test_a_refusal_says_what_to_do(client, association):
    answer = client.post("/login", headers={"Sec-Fetch-Site": None})
    assert answer.mimetype == "text/html"
    assert "<h1" in answer.text
