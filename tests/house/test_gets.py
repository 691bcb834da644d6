"""Looking changes nothing: the database is the same before and after every GET, whoever looks."""

import pytest
import time_machine
from sqlalchemy import select

from assoc_intranet.core.db import db
from assoc_intranet.members.models import Session

from .world import VIEWERS, address, dump, routes

# What looking may leave: how often was tried, and when somebody was last seen.
COUNTS = "attempt"
SEEN = ("session", "seen_at")


def without_traces(rows):
    kept = {table: found for table, found in rows.items() if table != COUNTS}
    table, column = SEEN
    kept[table] = [{name: value for name, value in row.items() if name != column} for row in kept[table]]
    return kept


@pytest.mark.parametrize("viewer", VIEWERS)
def test_looking_changes_nothing(world, viewer):
    world.put_back()
    before = without_traces(dump())
    for _method, rule in routes(world.app, "GET"):
        for thing in world.of(rule, viewer):
            answer = world.ask(viewer, "GET", address(rule, thing.ids))
            answer.close()
            after = without_traces(dump())
            changed = [table for table in before if before[table] != after[table]]
            assert not changed, f"GET {rule} ({thing.name}) as {viewer} changed {changed}: only a POST may."


@pytest.mark.parametrize("endpoint", ["posts.calendar", "home.show"])
def test_a_planted_write_is_found(world, monkeypatch, endpoint):
    view = world.app.view_functions[endpoint]

    def writes(**ids):
        world.app.logger.debug("about to write")
        db.session.execute(Session.__table__.update().values(device="changed by looking"))
        db.session.commit()
        return "done"

    writes.access = view.access
    monkeypatch.setitem(world.app.view_functions, endpoint, writes)
    before = without_traces(dump())
    world.ask("member", "GET", "/calendar" if endpoint == "posts.calendar" else "/")
    assert without_traces(dump()) != before
    world.put_back()


def test_being_seen_is_noted_every_ten_minutes_at_most(world):
    def seen_at():
        db.session.rollback()
        return db.session.scalar(select(Session.seen_at).where(Session.member_id == world.member.id))

    world.put_back()
    first = seen_at()
    with time_machine.travel(first, tick=False) as clock:
        noted = []
        for _ in range(5):
            clock.shift(240)
            world.ask("member", "GET", "/")
            noted.append((seen_at() - first).seconds)
    assert noted == [0, 0, 720, 720, 720]
    world.put_back()
