"""Two servers on one PostgreSQL behind nginx, a request to each in turn: nobody can tell which one answered."""

import contextlib
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import db, writing
from assoc_intranet.migrations import current, head
from assoc_intranet.polls.models import Poll
from tests import engines
from tests.association.test_logo import image
from tests.association.test_settings import SETTINGS
from tests.factories import PASSWORD, make_association, make_member, make_poll
from tests.server.conftest import LAST_CHUNK, environment, serving

from .front import FORM, NAME, multipart, nginx

PATIENCE = 20


class Pair:
    """Both servers, and nginx in front of them."""

    def __init__(self, servers, front):
        self.servers, self.front = servers, front
        self.app = servers[0].app
        self.ports = {str(served.port) for served in servers}

    def ask(self, method, path, body=None, headers=None):
        """(status, headers, body, port of the server that answered)."""
        status, headers, answer = self.front.ask(method, path, body, headers)
        return status, headers, answer, headers["X-Served-By"].rpartition(":")[2]

    @contextlib.contextmanager
    def streams(self, cookie):
        """Open streams, some on each server."""
        with contextlib.ExitStack() as opened:
            lines = [opened.enter_context(self.front.stream(cookie)) for _ in range(4)]
            assert {line.served_by for line in lines} == self.ports
            yield lines


@pytest.fixture(scope="module")
def address(stage):
    """An empty PostgreSQL database."""
    if os.environ.get("TEST_ENGINE") != "postgres":
        pytest.skip("several servers share a PostgreSQL: TEST_ENGINE=postgres")
    base = re.sub(r"@/\w+\?", "@/?", stage.config["SQLALCHEMY_DATABASE_URI"])
    return engines.create_database(base, "shared")


@pytest.fixture(scope="module")
def pair(address, tmp_path_factory):
    """Started at the same moment, on a database where nothing stands yet."""
    place = tmp_path_factory.mktemp("pair")
    secret = place / "secret"
    secret.write_text("a secret that both servers were given to read")
    settings = {"BASE_URL": f"https://{NAME}", "TRUSTED_PROXIES": "1", "SECRET_KEY_FILE": str(secret)}
    environs = [environment(place / "data", address, **settings) for _ in range(2)]
    with contextlib.ExitStack() as running, ThreadPoolExecutor() as pool:
        servers = list(pool.map(lambda environ: running.enter_context(serving(environ)), environs))
        front = running.enter_context(nginx(place / "nginx", *(served.port for served in servers)))
        with servers[0].app.app_context():
            make_association()
        yield Pair(servers, front)


@pytest.fixture
def amina(pair):
    """Amina coordinates and administers there."""
    with pair.app.app_context():
        with writing():
            member = make_member(f"Amina{os.urandom(4).hex()} Benali", role="coordinator", is_admin=True)
        yield member
        db.session.remove()


def logged_in(pair, member):
    """(cookie, port of the server that gave it)."""
    body = urlencode({"email": member.email, "password": PASSWORD})
    status, headers, _, port = pair.ask("POST", "/login", body, FORM)
    assert status == 303
    return headers["Set-Cookie"].partition(";")[0], port


def test_two_that_start_at_once_make_the_tables_once(pair):
    with pair.app.app_context():
        assert current() == head()


def test_who_came_in_by_one_is_in_at_the_other(pair, amina):
    cookie, _ = logged_in(pair, amina)
    seen = [pair.ask("GET", "/", headers={"Cookie": cookie}) for _ in range(4)]
    assert {status for status, *_ in seen} == {200}
    assert {port for *_, port in seen} == pair.ports


def test_what_is_written_on_one_is_seen_live_on_the_other(pair, amina):
    cookie, _ = logged_in(pair, amina)
    wrote = set()
    with pair.streams(cookie) as lines:
        for title in ("Plantation du pommier", "Atelier vélo"):
            body = urlencode({"title": title, "day": "2026-11-28"})
            status, _, _, port = pair.ask("POST", "/posts", body, {**FORM, "Cookie": cookie})
            assert status == 303
            wrote.add(port)
            for line in lines:
                assert title.encode() in line.hear(title.encode())
    assert wrote == pair.ports


def test_who_leaves_by_one_is_out_at_the_other_and_the_streams_end(pair, amina):
    cookie, _ = logged_in(pair, amina)
    with pair.streams(cookie) as lines:
        assert pair.ask("POST", "/logout", "", {**FORM, "Cookie": cookie})[0] == 303
        for line in lines:
            assert b"event: bye" in line.hear(LAST_CHUNK)
    seen = [pair.ask("GET", "/", headers={"Cookie": cookie}) for _ in range(4)]
    assert {port for *_, port in seen} == pair.ports
    assert {(status, headers["Location"]) for status, headers, *_ in seen} == {(303, "/login?next=/")}


def test_tries_are_counted_together(pair, amina):
    body = urlencode({"email": amina.email, "password": "pas le bon du tout"})
    tried = [pair.ask("POST", "/login", body, FORM) for _ in range(12)]
    assert [status for status, *_ in tried] == [422] * 10 + [429] * 2
    assert {port for *_, port in tried} == pair.ports


def test_what_is_due_is_done_once(pair, amina):
    with writing():
        polls = [make_poll(amina, f"Vote {number} ?", hours=1).id for number in range(5)]
    with writing():
        db.session.execute(db.update(Poll).where(Poll.id.in_(polls)).values(closes_at=Poll.opened_at))
    closed = db.select(Change.subject_id).where(Change.kind == "poll.closed", Change.subject_id.in_(polls))
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and len(set(_read(closed))) < 5:
        time.sleep(0.2)
    # A second worker would come within a second.
    time.sleep(1.5)
    assert sorted(_read(closed)) == sorted(polls)


def _read(query):
    found = list(db.session.scalars(query))
    db.session.rollback()
    return found


def test_a_logo_sent_to_one_is_shown_by_the_other(pair, amina):
    cookie, _ = logged_in(pair, amina)
    assert pair.ask("POST", "/settings", *multipart(SETTINGS, image(size=(300, 200)), cookie))[0] == 303
    address = re.search(r'src="(/logo/[^"]+)"', pair.ask("GET", "/login")[2].decode())[1]
    shown = [pair.ask("GET", address) for _ in range(4)]
    assert {status for status, *_ in shown} == {200}
    assert len({body for _, _, body, _ in shown}) == 1
    assert {port for *_, port in shown} == pair.ports


def test_when_one_dies_the_other_serves_everybody(pair, amina):
    cookie, _ = logged_in(pair, amina)
    dead, alive = pair.servers
    dead.process.kill()
    dead.process.wait()
    for _ in range(4):
        status, headers, *_ = pair.ask("GET", "/", headers={"Cookie": cookie})
        assert status == 200
        assert headers["X-Served-By"].endswith(f":{alive.port}")
    with pair.front.stream(cookie) as line:
        body = urlencode({"title": "Repair café", "day": "2026-11-28"})
        assert pair.ask("POST", "/posts", body, {**FORM, "Cookie": cookie})[0] == 303
        assert "Repair café".encode() in line.hear("Repair café".encode())
