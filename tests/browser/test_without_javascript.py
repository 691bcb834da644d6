"""Everything with JavaScript switched off: every page is read, every form is sent, and the work of a day is done."""

from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from assoc_intranet import create_app
from tests.house.pages import PAGES

from .conftest import PASSWORD, found, invite, join, log_in

SPREADSHEET = Path(__file__).parents[1] / "transfer/samples/excel-fr-cp1252.csv"
NEW_PASSWORD = "quatre mots plutôt jolis"

# Every form: who sends it, from which page, what they type or choose. What takes something away comes last.
FORMS = {
    "posts.calendar": ("bruno", "/calendar?filter=", {"network": "facebook", "state": "draft"}),
    "posts.create": ("bruno", "/posts/new?day={day}", {"title": "Sans script", "networks": "facebook"}),
    "posts.save": ("bruno", "/posts/{draft}", {"text": "Un texte sans script.", "own-mastodon": ""}),
    "posts.move": ("bruno", "/posts/{fix}/day", {"day": "24/12/2026", "hour": "18h30"}),
    "posts.send_sheet": ("amina", "/posts/import", {"file": SPREADSHEET}),
    "posts.preview_import": ("amina", "/posts/import/{sheet}", {"order": "month", "title": ""}),
    "posts.import_sheet": ("amina", "/posts/import/{sheet}", {}),
    "posts.discard": ("bruno", "/posts/{idea}", {}),
    "posts.restore": ("bruno", "/posts/bin", {}),
    "tasks.create": ("bruno", "/tasks/new", {"title": "Sans script", "people": "{bruno}", "priority": "1"}),
    "tasks.save": ("bruno", "/tasks/{taken}/details", {"notes": "Sans script", "due": "24/12/2026"}),
    "tasks.add_step": ("bruno", "/tasks/{taken}", {"text": "Un pas de plus"}),
    "tasks.tick": ("bruno", "/tasks/{taken}", {}),
    "tasks.remove_step": ("bruno", "/tasks/{taken}", {}),
    "tasks.claim": ("bruno", "/tasks/{free}", {}),
    "tasks.move": ("bruno", "/tasks/{taken}", {}),
    "tasks.release": ("bruno", "/tasks/{taken}", {}),
    "tasks.delete": ("amina", "/tasks/{finished}/deletion", {}),
    "polls.create": ("bruno", "/polls/new?kind=single", {"question": "Sans script ?", "labels": "Oui\nNon"}),
    "polls.save": ("bruno", "/polls/{proposed}/draft", {"text": "Sans script", "results": "close"}),
    "polls.open_poll": ("amina", "/polls/{proposed}/opening", {}),
    "polls.cast_ballot": ("bruno", "/polls/{open_after}", {"choice": "", "reason": "Sans script"}),
    "polls.add_elector": ("amina", "/polls/{open_after}/electors", {"member_id": "{denise}"}),
    "polls.extend": ("amina", "/polls/{open_always}/extension", {"closes_on": "24/12/2099"}),
    "polls.close": ("amina", "/polls/{open_always}/closure", {"reason": "Sans script"}),
    "polls.reopen": ("amina", "/polls/{closed}/reopening", {"closes_on": "24/12/2099", "closes_hour": "20h",
                                                           "reason": "Sans script"}),
    "polls.discard": ("bruno", "/polls/{unwanted}", {}),
    "networks.create": ("denise", "/networks/new", {"network": "instagram", "handle": "@sans.script"}),
    "networks.save": ("denise", "/networks/{presence}", {"handle": "@autrement", "goal": "0,5"}),
    "networks.set_limit": ("denise", "/networks/limits/facebook", {"characters": "500"}),
    "networks.reset_limit": ("denise", "/networks/limits/mastodon", {}),
    "networks.delete": ("denise", "/networks/{presence}/deletion", {}),
    "members.index": ("bruno", "/members", {"q": "amina", "role": "coordinator"}),
    "invitations.create": ("denise", "/invitations", {"role": "observer"}),
    "invitations.renew": ("amina", "/invitations", {}),
    "invitations.revoke": ("amina", "/invitations", {}),
    "members.set_rights": ("amina", "/members/{bruno}", {"role": "coordinator"}),
    "members.draw_password_link": ("amina", "/members/{bruno}", {}),
    "members.reactivate": ("amina", "/members/{former}", {}),
    "backups.make": ("amina", "/backups", {}),
    "association.save": ("sami", "/settings", {"name": "La Bêche", "accent": "#884400", "country": "FR"}),
    "profile.save": ("chloe", "/profile", {"name": "Chloé Sansscript", "dot": "3", "language": "en"}),
    "profile.save_email": ("denise", "/profile/email", {"email": "d@exemple.org", "current_password": PASSWORD}),
    "profile.save_password": ("denise", "/profile/password", {"current_password": PASSWORD, "password": NEW_PASSWORD}),
    "sessions.end": ("amina", "/profile", {}),
    "sessions.end_others": ("amina", "/profile", {}),
    "login.log_in_here": ("diego", "/login?next=/tasks", {"email": "amina@exemple.org", "password": PASSWORD}),
    "login.log_in_once": ("diego", "/login/once?code={login_code}", {}),
    "passwords.ask": ("diego", "/password", {"email": "amina@exemple.org"}),
    "passwords.save": ("diego", "/password/new?code={password_code}", {"password": NEW_PASSWORD}),
    "invitations.join": ("diego", "/join?code={invitation_code}", {"name": "Zoé", "email": "z@exemple.org",
                                                                  "password": NEW_PASSWORD}),
    "members.deactivate": ("amina", "/members/{bruno}", {}),
    "profile.leave": ("chloe", "/profile/departure", {"confirm_password": PASSWORD}),
    "login.log_out": ("amina", "/more", {}),
}  # fmt: skip
# No page has these: the counter while typing is an addition, and the first run comes before there are pages.
NOT_FORMS = {"posts.count", "posts.change_state", "setup.found"}
# Of pages that differ in their numbers alone, this many are followed from each other; those in PAGES are read anyway.
ALIKE = 2
# What the page shows to who looks, also in menus and folded parts. The rest is hidden by the stylesheet of the viewer.
SHOWN = """() => {
  const guards = "[data-only-by], [data-only-role], [data-not-by]";
  const hidden = (element) => element && (getComputedStyle(element).display === "none"
    || hidden(element.parentElement?.closest(guards)));
  const shown = (element) => !hidden(element.closest(guards));
  return [
    [...document.links]
      .filter((link) => shown(link) && !link.hasAttribute("download"))
      .map((link) => ["GET", link.href.split("#")[0]]),
    [...document.forms].filter(shown).map((form) => [form.method.toUpperCase(), form.action]),
  ];
}"""


