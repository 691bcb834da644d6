"""What time makes happen to posts."""

from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import func, select

from assoc_intranet.core.db import db
from assoc_intranet.jobs.loop import run_due
from assoc_intranet.posts import rules
from assoc_intranet.posts.models import Post
from tests.factories import make_post

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_bin_keeps_a_post_for_thirty_days_and_no_longer(app, bruno):
    with time_machine.travel(NOON, tick=False):
        post = make_post(bruno, variants={"facebook": None})
        rules.discard(post, bruno)
        db.session.commit()
    with time_machine.travel(NOON + timedelta(days=30, seconds=-1), tick=False):
        run_due()
        assert db.session.scalar(select(func.count(Post.id))) == 1
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        run_due()
        assert db.session.scalar(select(func.count(Post.id))) == 0
