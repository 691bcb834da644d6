"""Every form is sent as its page has it, then with every column of every table beside: the same rows change."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, text

from assoc_intranet.core.db import Model, db
from tests.conftest import SAME_ORIGIN
from tests.factories import PASSWORD

from .filling import BY_HAND, Filled, all_forms
from .test_access import UNSAFE
from .world import address, dump, routes

# What is typed where a page leaves a field open.
TYPED = {
    "title": "Un titre", "question": "Une question ?", "name": "Zoé Lang", "handle": "@nous", "text": "Des mots",
    "reason": "Parce que", "labels": "Un\nDeux", "email": "zoe@exemple.org", "password": "quatre mots bien jolis",
    "current_password": PASSWORD, "confirm_password": PASSWORD, "day_1": "28/11/2030", "hour_1": "18:30",
    "day_2": "29/11/2030", "hour_2": "18:30", "closes_on": "01/12/2030", "closes_hour": "18:30",
}  # fmt: skip
INSTEAD = {
    "login.log_in_here": {"email": ["bruno@exemple.org"], "password": [PASSWORD]},
    "polls.extend": {"closes_on": ["01/12/2030"]},
}
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


def typed(endpoint, form):
    """The fields of a form with what is missing filled in, and what must be otherwise than it stands."""
    fields = {name: [value] for name, value in form.offers.items() if form.kinds[name] == "radio"}
    for name in form.names():
        fields[name] = [value or TYPED.get(name, "") for known, value in form.fields if known == name]
    return {**fields, **INSTEAD.get(endpoint, {})}


@pytest.fixture(scope="module")
def forms(world):
    """By route, every form that somebody is shown for it, and who."""
    found = {}
    for viewer, rule, form in all_forms(world):
        found.setdefault(rule.endpoint, []).append((viewer, form))
    for method, rule in routes(world.app, *UNSAFE):
        if rule.endpoint in BY_HAND:
            for thing in world.of(rule):
                found.setdefault(rule.endpoint, []).append(
                    ("coordinator", Filled(method, address(rule, thing.ids), list(BY_HAND[rule.endpoint])))
                )
    return found


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


def works(world, viewer, endpoint, form):
    return rows_after(world, viewer, form, typed(endpoint, form))[0] < 400


def test_no_form_takes_a_column_it_does_not_ask_for(world, forms):
    tried, differ = set(), []
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=False):
        for endpoint, shown in sorted(forms.items()):
            working = next(((viewer, form) for viewer, form in shown if works(world, viewer, endpoint, form)), None)
            if working is None:
                continue
            viewer, form = working
            fields = typed(endpoint, form)
            tried.add(endpoint)
            plain = rows_after(world, viewer, form, fields)
            for value in VALUES:
                known = {*form.kinds, *fields, *ALSO_ASKED.get(endpoint, ())}
                beside = {name: [value] for name in COLUMNS if name not in known}
                sent = rows_after(world, viewer, form, {**fields, **beside})
                if sent != plain:
                    differ.append(f"{endpoint} with {value!r}: {difference(plain, sent)}")
    world.put_back()
    assert not differ, "\n".join(differ)
    expected = {rule.endpoint for _method, rule in routes(world.app, *UNSAFE)} - NOT_TRIED
    assert not expected - tried, f"No form of {expected - tried} could be sent: say in TYPED what is typed there."
