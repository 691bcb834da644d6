"""nginx and Caddy with our files in front of the real server: streams and bodies pass, and nobody is mistaken."""

import contextlib
import http.client
import os
import re
from urllib.parse import urlencode

import pytest

from assoc_intranet.core.db import db, writing
from tests.association.test_logo import image
from tests.association.test_settings import SETTINGS
from tests.factories import make_association, make_member, make_post
from tests.server.conftest import LAST_CHUNK, environment, serving

from .front import FORM, HERE, NAME, caddy, multipart, nginx

MEGABYTE = 1024 * 1024
ELSEWHERE = "127.0.0.2"
SPOOFED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=http",
    "X_Forwarded_For": "203.0.113.9",
}


@pytest.fixture(scope="module", params=[nginx, caddy])
def site(request, tmp_path_factory):
    """(server, what stands in front of it), installed as the guide says."""
    if os.environ.get("TEST_ENGINE"):
        pytest.skip("what a proxy does is the same with every database")
    place = tmp_path_factory.mktemp("site")
    settings = {"BASE_URL": f"https://{NAME}", "TRUSTED_PROXIES": "1", "MAX_UPLOAD_MB": "1"}
    with (
        serving(environment(place / "data", "", **settings)) as served,
        request.param(place / "front", served.port) as front,
    ):
        with served.app.app_context():
            make_association()
        yield served, front


@pytest.fixture
def amina(site):
    """Amina coordinates and administers there."""
    served, _ = site
    with served.app.app_context():
        with writing():
            member = make_member(f"Amina{os.urandom(4).hex()} Benali", role="coordinator", is_admin=True)
        yield member
        db.session.remove()


def journal(served):
    """What the server said of itself so far."""
    folder = served.app.config["DATA_DIR"]
    return folder.with_suffix(f".{served.port}.log").read_text()


def refused_login(front, who, headers=None, source=HERE):
    """The address in the log of a login that failed."""
    body = urlencode({"email": f"{who}@exemple.org", "password": "pas le bon du tout"})
    return front.ask("POST", "/login", body, {**FORM, **(headers or {})}, source=source)[0]


def addresses(served):
    return re.findall(r'login\.failed .*address="([^"]+)"', journal(served))


def test_a_stream_passes_at_once_and_to_its_end(site, amina):
    served, front = site
    cookie = served.cookie_of(amina)
    with front.stream(cookie) as line:
        with writing():
            make_post(amina, "Plantation du pommier")
        assert b"Plantation du pommier" in line.hear(b"pommier")
        assert front.ask("POST", "/logout", "", {**FORM, "Cookie": cookie})[0] == 303
        assert b"event: bye" in line.hear(LAST_CHUNK)


def test_who_asks_is_who_connected_whatever_they_say(site):
    served, front = site
    refused_login(front, "un")
    refused_login(front, "deux", SPOOFED)
    refused_login(front, "trois", SPOOFED, source=ELSEWHERE)
    assert addresses(served)[-3:] == [HERE, HERE, ELSEWHERE]


def test_nobody_gets_more_tries_by_claiming_to_be_somebody_else(site):
    _, front = site
    answers = [
        front.ask("POST", "/login/once", "code=x", {**FORM, "X-Forwarded-For": f"203.0.113.{n}"}, source="127.0.0.3")[0]
        for n in range(21)
    ]
    assert 429 not in answers[:20]
    assert answers[20] == 429


def test_the_cookie_is_for_https_and_for_this_name(site, amina):
    _, front = site
    body = urlencode({"email": amina.email, "password": "trois mots jolis"})
    status, headers, _ = front.ask("POST", "/login", body, {**FORM, **SPOOFED})
    assert status == 303
    assert headers["Location"] == "/"
    assert re.match(r"__Host-session=.*; Secure; HttpOnly; Path=/; SameSite=Lax", headers["Set-Cookie"])
    assert headers["Strict-Transport-Security"]


def test_the_clear_door_leads_to_the_other_one(site):
    _, front = site
    connection = http.client.HTTPConnection(HERE, front.clear_port, timeout=5)
    connection.request("GET", "/polls/7?x=1", headers={"Host": NAME})
    answer = connection.getresponse()
    assert answer.status in (301, 308)
    assert re.fullmatch(rf"https://{NAME}(:\d+)?/polls/7\?x=1", answer.headers["Location"])
    connection.close()


def test_what_is_a_little_too_large_gets_our_page_and_what_is_far_too_large_none(site):
    _, front = site
    status, headers, page = front.ask("POST", "/login", b"a" * (MEGABYTE + 1), {**FORM, "Accept-Language": "fr"})
    assert status == 413
    assert "trop" in page.decode()
    assert headers["Content-Security-Policy"]
    with contextlib.suppress(OSError):  # Caddy hangs up.
        status, headers, _ = front.ask("POST", "/login", b"a" * (21 * MEGABYTE), FORM)
        assert (status, headers["Content-Security-Policy"]) == (413, None)


def test_static_files_keep_their_headers(site):
    _, front = site
    page = front.ask("GET", "/login")[2].decode()
    for coding, said in (("br", "br"), ("gzip", "gzip"), ("", None)):
        address = re.search(r'href="(/static/[^"]+\.css)"', page)[1]
        status, headers, _ = front.ask("GET", address, headers={"Accept-Encoding": coding})
        assert status == 200
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert headers["Content-Encoding"] == said
        assert headers["Vary"] == "Accept-Encoding"


def test_every_answer_keeps_its_guards(site):
    _, front = site
    for path in ("/login", "/nowhere", "/healthz"):
        headers = front.ask("GET", path)[1]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "/" not in headers["Server"]


def test_a_logo_arrives(site, amina):
    served, front = site
    status, _, _ = front.ask("POST", "/settings", *multipart(SETTINGS, image(size=(900, 600)), served.cookie_of(amina)))
    assert status == 303
    page = front.ask("GET", "/login")[2].decode()
    status, headers, body = front.ask("GET", re.search(r'src="(/logo/[^"]+)"', page)[1])
    assert (status, headers["Content-Type"], body[:4]) == (200, "image/png", b"\x89PNG")


@pytest.mark.parametrize(("trusted", "status", "address"), [("0", 400, HERE), ("1", 422, "203.0.113.9")])
def test_what_a_proxy_says_counts_only_when_proxies_are_trusted(tmp_path, trusted, status, address):
    """Without BASE_URL: where a form comes from is compared with where the server believes to be."""
    if os.environ.get("TEST_ENGINE"):
        pytest.skip("what a proxy says does not depend on the database")
    said = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": NAME}
    body = urlencode({"email": "diego@exemple.org", "password": "pas le bon du tout"})
    with serving(environment(tmp_path / "data", "", TRUSTED_PROXIES=trusted)) as served:
        with served.app.app_context():
            make_association()
        assert served.ask("POST", "/login", body, {**FORM, **said})[0] == 422
        assert addresses(served) == [address]
        plain = {"Content-Type": FORM["Content-Type"], "Origin": f"https://{NAME}", **said}
        assert served.ask("POST", "/login", body, plain)[0] == status