@pytest.fixture(scope="module")
def routes():
    """The names of our pages by method and address."""
    app = create_app({"TESTING": True}, {"DATA_DIR": "/nonexistent"})
    return app.url_map.bind("localhost")


@pytest.fixture(scope="module")
def seats(browser, furnished):
    """`seats(name)` is the page of somebody without scripts, who stays logged in from test to test."""
    taken = {}

    def seat(name):
        if name == "diego" or name not in taken:
            taken[name] = browser.new_page(base_url=furnished.url, java_script_enabled=False, locale="fr-BE")
            taken[name].set_default_timeout(5000)
            if name != "diego":
                log_in(taken[name], f"{name}@exemple.org")
        return taken[name]

    yield seat
    for page in taken.values():
        page.context.close()


def ours(address):
    return urlsplit(address).hostname == "127.0.0.1"


def kind(routes, method, address):
    """The page that is meant: its name and which questions it is asked."""
    parts = urlsplit(address)
    name, _arguments = routes.match(parts.path, method)
    return name, *sorted(parse_qs(parts.query, keep_blank_values=True))


@pytest.mark.parametrize("name", ["diego", "chloe", "bruno", "amina"])
def test_every_page_that_is_led_to_opens(seats, furnished, routes, name):
    page, faults, followed, forms = seats(name), [], Counter(), set()
    waiting = [pattern.format_map(furnished.examples) for pattern, allowed in PAGES.items() if name in allowed]
    known = {furnished.url + path for path in waiting}
    for address in waiting:
        answer = page.goto(address, wait_until="domcontentloaded")
        if answer.status != 200 or page.locator("h1").count() != 1:
            faults.append(f"{answer.status} at {address}")
        links, sendable = page.evaluate(SHOWN)
        forms |= {(kind(routes, *form)[0], address) for form in sendable if ours(form[1])}
        for method, link in links:
            if link not in known and ours(link) and followed[kind(routes, method, link)] < ALIKE:
                followed[kind(routes, method, link)] += 1
                known.add(link)
                waiting.append(link)
    unknown = {(form, address) for form, address in forms if form not in FORMS}
    assert not unknown, f"Say in FORMS who sends {sorted(unknown)}, and with what."
    assert not faults


