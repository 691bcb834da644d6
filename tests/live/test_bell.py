"""One server tells the others at once; where the database cannot, they look."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assoc_intranet.core.db import db
from assoc_intranet.live.bell import Bell
from assoc_intranet.live.hub import Hub
from assoc_intranet.live.tail import LOOK_EVERY, Tail
from tests.factories import make_post

SOON = 10


@pytest.fixture
def bell(app) -> Iterator[Callable[[], tuple[Bell, threading.Event]]]:
    """Bells of several servers, each with what it wakes; stopped at the end."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite tells by its data_version")
    hung: list[Bell] = []

    def hang() -> tuple[Bell, threading.Event]:
        woken = threading.Event()
        hung.append(Bell(db.engine, woken.set))
        hung[-1].start()
        assert woken.wait(SOON)
        woken.clear()
        return hung[-1], woken

    yield hang
    for one in hung:
        one.stop()


def test_who_rings_wakes_the_others_and_not_itself(bell):
    (ours, here), (_theirs, there) = bell(), bell()
    ours.ring()
    assert there.wait(SOON)
    assert not here.is_set()


def test_a_bell_whose_connections_broke_rings_again(bell):
    (ours, here), (_theirs, there) = bell(), bell()
    ours.ring()
    assert there.wait(SOON)
    there.clear()
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^(LISTEN|NOTIFY)'"
    db.session.execute(db.text(cut))
    db.session.rollback()
    assert here.wait(SOON), "whoever listens again must look, as it may have missed something"
    assert there.wait(SOON)
    there.clear()
    ours.ring()
    ours.ring()
    assert there.wait(SOON)


def test_an_engine_without_notify_is_asked_once(bell, monkeypatch, caplog):
    (ours, _here) = bell()
    missing: Any = ours.errors.errors.FeatureNotSupported("LISTEN is not supported")

    def refuse() -> None:
        raise missing

    monkeypatch.setattr(ours, "_connect", refuse)
    ours.ring()
    ours.ring()
    assert ours.ended.is_set()
    assert caplog.text.count("no LISTEN") == 1


@pytest.mark.parametrize("knows_notify", [True, False])
def test_a_change_of_another_server_is_heard_with_and_without_notify(bell, app, bruno, monkeypatch, knows_notify):
    monkeypatch.setattr(Tail, "_committed", lambda _self, _session: None)
    if knows_notify:
        monkeypatch.setitem(LOOK_EVERY, "postgresql", 10 * SOON)
    else:
        monkeypatch.setattr(Bell, "run", lambda _self: None)
    hub, heard = Hub(cap=1), threading.Event()
    hub.call = lambda _deliver: heard.set()
    tail = Tail(app, hub, lambda _subscriber: None)
    tail.start()
    try:
        make_post(bruno, "D’un autre serveur")
        db.session.commit()
        if knows_notify:
            bell()[0].ring()
        assert heard.wait(SOON)
    finally:
        tail.stop()
