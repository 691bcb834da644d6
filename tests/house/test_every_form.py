"""Every form is sent as its page has it: no column comes in beside, nothing is half done, no log repeats it."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from assoc_intranet.core.db import Model, db
from assoc_intranet.core.logs import TEXT, Lines
from tests.conftest import SAME_ORIGIN
from tests.factories import PASSWORD

from .filling import working_forms
from .test_access import UNSAFE
from .test_gets import COUNTS
from .world import dump, routes

CANARY = "canari-c3po-7"
TEXTS = {"text", "textarea", "password", "search", "email", "hidden"}
# Where one goes next is an address, and addresses are told.
LEADS = {"next"}
# It counts the letters of what is being typed, and keeps nothing.
NOT_COMMITTED = {"posts.count"}
# Columns whose names no form of ours has are sent to all; these values would be noticed wherever they arrive.
VALUES = ("99", "coordinator", "2001-02-03")
# Drawn anew each time something is made: a hash of chance, and the id of one sending.
DRAWN = {"session": {"token_hash"}, "link": {"token_hash"}, "casting": {"op_id"}, "member": {"password_hash"},
         "post": {"op_id"}, "poll": {"op_id"}, "task": {"op_id"}, "presence": {"op_id"}}  # fmt: skip
# Forms that the world leaves nothing to do for, or whose links come by mail: tried in the tests of their feature.
NOT_TRIED = {"setup.found", "invitations.join", "login.log_in_once", "passwords.save", "posts.send_sheet"}

# What a form asks for in other circumstances than the world's: with a mail server; from the page of the sheet.
ALSO_ASKED = {"invitations.create": {"email"}, "posts.import_sheet": {"title", "text", "day", "hour"}}

COLUMNS = sorted({column.name for table in Model.metadata.sorted_tables for column in table.columns})


@pytest.fixture(scope="module")
def forms(world):
    """By route: who sends which form, and with what, so that something changes."""
    return working_forms(world)


def rewind():
    """The next ids are those that came next before."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence"))
            return
        for table in Model.metadata.sorted_tables:
            if "id" in table.c:
                last = select(func.coalesce(func.max(table.c.id), 1)).scalar_subquery()
                connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def rows_after(world, viewer, form, fields):
    """The status, and every row as it stands once the form was sent at this one moment."""
    world.put_back()
    rewind()
    answer = world.ask(viewer, "POST", form.action, data=fields, headers=SAME_ORIGIN)
    answer.close()
    rows = {
        table: [{name: value for name, value in row.items() if name not in DRAWN.get(table, ())} for row in found]
        for table, found in dump().items()
    }
    return answer.status_code, rows


def difference(one, other):
    """What to look at first: the status, and rows that are in one of the two only."""
    rows = {table: [row for row in found if row not in other[1][table]] for table, found in one[1].items()}
    return f"{one[0]} or {other[0]}, { ({table: found for table, found in rows.items() if found}) }"


def test_every_form_can_be_sent(world, forms):
    """The premise of what follows: a form that is refused shows nothing."""
    missing = {rule.endpoint for _method, rule in routes(world.app, *UNSAFE)} - NOT_TRIED - forms.keys()
    assert not missing, f"No form of {missing} could be sent: say in filling.py what is typed there."


def test_no_form_takes_a_column_it_does_not_ask_for(world, forms):
    differ = []
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=False):
        for endpoint, (viewer, form, fields) in sorted(forms.items()):
            plain = rows_after(world, viewer, form, fields)
            for value in VALUES:
                known = {*form.kinds, *fields, *ALSO_ASKED.get(endpoint, ())}
                beside = {name: [value] for name in COLUMNS if name not in known}
                sent = rows_after(world, viewer, form, {**fields, **beside})
                if sent != plain:
                    differ.append(f"{endpoint} with {value!r}: {difference(plain, sent)}")
    world.put_back()
    assert not differ, "\n".join(differ)


def fail(*_connection):
    raise OperationalError("COMMIT", {"secret": CANARY}, Exception("disk I/O error"))


def without_counts(rows):
    return {table: found for table, found in rows.items() if table != COUNTS}


def test_what_cannot_be_committed_leaves_nothing(world, forms):
    """The database refuses at the last moment: a page says so, and no row is half done."""
    world.put_back()
    before = without_counts(dump())
    for endpoint, (viewer, form, fields) in sorted(forms.items()):
        if endpoint in NOT_COMMITTED:
            continue
        event.listen(db.engine, "commit", fail)
        try:
            answer = world.ask(viewer, "POST", form.action, data=fields)
        finally:
            event.remove(db.engine, "commit", fail)
        assert answer.status_code == 503, f"{endpoint}: {answer.status_code}"
        assert without_counts(dump()) == before, endpoint


def stumble(_connection, _cursor, statement, parameters, *_about):
    """A statement that no database takes, with all that it was given."""
    if statement.startswith(("INSERT INTO", "UPDATE", "DELETE")) and "attempt" not in statement:
        return "DELETE FROM nowhere", parameters
    return statement, parameters


def test_no_log_repeats_what_was_typed(world, forms, caplog):
    """Neither when all goes well nor when the database fails, where its library would show what it was given."""
    caplog.set_level(logging.INFO)
    lines = Lines(TEXT)
    for endpoint, (viewer, form, fields) in sorted(forms.items()):
        secret = {name: [CANARY] for name in fields if form.kinds.get(name, "text") in TEXTS and name not in LEADS}
        for sent in (fields, *({**fields, name: words} for name, words in secret.items()), {**fields, **secret}):
            world.ask(viewer, "POST", form.action, data=sent)
            world.put_back()
            event.listen(db.engine, "before_cursor_execute", stumble, retval=True)
            try:
                world.ask(viewer, "POST", form.action, data=sent)
            finally:
                event.remove(db.engine, "before_cursor_execute", stumble)
        said = "\n".join(lines.format(record) for record in caplog.records)
        assert CANARY not in said, endpoint
        assert PASSWORD not in said, endpoint
        caplog.clear()
