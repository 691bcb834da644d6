"""What was typed when a login had ended comes back after it."""

import html
import json
import re

import pytest

from assoc_intranet.core import kept
from assoc_intranet.core.db import db
from assoc_intranet.members.models import Session
from assoc_intranet.posts.models import Post
from tests.factories import PASSWORD

POST = {
    "title": "Plantation du « pommier »",
    "text": 'Deux lignes,\r\net un <b>piège</b> & une "citation".',
    "day": "28/11/2026",
    "networks": ["facebook", "site"],
    "op_id": "5f0c",
}


@pytest.fixture
def expired(as_, bruno):
    """Bruno's browser, whose login has ended while he was writing."""
    browser = as_(bruno)
    db.session.execute(db.delete(Session))
    db.session.commit()
    return browser


def hidden(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def fields(page):
    """What the one form in the middle of a page would send."""
    form = re.search(r'<form class="paper.*?</form>', page, re.DOTALL)[0]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    action = html.unescape(re.search(r'action="([^"]+)"', form)[1])
    return action, [(name, html.unescape(value)) for name, value in pairs if name != "csrf_token"]


def log_in(browser, carried, **more):
    form = {"email": "bruno@exemple.org", "password": PASSWORD, "kept": carried}
    return browser.post("/login", data={**form, **more})


def send(browser, action, pairs):
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return browser.post(action, data=data)


def test_a_post_written_while_the_login_ended_is_sent_after_it(expired, bruno):
    refused = expired.post("/posts", data=POST)
    assert refused.status_code == 401
    assert "Location" not in refused.headers
    welcome = log_in(expired, hidden(refused.text, "kept"))
    assert welcome.status_code == 200
    assert "Plantation du « pommier »" in html.unescape(welcome.text)
    assert "<b>piège</b>" not in welcome.text
    action, pairs = fields(welcome.text)
    assert action == "/posts"
    saved = send(expired, action, pairs)
    assert saved.status_code == 303
    post = db.session.scalar(db.select(Post))
    assert (post.title, post.author_id) == ("Plantation du « pommier »", bruno.id)
    assert post.text == 'Deux lignes,\net un <b>piège</b> & une "citation".'
    assert [variant.network for variant in post.variants] == ["facebook", "site"]
    assert send(expired, action, pairs).location == saved.location
    assert len(db.session.scalars(db.select(Post)).all()) == 1


def test_what_is_kept_survives_a_wrong_password(expired):
    carried = hidden(expired.post("/posts", data=POST).text, "kept")
    refused = log_in(expired, carried, password="faux faux")
    assert refused.status_code == 422
    assert json.loads(hidden(refused.text, "kept")) == json.loads(carried)


def test_htmx_gets_the_login_page_in_the_place_of_the_page(expired):
    refused = expired.htmx("/posts", data=POST)
    assert refused.status_code == 401
    assert "HX-Redirect" not in refused.headers
    assert refused.headers["HX-Retarget"] == "#main"
    assert refused.headers["HX-Push-Url"] == "false"
    assert 'name="kept"' in refused.text


def test_a_question_asked_while_typing_leaves_the_page_alone(expired):
    aside = {"HX-Request-Type": "partial"}
    refused = expired.htmx("/posts/counts", data={"network": "x", "text": "a"}, headers=aside)
    assert refused.status_code == 401
    assert refused.text == ""
    assert refused.headers["HX-Reswap"] == "none"


def test_nothing_is_sent_by_logging_in_alone_and_somebody_else_may_drop_it(expired, amina):
    carried = hidden(expired.post("/posts", data=POST).text, "kept")
    page = log_in(expired, carried, email="amina@exemple.org")
    assert "Amina" in page.text
    assert db.session.scalar(db.select(Post)) is None


def test_passwords_tokens_and_files_are_not_carried(expired):
    typed = {"current_password": "secret 1", "password": "secret 2", "csrf_token": "token", "email": "b@exemple.org"}
    refused = expired.post("/profile/email", data=typed)
    url, pairs, _files = json.loads(hidden(refused.text, "kept"))
    assert (url, pairs) == ("/profile/email", [["email", "b@exemple.org"]])
    assert "secret" not in refused.text


def test_that_a_file_must_be_chosen_again_is_said(expired, app):
    with app.test_request_context("/import", method="POST", data={"file": (__import__("io").BytesIO(b"x"), "a.csv")}):
        assert kept.of_request().files


def test_what_is_too_long_to_be_carried_is_said_so(expired):
    refused = expired.post("/posts", data={**POST, "text": "x" * 500_001})
    assert refused.status_code == 401
    assert hidden(refused.text, "kept") == ""
    assert len(kept.Kept("/posts", (("text", "x" * 499_000),)).dump()) > 499_000


@pytest.mark.parametrize(
    "hostile",
    [
        '["//evil.example/", [["a", "b"]], false]',
        '["https://evil.example/", [], false]',
        '["javascript:alert(1)", [], false]',
        "[7, [], false]",
        '["/posts"]',
        '["/posts", "abc", false]',
        '["/posts", [["a"]], false]',
        r'["/posts", [["a", "\ud83c"]], false]',
        '{"url": "/posts"}',
        "[",
        "null",
        "[" * 10_000,
    ],
)
def test_only_what_leads_to_a_path_of_ours_is_sent_again(client, bruno, hostile):
    assert kept.read(hostile) is None
    assert log_in(client, hostile).location == "/"


def test_what_nobody_typed_is_not_shown():
    form = kept.Kept("/posts", (("op_id", "5f0c"), ("version", "3"), ("title", "Pommier"), ("text", " Pommier")))
    assert form.typed == ["Pommier"]


def test_a_visitor_who_only_looks_is_sent_to_the_login_page(client, association):
    assert client.get("/profile").location == "/login?next=/profile"
    assert client.get("/profile", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/login?next=/profile"
