"""What tests about people need: counts that count, and a mail server that is only said to be there."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from assoc_intranet.core.db import db
from assoc_intranet.core.limits import limiter
from assoc_intranet.mail.models import Mail


@pytest.fixture
def limits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries are counted, as they are outside of tests."""
    monkeypatch.setattr(limiter, "enabled", True)


@pytest.fixture
def smtp(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Mail]]:
    """A mail server is set; calling it gives what waits to be sent."""
    monkeypatch.setitem(app.config, "SMTP_HOST", "mail.exemple.org")
    monkeypatch.setitem(app.config, "BASE_URL", "https://asso.exemple.org")

    def outbox() -> list[Mail]:
        return list(db.session.scalars(db.select(Mail).order_by(Mail.id)))

    return outbox


def code_in(text: str) -> str:
    """The token of the link in a page or a mail."""
    found = re.search(r"[?&]code=([\w-]+)", text)
    assert found, "there should be a link"
    return found[1]
