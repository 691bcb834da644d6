"""What happens between two steps of the stream: nothing is lost, and nobody keeps what they lost the right to."""

import pytest

from assoc_intranet.core.changes import publish
from assoc_intranet.core.db import db
from assoc_intranet.live.hub import RESYNC, Batch, Hub, Subscriber
from tests.factories import make_post

MEMBERS = frozenset({"members"})


def listener(hub):
    return Subscriber(1, 1, MEMBERS, "fr", as_of=hub.grants)


def test_who_comes_between_rendering_and_handing_over_reads_the_page_again():
    hub = Hub(10)
    nobody_was_there = Batch(7, (), missing=frozenset({("members", "fr")}))
    came = listener(hub)
    hub.join(came, since=0)
    hub.deliver(nobody_was_there)
    assert list(came.queue) == [RESYNC]


def test_who_lost_a_right_while_the_stream_was_opened_is_asked_again():
    hub = Hub(10)
    opening = listener(hub)
    hub.regrant(lambda _subscriber: MEMBERS, [2])
    hub.join(opening, since=0)
    assert opening.closed
    assert not hub.subscribers


def test_a_stream_that_is_opened_while_the_server_stops_ends_at_once():
    hub = Hub(10)
    opening = listener(hub)
    hub.close_all()
    hub.join(opening, since=0)
    assert opening.closed
    assert not hub.subscribers


def test_signs_that_only_look_like_line_ends_are_kept():
    batch = Batch(1, (("members", "fr", "<p>a\u2028b\x0bc\x85d</p>"),))
    assert batch.frame(MEMBERS, "fr").decode() == "id: 1\ndata: <p>a\u2028b\x0bc\x85d</p>\n\n"


def test_a_change_that_a_fragment_does_not_understand_silences_nobody(listeners, bruno, monkeypatch):
    listening = listeners.hears(bruno)
    publish("post.moved", bruno)
    db.session.commit()
    assert "event: resync" in listeners.heard(listening)
    make_post(bruno, "Encore là")
    assert "Encore là" in listeners.heard(listening)


def test_each_look_sees_what_is_new(app, listeners, bruno):
    """Inside a transaction the version stands still: whoever looks must stand outside."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL is read every half second, whatever happened")
    watch = listeners.tail
    seen = []
    for number in range(3):
        make_post(bruno, f"Publication {number}")
        seen.append(watch._has_moved(db.engine))
        seen.append(watch._has_moved(db.engine))
    watch._watch.close()
    assert seen == [True, False] * 3
