"""Every page for everyone: judged by axe-core, with large text, on a narrow screen, and with the keyboard alone."""

import pytest

from tests.house.pages import PAGES, REFUSED

from .axe import faint, serious
from .conftest import log_in, wait_for

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
# Where the focus is: a name to know it by, whether a ring shows it, and whether something lies over it.
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const label = element.closest("label");
  const ring = [element, label].some((it) => it && getComputedStyle(it).outlineStyle !== "none"
    && parseFloat(getComputedStyle(it).outlineWidth) >= 2);
  return {
    name: element.outerHTML.slice(0, 160),
    ring,
    covered: !over || !(element.contains(over) || over.contains(element) || label?.contains(over)),
  };
}"""
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


TABBED = (
    "/",
    "/calendar",
    "/posts/{draft}",
    "/tasks",
    "/tasks/{taken}",
    "/polls/{open_always}",
    "/members",
    "/profile",
)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("pattern", TABBED)
def test_the_tab_key_goes_everywhere_and_one_sees_where(seats, site, pattern, size):
    page, faults, stops = seats("amina"), [], []
    page.set_viewport_size(size)
    page.goto(pattern.format_map(site.examples))
    page.keyboard.press("Tab")
    while len(stops) < 250 and (stop := page.evaluate(FOCUSED)) and stop["name"] not in stops:
        stops.append(stop["name"])
        faults += [f"no ring on {stop['name']}"] * (not stop["ring"])
        faults += [f"something lies over {stop['name']}"] * stop["covered"]
        page.keyboard.press("Tab")
    assert not faults, "\n".join(faults)
    assert 'class="skip' in stops[0]
    reachable = page.locator("main :is(a[href], button:not([tabindex])):visible").count()
    assert sum("<a" in stop or "<button" in stop for stop in stops) >= reachable


def test_the_first_stop_leads_past_the_navigation(seats):
    page = seats("amina")
    page.goto("/calendar")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_escape_closes_a_menu_and_gives_the_focus_back(seats):
    page = seats("amina")
    page.set_viewport_size(DESK)
    page.goto("/")
    for opener, menu in (("[popovertarget=me]", "#me"),):
        page.focus(opener)
        page.keyboard.press("Enter")
        page.wait_for_selector(menu, state="visible")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('[popover]') !== null")
        page.keyboard.press("Escape")
        page.wait_for_selector(menu, state="hidden")
        assert page.evaluate("(opener) => document.activeElement.matches(opener)", opener)


def test_a_task_is_moved_with_the_keyboard_alone(seats, site):
    page = seats("amina")
    page.set_viewport_size(DESK)
    page.goto("/tasks")
    card = f"#task-{site.examples['taken']}-card"
    page.focus(f"{card} [popovertarget]")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"[data-column=todo] {card}")
    wait_for(lambda: page.evaluate("(card) => document.activeElement.closest(card) !== null", card), 2)


def test_the_focus_goes_to_the_new_page_and_to_what_was_refused(seats):
    page = seats("amina")
    page.goto("/tasks")
    page.focus(".head a[href='/tasks/new']")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=title]")
    wait_for(lambda: page.evaluate("document.activeElement.localName") == "h1", 2)
    page.focus("[name=title]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    wait_for(lambda: page.evaluate("document.activeElement.closest('[role=alert]') !== null"), 2)
