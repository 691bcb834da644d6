"""From a committed change to the bytes that go out."""

from assoc_intranet.core.changes import cursor, publish
from assoc_intranet.core.db import db
from assoc_intranet.live import tail
from assoc_intranet.members import rules as members
from assoc_intranet.members.models import Session
from assoc_intranet.posts import rules as posts
from tests.factories import make_post


def test_ten_changes_to_one_day_are_one_rendering_a_language(listeners, bruno):
    french, english = listeners.hears(bruno, "fr"), listeners.hears(bruno, "en")
    for number in range(10):
        make_post(bruno, f"Publication {number}")
    for listening in (french, english):
        assert listeners.heard(listening).count('id="day-2026-11-28"') == 1


def test_an_ended_session_ends_its_stream(listeners, bruno):
    members.open_session(bruno, "Firefox")
    db.session.commit()
    session = db.session.query(Session).one()
    listening = listeners.hears(bruno, session_id=session.id)
    members.end_session(session, bruno)
    listeners.read()
    assert listening.closed


def test_a_demoted_member_stops_hearing_drafts(listeners, amina, bruno):
    members.open_session(bruno, "Firefox")
    db.session.commit()
    session = db.session.query(Session).one()
    listening = listeners.hears(bruno, session_id=session.id)
    bruno.role = "observer"
    publish("access.changed", bruno, amina, member=bruno.id)
    listeners.read()
    make_post(amina, "Canari")
    assert "Canari" not in listeners.heard(listening)


def test_a_fragment_that_fails_sends_its_readers_to_the_page_and_silences_nobody(listeners, bruno, monkeypatch):
    listening = listeners.hears(bruno)
    post = make_post(bruno)
    listeners.heard(listening)
    broken = next(f for f in tail.FRAGMENTS if f.template == "posts/_saved.html")
    monkeypatch.setattr(broken, "load", lambda _post_id: 1 / 0)
    posts.move(post, bruno, None)
    assert "event: resync" in listeners.heard(listening)
    make_post(bruno, "Encore là")
    assert "Encore là" in listeners.heard(listening)


def test_what_was_read_is_not_read_again_when_its_session_was_rolled_back(listeners, bruno, monkeypatch):
    def undo_and_leave(_deliver):
        db.session.rollback()
        db.session.expunge_all()

    monkeypatch.setattr(listeners.hub, "call", undo_and_leave)
    make_post(bruno)
    listeners.read()
    assert listeners.tail.cursor == cursor()
