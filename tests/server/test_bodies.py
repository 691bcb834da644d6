"""What is sent to us: too much is refused, what comes slowly holds up nobody, and what is odd breaks nothing."""

import re
import time
from pathlib import Path

import pytest

from assoc_intranet.core.security import HEADERS

from .conftest import environment, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
MEGABYTE = 1024 * 1024


def is_protected(headers):
    return all(headers[name] == value for name, value in HEADERS.items()) and headers["Content-Security-Policy"]


def test_pages_are_served(server):
    assert server.ask("GET", "/healthz")[0] == 200
    status, headers, body = server.ask("GET", "/login")
    assert status == 200
    assert b"<!doctype html>" in body
    assert is_protected(headers)


def test_a_form_arrives_whole(server):
    body = "email=amina%40exemple.org&password=" + "a" * (MEGABYTE // 2)
    status, _headers, page = server.ask("POST", "/login", body, FORM)
    assert status == 422
    assert b"amina@exemple.org" in page


def test_a_body_that_says_it_is_too_large_is_refused(server):
    status, headers, _page = server.ask("POST", "/login", b"a" * (MEGABYTE + 1), FORM)
    assert status == 413
    assert is_protected(headers)


def test_a_body_that_does_not_say_how_large_it_is_is_refused_too(server):
    pieces = (b"a" * 65536 for _ in range(20))
    status, headers, _page = server.ask("POST", "/login", pieces, FORM)
    assert status == 413
    assert is_protected(headers)


def test_a_body_for_which_there_is_no_room_is_told_so(data):
    """Small ones are held in memory: who writes a sentence is not concerned."""
    nowhere = "import tempfile; tempfile.tempdir = '/nowhere'"
    with serving(environment(*data), hurry=nowhere) as full:
        status, headers, page = full.ask("POST", "/login", "email=amina&notes=" + "a" * 2 * MEGABYTE, FORM)
        assert status == 507
        assert "disque du serveur est plein" in page.decode()
        assert is_protected(headers)
        assert full.ask("POST", "/login", "email=amina", FORM)[0] == 422


def test_a_body_that_is_far_too_large_is_not_even_read(server):
    with server.say(
        b"POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 999999999\r\n\r\n"
    ) as line:
        assert b" 413 " in line.hear(b"\r\n")


@pytest.mark.parametrize("chunked", [False, True])
def test_who_goes_on_sending_after_the_refusal_is_cut(server, chunked):
    """What was refused is not read to its end: a gigabyte would keep the server busy for nothing."""
    how = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 1073741824"
    piece = b"a" * MEGABYTE
    wrapped = b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece
    with server.say(b"POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n" + how + b"\r\n\r\n") as line:
        assert sent_until_cut(line.socket, wrapped, 100) < 50


def sent_until_cut(connection, piece, most):
    for number in range(most):
        try:
            connection.sendall(piece)
        except OSError:
            return number
    return most


def test_a_head_that_never_ends_is_cut(data):
    with serving(
        environment(*data), hurry="from assoc_intranet.server import serve; serve.HEAD_SECONDS = 0.3"
    ) as served:
        with served.say(b"") as silent, served.say(b"GET /login HTTP/1.1\r\nX-Slow: ") as slow:
            assert silent.hear(b"!") == slow.hear(b"!") == b""
        assert served.ask("GET", "/login")[0] == 200


def test_a_kept_connection_has_its_own_patience(server):
    """Between two requests it is the other, longer one that counts."""
    with server.say(b"GET /login HTTP/1.1\r\nHost: x\r\n\r\n") as line:
        assert b" 200 " in line.hear(b"</html>")
        line.socket.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"ok" in line.hear(b"ok\n")


def test_there_are_files_enough_for_every_stream(data):
    low = "from resource import *; setrlimit(RLIMIT_NOFILE, (256, getrlimit(RLIMIT_NOFILE)[1]))"
    with serving(environment(*data, LIVE_MAX="500"), hurry=low) as served:
        limits = Path(f"/proc/{served.process.pid}/limits").read_text()
    assert int(re.search(r"Max open files +(\d+)", limits)[1]) > 1000


def test_a_chunked_form_arrives_whole(server):
    pieces = iter([b"email=amina%40", b"exemple.org&password=x"])
    status, _headers, page = server.ask("POST", "/login", pieces, FORM)
    assert status == 422
    assert b"amina@exemple.org" in page


def test_uploads_that_never_end_hold_up_no_page(server):
    half_open = [
        server.say(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nemail=") for _ in range(12)
    ]
    began = time.monotonic()
    assert server.ask("GET", "/login")[0] == 200
    assert time.monotonic() - began < 2
    for line in half_open:
        line.close()


def test_an_address_that_is_no_address_is_refused(server):
    with server.say("GET /login?next=/é HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()) as line:
        assert b" 400 " in line.hear(b"\r\n")


def test_what_is_no_http_is_told_so(server):
    with server.say(b"\x16\x03\x01\x02\x00 hello\r\n\r\n") as line:
        assert b" 400 " in line.hear(b"\r\n")


def test_a_header_with_an_underscore_counts_for_nothing(server):
    """WSGI cannot tell it from the one with a hyphen, which a proxy in front would have set."""
    headers = {"Content-Type": FORM["Content-Type"], "Sec_Fetch_Site": "same-origin"}
    assert server.ask("POST", "/login", "email=a&password=b", headers)[0] == 400


def test_who_is_silent_in_the_middle_is_let_go(data):
    with serving(environment(*data), hurry="asgi.SILENT_SECONDS = 0.3") as served:
        with served.say(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nemail=") as line:
            answer = line.hear(b"arrive.")
        assert b" 408 " in answer
        assert b"content-security-policy: default-src 'none'" in answer
