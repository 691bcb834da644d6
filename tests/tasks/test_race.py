"""Two who want the same thing at the same time, for real: threads, each with its own browser and connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from assoc_intranet.core.db import db
from assoc_intranet.tasks.models import Task
from tests.factories import make_member, make_task

CROWD = 6
ROUNDS = 5


def at_once(app, browsers, url, forms):
    """The answers to each browser's form, all sent at the same moment."""
    together = Barrier(len(browsers))

    def send(browser, form):
        with app.app_context():
            together.wait()
            try:
                return browser.post(url, data=form)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(browsers)) as threads:
        answers = list(threads.map(send, browsers, forms))
    db.session.rollback()
    return answers


def test_of_all_who_claim_a_task_one_has_it_and_the_others_are_told_who(app, as_, amina):
    people = [make_member(f"Volontaire{n} Test") for n in range(CROWD)]
    browsers = [as_(person) for person in people]
    for _round in range(ROUNDS):
        db.session.rollback()
        task = make_task(amina)
        answers = at_once(app, browsers, f"/tasks/{task.id}/claim", [{}] * CROWD)
        assert sorted(answer.status_code for answer in answers) == [303] + [409] * (CROWD - 1)
        (winner,) = task.people
        assert answers[people.index(winner)].status_code == 303
        assert all(winner.name in answer.text for answer in answers if answer.status_code == 409)


def test_of_two_who_save_the_same_version_one_sees_both_texts(app, as_, amina, bruno):
    browsers, typed = [as_(amina), as_(bruno)], ["En A2.", "En couleurs."]
    for _round in range(ROUNDS):
        db.session.rollback()
        task = make_task(bruno, "Affiches", notes="En A3.")
        form = {"title": "Affiches", "priority": "0", "post_id": "", "version": str(task.version)}
        answers = at_once(app, browsers, f"/tasks/{task.id}", [{**form, "notes": notes} for notes in typed])
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert all(notes in refused.text for notes in typed)


def test_a_form_that_arrives_twice_at_once_makes_one_task(app, as_, bruno):
    form = {"title": "Affiches", "priority": "0", "post_id": "", "op_id": "b8f3"}
    answers = at_once(app, [as_(bruno), as_(bruno)], "/tasks", [form, form])
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert db.session.scalar(select(func.count()).select_from(Task)) == 1
