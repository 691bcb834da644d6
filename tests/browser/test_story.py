"""The story this is all for: Amina founds, imports and invites; Bruno joins on his phone; each sees the other act."""

import re
from pathlib import Path

import pytest

from .conftest import found, invite, join, wait_for

SPREADSHEET = Path(__file__).parents[1] / "transfer/samples/excel-fr-cp1252.csv"
SOON = 10_000  # milliseconds until what one does must be there for the other, on a machine that is busy
TODAY = ".day:has(.now)"
NOVEMBER, DECEMBER = "/calendar/2026-11", "/calendar/2026-12"


@pytest.fixture
def amina(visit):
    """At her desk."""
    return visit(viewport={"width": 1280, "height": 900})


@pytest.fixture
def bruno(visit):
    """On his phone."""
    return visit(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, device_scale_factor=2)


def bring_in(page, spreadsheet):
    page.goto("/calendar")
    page.click("main a[href='/posts/import']")
    page.set_input_files("[name=file]", spreadsheet)
    page.click("form:has([name=file]) .btn")
    page.click("form[method=post][action^='/posts/import/'] .btn")
    page.wait_for_url(re.compile(r"/posts/imports/\d+"))


def plan(page, title, press):
    press(page, f"{TODAY} .date")
    page.fill("[name=title]", title)
    press(page, ".bar .btn")
    page.wait_for_url(re.compile(r"/posts/\d+$"))


def click(page, target):
    page.click(target)


def tap(page, target):
    page.tap(target)


def stay(page):
    """Marks the document: as long as `has_stayed`, nothing was loaded anew."""
    page.evaluate("() => { window.stayed = true; }")


def has_stayed(page):
    return page.evaluate("() => window.stayed === true")


def vote(page, place, press):
    press(page, f"form[action$='/ballot'] .choice >> nth={place}")
    press(page, "form[action$='/ballot'] .btn")


def bars(page):
    """How long they are drawn."""
    return [bar.get_attribute("width") for bar in page.locator(".bars rect").all()]


def test_two_members_plan_share_out_and_decide_together(amina, bruno, site):
    found(amina, site)
    bring_in(amina, SPREADSHEET)
    amina.click("main .btn")
    amina.goto(NOVEMBER)
    assert "Fête d’été" in amina.inner_text("#day-2026-11-28")
    amina.goto(DECEMBER)
    assert "volontaires" in amina.inner_text("#day-2026-12-05")
    assert "=1+1 tableur piégé" in amina.inner_text("#day-2026-12-07")

    join(bruno, invite(amina), "Bruno Lambert", "bruno@exemple.org")
    bruno.goto(DECEMBER)
    assert "volontaires" in bruno.inner_text("#day-2026-12-05")
    amina.goto("/calendar")
    bruno.goto("/calendar")
    stay(amina)
    stay(bruno)

    # Both plan posts in one calendar.
    plan(amina, "Atelier vélo", click)
    bruno.wait_for_selector(f"{TODAY} >> text=Atelier vélo", timeout=SOON)
    amina.click(".nav [data-place=calendar]")
    amina.wait_for_selector(f"{TODAY} >> text=Atelier vélo")
    plan(bruno, "Soupe de quartier", tap)
    amina.wait_for_selector(f"{TODAY} >> text=Soupe de quartier", timeout=SOON)

    # They share out the work.
    bruno.tap(".nav [data-place=tasks]")
    bruno.wait_for_selector("[data-column=todo]")
    amina.click(".nav [data-place=tasks]")
    amina.click("main .head a[href='/tasks/new']")
    amina.fill("[name=title]", "Imprimer les affiches")
    amina.click(".bar .btn:not(.second)")
    amina.wait_for_url(re.compile(r"/tasks/\d+$"))
    bruno.wait_for_selector("[data-column=todo] >> text=Imprimer les affiches", timeout=SOON)
    bruno.tap("[data-column=todo] form[action$='/claim'] .btn")
    bruno.wait_for_selector("[data-column=doing] >> text=Imprimer les affiches")
    amina.wait_for_selector("main aside >> text=Bruno Lambert", timeout=SOON)
    amina.click(".nav [data-place=tasks]")
    amina.wait_for_selector("[data-column=doing] >> text=Imprimer les affiches")
    bruno.tap("form[action$='/column']:has([value=done]) .tick")
    amina.wait_for_selector("[data-column=done] >> text=Imprimer les affiches", timeout=SOON)

    # They decide together.
    bruno.tap(".nav [data-place=decisions]")
    amina.click(".nav [data-place=decisions]")
    amina.click("main a[href='/polls/new']")
    amina.click("main a[href$='kind=yesno']")
    amina.fill("[name=question]", "Un stand au marché de Noël ?")
    amina.click("main form .btn")
    amina.click("main a[href$='/opening']")
    amina.click("main form .btn")
    bruno.tap("main .wait:has-text('Un stand au marché de Noël ?') .btn", timeout=SOON)
    amina.wait_for_selector(".bars")
    bruno.wait_for_selector(".bars")
    assert bars(amina) == ["0%", "0%"]
    vote(bruno, 0, tap)
    wait_for(lambda: bars(amina) == ["100%", "0%"], SOON / 1000)
    vote(amina, 1, click)
    wait_for(lambda: bars(bruno) == ["50%", "50%"], SOON / 1000)

    assert has_stayed(amina)
    assert has_stayed(bruno)
