"""No input gives a 500: what nobody would type, at every door, from outside and by who may do most."""

import pytest

from assoc_intranet.core.forms import Form

from .world import address, routes

UNSAFE = ("DELETE", "PATCH", "POST", "PUT")
NUMBERS = ("0", "-1", "1", str(2**31), str(2**63), str(10**400), "1e9", "１２", "0x10", " 7 ", "NaN")
WORDS = (
    "",
    " ",
    "\0",
    "\ufffd\uffff",
    "\u202egnitseretni",
    "e\u0301" * 40,
    "👩‍👩‍👧‍👦" * 20,
    "'; DROP TABLE post; --",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}%s%(name)s{0}",
    "../../etc/passwd",
    "=1+1",
    "\r\nSet-Cookie: x=y",
    "9999-99-99",
    "31/02/2026",
    "25:61",
    "28/11/2026",
    "18:30",
    "facebook",
)
ALL = (*WORDS, *NUMBERS)
RAW = (
    ("application/x-www-form-urlencoded", b"title=%ED%A0%80&text=%FF%FE&day=%"),
    ("application/x-www-form-urlencoded", b"&&&===;;;" * 100),
    ("application/json", b'{"title": {"$gt": 1}, "text": [1, null]}'),
    ("application/json", b"[["),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=title; filename=a\r\n\r\nx\r\n--x--",
    ),
    ("multipart/form-data; boundary=x", b"--x\r\nnothing"),
    ("multipart/form-data", b"no boundary"),
    ("text/plain; charset=klingon", b"\xff\xfe"),
)
HEADERS = (
    {"Accept-Language": "x" * 2000 + ";q=;;,fr;q=nan"},
    {"HX-Request": "true", "HX-Target": "\x7f<>"},
    {"Cookie": "session=.eJx; session=a.b.c; =; x"},
    {"Accept-Encoding": "br;q=99, gzip;q=-1, *;q=x"},
    {"Referer": "http://[", "Origin": "http://["},
    {"Last-Event-ID": "-1"},
    {"If-None-Match": "*", "Range": "bytes=9-1"},
)


def fields():
    """Every name that a form of ours knows, and those that pages make up from rows."""
    names = {
        "csrf_token",
        "code",
        "next",
        "kept",
        "own-facebook",
        "text-facebook",
        "label-1",
        "date_1",
        "option_1",
        "1",
    }
    waiting = [Form]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        names |= {name for name in dir(kind) if hasattr(getattr(kind, name), "_formfield")}
    return sorted(names)


def mixed(names, turn):
    """Something hostile in every field, something else in each; NUL keeps for itself, as it spoils the rest."""
    words = [word for word in ALL if word != "\0"]
    return {name: words[(place + 5 * turn) % len(words)] for place, name in enumerate(names)}


def forms():
    names = fields()
    for turn in range(5):
        yield {"data": mixed(names, turn)}
    for word in (" ", "\0", "a" * 3000):
        yield {"data": dict.fromkeys(names, word)}
    yield {"data": {name: list(ALL) for name in names}}


def bodies():
    """What is no form, or hardly."""
    for content_type, body in RAW:
        yield {"data": body, "content_type": content_type}


def broken(world, viewer, method, url, **sent):
    """What went wrong, as a list of at most one sentence."""
    answer = world.ask(viewer, method, url, **sent)
    answer.close()
    return [f"{answer.status_code}: {method} {url[:80]!r} with {sent!r:.200}"] if answer.status_code >= 500 else []


def in_vain(found):
    """The first of each kind: a route that breaks mostly breaks in many ways."""
    return "\n".join({line.partition(" with ")[0]: line for line in reversed(found)}.values())


@pytest.mark.parametrize("viewer", ["visitor", "member", "coordinator"])
def test_hostile_ids_break_nothing(world, viewer):
    found = []
    for method, rule in routes(world.app, "GET", *UNSAFE):
        ids = world.of(rule)[0].ids
        for name in ids:
            for value in (*NUMBERS[:6], *WORDS[2:5]):
                found += broken(world, viewer, method, address(rule, {**ids, name: value}))
    assert not found, in_vain(found)


@pytest.mark.parametrize("viewer", ["visitor", "coordinator", "admin"])
def test_hostile_questions_break_nothing(world, viewer):
    names = [*fields(), "q", "page", "since", "accent", "of", "role", "author", "network", "state", "month"]
    found = []
    for _method, rule in routes(world.app, "GET"):
        url = address(rule, world.of(rule)[0].ids)
        for turn in range(6):
            found += broken(world, viewer, "GET", url, query_string=mixed(names, turn))
        found += broken(world, viewer, "GET", url, query_string=dict.fromkeys(names, "\0"))
        found += broken(world, viewer, "GET", f"{url}?%FF%00%=&&=&a=%ED%A0%80&{'author=1&page=2&' * 100}")
    assert not found, in_vain(found)


@pytest.mark.parametrize(
    ("viewer", "things"), [("visitor", forms), ("coordinator", forms), ("admin", forms), ("member", bodies)]
)
def test_hostile_forms_break_nothing(world, viewer, things):
    found = []
    for method, rule in routes(world.app, *UNSAFE):
        url = address(rule, world.of(rule)[0].ids)
        for sent in things():
            found += broken(world, viewer, method, url, **sent)
    assert not found, in_vain(found)


@pytest.mark.parametrize("viewer", ["visitor", "member"])
def test_hostile_headers_break_nothing(world, viewer):
    found = []
    for _method, rule in routes(world.app, "GET"):
        for headers in HEADERS:
            found += broken(world, viewer, "GET", address(rule, world.of(rule)[0].ids), headers=headers)
    assert not found, in_vain(found)


def test_a_planted_fault_is_found(world, monkeypatch):
    def fragile():
        return 1 / 0

    fragile.access = "public"
    monkeypatch.setitem(world.app.view_functions, "login.show", fragile)
    assert broken(world, "visitor", "GET", "/login")
