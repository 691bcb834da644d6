"""A mail server for each test, and the settings that lead to it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from .server import MailServer


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    mail_server = MailServer()
    settings = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": mail_server.port,
        "SMTP_TLS": False,
        "MAIL_FROM": "Asso Été <asso@exemple.org>",
        "BASE_URL": "https://asso.exemple.org",
    }
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)
    yield mail_server
    mail_server.stop()
