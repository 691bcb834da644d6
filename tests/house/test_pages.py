"""Every page, as everybody sees it: proper HTML, and nothing on it that leads to nowhere.

With DUMP_PAGES=<folder> the pages are written there: `make check` has them judged by the Nu Html Checker.
"""

import os
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from assoc_intranet.members import queries as members

from .examples import furnish
from .html import addresses, faults
from .pages import EVERYBODY, PAGES, REFUSED

# What a browser gets without showing it as a page.
NOT_PAGES = {
    "static_file",
    "healthz",
    "live.stream",
    "association.theme",
    "association.logo",
    "profile.viewer_style",
    "polls.export",
}


@pytest.fixture
def examples(app):
    return furnish()


@pytest.fixture
def browser_of(app, as_, examples):
    def browser(name):
        return app.test_client() if name == "diego" else as_(members.by_email(f"{name}@exemple.org"))

    return browser


@pytest.fixture
def judge(app):
    """`judge(name, answer)` notes what is wrong with a page; what was noted fails the test."""
    found = []

    def look(name, answer):
        found.extend(f"{name}: {fault}" for fault in [*faults(answer.text), *dead_ends(app, answer.text)])
        if folder := os.environ.get("DUMP_PAGES"):
            slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
            Path(folder, f"{slug}.html").write_text(answer.text, encoding="utf-8")

    yield look
    assert not found, "\n".join(found)


def dead_ends(app, text):
    """Addresses on the page to which none of our routes answers, or not in that way."""
    adapter = app.url_map.bind("localhost")
    for method, address in addresses(text):
        parts = urlsplit(address)
        if parts.scheme or not parts.path:
            continue
        try:
            adapter.match(parts.path, method)
        except HTTPException:
            yield f"nothing answers {method} {address}"


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_every_page_is_open_to_who_may_and_proper(browser_of, examples, judge, name):
    browser = browser_of(name)
    for pattern, allowed in PAGES.items():
        answer = browser.get(pattern.format_map(examples))
        expected = (200,) if name in allowed else (303,) if "diego" in (name, *allowed) else (403, 404)
        assert answer.status_code in expected, f"{name} at {pattern}"
        if answer.status_code != 303:
            judge(f"{name} {pattern}", answer)


def test_a_refused_form_is_a_proper_page_too(browser_of, examples, judge):
    browsers = {name: browser_of(name) for name in {name for name, _form in REFUSED.values()}}
    for pattern, (name, form) in REFUSED.items():
        sent = {field: str(value).format_map(examples) for field, value in form.items()}
        answer = browsers[name].post(pattern.format_map(examples), data=sent)
        assert answer.status_code in (409, 422), f"{pattern}: {answer.status_code}"
        judge(f"refused {pattern}", answer)


def test_the_pages_of_an_association_that_begins_are_proper(as_, amina, judge):
    browser = as_(amina)
    without_examples = (path for path, allowed in PAGES.items() if "amina" in allowed and "{" not in path)
    for path in ("/nowhere", *without_examples):
        judge(f"beginning {path}", browser.get(path))


def test_the_first_page_of_all_is_proper(client, judge):
    for path in ("/login", "/setup", "/join", "/nowhere"):
        judge(f"nothing yet {path}", client.get(path))


def test_no_two_pages_have_the_same_title(app, browser_of, examples):
    """Titles are how people find a tab again; the same page with other examples or filters counts once."""
    browser, titles = browser_of("amina"), defaultdict(set)
    for pattern, allowed in PAGES.items():
        if "amina" in allowed:
            path = pattern.format_map(examples)
            title = re.search(r"<title>(.*?)</title>", browser.get(path).text)[1]
            titles[title].add(endpoint_of(app, path))
    shared = {title: pages for title, pages in titles.items() if len(pages) > 1}
    assert not shared


def test_no_page_is_forgotten(app, examples):
    reached = {endpoint_of(app, pattern.format_map(examples)) for pattern in PAGES}
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods} - NOT_PAGES
    assert pages == reached, f"Write {pages - reached} into tests/house/pages.py."


def endpoint_of(app, address):
    return app.url_map.bind("localhost").match(urlsplit(address).path)[0]


@pytest.mark.parametrize(
    "planted",
    [
        "<p id=a></p><p id=a></p>",
        "<label for=nowhere>x</label>",
        "<p aria-describedby='x y'></p>",
        "<a href='#nowhere'>x</a>",
        "<a href=''>x</a>",
        "<form method=post></form>",
        "<input name=x>",
        "<svg><use href='/icons.svg#i-nothing'/></svg>",
        "<h1>second</h1>",
        "<ul><li>x</ul></section>",
    ],
)
def test_a_planted_fault_is_found(planted):
    page = "<!doctype html><html lang=fr><head><title>x</title></head><body><main><h1>x</h1>{}</main></body></html>"
    assert not faults(page.format("<p>x</p>"))
    assert faults(page.format(planted))


def test_a_planted_dead_end_is_found(app):
    assert list(dead_ends(app, '<a href="/nowhere">'))
    assert list(dead_ends(app, '<form class="x" method="post" action="/more">'))
    assert not list(dead_ends(app, '<a href="/more"><a href="https://exemple.org/x"><a href="#x">'))
