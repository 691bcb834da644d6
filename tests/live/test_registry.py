"""Fragments on a page: drawn when they must be."""

from datetime import timedelta

from flask import g

from assoc_intranet.core.changes import cursor, publish
from assoc_intranet.core.clock import at, now
from assoc_intranet.core.db import db
from assoc_intranet.live.registry import Fragment


def test_a_steady_fragment_is_drawn_once_until_something_changes_or_a_day_begins(app, bruno):
    drawn = []
    steady = Fragment(lambda: drawn.append(1) or {}, "parts/foot.html", (), "members", lambda _change: [], False, True)
    tomorrow = now() + timedelta(days=1)

    def look():
        with app.test_request_context():
            g.cursor = cursor()
            steady()
        return len(drawn)

    assert look() == look() == 1
    publish("member.edited", bruno)
    db.session.commit()
    assert look() == look() == 2
    with at(tomorrow):
        assert look() == look() == 3
    assert look() == 3
