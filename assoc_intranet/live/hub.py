"""Who listens: streams with a bounded queue each, and a ring of the newest batches for who was away a moment."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

QUEUE = 64
RING = 512
BYE = b"event: bye\ndata: %b\n\n"
RESYNC = b"event: resync\ndata: \n\n"


@dataclass(frozen=True)
class Batch:
    """What one reading of the changes gave: `pieces` are (topic, language, HTML), in order.

    `missing` are the audiences for whom nothing was rendered, as none of them was there; `failed` are the topics of
    which a fragment could not be rendered.
    """

    id: int
    pieces: tuple[tuple[str, str, str], ...]
    missing: frozenset[tuple[str, str]] = frozenset()
    failed: frozenset[str] = frozenset()

    def frame(self, topics: frozenset[str], language: str) -> bytes:
        """The event for one audience: one message, so that its id is seen only when all of it has arrived."""
        if topics & self.failed:
            return RESYNC
        html = "".join(piece for topic, spoken, piece in self.pieces if topic in topics and spoken == language)
        if not html:
            return b""
        lines = "".join(f"data: {line}\n" for line in html.splitlines())
        return f"id: {self.id}\n{lines}\n".encode()


@dataclass(eq=False)
class Subscriber:
    """One open stream. `wake` is called after something was queued, in the thread that delivers."""

    member_id: int
    session_id: int
    topics: frozenset[str]
    language: str
    wake: Callable[[], None] = lambda: None
    queue: deque[bytes] = field(default_factory=deque)
    closed: bool = False

    def offer(self, frame: bytes) -> None:
        """Queue a frame. Who does not read fast enough is told to read the page again, and dropped."""
        if len(self.queue) >= QUEUE:
            self.queue.clear()
            self.queue.append(RESYNC)
            self.closed = True
        elif frame:
            self.queue.append(frame)
        self.wake()

    def close(self) -> None:
        self.closed = True
        self.wake()


class Hub:
    def __init__(self, cap: int):
        self.cap = cap
        self.call: Callable[[Callable[[], None]], object] = lambda deliver: deliver()
        self._lock = threading.RLock()
        self._subscribers: set[Subscriber] = set()
        self._ring: deque[Batch] = deque(maxlen=RING)
        self._floor = 0

    @property
    def is_full(self) -> bool:
        return len(self._subscribers) >= self.cap

    @property
    def subscribers(self) -> list[Subscriber]:
        with self._lock:
            return list(self._subscribers)

    def start(self, cursor: int) -> None:
        """From here on the ring is whole: whoever was last here before `cursor` must read the page again."""
        self._floor = cursor

    def join(self, subscriber: Subscriber, since: int) -> None:
        """Add a stream, first giving it what it missed after `since`."""
        with self._lock:
            missed = [batch for batch in self._ring if batch.id > since]
            mine = {(topic, subscriber.language) for topic in subscriber.topics}
            if since < self._floor or any(mine & batch.missing for batch in missed):
                subscriber.queue.append(RESYNC)
            else:
                subscriber.queue.extend(filter(None, (b.frame(subscriber.topics, subscriber.language) for b in missed)))
            self._subscribers.add(subscriber)

    def leave(self, subscriber: Subscriber) -> None:
        with self._lock:
            self._subscribers.discard(subscriber)

    def audiences(self) -> frozenset[tuple[str, str]]:
        """Every (topic, language) that somebody listens to now."""
        return frozenset((topic, s.language) for s in self.subscribers for topic in s.topics)

    def deliver(self, batch: Batch) -> None:
        """Give a batch to all who may read it: each audience's bytes are made once."""
        with self._lock:
            if len(self._ring) == RING:
                self._floor = self._ring[0].id
            self._ring.append(batch)
            present = batch.failed.union(topic for topic, _language, _html in batch.pieces)
            frames: dict[tuple[frozenset[str], str], bytes] = {}
            for subscriber in self._subscribers:
                audience = (subscriber.topics & present, subscriber.language)
                if audience not in frames:
                    frames[audience] = batch.frame(*audience)
                if frames[audience]:
                    subscriber.offer(frames[audience])

    def regrant(self, rights: Callable[[Subscriber], frozenset[str] | None], members: Iterable[int]) -> None:
        """Ask again what the streams of these members may read; a stream that may read nothing ends."""
        concerned = set(members)
        for subscriber in self.subscribers:
            if subscriber.member_id in concerned:
                topics = rights(subscriber)
                if topics is None:
                    subscriber.queue.append(BYE % b"out")
                    subscriber.close()
                else:
                    subscriber.topics = topics

    def close_all(self) -> None:
        for subscriber in self.subscribers:
            subscriber.close()
