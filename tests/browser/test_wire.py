"""A page on a poor line: what was told while it was cut is made up for, however the line was cut."""

import re

import pytest

from bench.faults.relay import Relay

from .conftest import answers, wait_for
from .test_live import AGAIN, SOON, open_stream, plan, sees


@pytest.fixture
def amina(visit, founded):
    return visit(storage_state=founded.cookies["amina"], viewport={"width": 1280, "height": 900})


@pytest.fixture
def relay(founded):
    wire = Relay(int(founded.url.rpartition(":")[2]))
    yield wire
    wire.close()


@pytest.fixture
def bruno(browser, founded, relay):
    """At the other end of the wire. His browser may complain: it cannot reach the server."""
    context = browser.new_context(storage_state=founded.cookies["bruno"], base_url=relay.url, locale="fr-BE")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("how", ["refuse", "stall"])
def test_what_happened_while_the_wire_was_cut_is_made_up_for(amina, bruno, relay, how):
    open_stream(bruno, "/calendar")
    relay.cut(how)
    plan(amina, f"Pendant la coupure {how}")
    relay.mend()
    sees(bruno, f"Pendant la coupure {how}", AGAIN)


def test_a_wire_that_died_without_a_word_is_noticed(amina, bruno, relay):
    bruno.clock.install()
    open_stream(bruno, "/calendar")
    relay.cut("lose")
    plan(amina, "Dans le silence")
    relay.mend()
    assert bruno.locator("text=Dans le silence").count() == 0
    bruno.clock.fast_forward("01:00")
    for _ in range(15):  # the connections that waited to be used again died with it, and are tried first
        bruno.wait_for_timeout(SOON / 4)
        bruno.clock.fast_forward("00:20")
    sees(bruno, "Dans le silence", AGAIN)


@pytest.mark.parametrize("fails", ["cut", "502"])
def test_a_reading_that_got_no_answer_is_tried_again(amina, bruno, fails):
    open_stream(bruno, "/")
    refused = []

    def refuse(route):
        refused.append(route.request.url)
        route.abort() if fails == "cut" else route.fulfill(status=502, body="<h1>Bad gateway</h1>")

    bruno.route(re.compile(r"/$"), refuse, times=2)
    plan(amina, f"Au second essai, {fails}")
    bruno.wait_for_selector(f"#main >> text=Au second essai, {fails}", timeout=2 * AGAIN)
    assert len(refused) == 2


def test_the_page_stays_while_the_server_is_away(amina, bruno, relay):
    open_stream(bruno, "/")
    relay.cut("refuse")
    wait_for(lambda: not answers(f"{relay.url}/healthz"), SOON / 1000)
    assert bruno.locator("#main h1").count() == 1


@pytest.mark.parametrize("fails", ["cut", "502"])
def test_a_stream_that_could_not_be_opened_at_first_is_opened_later(amina, bruno, fails):
    refused = []

    def refuse(route):
        refused.append(route.request.url)
        route.abort() if fails == "cut" else route.fulfill(status=502, body="<h1>Bad gateway</h1>")

    bruno.route(re.compile("/live"), refuse, times=2)
    bruno.goto("/calendar")
    plan(amina, f"Au troisième essai, {fails}")
    sees(bruno, f"Au troisième essai, {fails}", 3 * AGAIN)
    assert len(refused) == 2
    assert bruno.locator("h1").inner_text() != "Bad gateway"
