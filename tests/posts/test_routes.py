"""The doors of the calendar: who may, which answer, with htmx and without."""

from datetime import date

import pytest

from assoc_intranet.core.db import db
from assoc_intranet.posts.models import Post
from tests.factories import make_post


def test_a_month_shows_its_posts_without_javascript(as_, bruno):
    make_post(bruno, "Plantation du pommier", date(2026, 11, 28))
    page = as_(bruno).get("/calendar/2026-11")
    assert page.status_code == 200
    assert "Plantation du pommier" in page.text


def test_the_same_form_sent_twice_makes_one_post(as_, bruno):
    form = {"title": "Pommier", "day": "28/11/2026", "op_id": "b8f3"}
    browser = as_(bruno)
    first, second = browser.post("/posts", data=form), browser.post("/posts", data=form)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location


def test_forms_without_an_id_of_their_own_make_a_post_each(as_, bruno):
    browser = as_(bruno)
    answers = [browser.post("/posts", data={"title": "Pommier", "op_id": ""}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location != answers[1].location


@pytest.mark.parametrize("state", ["review", "ok", "planned", "done", "off"])
def test_a_new_post_starts_as_a_draft_whatever_is_sent(as_, amina, bruno, state):
    for person in (amina, bruno):
        location = as_(person).post("/posts", data={"title": "Pommier", "state": state}).location
        assert db.session.get(Post, int(location.rpartition("/")[2])).state == "draft"


def test_moving_answers_htmx_with_both_days(as_, bruno):
    post = make_post(bruno, day=date(2026, 11, 28))
    answer = as_(bruno).htmx(f"/posts/{post.id}/day", data={"day": "2026-11-30"})
    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"] == "false"
    assert 'hx-target="#day-2026-11-28"' in answer.text
    assert 'hx-target="#day-2026-11-30"' in answer.text


def test_a_published_post_does_not_move(as_, amina):
    post = make_post(amina, state="done")
    answer = as_(amina).post(f"/posts/{post.id}/day", data={"day": "30/11/2026"})
    assert answer.status_code == 409
    assert post.day == date(2026, 11, 28)


def test_an_idea_is_noted_without_a_date(as_, bruno):
    browser = as_(bruno)
    answer = browser.post("/posts", data={"title": "Un jour, les ruches", "state": "idea"})
    page = browser.get(answer.location)
    assert 'name="state" value="draft"' in page.text


def test_a_member_throws_away_their_draft_but_not_what_was_approved(as_, bruno):
    draft, approved = make_post(bruno, "Brouillon"), make_post(bruno, "Approuvé", state="ok")
    browser = as_(bruno)
    assert browser.post(f"/posts/{draft.id}/bin").status_code == 303
    assert browser.post(f"/posts/{approved.id}/bin").status_code == 403