def test_every_form_there_is_is_sent_below(routes):
    sendable = {rule.endpoint for rule in routes.map.iter_rules() if "POST" in rule.methods}
    sent = {name for name in FORMS if name in sendable}
    assert sendable == sent | NOT_FORMS


@pytest.mark.parametrize("name", FORMS)
def test_a_form_does_its_work(seats, furnished, routes, name):
    who, path, values = FORMS[name]
    page = seats(who)
    page.goto(path.format_map(furnished.examples))
    form = next(form for form in page.locator("form").all() if leads_to(routes, form, name))
    fill(form, {field: str(value).format_map(furnished.examples) for field, value in values.items()})
    with page.expect_navigation() as sent:
        press(page, form)
    assert sent.value.status == 200
    assert page.locator("h1").count() == 1
    assert page.locator("[role=alert]").count() == 0, page.inner_text("[role=alert]")


def leads_to(routes, form, name):
    return kind(routes, form.get_attribute("method").upper(), form.get_attribute("action"))[0] == name


def fill(form, values):
    for name, value in values.items():
        control = form.locator(f"[name='{name}']")
        match control.first.evaluate("(control) => control.type"):
            case "checkbox" | "radio":
                chosen = f"[name='{name}'][value='{value}']" if value else f"[name='{name}']"
                form.locator(f"label:has({chosen})").first.click()
            case "select-one":
                control.select_option(value)
            case "file":
                control.set_input_files(value)
            case _:
                control.fill(value)


def press(page, form):
    """Press the button of a form, opening the menu or the folded part in which it waits."""
    button = form.locator("button:not([aria-hidden])").first
    if form_id := form.get_attribute("id"):
        button = button.or_(page.locator(f"button[form='{form_id}']")).first
    for folded in button.locator("xpath=ancestor::details[not(@open)]/summary").all():
        folded.click()
    for menu in button.locator("xpath=ancestor::*[@popover]").all():
        page.click(f"[popovertarget={menu.get_attribute('id')}]")
    button.click()


@pytest.fixture
def amina(visit, founded):
    return visit(java_script_enabled=False, storage_state=founded.cookies["amina"])


@pytest.fixture
def bruno(visit, founded):
    return visit(java_script_enabled=False, storage_state=founded.cookies["bruno"])


def do(page, name_of_form, values=(), button="button:not([aria-hidden])"):
    """Fill in and send the form whose address ends so, or that is on this address."""
    form = page.locator(f"form[action$='{name_of_form}']").first
    fill(form, dict(values))
    with page.expect_navigation():
        form.locator(button).first.click()


def test_the_first_minutes(visit, another):
    site = another()
    amina, bruno = (visit(java_script_enabled=False, base_url=site.url) for _ in range(2))
    found(amina, site)
    amina.goto("/posts/import")
    do(amina, "/posts/import", {"file": SPREADSHEET})
    do(amina, amina.url.rpartition("/")[2], button=".btn")
    assert "/posts/imports/" in amina.url
    join(bruno, invite(amina), "Bruno Lambert", "bruno@exemple.org")
    bruno.goto("/calendar/2026-11")
    assert "Fête d’été" in bruno.inner_text("#day-2026-11-28")


def test_a_post_from_the_idea_to_its_publication(amina, bruno):
    bruno.goto("/posts/new")
    do(bruno, "/posts", {"title": "Une idée"}, "[name=state][value=idea]")
    path = urlsplit(bruno.url).path
    do(bruno, path, {"title": "Le pommier", "text": "Il fleurit."}, ".bar [name=state][value=draft]")
    bruno.goto(f"{path}/day")
    do(bruno, "/day", {"day": "24/12/2026", "hour": "18h30"})
    assert bruno.locator("#day-2026-12-24 .post.draft").inner_text().startswith("Le pommier")
    bruno.goto(path)
    do(bruno, path, button="[name=state][value=review]")
    amina.goto(path)
    for state in ("ok", "planned", "done"):
        do(amina, path, button=f"[name=state][value={state}]")
    amina.goto("/calendar/2026-12")
    assert amina.locator("#day-2026-12-24 .post.done").count() == 1


