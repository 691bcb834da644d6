"""What arrives by itself: it disturbs nobody, reaches only who may read it, and survives a server that goes away."""

import re
import signal

import pytest

from assoc_intranet import create_app
from assoc_intranet.association import queries as associations
from assoc_intranet.core.clock import today
from assoc_intranet.core.db import db
from assoc_intranet.members import queries as members
from tests.factories import make_post

from .conftest import found, invite, join, log_in, start, wait_for

SOON = 2000
AGAIN = 8000  # until a browser has read a page again, or has tried again to reach a server that went away
TODAY = ".day:has(.now)"
SCROLLED = 300


@pytest.fixture
def amina(visit, founded):
    return visit(storage_state=founded.cookies["amina"], viewport={"width": 1280, "height": 900})


@pytest.fixture
def bruno(visit, founded):
    return visit(storage_state=founded.cookies["bruno"], viewport={"width": 1280, "height": 500})


def plan(page, title):
    """Plan a post for today."""
    page.goto("/calendar")
    page.click(f"{TODAY} .date")
    page.fill("[name=title]", title)
    page.click(".bar .btn")
    page.wait_for_url(re.compile(r"/posts/\d+$"))


def sees(page, title, within=SOON):
    page.wait_for_selector(f"{TODAY} >> text={title}", state="attached", timeout=within)  # perhaps folded


def open_stream(page, path):
    """Go there and wait until the page listens."""
    with page.expect_response(re.compile("/live")):
        page.goto(path)


def test_a_push_leaves_the_page_where_it_was_scrolled(amina, bruno):
    bruno.goto("/calendar")
    bruno.mouse.wheel(0, SCROLLED)
    wait_for(lambda: bruno.evaluate("scrollY") == SCROLLED, 3)
    plan(amina, "Sans secousse")
    sees(bruno, "Sans secousse")
    assert bruno.evaluate("scrollY") == SCROLLED


def test_a_push_around_a_field_keeps_the_focus_and_what_is_half_typed(amina, bruno):
    amina.goto("/tasks/new")
    amina.fill("[name=title]", "Préparer la fête")
    amina.click(".bar .btn:not(.second)")
    amina.wait_for_url(re.compile(r"/tasks/\d+$"))
    bruno.goto(amina.url)
    bruno.click("form[action$='/claim'] .btn")
    bruno.click("form[action$='/steps'] [name=text]")
    bruno.keyboard.type("Réserver la sa")
    for step in ("Inviter", "Cuisiner"):
        amina.fill("form[action$='/steps'] [name=text]", step)
        amina.press("form[action$='/steps'] [name=text]", "Enter")
        bruno.wait_for_selector(f".step >> text={step}", timeout=SOON)
    bruno.keyboard.type("lle")
    assert bruno.evaluate("[document.activeElement.name, document.activeElement.value]") == [
        "text",
        "Réserver la salle",
    ]


def test_one_stream_is_enough_for_a_whole_visit(amina, bruno):
    opened = []
    bruno.on("request", lambda request: opened.append(request.url) if "/live" in request.url else None)
    open_stream(bruno, "/")
    for place in ("calendar", "tasks", "decisions", "members", "calendar"):
        bruno.click(f".nav [data-place={place}]")
        bruno.wait_for_selector(f".nav [data-place={place}][aria-current=page]")
    plan(amina, "Après cinq pages")
    sees(bruno, "Après cinq pages")
    assert len(opened) == 1


def test_logging_out_in_one_tab_ends_the_stream_of_the_other(amina, visit):
    tab = visit()
    log_in(tab, "bruno@exemple.org")
    open_stream(tab, "/calendar")
    plan(amina, "Encore là")
    sees(tab, "Encore là")
    tab.evaluate("document.addEventListener('htmx:sse:close', () => { window.ended = true; })")
    other = tab.context.new_page()
    other.goto("/")
    other.click("[popovertarget=me]")
    other.click("#me form button")
    other.wait_for_url(re.compile("/login"))
    wait_for(lambda: tab.evaluate("window.ended === true"), SOON / 1000)
    plan(amina, "Déjà parti")
    tab.wait_for_timeout(1000)
    assert tab.locator("text=Déjà parti").count() == 0


def test_an_observer_is_told_no_drafts_any_more(amina, bruno, founded):
    bruno.goto("/calendar")
    plan(amina, "Pour l’équipe")
    sees(bruno, "Pour l’équipe")
    set_role(amina, "observer")
    plan(amina, "Sans Bruno")
    bruno.wait_for_timeout(1000)
    assert bruno.locator("text=Sans Bruno").count() == 0
    for place in ("today", "calendar"):
        bruno.click(f".nav [data-place={place}]")
        bruno.wait_for_selector(f"main[data-place={place}]")
    assert bruno.locator("text=Pour l’équipe").count() == 0
    set_role(amina, "member")


def set_role(page, role):
    page.goto("/members?q=Bruno")
    page.click(".who a")
    page.click(f"label:has([name=role][value={role}])")
    chosen = f"[name=role][value={role}]:checked"
    page.wait_for_selector(chosen, state="attached")
    page.click("#rights .btn")
    page.wait_for_selector("main .note[data-tone=good]")
    assert page.locator(chosen).count() == 1, "the role was not saved"


@pytest.mark.parametrize("by_link", [True, False])
def test_a_page_that_was_under_way_when_something_changed_catches_up(amina, bruno, by_link):
    """The answer is held back until what it does not know yet has happened, and has been told to this browser."""
    title = f"Pendant le voyage {by_link}"
    open_stream(bruno, "/tasks")

    def hold(route):
        stale = route.fetch()
        plan(amina, title)
        route.fulfill(response=stale)

    bruno.route("**/calendar", hold, times=1)
    if by_link:
        bruno.click(".nav [data-place=calendar]")
    else:
        bruno.goto("/calendar")
    sees(bruno, title, AGAIN)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_page_tells_the_truth_again_after_the_server_was_away(browser, founded, how):
    bruno = browser.new_page(base_url=founded.url, storage_state=founded.cookies["bruno"])
    open_stream(bruno, "/calendar")
    founded.process.send_signal(how)
    founded.process.wait(10)
    title = f"Pendant l’absence, {how.name}"
    write_behind_the_server(founded.data, title)
    founded.process = start(founded.data, port=int(founded.url.rpartition(":")[2])).process
    sees(bruno, title, AGAIN)
    bruno.context.close()


def write_behind_the_server(data, title):
    app = create_app({"TESTING": True}, {"DATA_DIR": str(data)})
    with app.app_context():
        make_post(members.by_email("amina@exemple.org"), title, today(associations.zone()))
        db.engine.dispose()


def test_who_finds_no_stream_left_still_has_all_pages(another, visit):
    crowded = another(LIVE_MAX="1")
    amina, bruno = visit(base_url=crowded.url), visit(base_url=crowded.url)
    found(amina, crowded)
    link = invite(amina)
    open_stream(amina, "/calendar")
    join(bruno, link, "Bruno Lambert", "bruno@exemple.org")
    plan(bruno, "Sans fil")
    sees(amina, "Sans fil")
    plan(amina, "À recharger")
    bruno.goto("/calendar")
    sees(bruno, "À recharger")
