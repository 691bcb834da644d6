"""Every page for everyone: judged by axe-core, with large text, on a narrow screen, and with the keyboard alone."""

import pytest

from tests.house.pages import PAGES, REFUSED

from .axe import faint, serious
from .conftest import log_in

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
OBSERVED = ("/", "/calendar", "/polls", "/polls/{open_always}", "/posts/{published}", "/tasks")
LOOKS = [("diego" if "diego" in allowed else "amina", pattern) for pattern, allowed in PAGES.items()]
LOOKS += [("chloe", pattern) for pattern in OBSERVED]
# What sticks out of the screen, the innermost of each, unless it is inside something that scrolls by itself.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return [];
  const sticksOut = (element) => element.getBoundingClientRect().right > width + 1;
  const scrolls = (element) => element !== document.body
    && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((element) => sticksOut(element) && ![...element.children].some(sticksOut) && !scrolls(element))
    .map((element) => element.outerHTML.slice(0, 120));
}"""
ENLARGE = "(size) => { document.documentElement.style.fontSize = size; }"
# As a browser without scripts would: the answer is a page of its own.
SEND = """([action, fields]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action });
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement("input"), { name, value }));
  }
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture(scope="module")
def site(furnished):
    return furnished


@pytest.fixture(scope="module")
def seats(browser, site):
    """`seats(name)` is the page of somebody who stays logged in from test to test."""
    taken = {}

    def seat(name):
        if name not in taken:
            taken[name] = browser.new_page(locale="fr-BE", base_url=site.url, reduced_motion="reduce")
            if name != "diego":
                log_in(taken[name], f"{name}@exemple.org")
        return taken[name]

    yield seat
    for page in taken.values():
        page.context.close()


def faults(page):
    """What is wrong with the page that is open, on a phone and on a desk, by day and by night, small and large."""
    found = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        found += [f"{size['width']} px: {fault}" for fault in serious(page)]
        page.emulate_media(color_scheme="dark")
        found += [f"{size['width']} px, dark: {fault}" for fault in faint(page)]
    page.set_viewport_size({"width": 320, "height": 640})
    found += [f"wider than 320 px: {element}" for element in page.evaluate(TOO_WIDE)]
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(ENLARGE, "200%")
        found += [f"wider than {width} px with large text: {element}" for element in page.evaluate(TOO_WIDE)]
        page.evaluate(ENLARGE, "")
    return found


@pytest.mark.parametrize(("name", "pattern"), LOOKS)
def test_a_page_can_be_read_by_everyone(seats, site, name, pattern):
    page = seats(name)
    page.goto(pattern.format_map(site.examples))
    assert not (found := faults(page)), "\n".join(found)


@pytest.mark.parametrize("pattern", REFUSED)
def test_a_refusal_can_be_read_by_everyone(seats, site, pattern):
    name, form = REFUSED[pattern]
    page = seats(name)
    page.goto("/login" if name == "diego" else "/more")
    sent = {field: str(value).format_map(site.examples) for field, value in form.items()}
    with page.expect_navigation():
        page.evaluate(SEND, [pattern.format_map(site.examples), sent])
    assert not (found := faults(page)), "\n".join(found)
