"""What may happen to a task."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from time_machine import travel

from assoc_intranet.core.changes import Change
from assoc_intranet.core.clock import UTC
from assoc_intranet.core.db import db
from assoc_intranet.core.errors import RuleBroken, Stale
from assoc_intranet.posts import rules as posts
from assoc_intranet.posts.models import BIN
from assoc_intranet.tasks import queries, rules
from assoc_intranet.tasks.models import Step, Task
from assoc_intranet.tasks.rules import Draft
from assoc_intranet.tasks.statuses import HIGH, LOW
from tests.factories import make_member, make_post, make_task

FRIDAY = date(2026, 11, 20)


def kinds():
    return list(db.session.scalars(select(Change.kind).where(Change.subject == "task").order_by(Change.id)))


def test_a_task_without_people_is_free(bruno):
    task = make_task(bruno)
    assert task.is_free
    assert task.status == "todo"
    assert kinds() == ["task.written"]


def test_the_same_op_id_makes_one_task(bruno):
    first = rules.write(bruno, Draft("Affiches"), op_id="b8f3")
    assert rules.write(bruno, Draft("Affiches"), op_id="b8f3") is first
    assert kinds() == ["task.written"]


def test_who_claims_a_free_task_has_it_and_it_is_under_way(amina, bruno):
    task = make_task(amina)
    rules.claim(task, bruno)
    assert task.people == [bruno]
    assert task.status == "doing"
    assert not task.is_free


def test_who_comes_second_is_told_who_has_it(amina, bruno):
    task = make_task(amina)
    rules.claim(task, amina)
    with pytest.raises(RuleBroken, match="Amina Benali") as refused:
        rules.claim(task, bruno)
    assert refused.value.status == 409
    assert task.people == [amina]


def test_claiming_twice_changes_nothing(bruno):
    task = make_task(bruno)
    rules.claim(task, bruno)
    rules.claim(task, bruno)
    assert kinds() == ["task.written", "task.taken"]


def test_what_is_done_is_not_claimed(amina, bruno):
    task = make_task(amina, status="done")
    with pytest.raises(RuleBroken):
        rules.claim(task, bruno)


def test_who_gives_a_task_back_leaves_it_to_whoever_wants(bruno):
    task = make_task(bruno)
    rules.claim(task, bruno)
    rules.release(task, bruno)
    assert task.is_free
    assert task.status == "todo"


def test_of_two_people_one_may_leave_and_the_other_goes_on(amina, bruno):
    task = make_task(amina, "Caisse du bar", amina, bruno, status="doing")
    rules.release(task, bruno)
    assert task.people == [amina]
    assert task.status == "doing"


def test_giving_back_what_one_does_not_have_changes_nothing(amina, bruno):
    task = make_task(amina, "Caisse du bar", amina)
    rules.release(task, bruno)
    assert task.people == [amina]
    assert kinds() == ["task.written"]


def test_who_moves_a_free_task_forward_takes_it(amina, bruno):
    task = make_task(amina)
    rules.move(task, bruno, "doing")
    assert task.people == [bruno]


def test_who_lost_the_race_does_not_move_what_is_no_longer_free(amina, bruno):
    task = make_task(amina)
    rules.claim(task, amina)
    with pytest.raises(RuleBroken, match="Amina Benali"):
        rules.move(task, bruno, "done")
    assert task.status == "doing"


def test_a_task_that_is_done_says_when_and_forgets_it_when_reopened(bruno):
    task = make_task(bruno, "Affiches", bruno)
    rules.move(task, bruno, "done")
    assert task.done_at is not None
    rules.move(task, bruno, "doing")
    assert task.done_at is None
    assert task.people == [bruno]


def test_there_are_no_other_columns(bruno):
    task = make_task(bruno)
    with pytest.raises(RuleBroken):
        rules.move(task, bruno, "archive")


def test_a_move_names_both_columns(bruno):
    task = make_task(bruno, "Affiches", bruno)
    rules.move(task, bruno, "check")
    change = db.session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert change.details["columns"] == ["check", "todo"]
    assert (change.details["was"], change.details["now"]) == ("todo", "check")


def test_a_coordinator_gives_a_task_to_anybody(amina, bruno):
    task = rules.write(amina, Draft("Affiches", people_ids=frozenset({bruno.id})))
    assert task.people == [bruno]
    assert task.status == "todo"


def test_a_member_takes_a_task_but_does_not_give_it(amina, bruno):
    assert rules.write(bruno, Draft("Affiches", people_ids=frozenset({bruno.id}))).people == [bruno]
    with pytest.raises(RuleBroken) as refused:
        rules.write(bruno, Draft("Affiches", people_ids=frozenset({amina.id})))
    assert refused.value.field == "people"


def test_a_member_does_not_take_a_task_away_from_somebody_else(amina, bruno):
    task = make_task(bruno, "Affiches", amina)
    with pytest.raises(RuleBroken):
        rules.rewrite(task, bruno, task.version, Draft("Affiches"))
    assert task.people == [amina]


def test_who_saves_on_an_older_version_sees_both(amina, bruno):
    task = make_task(bruno, "Affiches", bruno, notes="En A3.")
    drawn = task.version
    as_it_was = {"people_ids": frozenset({bruno.id})}
    rules.rewrite(task, amina, drawn, Draft("Affiches A2", "En A2.", **as_it_was))
    with pytest.raises(Stale, match="Amina Benali") as refused:
        rules.rewrite(task, bruno, drawn, Draft("Affiches", "En couleurs.", **as_it_was))
    assert "En A2." in refused.value.theirs.values()
    assert "En couleurs." in refused.value.yours.values()
    assert refused.value.version == task.version
    assert task.notes == "En A2."


def test_a_form_drawn_before_a_claim_does_not_undo_it(amina, bruno):
    task = make_task(amina)
    drawn = task.version
    rules.claim(task, bruno)
    with pytest.raises(Stale, match="Bruno Lambert"):
        rules.rewrite(task, amina, drawn, Draft("Un autre titre"))
    assert task.people == [bruno]


def test_the_same_save_sent_twice_is_one(bruno):
    task = make_task(bruno)
    drawn, draft = task.version, Draft("Un autre titre")
    rules.rewrite(task, bruno, drawn, draft)
    rules.rewrite(task, bruno, drawn, draft)
    assert kinds() == ["task.written", "task.edited"]


def test_a_task_from_which_everybody_is_taken_away_is_free_again(amina, bruno):
    task = make_task(amina, "Affiches", bruno, status="doing")
    rules.rewrite(task, amina, task.version, Draft("Affiches"))
    assert task.is_free
    assert task.status == "todo"


def test_steps_are_added_ticked_and_removed(bruno):
    task = make_task(bruno)
    for text in ("Acheter le papier", "Imprimer", "Plier"):
        rules.add_step(task, bruno, text)
    rules.tick(task.steps[0], bruno, True)
    rules.remove_step(task.steps[1], bruno)
    assert [(step.text, step.is_done) for step in task.steps] == [("Acheter le papier", True), ("Plier", False)]
    assert task.steps_done == 1


def test_the_same_step_sent_twice_is_one(bruno):
    task = make_task(bruno)
    rules.add_step(task, bruno, "Imprimer")
    rules.add_step(task, bruno, "Imprimer")
    assert [step.text for step in task.steps] == ["Imprimer"]


def test_steps_have_an_end(bruno):
    task = make_task(bruno)
    for number in range(rules.MOST_STEPS):
        rules.add_step(task, bruno, f"Étape {number}")
    with pytest.raises(RuleBroken) as refused:
        rules.add_step(task, bruno, "Une de trop")
    assert refused.value.field == "text"


def test_a_deleted_task_leaves_nothing_behind(bruno):
    task = make_task(bruno, "Affiches", bruno)
    rules.add_step(task, bruno, "Imprimer")
    rules.delete(task, bruno)
    db.session.commit()
    assert db.session.scalar(select(Task)) is None
    assert db.session.scalar(select(Step)) is None


def test_who_acts_on_a_task_that_was_deleted_is_told(bruno):
    task = make_task(bruno)
    db.session.execute(Task.__table__.delete())
    with pytest.raises(RuleBroken):
        rules.claim(task, bruno)


def test_a_post_that_goes_for_good_leaves_its_title_on_its_tasks(bruno):
    post = make_post(bruno, "Plantation du pommier")
    task = make_task(bruno, post_id=post.id)
    assert queries.of_post(post) == [task]
    with travel(datetime(2026, 11, 20, tzinfo=UTC), tick=False):
        posts.discard(post, bruno)
        db.session.commit()
    with travel(datetime(2026, 11, 21, tzinfo=UTC) + BIN):
        assert posts.empty_bin() == 1
        db.session.commit()
    db.session.expire_all()
    assert task.post is None
    assert task.post_title == "Plantation du pommier"


def test_my_tasks_are_late_this_week_or_later(amina, bruno):
    days = {"hier": -1, "aujourd’hui": 0, "dimanche": 2, "lundi": 3}
    for title, distance in days.items():
        make_task(amina, title, bruno, due=FRIDAY + timedelta(days=distance))
    make_task(amina, "un jour", bruno)
    make_task(amina, "fait", bruno, due=FRIDAY, status="done")
    make_task(amina, "à une autre", amina, due=FRIDAY)
    titles = [[task.title for task in tasks] for tasks in queries.mine(bruno, FRIDAY)]
    assert titles == [["hier"], ["aujourd’hui", "dimanche"], ["lundi", "un jour"]]


def test_on_a_sunday_the_week_ends_today(bruno):
    sunday = date(2026, 11, 22)
    make_task(bruno, "dimanche", bruno, due=sunday)
    make_task(bruno, "lundi", bruno, due=sunday + timedelta(days=1))
    late, this_week, later = queries.mine(bruno, sunday)
    assert (late, [t.title for t in this_week], [t.title for t in later]) == ([], ["dimanche"], ["lundi"])


def test_what_presses_most_is_offered_first(amina, bruno):
    make_task(amina, "sans date")
    make_task(amina, "peut attendre", priority=LOW, due=FRIDAY)
    make_task(amina, "bientôt", due=FRIDAY)
    make_task(amina, "prioritaire", priority=HIGH)
    make_task(amina, "prise", bruno, priority=HIGH)
    assert [task.title for task in queries.free(3)] == ["prioritaire", "bientôt", "sans date"]


def test_the_board_shows_what_was_done_this_week(bruno):
    make_task(bruno, "lundi", bruno, status="done", done_at=datetime(2026, 11, 16, 8, tzinfo=UTC))
    make_task(bruno, "dimanche", bruno, status="done", done_at=datetime(2026, 11, 15, 12, tzinfo=UTC))
    assert [task.title for task in queries.in_column("done", FRIDAY)] == ["lundi"]
    assert [task.title for task in queries.done(1)[0]] == ["lundi", "dimanche"]


def test_free_tasks_come_first_in_their_column(amina, bruno):
    make_task(amina, "donnée", bruno, due=FRIDAY)
    make_task(amina, "libre")
    assert [task.title for task in queries.in_column("todo", FRIDAY)] == ["libre", "donnée"]


def test_an_observer_finds_no_task(amina, chloe):
    task = make_task(amina)
    assert queries.one(amina, task.id) is task
    assert queries.one(chloe, task.id) is None


def test_a_task_is_given_to_the_team_not_to_observers(amina, bruno, chloe):
    gone = make_member("Denise Noël")
    task = make_task(amina, "Affiches", gone)
    gone.left_at = task.created_at
    assert queries.assignable(amina, None) == [amina, bruno]
    assert queries.assignable(amina, task) == [amina, bruno, gone]
    assert queries.assignable(bruno, task) == [bruno]
