"""What goes out when a post changes, and to whom it does not."""

from datetime import date

from assoc_intranet.posts import rules
from tests.factories import make_post


def test_a_move_reaches_the_team_as_two_days(listeners, amina, bruno):
    post = make_post(bruno, day=date(2026, 11, 28))
    listening = listeners.hears(amina)
    rules.move(post, bruno, date(2026, 11, 30))
    heard = listeners.heard(listening)
    assert 'hx-target="#day-2026-11-28"' in heard
    assert 'hx-target="#day-2026-11-30"' in heard
    assert "Plantation du pommier" in heard


def test_a_draft_does_not_reach_an_observer(listeners, bruno, chloe):
    member, observer = listeners.hears(bruno), listeners.hears(chloe)
    make_post(bruno, "Canari secret", text="Canari secret")
    assert "Canari secret" in listeners.heard(member), "the draft must go out for this test to mean anything"
    assert "Canari" not in listeners.heard(observer)


def test_what_is_published_reaches_an_observer(listeners, amina, chloe):
    post = make_post(amina, "Merci à tous", state="planned")
    listening = listeners.hears(chloe)
    rules.change_state(post, amina, "done")
    assert "Merci à tous" in listeners.heard(listening)


def test_what_loses_its_date_appears_in_the_tray(listeners, bruno):
    post = make_post(bruno)
    listening = listeners.hears(bruno)
    rules.move(post, bruno, None)
    heard = listeners.heard(listening)
    assert 'hx-target="#tray"' in heard
    assert 'hx-target="#day-2026-11-28"' in heard


def test_the_push_holds_the_same_bytes_as_the_page(listeners, as_, bruno):
    listening = listeners.hears(bruno, language="fr")
    make_post(bruno, variants={"facebook": None})
    heard = listeners.heard(listening)
    pushed = "\n".join(line.removeprefix("data: ") for line in heard.splitlines() if line.startswith("data: "))
    day = pushed.split('hx-swap="outerMorph">')[1].split("</hx-partial>")[0]
    page = as_(bruno).get("/calendar/2026-11", headers={"Accept-Language": "fr"}).text
    assert 'id="day-2026-11-28"' in day
    assert day.strip() in page


def test_the_month_says_how_many_posts_it_has_now(listeners, as_, amina, bruno, chloe):
    member, observer = listeners.hears(bruno), listeners.hears(chloe)
    post = make_post(amina, day=date(2026, 11, 28))
    assert '<p id="total-2026-11">1 publication</p>' in listeners.heard(member)
    assert '<p id="total-2026-11">0 publication</p>' in listeners.heard(observer)
    rules.move(post, amina, date(2026, 12, 3))
    heard = listeners.heard(member)
    assert '<p id="total-2026-11">0 publication' in heard
    assert '<p id="total-2026-12">1 publication</p>' in heard
    assert '<p id="total-2026-12">1 publication</p>' in as_(bruno).get("/calendar/2026-12").text
