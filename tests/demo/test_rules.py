"""The demo is told by the rules, at any hour, and never touches anybody's database."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from assoc_intranet.core import clock
from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import Model, db, writing
from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.demo import rules
from assoc_intranet.mail.models import Mail
from assoc_intranet.members import queries as members
from assoc_intranet.members.models import Member
from assoc_intranet.posts.models import Post

BRUSSELS = ZoneInfo("Europe/Brussels")
FRIDAY = datetime(2026, 11, 20, 10, 30, tzinfo=BRUSSELS).astimezone(UTC)
AWKWARD = {
    "the first minutes of a Monday": datetime(2026, 11, 23, 0, 4, tzinfo=BRUSSELS),
    "the last minutes of a Sunday": datetime(2026, 11, 22, 23, 56, tzinfo=BRUSSELS),
    "the day when an hour is missing": datetime(2027, 3, 28, 9, 30, tzinfo=BRUSSELS),
    "the first of January": datetime(2027, 1, 1, 12, 0, tzinfo=BRUSSELS),
}


@pytest.fixture
def friday(app):
    with clock.at(FRIDAY):
        yield FRIDAY


@pytest.fixture
def demo(friday):
    fill()


def fill():
    with writing():
        return rules.fill()


def everything(model):
    return list(db.session.scalars(select(model)))


@pytest.mark.parametrize("hour", AWKWARD.values(), ids=AWKWARD)
def test_it_can_be_told_at_any_hour(app, hour):
    with clock.at(hour.astimezone(UTC)):
        assert fill()
        assert db.session.scalar(select(func.max(Change.at))) <= clock.now()
        today = clock.today("Europe/Brussels")
        assert all(post.state in ("done", "off") for post in everything(Post) if post.day and post.day < today)


def test_it_writes_to_nobody(app, friday, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_HOST", "mail.exemple.org")
    fill()
    assert everything(Mail) == []


def test_told_twice_it_is_there_once(demo):
    assert not fill()
    assert len(everything(Member)) == 25


def test_a_database_in_use_is_left_alone(amina):
    with pytest.raises(RuleBroken, match="Amina Benali"):
        fill()
    assert [member.name for member in everything(Member)] == ["Amina Benali"]
    assert everything(Post) == []


def test_removed_it_leaves_no_row_anywhere(demo):
    with writing():
        rules.remove()
    tables = Model.metadata.sorted_tables
    left = {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables}
    assert set(left.values()) == {0}


def test_it_can_be_told_again_once_removed(app, friday):
    fill()
    with writing():
        rules.remove()
    assert fill()
    assert len(everything(Post)) == 60


def test_with_a_real_person_in_it_nothing_is_removed(demo):
    guest = members.by_email("bruno@beche-tournevis.example")
    guest.email = "bruno@exemple.org"
    db.session.commit()
    with pytest.raises(RuleBroken, match="Bruno Lambert"), writing():
        rules.remove()
    assert len(everything(Member)) == 25
