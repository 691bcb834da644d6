"""Refusals and faults: a sentence for people, a line in the log, and never the inside of the machine."""

import errno
import sqlite3
from contextlib import closing

import pytest
from flask import g
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assoc_intranet.core.db import db
from assoc_intranet.core.errors import RuleBroken


def raising(error):
    def view():
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ZeroDivisionError("secret"), 500),
        (OperationalError("secret", {}, Exception()), 503),
        (InterfaceError("secret", {}, Exception(), connection_invalidated=True), 503),
        (InterfaceError("secret", {}, Exception()), 500),
        (PoolTimeout("secret"), 503),
        (IntegrityError("secret", {}, Exception()), 409),
        (DataError("secret", {}, Exception()), 400),
        (OverflowError("secret"), 400),
        (OSError(errno.ENOSPC, "secret"), 507),
        (OSError(errno.EDQUOT, "secret"), 507),
        (OSError(errno.EACCES, "secret"), 500),
        (RuleBroken("Not today."), 422),
        (RuleBroken("Too late.", status=409), 409),
    ],
)
def test_every_fault_is_a_page_that_says_no_more_than_needed(client, association, door, error, status):
    answer = client.post(door(raising(error), "POST"))
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert "Traceback" not in answer.text
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.fixture
def full_database(tmp_path):
    """What a full SQLite database says."""
    with closing(sqlite3.connect(tmp_path / "small.sqlite", isolation_level=None)) as database:
        database.execute("CREATE TABLE heap (grain TEXT)")
        database.execute("PRAGMA max_page_count = 3")
        with pytest.raises(sqlite3.OperationalError) as full:
            database.execute("INSERT INTO heap VALUES (hex(zeroblob(100000)))")
    return OperationalError("secret", {}, full.value)


def test_a_full_disk_is_told_as_what_it_is(client, association, door, full_database):
    answer = client.post(door(raising(full_database), "POST"))
    assert answer.status_code == 507
    assert "Le disque du serveur est plein" in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize("status", [503, 507])
def test_what_passes_is_said_beside_the_form_that_was_typed(client, association, door, full_database, status):
    fault = full_database if status == 507 else OperationalError("secret", {}, Exception())
    answer = client.htmx(door(raising(fault), "POST"))
    assert answer.status_code == status
    assert answer.text.startswith('<hx-partial hx-target="#toasts"')
    assert "<h1" not in answer.text


def test_without_javascript_the_page_sends_again_what_was_typed(client, association, door, full_database):
    form = {"title": "Récolte « d’automne »", "text": "Une ligne\nDeux lignes"}
    page = client.post(door(raising(full_database), "POST"), data=form).text
    assert '<form method="post" action="/login"' in page
    assert '<input type="hidden" name="title" value="Récolte « d’automne »">' in page
    assert '<input type="hidden" name="text" value="Une ligne\nDeux lignes">' in page


def test_a_password_is_never_written_into_a_page(client, association, door, full_database):
    form = {"email": "bruno@exemple.org", "password": "trois mots jolis"}
    page = client.post(door(raising(full_database), "POST"), data=form).text
    assert "<h1" in page
    assert "trois mots jolis" not in page
    assert 'action="/login"' not in page


def test_a_broken_rule_says_its_sentence(client, association, door):
    assert "Not today." in client.post(door(raising(RuleBroken("Not today.")), "POST")).text


def test_htmx_gets_the_sentence_as_a_toast_and_keeps_its_address(client, association, door):
    answer = client.htmx(door(raising(RuleBroken("Not today.")), "POST"))
    assert answer.status_code == 422
    assert answer.text.startswith('<hx-partial hx-target="#toasts"')
    assert answer.headers["HX-Push-Url"] == "false"


def test_a_refused_write_never_ends_in_the_address_bar(client, association):
    assert client.htmx("/nowhere").headers["HX-Push-Url"] == "false"
    assert "HX-Push-Url" not in client.get("/nowhere", headers={"HX-Request": "true"}).headers


def test_what_was_half_done_is_undone(client, association, door):
    def view():
        db.session.execute(text("UPDATE association SET name = 'À moitié'"))
        raise RuleBroken("Not today.")

    client.post(door(view, "POST"))
    assert association.name == "La Bêche & le Tournevis"


def test_a_refusal_waits_for_no_lock(client, association, door):
    modes = []

    def view():
        raise ZeroDivisionError

    def note(**_context):
        modes.append(g.writing)
        return {}

    app = client.application
    app.template_context_processors[None].append(note)
    try:
        client.post(door(view, "POST"))
    finally:
        app.template_context_processors[None].remove(note)
    assert modes
    assert not any(modes)


def lose_database(monkeypatch):
    def gone(*_arguments, **_named):
        raise OperationalError("secret", {}, Exception())

    for name in ("execute", "scalar", "get"):
        monkeypatch.setattr(f"sqlalchemy.orm.Session.{name}", gone)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/theme.css", "/login"])
def test_without_a_database_there_is_still_a_page(app, as_, bruno, monkeypatch, path):
    browser = as_(bruno)
    lose_database(monkeypatch)
    answer = browser.get(path)
    assert answer.status_code in (404, 503)
    assert "<h1" in answer.text
    assert "secret" not in answer.text


def test_without_a_database_what_was_typed_is_still_there(app, as_, bruno, monkeypatch):
    browser = as_(bruno)
    lose_database(monkeypatch)
    form = {"title": "Affiches"}
    by_htmx, by_form = browser.htmx("/tasks", data=form), browser.post("/tasks", data=form)
    assert (by_htmx.status_code, by_form.status_code) == (503, 503)
    assert by_htmx.text.startswith('<hx-partial hx-target="#toasts"')
    assert '<input type="hidden" name="title" value="Affiches">' in by_form.text


def test_a_method_that_is_not_answered_names_those_that_are(client, association):
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_member_reads_their_own_language(as_, amina, bruno):
    amina.language = "en"
    assert '<html lang="en">' in as_(amina).get("/nowhere").text
    assert '<html lang="fr">' in as_(bruno).get("/nowhere").text
