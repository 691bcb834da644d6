"""What goes out when a task changes, and to whom it does not."""

from assoc_intranet.posts import rules as posts
from assoc_intranet.tasks import rules
from tests.factories import make_member, make_post, make_task


def test_a_move_reaches_the_team_as_two_columns(listeners, amina, bruno):
    task = make_task(bruno, "Affiches", bruno)
    listening = listeners.hears(amina)
    rules.move(task, bruno, "check")
    heard = listeners.heard(listening)
    assert 'hx-target="#tasks-todo"' in heard
    assert 'hx-target="#tasks-check"' in heard
    assert f'hx-target="#task-{task.id}-sheet"' in heard


def test_tasks_do_not_reach_an_observer(listeners, bruno, chloe):
    member, observer = listeners.hears(bruno), listeners.hears(chloe)
    task = make_task(bruno, "Canari secret", bruno, notes="Canari secret")
    rules.add_step(task, bruno, "Canari aussi")
    rules.move(task, bruno, "done")
    assert "Canari secret" in listeners.heard(member), "it must go out for this test to mean anything"
    assert listeners.heard(observer) == ""


def test_my_own_list_reaches_me_alone(listeners, amina, bruno):
    theirs, mine = listeners.hears(amina), listeners.hears(bruno)
    task = make_task(amina)
    rules.claim(task, bruno)
    target = f'hx-target="#member-{bruno.id}-todo"'
    assert target in listeners.heard(mine)
    assert target not in listeners.heard(theirs)


def test_who_loses_a_task_sees_it_leave_their_list(listeners, amina, bruno):
    task = make_task(amina, "Affiches", bruno)
    listening = listeners.hears(bruno)
    rules.delete(task, amina)
    heard = listeners.heard(listening)
    assert f'hx-target="#member-{bruno.id}-todo"' in heard
    assert f"/tasks/{task.id}/column" not in heard


def test_a_claim_takes_the_task_out_of_what_is_free(listeners, amina, bruno):
    task = make_task(amina)
    listening = listeners.hears(amina)
    rules.claim(task, bruno)
    free = listeners.heard(listening).split('hx-target="#tasks-free"')[1].split("</hx-partial>")[0]
    assert task.title not in free


def test_who_reads_a_task_that_is_deleted_is_told(listeners, amina, bruno):
    task = make_task(amina)
    listening = listeners.hears(bruno)
    rules.delete(task, amina)
    sheet = listeners.heard(listening).split(f'hx-target="#task-{task.id}-sheet"')[1].split("</hx-partial>")[0]
    assert 'class="blank"' in sheet


def test_a_task_follows_the_post_it_names(listeners, bruno):
    post = make_post(bruno)
    task = make_task(bruno, post_id=post.id)
    listening = listeners.hears(bruno)
    posts.discard(post, bruno)
    sheet = listeners.heard(listening).split(f'hx-target="#task-{task.id}-sheet"')[1].split("</hx-partial>")[0]
    assert f'href="/posts/{post.id}"' not in sheet


def test_a_post_shows_the_task_that_was_just_written_for_it(listeners, bruno):
    post = make_post(bruno)
    listening = listeners.hears(bruno)
    make_task(bruno, "Imprimer les étiquettes", post_id=post.id)
    around = listeners.heard(listening).split(f'hx-target="#post-{post.id}-tasks"')[1].split("</hx-partial>")[0]
    assert "Imprimer les étiquettes" in around


def test_the_push_holds_the_same_bytes_as_the_page(listeners, as_, amina, bruno):
    listening = listeners.hears(bruno, language="fr")
    task = make_task(amina, "Affiches", bruno, make_member("Denise Noël"), priority=1)
    rules.add_step(task, amina, "Acheter le papier")
    heard = listeners.heard(listening)
    pushed = "\n".join(line.removeprefix("data: ") for line in heard.splitlines() if line.startswith("data: "))
    page = as_(bruno).get("/tasks", headers={"Accept-Language": "fr"}).text
    for target in ("tasks-todo", f"member-{bruno.id}-todo"):
        piece = pushed.split(f'hx-target="#{target}"')[1].split('hx-swap="outerMorph">')[1].split("</hx-partial>")[0]
        assert "Affiches" in piece
        assert piece.strip() in page


def test_the_buttons_that_move_a_task_are_named_for_those_who_may(listeners, amina, bruno):
    listening = listeners.hears(amina)
    make_task(amina, "Affiches", bruno)
    assert f'data-only-by="{amina.id} {bruno.id}" data-only-role="coordinator"' in listeners.heard(listening)
