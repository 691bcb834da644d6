"""What may happen to a post, without a browser."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import func, select

from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import db
from assoc_intranet.core.errors import RuleBroken, Stale
from assoc_intranet.posts import queries, rules
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.rules import Draft
from assoc_intranet.posts.states import AUTHOR, COORDINATOR, State, next_states
from tests.factories import make_association, make_member, make_post


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize("role", ["coordinator", "author", "stranger"])
@pytest.mark.parametrize("source", list(State))
@pytest.mark.parametrize("target", list(State))
def test_a_post_moves_only_along_the_table(amina, bruno, role, source, target):
    stranger = make_member("Denise Noël")
    post = make_post(bruno, state=source)
    person = {"coordinator": amina, "author": bruno, "stranger": stranger}[role]
    allowed = {"coordinator": COORDINATOR | AUTHOR, "author": AUTHOR, "stranger": set()}[role]
    if (source, target) in allowed:
        rules.change_state(post, person, target)
        assert post.state == target
    else:
        with pytest.raises(RuleBroken) as refused:
            rules.change_state(post, person, target)
        assert refused.value.status == 409
        assert post.state == source


def test_the_table_is_the_one_that_was_agreed():
    """Kept by hand, so that a slip in the table cannot bless itself."""
    steps = "idea>draft draft>review fix>review review>draft fix>draft ok>draft planned>draft"
    author = {tuple(step.split(">")) for step in steps.split()}
    steps = "review>fix review>ok ok>planned planned>done off>draft"
    steps += " idea>off draft>off review>off fix>off ok>off planned>off"
    assert author == AUTHOR
    assert {tuple(step.split(">")) for step in steps.split()} == COORDINATOR


def test_what_is_published_goes_nowhere():
    assert next_states("done", is_author=True, is_coordinator=True) == []


def test_the_first_step_offered_leads_forward():
    assert next_states("review", is_author=False, is_coordinator=True)[0] == "ok"
    assert next_states("draft", is_author=True, is_coordinator=False) == ["review"]


def test_the_same_form_sent_twice_is_one_post(bruno):
    first = rules.write(bruno, Draft("Pommier"), op_id="7d1f")
    again = rules.write(bruno, Draft("Pommier"), op_id="7d1f")
    assert first is again
    assert db.session.scalar(select(func.count(Post.id))) == 1


def test_a_stale_save_shows_both_texts_and_changes_nothing(amina, bruno):
    post = make_post(bruno, text="Bottes conseillées.")
    rules.rewrite(post, amina, 1, Draft("Plantation", "Soupe offerte."))
    with pytest.raises(Stale) as stale:
        rules.rewrite(post, bruno, 1, Draft("Plantation", "Pelles bienvenues."))
    assert "Soupe offerte." in stale.value.theirs.values()
    assert "Pelles bienvenues." in stale.value.yours.values()
    assert stale.value.version == post.version
    assert post.text == "Soupe offerte."


def test_saving_what_already_stands_is_no_new_version(bruno):
    post = make_post(bruno, "Pommier", text="Bonjour", variants={"facebook": None})
    rules.rewrite(post, bruno, 1, Draft("Pommier", "Bonjour", post.day, post.hour, variants={"facebook": None}))
    assert post.version == 1


def test_a_variant_follows_the_common_text_until_it_has_its_own(bruno):
    post = make_post(bruno, text="Un.", variants={"facebook": None, "instagram": "Une photo."})
    variants = dict(post.own_texts)
    rules.rewrite(post, bruno, 1, Draft(post.title, "Deux.", post.day, post.hour, variants=variants))
    assert post.own_texts == {"facebook": None, "instagram": "Une photo."}
    assert post.text == "Deux."


def test_moving_keeps_the_state_and_the_hour(bruno):
    post = make_post(bruno, state="ok", day=date(2026, 11, 28), hour=time(18, 30))
    rules.move(post, bruno, date(2026, 12, 2))
    assert (post.day, post.hour, post.state) == (date(2026, 12, 2), time(18, 30), "ok")


def test_a_published_post_does_not_move(amina):
    post = make_post(amina, state="done")
    with pytest.raises(RuleBroken) as refused:
        rules.move(post, amina, date(2026, 12, 2))
    assert refused.value.status == 409


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2027, 3, 27), datetime(2027, 3, 27, 8, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 7, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 31, 8, tzinfo=UTC)),
    ],
)
def test_nine_in_brussels_stays_nine_when_the_clocks_change(bruno, day, instant):
    post = make_post(bruno, day=day, hour=time(9))
    assert post.hour == time(9)
    assert post.due_at == instant


def test_what_is_moved_tells_both_days(bruno):
    post = make_post(bruno, day=date(2026, 11, 28))
    rules.move(post, bruno, None)
    change = db.session.scalar(select(Change).where(Change.kind == "post.moved"))
    assert change.details["days"] == ["", "2026-11-28"]


def test_a_text_too_long_for_its_network_is_not_approved(amina, bruno):
    post = make_post(bruno, text="a" * 501, variants={"mastodon": None}, state="review")
    with pytest.raises(RuleBroken, match="Mastodon"):
        rules.change_state(post, amina, "ok")
    assert post.state == "review"


def test_what_is_in_the_bin_is_found_only_there(amina, bruno):
    post = make_post(bruno)
    rules.discard(post, bruno)
    assert queries.one(bruno, post.id) is None
    assert queries.in_bin(bruno) == [post]
    rules.restore(post, bruno)
    assert queries.one(bruno, post.id) is post


def test_an_observer_finds_only_what_is_published(bruno, chloe):
    draft, published = make_post(bruno, "Brouillon"), make_post(bruno, "Publié", state="done")
    assert queries.one(chloe, draft.id) is None
    assert queries.one(chloe, published.id) is published
    assert [card.title for card in queries.on_day("observer", draft.day)] == ["Publié"]


def test_the_zone_of_the_association_is_kept_with_the_post(app):
    make_association(zone="America/Montreal")
    denise = make_member()
    post = make_post(denise, day=date(2026, 12, 1), hour=time(9))
    assert post.due_at == datetime(2026, 12, 1, 14, tzinfo=UTC)
