"""Who listens: streams with a bounded queue each, and a ring of the newest batches for who was away a moment."""

import re
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

QUEUE = 64
RING, RING_CHARACTERS = 512, 2_000_000
BYE = b"event: bye\ndata: %b\n\n"
RESYNC = b"event: resync\ndata: \n\n"
# Sent when there is nothing to say, as an event: a browser that hears none knows that its wire is dead.
BEAT = b"event: beat\ndata: \n\n"


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

    @property
    def size(self) -> int:
        return sum(len(html) for _topic, _language, html in self.pieces)

    def frame(self, topics: frozenset[str], language: str) -> bytes:
        """The event for one audience: one message, so that its id is seen only when all of it has arrived."""
        if topics & self.failed or any((topic, language) in self.missing for topic in topics):
            return RESYNC
        html = "".join(piece for topic, spoken, piece in self.pieces if topic in topics and spoken == language)
        if not html:
            return b""
        # Only what ends a line of the stream: `splitlines` would also cut at signs that people type.
        lines = "".join(f"data: {line}\n" for line in re.split(r"\r\n|\r|\n", html))
        return f"id: {self.id}\n{lines}\n".encode()


@dataclass(eq=False, slots=True)
class Subscriber:
    """One open stream. `wake` is called after something was queued, in the thread that delivers.

    `as_of` is what `Hub.grants` was before the rights of the member were read.
    """

    member_id: int
    session_id: int
    topics: frozenset[str]
    language: str
    as_of: int = 0
    wake: Callable[[], object] = lambda: None
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
        self.grants = 0
        self.closing = False
        self.call: Callable[[Callable[[], None]], object] = lambda deliver: deliver()
        self._lock = threading.RLock()
        self._subscribers: set[Subscriber] = set()
        self._ring: deque[Batch] = deque()
        self._ring_size = 0
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
        """Add a stream, first giving it what it missed after `since`.

        When somebody's rights changed since its own were read, it ends at once: whoever reads it asks again.
        """
        with self._lock:
            if self.closing or subscriber.as_of != self.grants:
                subscriber.close()
                return
            missed = [b.frame(subscriber.topics, subscriber.language) for b in self._ring if b.id > since]
            if since < self._floor or RESYNC in missed:
                subscriber.queue.append(RESYNC)
            else:
                subscriber.queue.extend(filter(None, missed))
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
            self._remember(batch)
            topics = [*((topic, language) for topic, language, _html in batch.pieces), *batch.missing]
            present = batch.failed.union(topic for topic, _language in topics)
            frames: dict[tuple[frozenset[str], str], bytes] = {}
            for subscriber in self._subscribers:
                audience = (subscriber.topics & present, subscriber.language)
                if audience not in frames:
                    frames[audience] = batch.frame(*audience)
                if frames[audience]:
                    subscriber.offer(frames[audience])

    def _remember(self, batch: Batch) -> None:
        """Keep the newest, for who was away: as many as there is room for."""
        self._ring.append(batch)
        self._ring_size += batch.size
        while len(self._ring) > RING or self._ring_size > RING_CHARACTERS:
            gone = self._ring.popleft()
            self._floor = gone.id
            self._ring_size -= gone.size

    def regrant(self, rights: Callable[[Subscriber], frozenset[str] | None], members: Iterable[int]) -> None:
        """Ask again what the streams of these members may read; a stream that may read nothing ends."""
        concerned = set(members)
        with self._lock:
            self.grants += 1
            open_streams = list(self._subscribers)
        for subscriber in open_streams:
            if subscriber.member_id in concerned:
                topics = rights(subscriber)
                if topics is None:
                    subscriber.queue.append(BYE % b"out")
                    subscriber.close()
                else:
                    subscriber.topics = topics

    def close_all(self) -> None:
        """End every stream, and those that are being opened."""
        self.closing = True
        for subscriber in self.subscribers:
            subscriber.close()
