"""A small door of our own in the real application, to send through it what no feature would."""

import pytest

from assoc_intranet.core.access import public


@pytest.fixture
def door(app, monkeypatch):
    """`door(view)` puts a view behind /theme.css (GET) or /login (POST, `method="POST"`), and gives its address."""

    def put(view, method="GET"):
        endpoint, address = ("login.log_in_here", "/login") if method == "POST" else ("association.theme", "/theme.css")
        monkeypatch.setitem(app.view_functions, endpoint, public(view))
        return address

    return put
