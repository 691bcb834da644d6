"""Mail: written to an outbox in the same transaction as its reason, sent after the commit, tried again when refused."""

from .rules import can_send, queue

__all__ = ["can_send", "queue"]


def register(app: object) -> None:
    from . import jobs

    _ = jobs
