"""The doors of the tasks: who may, which answer, with htmx and without."""

from datetime import date

import pytest
from sqlalchemy import func, select

from assoc_intranet.core.db import db
from assoc_intranet.tasks import rules
from assoc_intranet.tasks.models import Task
from tests.factories import make_member, make_post, make_task

PAGES = (
    "/tasks",
    "/tasks/mine",
    "/tasks/done",
    "/tasks/new",
    "/tasks/{id}",
    "/tasks/{id}/details",
    "/tasks/{id}/deletion",
)
WRITES = {
    "/tasks": {"title": "Une autre"},
    "/tasks/{id}": {"title": "Une autre", "priority": "0", "version": "1"},
    "/tasks/{id}/claim": {},
    "/tasks/{id}/release": {},
    "/tasks/{id}/column": {"column": "doing"},
    "/tasks/{id}/steps": {"text": "Imprimer"},
    "/tasks/{id}/deletion": {},
}
FORM = {"title": "Imprimer douze affiches A3", "notes": "", "due": "", "priority": "0", "post_id": ""}


def count():
    return db.session.scalar(select(func.count()).select_from(Task))


@pytest.mark.parametrize("page", PAGES)
def test_the_team_reads_every_page_without_javascript(as_, amina, page):
    task = make_task(amina, notes="En couleurs.", due=date(2026, 11, 28))
    rules.add_step(task, amina, "Acheter le papier")
    db.session.commit()
    assert as_(amina).get(page.format(id=task.id)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_an_observer_reads_none_of_them(as_, amina, chloe, page):
    task = make_task(amina, "Canari secret")
    answer = as_(chloe).get(page.format(id=task.id))
    assert answer.status_code in (403, 404)
    assert "Canari" not in answer.text


@pytest.mark.parametrize("url", WRITES)
def test_an_observer_writes_nothing(as_, amina, chloe, url):
    task = make_task(amina)
    assert as_(chloe).post(url.format(id=task.id), data=WRITES[url]).status_code in (403, 404)
    assert (task.version, task.people, task.steps, count()) == (1, [], [], 1)


@pytest.mark.parametrize("url", WRITES)
def test_who_is_outside_is_asked_to_log_in(client, amina, url):
    task = make_task(amina)
    answer = client.post(url.format(id=task.id), data=WRITES[url])
    assert answer.status_code == 401
    assert 'action="/login' in answer.text
    assert (task.version, count()) == (1, 1)


@pytest.mark.parametrize("page", ["/details", "/deletion"])
def test_a_member_does_not_change_what_is_neither_theirs_nor_given_to_them(as_, amina, bruno, page):
    task = make_task(amina, "Affiches", amina)
    assert as_(bruno).get(f"/tasks/{task.id}").status_code == 200
    assert as_(bruno).get(f"/tasks/{task.id}{page}").status_code == 403
    assert as_(bruno).post(f"/tasks/{task.id}/column", data={"column": "done"}).status_code == 403
    assert as_(bruno).post(f"/tasks/{task.id}/steps", data={"text": "Imprimer"}).status_code == 403


def test_who_was_given_a_task_edits_it_but_does_not_delete_it(as_, amina, bruno):
    task = make_task(amina, "Affiches", bruno)
    assert as_(bruno).get(f"/tasks/{task.id}/details").status_code == 200
    assert as_(bruno).post(f"/tasks/{task.id}/deletion").status_code == 403


def test_a_task_is_written_with_all_that_was_typed(as_, amina, bruno):
    post = make_post(amina, day=None)
    form = {**FORM, "notes": "En couleurs.\r\nDes deux côtés.", "due": "28/11/2026", "priority": "1"}
    answer = as_(amina).post("/tasks", data={**form, "people": [bruno.id], "post_id": post.id, "op_id": "b8f3"})
    task = db.session.scalars(select(Task)).one()
    assert answer.status_code == 303
    assert answer.location.endswith(f"/tasks/{task.id}")
    assert task.notes == "En couleurs.\nDes deux côtés."
    assert (task.due, task.priority, task.people, task.post) == (date(2026, 11, 28), 1, [bruno], post)


def test_the_same_form_sent_twice_makes_one_task(as_, bruno):
    browser, form = as_(bruno), {**FORM, "op_id": "b8f3"}
    first, second = browser.post("/tasks", data=form), browser.post("/tasks", data=form)
    assert first.location == second.location
    assert count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "  "}, "taskform-title"),
        ({"title": "x" * 121}, "taskform-title"),
        ({"due": "31/02/2027"}, "taskform-due"),
        ({"priority": "9"}, "taskform-priority"),
        ({"people": "99"}, "taskform-people"),
        ({"people": "abc"}, "taskform-people"),
        ({"post_id": "99"}, "taskform-post_id"),
        ({"post_id": "abc"}, "taskform-post_id"),
    ],
)
def test_what_is_refused_comes_back_with_a_sentence_and_nothing_lost(as_, bruno, wrong, field):
    answer = as_(bruno).post("/tasks", data={**FORM, "notes": "Gardez-moi", **wrong})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "Gardez-moi" in answer.text
    assert count() == 0


