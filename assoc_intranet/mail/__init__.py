"""Mail: written to an outbox in the same transaction as its reason, sent after the commit, tried again when refused."""

from flask import Flask

from .rules import absolute_url, base_url, can_send, copyable_url, queue

__all__ = ["absolute_url", "base_url", "can_send", "copyable_url", "queue"]


def register(app: Flask) -> None:
    from . import jobs
    from .postman import Postman

    _ = jobs
    app.extensions["postman"] = Postman(app)
