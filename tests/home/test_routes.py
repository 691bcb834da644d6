"""Today: what waits for whom, the week, and what happened since the last visit."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from assoc_intranet.mail.models import Mail
from assoc_intranet.posts import rules as posts
from assoc_intranet.posts.rules import Draft
from tests.factories import make_member, make_post, make_task, save

NOON = datetime(2026, 11, 21, 11, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def waits(page):
    return page.text.split('id="waits"')[1].split('id="week"')[0]


def test_a_coordinator_is_asked_to_review_and_to_publish(as_, amina, bruno):
    review = make_post(bruno, "À relire", state="review")
    make_post(bruno, "Pour ce soir", TODAY, time(18), state="planned")
    shown = waits(as_(amina).get("/"))
    assert "À relire" in shown
    assert "Pour ce soir" in shown
    assert f'href="/posts/{review.id}"' in shown


def test_a_member_is_asked_to_correct_and_to_write_their_own(as_, amina, bruno):
    make_post(bruno, "À corriger", state="fix")
    make_post(bruno, "Bientôt", TODAY + timedelta(days=3))
    make_post(bruno, "Dans un mois", TODAY + timedelta(days=30))
    make_post(amina, "Pas le sien", TODAY + timedelta(days=3))
    shown = waits(as_(bruno).get("/"))
    assert "À corriger" in shown
    assert "Bientôt" in shown
    assert "Dans un mois" not in shown
    assert "Pas le sien" not in shown


def test_an_observer_is_asked_nothing_and_sees_no_draft(as_, bruno, chloe):
    make_post(bruno, "Brouillon", TODAY, time(18))
    page = as_(chloe).get("/")
    assert page.status_code == 200
    assert "Brouillon" not in page.text


def test_the_feed_tells_what_others_did_but_not_oneself(as_, amina, bruno):
    make_post(amina, "Par Amina", TODAY + timedelta(days=40))
    make_post(bruno, "Par Bruno", TODAY + timedelta(days=40))
    feed = as_(bruno).get("/").text.split('id="changes"')[1]
    assert "Par Amina" in feed
    assert "Par Bruno" not in feed


def test_the_feed_hides_drafts_and_tasks_from_an_observer(as_, bruno, amina, chloe):
    make_post(bruno, "Canari")
    post = make_post(amina, "Merci", state="planned")
    posts.change_state(post, amina, "done")
    posts.db.session.commit()
    feed = as_(chloe).get("/").text.split('id="changes"')[1]
    assert "Merci" in feed
    assert "Canari" not in feed


def test_the_feed_begins_where_the_last_visit_ended(as_, amina, bruno, at_noon):
    browser = as_(bruno)
    make_post(amina, "Avant la pause")
    assert "Avant la pause" in browser.get("/").text
    at_noon.shift(timedelta(minutes=30))
    browser.get("/")
    at_noon.shift(timedelta(hours=5))
    make_post(amina, "Pendant la pause")
    browser.get("/calendar")
    feed = browser.get("/").text.split('id="changes"')[1]
    assert "Pendant la pause" in feed
    assert "Avant la pause" not in feed


def test_the_feed_tells_who_took_and_who_finished_a_task_but_not_each_column(as_, amina, bruno):
    taken, moved, finished = (make_task(bruno, title) for title in ("La salle", "Les affiches", "Le goûter"))
    browser = as_(amina)
    browser.post(f"/tasks/{taken.id}/claim")
    for task, column in ((moved, "doing"), (moved, "check"), (finished, "done")):
        browser.post(f"/tasks/{task.id}/column", data={"column": column})
    feed = as_(bruno).get("/").text.split('id="changes"')[1]
    assert "a pris la tâche" in feed
    assert "a terminé la tâche" in feed
    assert "Les affiches" not in feed


def test_every_wait_leads_to_its_act(as_, amina, bruno):
    post = posts.write(bruno, Draft("À relire"), state="review")
    posts.db.session.commit()
    browser = as_(amina)
    assert browser.get(f"/posts/{post.id}").status_code == 200


def test_what_should_have_gone_out_is_said_to_be_late(as_, amina, at_noon):
    make_post(amina, "Ce matin", TODAY, time(9), state="planned")
    make_post(amina, "Cet après-midi", TODAY, time(15), state="planned")
    browser = as_(amina)
    shown = waits(browser.get("/"))
    assert "En retard\xa0: Ce matin" in shown
    assert "En retard\xa0: Cet après-midi" not in shown
    at_noon.shift(timedelta(hours=4))
    assert "En retard\xa0: Cet après-midi" in waits(browser.get("/"))


def test_mails_that_did_not_leave_are_the_administrators_affair(as_, amina, bruno, at_noon):
    save(Mail(recipient="zoe@exemple.org", subject="s", body="b", created_at=NOON, try_at=NOON, error="451 not now"))
    assert "mail has not left" not in as_(amina).get("/").text
    at_noon.shift(timedelta(hours=25))
    shown = waits(as_(amina).get("/"))
    assert "Un e-mail n’est pas parti" in shown
    assert "451 not now" in shown
    assert "e-mail" not in waits(as_(bruno).get("/"))


def test_an_administrator_who_only_observes_is_told_too(as_, amina, association, at_noon):
    admin = make_member("Sami Özdemir", role="observer", is_admin=True)
    save(Mail(recipient="zoe@exemple.org", subject="s", body="b", created_at=NOON, try_at=NOON, error=None))
    at_noon.shift(timedelta(hours=25))
    assert "Un e-mail n’est pas parti" in waits(as_(admin).get("/"))


def test_an_hour_that_passes_makes_a_post_late_on_a_page_that_was_kept(as_, amina, bruno, at_noon, monkeypatch):
    monkeypatch.setattr("tests.conftest.forget", lambda: None)
    make_post(bruno, "Pour midi et quart", TODAY, time(12, 15), state="planned")
    client = as_(amina)
    late = 'data-tone="late"'
    assert late not in waits(client.get("/"))
    at_noon.shift(timedelta(hours=1))
    assert late in waits(client.get("/"))