def test_two_texts_meet_and_none_is_lost(amina, bruno):
    bruno.goto("/posts/new")
    do(bruno, "/posts", {"title": "À deux", "text": "Ensemble"})
    path = urlsplit(bruno.url).path
    amina.goto(path)
    do(amina, path, {"text": "Celui d’Amina"}, ".bar button")
    do(bruno, path, {"text": "Celui de Bruno"}, ".bar button")
    assert "Celui d’Amina" in bruno.inner_text(".versus")
    assert bruno.input_value("[name=text]") == "Celui de Bruno"


def test_a_post_goes_to_the_bin_and_comes_back(amina):
    amina.goto("/posts/new")
    do(amina, "/posts", {"title": "Par erreur"})
    path = urlsplit(amina.url).path
    amina.click("main details > summary")
    with amina.expect_navigation():
        amina.click("button[form=discard]")
    assert "Par erreur" in amina.inner_text("main .note")
    amina.goto("/posts/bin")
    do(amina, f"{path}/restoration")
    assert urlsplit(amina.url).path == path


def test_a_task_from_its_writing_to_its_end(amina, bruno):
    amina.goto("/tasks/new")
    do(amina, "/tasks", {"title": "Coller les affiches"})
    path = urlsplit(amina.url).path
    bruno.goto("/tasks")
    do(bruno, f"{path}/claim")
    bruno.goto(path)
    do(bruno, f"{path}/steps", {"text": "Acheter la colle"})
    bruno.locator(".step form").first.locator("button").click()
    assert bruno.locator(".step.done").count() == 1
    do(bruno, f"{path}/column", button="[value=check]")
    bruno.goto("/tasks/mine")
    do(bruno, f"{path}/column", button=".tick")
    amina.goto("/tasks/done")
    assert "Coller les affiches" in amina.inner_text("main")
    amina.goto(f"{path}/deletion")
    do(amina, "/deletion")
    assert amina.goto(path).status == 404


def test_a_vote_from_the_question_to_its_outcome(amina, bruno):
    bruno.goto("/polls/new?kind=single")
    do(bruno, "/polls", {"question": "Quelle couleur ?", "labels": "Le jaune\nLe vert"})
    path = urlsplit(bruno.url).path
    amina.goto(f"{path}/opening")
    do(amina, "/opening")
    bruno.goto("/polls")
    bruno.click(f"main .wait a[href='{path}']")
    bruno.click(".choice >> text=Le jaune")
    do(bruno, "/ballot")
    assert votes(bruno, "Le jaune") == "1"
    bruno.click(".choice >> text=Le vert")
    do(bruno, "/ballot")
    assert votes(bruno, "Le jaune") == "0"
    amina.goto(f"{path}/closure")
    do(amina, "/closure", {"reason": "Tout est dit."})
    assert "Le vert" in amina.inner_text(".verdict h2")


def votes(page, answer):
    return page.inner_text(f".bars tr:has(th:text-is('{answer}')) td >> nth=0")


def test_ones_own_account_and_the_settings(amina, bruno):
    bruno.goto("/profile")
    do(bruno, "/profile", {"name": "Bruno Lambert-Noël", "dot": "4"})
    amina.goto("/members")
    assert "Bruno Lambert-Noël" in amina.inner_text("main")
    amina.goto("/settings")
    do(amina, "/settings", {"accent": "#884400"})
    amina.goto("/")
    assert (
        amina.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')").strip() == "#884400"
    )


def test_who_was_thrown_out_while_writing_finds_their_text_again(visit, founded):
    page = visit(java_script_enabled=False)
    log_in(page, "bruno@exemple.org")
    page.goto("/posts/new")
    page.context.clear_cookies()
    do(page, "/posts", {"title": "Presque perdu", "text": "Tout un texte"})
    do(page, "/login", {"email": "bruno@exemple.org", "password": PASSWORD})
    do(page, "/posts")
    assert page.input_value("[name=title]") == "Presque perdu"


def test_logging_out(visit, founded):
    page = visit(java_script_enabled=False)
    log_in(page, "bruno@exemple.org")
    page.click("[popovertarget=me]")
    do(page, "/logout")
    assert page.goto("/calendar").url.endswith("/login?next=/calendar")
