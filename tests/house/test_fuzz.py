"""Any route, anybody, anything: whatever is sent, no fault is shown, nothing is read into being, and pages still open.

`INPUTS=10000 SEED=7 pytest tests/house/test_fuzz.py`: how many are drawn in all, and where the drawing begins.
"""

import os
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st
from sqlalchemy import event, update

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import SAFE_METHODS, db
from assoc_intranet.members.models import Session
from tests.conftest import SAME_ORIGIN

from .filling import BY_HAND, Filled, all_forms
from .test_gets import without_traces
from .test_hostile import ALL, NUMBERS, RAW, UNSAFE, fields
from .world import VIEWERS, address, dump, routes

INPUTS = int(os.environ.get("INPUTS", "1500"))
SEED = int(os.environ.get("SEED", "20261121"))
OTHER_METHODS = ("HEAD", "OPTIONS", "DELETE", "PATCH", "POST", "PUT", "TRACE", "BREW")
ASKED = ("q", "page", "since", "accent", "of", "role", "author", "network", "state", "month", "day", "kind", "filter",
         "order", "code", "next", "post_id", "title", "text")  # fmt: skip
FILES = (
    b"",
    b"\x89PNG\r\n\x1a\n" + b"\0" * 60,
    b"\xff\xd8\xff\xe0" + b"x" * 200,
    b"GIF89a/*" + b"A" * 50 + b"*/=1;alert(1)",
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    b"PK\x03\x04" + b"\xff" * 300,
    b"Date;Heure;Texte\n31/02/2026;25h;=1+1\n\xff\xfe;;\n",
    "Date;Texte\n28/11/2026;Fête\n".encode("utf-16"),
)
FILE_NAMES = ("a.png", "../../x", "a\0b.csv", "x" * 300 + ".xlsx", "planning.csv", "", "\u202egnp.exe", "CON")
PAGES = ("/", "/calendar", "/tasks", "/polls", "/members", "/networks", "/profile", "/more")

# What keyboards, tools and people with bad intentions type; and what only a program can.
words = st.one_of(
    st.sampled_from(ALL),
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.characters().map(lambda sign: sign * 400),
    st.integers(-(2**70), 2**70).map(str),
    st.dates().map(str),
    st.sampled_from(("x" * 5000, "9" * 500, "\U0001f4a9" * 300, "\u202e\u2066", "a\r\nb", "2026-02-30", "24:00")),
)
headers = st.dictionaries(
    st.sampled_from(("Accept", "Accept-Language", "HX-Request", "HX-Target", "HX-Current-URL", "HX-Request-Type",
                     "Referer", "Origin", "Range", "If-None-Match", "X-Forwarded-For", "Last-Event-ID", "Cookie")),
    st.text(st.characters(codec="latin-1", exclude_categories=("Cc",)), max_size=40)
    | st.sampled_from(("true", "*/*;q=9", "text/event-stream", "http://[", "-1", "full")),
    max_size=3,
)  # fmt: skip


@pytest.fixture(scope="module")
def known(world):
    """What stands in the forms of the pages, by route: a deep mistake needs a form that is nearly right."""
    found = {endpoint: [Filled("POST", "", pairs)] for endpoint, pairs in BY_HAND.items()}
    for _viewer, rule, form in all_forms(world):
        found.setdefault(rule.endpoint, []).append(form)
    return found


@st.composite
def requests(draw, world, known, viewer):
    method, rule = draw(st.sampled_from(routes(world.app, "GET", *UNSAFE)))
    if draw(st.integers(0, 15)) == 0:
        method = draw(st.sampled_from(OTHER_METHODS))
    ids = dict(draw(st.sampled_from(world.of(rule, viewer))).ids)
    for name in ids:
        if draw(st.integers(0, 5)) == 0:
            ids[name] = draw(st.sampled_from(NUMBERS) | words)
    asked = draw(st.lists(st.tuples(st.sampled_from((*ASKED, *NAMES)) | words, words), max_size=4))
    sent = {"query_string": urlencode(asked, errors="surrogatepass")}
    if method not in SAFE_METHODS:
        sent |= draw(bodies(known.get(rule.endpoint) or [Filled("POST", "")]))
    asked_with = {} if draw(st.integers(0, 3)) else draw(headers)
    return method, address(rule, ids), {"headers": {**SAME_ORIGIN, **asked_with}, **sent}


