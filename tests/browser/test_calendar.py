"""Planning in a real browser: two members side by side, the mouse, the keyboard, and a text half typed."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from .conftest import log_in, wait_for

TODAY = datetime.now(ZoneInfo("Europe/Brussels")).date()
DAY, OTHER, THIRD = (TODAY.replace(day=number) for number in (12, 20, 25))
CELL, OTHER_CELL, THIRD_CELL = (f"#day-{day}" for day in (DAY, OTHER, THIRD))


@pytest.fixture
def amina(visit, founded):
    page = visit(viewport={"width": 1280, "height": 900})
    log_in(page)
    return page


@pytest.fixture
def bruno(visit, founded):
    page = visit(viewport={"width": 1280, "height": 900})
    log_in(page, "bruno@exemple.org")
    return page


def plan(page, title, day=DAY):
    page.goto(f"/posts/new?day={day}")
    page.fill("[name=title]", title)
    page.click(".bar .btn")
    page.wait_for_url(re.compile(r"/posts/\d+$"))
    return page.url


def test_a_post_appears_at_the_other_members(amina, bruno):
    bruno.goto("/calendar")
    plan(amina, "Les premiers bourgeons")
    bruno.wait_for_selector(f"{CELL} >> text=Les premiers bourgeons", timeout=2000)


def test_dragging_and_the_form_come_to_the_same(amina, bruno):
    url = plan(amina, "À déplacer")
    bruno.goto("/calendar")
    amina.goto("/calendar")
    amina.drag_and_drop(f"{CELL} >> text=À déplacer", OTHER_CELL, target_position={"x": 40, "y": 90})
    amina.wait_for_selector(f"{OTHER_CELL} >> text=À déplacer")
    bruno.wait_for_selector(f"{OTHER_CELL} >> text=À déplacer", timeout=2000)
    assert amina.evaluate("document.activeElement.textContent").find("À déplacer") >= 0
    assert "À déplacer" in amina.inner_text("#toasts")
    amina.goto(f"{url}/day")
    amina.fill("[name=day]", f"{DAY:%d/%m/%Y}")
    amina.press("[name=day]", "Enter")
    amina.wait_for_selector(f"{CELL} >> text=À déplacer")
    bruno.wait_for_selector(f"{CELL} >> text=À déplacer", timeout=2000)


def test_a_push_takes_neither_focus_nor_half_typed_text(amina, bruno):
    url = plan(bruno, "Relu à deux")
    amina.goto(url)
    bruno.focus("[name=text]")
    bruno.keyboard.type("Bottes conseillées")
    amina.fill("[name=text]", "Soupe offerte")
    amina.click(".bar .btn.second")
    amina.wait_for_selector("main .note[data-tone=good]")
    bruno.wait_for_selector("[data-if-newer]:not([hidden])", timeout=2000)
    assert bruno.input_value("[name=text]") == "Bottes conseillées"
    assert bruno.evaluate("document.activeElement.name") == "text"
    bruno.click(".bar .btn.second")
    bruno.wait_for_selector(".versus")
    assert "Soupe offerte" in bruno.inner_text(".versus")
    assert bruno.input_value("[name=text]") == "Bottes conseillées"
    bruno.click(".bar .btn.second")
    bruno.wait_for_selector("main .note[data-tone=good]")
    amina.goto(url)
    assert amina.input_value("[name=text]") == "Bottes conseillées"


def test_the_counter_while_typing_is_the_servers(amina):
    amina.goto(f"/posts/new?day={DAY}")
    amina.fill("[name=title]", "Compté")
    amina.click("label:has([value=mastodon])")
    amina.fill("[name=text]", "Voyez https://exemple.org/" + "a" * 60 + " 👩‍👩‍👧‍👦")
    wait_for(lambda: amina.inner_text("#count-mastodon output").startswith("31 "), 3, lambda: amina.inner_text("main"))


def test_a_page_with_filters_reads_itself_again(amina, bruno):
    bruno.goto("/calendar?state=draft")
    plan(amina, "Un brouillon de plus")
    bruno.wait_for_selector("text=Un brouillon de plus", timeout=3000)
    bruno.goto("/calendar?state=done")
    plan(amina, "Pas encore publié")
    bruno.wait_for_timeout(1000)
    assert bruno.locator("text=Pas encore publié").count() == 0


def test_the_keyboard_alone_plans_and_moves_a_post(amina):
    amina.goto("/calendar")
    amina.focus(f"{OTHER_CELL} .date")
    amina.keyboard.press("Enter")
    amina.wait_for_selector("[name=title]")
    wait_for(lambda: amina.evaluate("document.activeElement.tagName") == "H1", 2)
    amina.keyboard.press("Tab")
    amina.keyboard.type("Au clavier")
    amina.keyboard.press("Enter")
    amina.wait_for_url(re.compile(r"/posts/\d+$"))
    amina.focus("[name=day]")
    amina.keyboard.press("Control+a")
    amina.keyboard.type(f"{THIRD:%d/%m/%Y}")
    amina.keyboard.press("Enter")
    wait_for(lambda: amina.input_value("[name=version]") == "2", 3)
    amina.goto("/calendar")
    amina.wait_for_selector(f"{THIRD_CELL} .post.draft >> text=Au clavier")