def test_a_member_may_not_give_a_task_to_somebody_else(as_, amina, bruno):
    answer = as_(bruno).post("/tasks", data={**FORM, "people": [amina.id]})
    assert answer.status_code == 422
    assert count() == 0


def test_a_member_who_edits_a_shared_task_leaves_the_others_on_it(as_, amina, bruno):
    task = make_task(amina, "Affiches", amina, bruno)
    form = {**FORM, "title": "Affiches et tracts", "version": task.version, "people": [bruno.id]}
    assert as_(bruno).post(f"/tasks/{task.id}", data=form).status_code == 303
    assert task.title == "Affiches et tracts"
    assert set(task.people) == {amina, bruno}


def test_who_saves_an_older_version_gets_both_texts_and_may_then_save(as_, amina, bruno):
    task = make_task(bruno, "Affiches", bruno, notes="En A3.")
    mine = {**FORM, "title": "Affiches", "people": [bruno.id], "version": task.version, "notes": "En couleurs."}
    as_(amina).post(f"/tasks/{task.id}", data={**mine, "notes": "En A2."})
    refused = as_(bruno).post(f"/tasks/{task.id}", data=mine)
    assert refused.status_code == 409
    assert "En A2." in refused.text
    assert "En couleurs." in refused.text
    assert task.notes == "En A2."
    assert f'name="version" type="hidden" value="{task.version}"' in refused.text
    assert as_(bruno).post(f"/tasks/{task.id}", data={**mine, "version": task.version}).status_code == 303
    assert task.notes == "En couleurs."


def test_claiming_answers_htmx_with_both_columns_and_everybody_else_with_a_page(as_, amina, bruno):
    task, other = make_task(amina), make_task(amina, "Relancer la commune")
    answer = as_(bruno).htmx(f"/tasks/{task.id}/claim", headers={"HX-Current-URL": "http://localhost/tasks"})
    assert answer.status_code == 200
    for target in ("tasks-todo", "tasks-doing", f"member-{bruno.id}-todo", f"task-{task.id}-sheet"):
        assert f'hx-target="#{target}"' in answer.text
    plain = as_(bruno).post(f"/tasks/{other.id}/claim")
    assert plain.status_code == 303
    assert plain.location.endswith(f"/tasks/{other.id}")


def test_without_javascript_one_comes_back_to_the_list_one_was_on(as_, amina, bruno):
    task = make_task(amina)
    answer = as_(bruno).post(f"/tasks/{task.id}/claim", headers={"Referer": "http://localhost/tasks/mine"})
    assert answer.location.endswith("/tasks/mine")


def test_another_sites_page_is_no_place_to_come_back_to(as_, amina, bruno):
    task = make_task(amina)
    answer = as_(bruno).post(f"/tasks/{task.id}/claim", headers={"Referer": "https://exemple.net/piege"})
    assert answer.location.endswith(f"/tasks/{task.id}")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_who_claims_second_reads_who_has_it(as_, amina, bruno, headers):
    denise = make_member("Denise Noël")
    task = make_task(amina)
    as_(denise).post(f"/tasks/{task.id}/claim")
    answer = as_(bruno).post(f"/tasks/{task.id}/claim", headers=headers)
    assert answer.status_code == 409
    assert "Denise Noël" in answer.text
    assert task.people == [denise]


