"""Listening in tests: a stream without a browser, fed by the real tail."""

from flask import Flask

from assoc_intranet.core.changes import cursor
from assoc_intranet.core.db import db
from assoc_intranet.live.hub import Hub, Subscriber
from assoc_intranet.live.registry import topics_for
from assoc_intranet.live.tail import Tail
from assoc_intranet.members.login import stream_rights
from assoc_intranet.members.models import Member


class Listeners:
    """`hears(bruno)` opens his stream; `read()` has the tail render what was committed; `heard(stream)` is the text."""

    def __init__(self, app: Flask):
        self.hub = Hub(cap=100)
        self.tail = Tail(app, self.hub, stream_rights)

    def hears(self, member: Member, language: str = "fr", session_id: int = 0) -> Subscriber:
        subscriber = Subscriber(member.id, session_id, topics_for(member), language)
        self.hub.join(subscriber, cursor())
        return subscriber

    def read(self) -> None:
        db.session.commit()
        self.tail.read()

    def heard(self, subscriber: Subscriber) -> str:
        self.read()
        text = b"".join(subscriber.queue).decode()
        subscriber.queue.clear()
        return text