NAMES = tuple(fields())


@st.composite
def bodies(draw, forms):
    """A form as pages have it with some fields changed, doubled, dropped and added; or what is hardly a form."""
    if draw(st.integers(0, 7)) == 0:
        content_type, data = draw(st.sampled_from(RAW) | st.tuples(st.sampled_from([r[0] for r in RAW]), st.binary()))
        return {"content_type": content_type, "data": data}
    form = draw(st.sampled_from(forms))
    pairs = [pair for pair in form.fields if pair[0] != "csrf_token"]
    names = st.sampled_from([*(name for name, _value in pairs), *form.kinds, *draw(st.lists(st.sampled_from(NAMES)))]
                            or ["title"])  # fmt: skip
    for name, word in draw(st.lists(st.tuples(names, words), max_size=4)):
        if draw(st.booleans()):
            pairs = [pair for pair in pairs if pair[0] != name]
        pairs.append((name, word))
    files = [(name, draw(st.sampled_from(FILE_NAMES)), draw(st.sampled_from(FILES) | st.binary()))
             for name, kind in form.kinds.items() if kind == "file"]  # fmt: skip
    if files and draw(st.integers(0, 4)):
        return {"content_type": "multipart/form-data; boundary=qqq", "data": multipart(pairs, files)}
    return {"content_type": "application/x-www-form-urlencoded", "data": urlencode(pairs, errors="surrogatepass")}


def multipart(pairs, files):
    """As browsers write it, whatever the names are."""
    parts = [(f'name="{name}"', value.encode(errors="surrogatepass")) for name, value in pairs]
    parts += [(f'name="{name}"; filename="{as_named}"', data) for name, as_named, data in files]
    shown = [f"--qqq\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode(errors="surrogatepass") + data
             for about, data in parts]  # fmt: skip
    return b"\r\n".join([*shown, b"--qqq--\r\n"])


@pytest.fixture
def written(world):
    """Every statement that writes, but for what looking may leave."""
    statements = []

    def note_writes(_connection, _cursor, statement, *_about):
        words = statement.lstrip().upper()
        is_trace = words.startswith(("UPDATE SESSION SET SEEN_AT=", "INSERT INTO ATTEMPT"))
        if words.startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")) and not is_trace:
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note_writes)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note_writes)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_input_breaks_anything(world, known, written, viewer):
    world.put_back()
    before = without_traces(dump())

    @seed(SEED)
    @settings(
        max_examples=INPUTS // len(VIEWERS), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(requests(world, known, viewer))
    def holds(drawn):
        method, url, sent = drawn
        note(f"SEED={SEED} INPUTS={INPUTS}")
        if world.is_changed:
            world.put_back()
        written.clear()
        answer = world.ask(viewer, method, url, **sent)
        answer.close()
        assert answer.status_code < 500, f"{answer.status_code}: {method} {url}"
        assert method not in SAFE_METHODS or not written, f"{method} {url}: {written}"

    holds()
    if not world.is_changed:
        assert without_traces(dump()) == before
    for page in PAGES:
        assert world.ask("coordinator", "GET", page).status_code == 200, f"{page} no longer opens."


def test_a_planted_write_is_noted_and_a_trace_is_not(world, written):
    db.session.execute(update(Session).values(seen_at=now()))
    assert not written
    db.session.execute(update(Session).values(device="changed by looking"))
    assert written
    db.session.rollback()
