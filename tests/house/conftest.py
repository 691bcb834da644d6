"""The world that the tests of every route share."""

import pytest

from assoc_intranet.core.db import db
from assoc_intranet.core.limits import limiter
from tests.conftest import _empty

from .world import World


@pytest.fixture(scope="module")
def world(stage):
    """Made once for a module, and put back after each change."""
    limiter.enabled = False
    with stage.app_context():
        _empty()
        yield World(stage)
        db.session.remove()
        _empty()