def test_a_task_moves_by_form_as_it_moves_by_drag(as_, bruno):
    by_form, by_drag = make_task(bruno, "Par formulaire", bruno), make_task(bruno, "En glissant", bruno)
    browser, board = as_(bruno), {"HX-Current-URL": "http://localhost/tasks"}
    assert browser.post(f"/tasks/{by_form.id}/column", data={"column": "check"}).status_code == 303
    dragged = browser.htmx(f"/tasks/{by_drag.id}/column", data={"column": "check"}, headers=board)
    assert 'hx-target="#tasks-todo"' in dragged.text
    assert 'hx-target="#tasks-check"' in dragged.text
    assert by_form.status == by_drag.status == "check"
    assert dragged.headers["HX-Push-Url"] == "false"


def test_a_column_that_does_not_exist_is_refused(as_, bruno):
    task = make_task(bruno)
    assert as_(bruno).post(f"/tasks/{task.id}/column", data={"column": "archive"}).status_code == 422
    assert as_(bruno).post(f"/tasks/{task.id}/column").status_code == 422
    assert task.status == "todo"


def test_steps_are_added_ticked_and_removed(as_, bruno):
    task, browser = make_task(bruno), as_(bruno)
    assert browser.post(f"/tasks/{task.id}/steps", data={"text": "Imprimer"}).status_code == 303
    step = task.steps[0]
    browser.post(f"/tasks/{task.id}/steps/{step.id}", data={"done": "yes"})
    assert step.is_done
    browser.post(f"/tasks/{task.id}/steps/{step.id}", data={"done": "no"})
    assert not step.is_done
    browser.post(f"/tasks/{task.id}/steps/{step.id}/removal")
    assert task.steps == []


def test_an_empty_step_comes_back_with_a_sentence(as_, bruno):
    task = make_task(bruno)
    answer = as_(bruno).post(f"/tasks/{task.id}/steps", data={"text": "  "})
    assert answer.status_code == 422
    assert task.steps == []


def test_a_step_is_found_in_its_own_task_only(as_, bruno):
    task, other = make_task(bruno), make_task(bruno, "Une autre")
    rules.add_step(task, bruno, "Imprimer")
    db.session.commit()
    answer = as_(bruno).post(f"/tasks/{other.id}/steps/{task.steps[0].id}", data={"done": "yes"})
    assert answer.status_code == 404
    assert not task.steps[0].is_done


def test_a_task_is_deleted_after_a_page_that_asks(as_, bruno):
    task, browser = make_task(bruno), as_(bruno)
    assert "Imprimer douze affiches A3" in browser.get(f"/tasks/{task.id}/deletion").text
    assert count() == 1
    assert browser.post(f"/tasks/{task.id}/deletion").status_code == 303
    assert count() == 0


def test_a_task_names_its_post_and_keeps_the_name_when_the_post_is_gone(as_, bruno):
    post = make_post(bruno, "Plantation du pommier")
    task = make_task(bruno, post_id=post.id)
    assert f'href="/posts/{post.id}"' in as_(bruno).get(f"/tasks/{task.id}").text
    db.session.delete(post)
    db.session.commit()
    page = as_(bruno).get(f"/tasks/{task.id}").text
    assert "Plantation du pommier" in page
    assert f'href="/posts/{post.id}"' not in page


def test_who_has_nothing_to_do_is_shown_what_to_take_next(as_, amina, bruno):
    make_task(amina, "Photographier les plants")
    page = as_(bruno).get("/tasks/mine").text
    assert 'class="blank"' in page
    assert "Photographier les plants" in page


@pytest.mark.parametrize("address", ["/tasks/999", "/tasks/0", "/tasks/999/details", "/tasks/99999999999999999999"])
def test_what_does_not_exist_is_not_found(as_, amina, address):
    assert as_(amina).get(address).status_code == 404


@pytest.mark.parametrize("query", ["?page=0", "?page=-1", "?page=abc", "?page=99999999999999999999"])
def test_any_page_of_what_is_done_can_be_asked_for(as_, amina, query):
    assert as_(amina).get(f"/tasks/done{query}").status_code == 200
