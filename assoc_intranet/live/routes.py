"""GET /live decides who may listen to what; the event loop, or for other servers a generator, then feeds the stream."""

import queue
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, request
from flask_login import current_user

from assoc_intranet.core.access import public
from assoc_intranet.core.db import db
from assoc_intranet.core.i18n import language

from .hub import BEAT, BYE, Hub, Subscriber
from .registry import topics_for

HEARTBEAT = 15
HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
bp = Blueprint("live", __name__)


@bp.get("/live")
@public
def stream() -> Response:
    """The stream of this member. Whoever may not listen is told so by an event, as an error would be tried for ever."""
    hub: Hub = current_app.extensions["hub"]
    as_of = hub.grants
    if not current_user.is_authenticated:
        return Response(BYE % b"out", headers=HEADERS)
    if hub.is_full:
        return Response(BYE % b"full", headers=HEADERS)
    me = current_user
    subscriber = Subscriber(me.id, me.session_id, topics_for(me), language(), as_of)
    since = request.headers.get("Last-Event-ID", request.args.get("since", "0"))
    hub_join = (subscriber, int(since) if since.isdecimal() and len(since) < 19 else 0)
    db.session.remove()
    taker = request.environ.get("asgi.scope", {}).get("take_stream")
    if taker is not None:
        taker(*hub_join)
        return Response(b"", headers=HEADERS)
    return Response(_generate(hub, *hub_join), headers=HEADERS)


def _generate(hub: Hub, subscriber: Subscriber, since: int) -> Iterator[bytes]:
    ready: queue.SimpleQueue[None] = queue.SimpleQueue()
    subscriber.wake = lambda: ready.put(None)
    hub.join(subscriber, since)
    try:
        yield b": welcome\n\n"
        while True:
            while subscriber.queue:
                yield subscriber.queue.popleft()
            if subscriber.closed:
                return
            try:
                ready.get(timeout=HEARTBEAT)
            except queue.Empty:
                yield BEAT
    finally:
        hub.leave(subscriber)
