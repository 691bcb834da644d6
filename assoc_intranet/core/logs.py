"""What the program says of itself, one line a thing: as text, or as JSON for who collects it."""

import json
import logging
from datetime import UTC, datetime

from flask import Flask

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Lines(logging.Formatter):
    """One line a record: what somebody typed cannot begin a line of its own, nor colour a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging calls it so)
        words = super().formatMessage(record)
        return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in words)


class Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def init_app(app: Flask) -> None:
    """On standard error, unless somebody listens already (a test, another server)."""
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if app.config["LOG_FORMAT"] == "json" else Lines(TEXT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
