"""The settings of the association, and the stylesheet and the clock that follow them."""

import pytest

from assoc_intranet.association import zones
from assoc_intranet.association.models import DEFAULT_ACCENT
from assoc_intranet.core.db import db

SETTINGS = {
    "name": "Le Repair du Hêtre",
    "accent": "#B4235A",
    "zone": "America/Toronto",
    "country": "CA",
    "language": "en",
}


def test_an_administrator_changes_everything(as_, amina, association):
    assert as_(amina).post("/settings", data=SETTINGS).location == "/settings"
    saved = {name: getattr(association, name) for name in SETTINGS}
    assert saved == {**SETTINGS, "accent": "#b4235a"}


def test_nobody_else_does(as_, bruno, chloe, association):
    bruno.role = "coordinator"
    db.session.commit()
    for person in (bruno, chloe):
        assert as_(person).get("/settings").status_code == 403
        assert as_(person).post("/settings", data=SETTINGS).status_code == 403
    assert association.name == "La Bêche & le Tournevis"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"accent": "rouge"},
        {"accent": "#12345"},
        {"accent": "#123456; } body { display: none"},
        {"accent": "#123456\n}"},
        {"accent": ""},
        {"zone": "Europe/Namur"},
        {"zone": "../../etc/passwd"},
        {"zone": "posixrules"},
        {"country": "US"},
        {"language": "tlh"},
    ],
)
def test_what_is_wrong_comes_back_with_a_sentence_and_what_was_typed(as_, amina, association, wrong):
    page = as_(amina).post("/settings", data={**SETTINGS, **wrong})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    if "name" not in wrong:
        assert "Le Repair du Hêtre" in page.text
    assert association.name == "La Bêche & le Tournevis"
    assert association.accent == DEFAULT_ACCENT


def test_the_stylesheet_carries_the_colour_and_is_kept_under_its_address_only(client, as_, amina, association):
    theme = client.get("/theme.css?accent=%230a7d5c")
    assert theme.text == ":root { --accent: #0a7d5c; }\n"
    assert theme.mimetype == "text/css"
    assert theme.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in theme.headers
    assert client.get("/theme.css").headers["Cache-Control"] == "no-store"
    assert client.get("/theme.css?accent=red").headers["Cache-Control"] == "no-store"
    as_(amina).post("/settings", data=SETTINGS)
    assert "#b4235a" in client.get("/theme.css?accent=%230a7d5c").text
    assert client.get("/theme.css?accent=%230a7d5c").headers["Cache-Control"] == "no-store"
    assert "accent=%23b4235a" in client.get("/login").text


def test_a_colour_that_is_none_never_reaches_the_stylesheet(client, association):
    association.accent = "red; } body { display: none"
    db.session.commit()
    assert client.get("/theme.css").text == f":root {{ --accent: {DEFAULT_ACCENT}; }}\n"


def test_before_the_first_run_there_is_a_colour_too(client):
    assert DEFAULT_ACCENT in client.get("/theme.css").text


def test_an_answer_that_does_not_say_how_long_is_never_kept(as_, amina):
    browser = as_(amina)
    for path in ("/", "/settings", "/members", "/nowhere"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"


def test_the_zones_are_the_places_of_the_world_with_ours_first():
    assert zones.NEAR[0] == "Europe/Brussels"
    assert "Asia/Tokyo" in zones.others()
    assert not set(zones.NEAR) & set(zones.others())
    assert not [name for name in zones.others() if name.startswith(("Etc", "posix", "right", "US/"))]


def test_the_default_language_is_that_of_who_has_not_chosen(as_, client, amina, bruno, association):
    association.language = "en"
    bruno.language = None
    db.session.commit()
    assert '<html lang="en">' in as_(bruno).get("/profile").text
    bruno.language = "fr"
    db.session.commit()
    assert '<html lang="fr">' in as_(bruno).get("/profile").text
