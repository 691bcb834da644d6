"""What happened, as rows in the order of commits; and what is remembered until something changes."""

import contextvars
from concurrent.futures import ThreadPoolExecutor

from flask import g, render_template_string
from sqlalchemy import event

from assoc_intranet.core.changes import Change, cursor, forget, publish, until_change
from assoc_intranet.core.db import db, writing


def test_a_change_says_what_happened_to_what_by_whom(app, amina, bruno):
    publish("member.edited", bruno, amina, days=["2026-11-28"])
    db.session.commit()
    change = db.session.query(Change).one()
    assert (change.kind, change.subject, change.subject_id, change.actor_id) == (
        "member.edited", "member", bruno.id, amina.id)  # fmt: skip
    assert change.details == {"days": ["2026-11-28"]}
    assert cursor() == change.id


def test_nothing_happened_when_it_is_undone(app, bruno):
    publish("member.edited", bruno)
    db.session.rollback()
    assert cursor() == 0


def test_the_actor_may_be_the_clock(app, bruno):
    assert publish("member.edited", bruno).actor_id is None


def test_ids_grow_in_the_order_of_commits(app, bruno):
    """A reader who has seen the newest id must never find an older one later."""
    seen = []

    def tell():
        with app.app_context():
            for _ in range(10):
                with writing():
                    publish("member.edited", bruno_row())
                db.session.rollback()
                with db.engine.connect() as connection:
                    found = connection.exec_driver_sql("SELECT id FROM change ORDER BY id").scalars().all()
                seen.append(found)

    def bruno_row():
        return db.session.get(type(bruno), number)

    number = bruno.id
    db.session.rollback()
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(contextvars.Context().run, tell) for _ in range(4)]:
            done.result(30)
    assert all(found == list(range(1, len(found) + 1)) for found in seen)


def test_what_a_page_reads_is_remembered_until_something_changes(app, bruno):
    asked = []

    @until_change
    def name():
        asked.append(1)
        return bruno.name

    g.cursor = cursor()
    assert [name(), name()] == ["Bruno Lambert"] * 2
    assert len(asked) == 1
    bruno.name = "Bruno L."
    publish("member.edited", bruno)
    db.session.commit()
    g.cursor = cursor()
    assert name() == "Bruno L."
    forget()
    name()
    assert len(asked) == 3


def test_a_write_remembers_nothing(client, association, door):
    """What it reads may be undone: neither a template that it draws nor the page of its refusal dates anything."""

    def view():
        render_template_string("{{ cursor }}")
        return str("cursor" in g)

    assert client.post(door(view, "POST")).text == "False"
    assert client.get(door(view)).text == "True"


def test_a_fragment_does_not_ask_for_the_cursor(app, association):
    asked = []

    def note(_connection, _cursor, words, *_rest):
        asked.append(words)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with app.test_request_context("/"):
            render_template_string("<p>no cursor here</p>")
            assert not any("max(id)" in words for words in asked)
            render_template_string("<p>{{ cursor }}</p>")
            assert any("max(id)" in words for words in asked)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
