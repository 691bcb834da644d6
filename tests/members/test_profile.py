"""One's own profile."""

import pytest

from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import db
from assoc_intranet.members import rules
from assoc_intranet.members.models import Member
from tests.factories import PASSWORD

NEW = "quatre autres mots jolis"


def test_a_member_changes_their_name_language_and_dot(as_, bruno):
    form = {"name": " Bruno Lambert-Noël ", "language": "en", "dot": "5"}
    assert as_(bruno).post("/profile", data=form).location == "/profile"
    assert (bruno.name, bruno.language, bruno.dot) == ("Bruno Lambert-Noël", "en", 5)


def test_the_language_of_the_association_is_the_one_of_who_chooses_none(as_, bruno):
    bruno.language = "en"
    db.session.commit()
    as_(bruno).post("/profile", data={"name": "Bruno", "language": "", "dot": "0"})
    assert bruno.language is None


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "   "}, {"name": "x" * 81}, {"dot": "8"}, {"dot": "rouge"}, {"language": "tlh"}]
)
def test_a_refused_profile_comes_back_with_what_was_typed(as_, bruno, wrong):
    form = {"name": "Autre Nom", "language": "", "dot": "0", **wrong}
    page = as_(bruno).post("/profile", data=form)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert form["name"] in page.text
    assert bruno.name == "Bruno Lambert"


def test_nothing_else_of_a_member_is_changed_by_the_profile_form(as_, bruno):
    columns = {column.name: "1" for column in Member.__table__.columns}
    before = {name: getattr(bruno, name) for name in columns}
    form = {**columns, "role": "coordinator", "is_admin": "y", "name": "B", "language": "fr", "dot": "2"}
    as_(bruno).post("/profile", data=form)
    changed = {name for name in columns if getattr(bruno, name) != before[name]}
    assert changed == {"name", "language", "dot"}


def test_another_address_needs_the_password(as_, bruno):
    browser = as_(bruno)
    refused = browser.post("/profile/email", data={"email": "b@exemple.org", "current_password": "faux faux"})
    assert refused.status_code == 422
    assert bruno.email == "bruno@exemple.org"
    browser.post("/profile/email", data={"email": "B.Lambert@Exemple.org", "current_password": PASSWORD})
    assert bruno.email == "b.lambert@exemple.org"


def test_the_earlier_address_is_told_of_the_change(as_, bruno, smtp):
    as_(bruno).post("/profile/email", data={"email": "b@exemple.org", "current_password": PASSWORD})
    assert [mail.recipient for mail in smtp()] == ["bruno@exemple.org"]
    assert "b@exemple.org" not in smtp()[0].body


def test_nobody_takes_the_address_of_somebody_else(as_, amina, bruno):
    form = {"email": "amina@exemple.org", "current_password": PASSWORD}
    assert as_(bruno).post("/profile/email", data=form).status_code == 422
    assert bruno.email == "bruno@exemple.org"


@pytest.mark.parametrize(
    "address",
    [
        "bruno",
        "b@",
        "@exemple.org",
        "b@exemple",
        "b@e..org",
        "b@.exemple.org",
        "b c@exemple.org",
        "b@exemple.org, c@e.org",
        "<b@e.org>",
        'b"@exemple.org',
        "b@exemple.org\nBcc: c@exemple.org",
        "x" * 200 + "@exemple.org",
    ],
)
def test_what_is_no_address_is_refused(as_, bruno, address):
    form = {"email": address, "current_password": PASSWORD}
    assert as_(bruno).post("/profile/email", data=form).status_code == 422
    assert bruno.email == "bruno@exemple.org"


def test_another_password_needs_the_present_one_and_ends_the_other_logins(as_, bruno):
    here, elsewhere = as_(bruno), as_(bruno)
    wrong = here.post("/profile/password", data={"current_password": "faux faux", "password": NEW})
    assert wrong.status_code == 422
    assert NEW not in wrong.text
    assert elsewhere.get("/profile").status_code == 200
    right = here.post("/profile/password", data={"current_password": PASSWORD, "password": NEW})
    assert right.location == "/profile"
    assert here.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 303
    assert rules.check_password(bruno, NEW)


def test_a_new_password_that_everybody_would_guess_is_refused(as_, bruno, association):
    for weak in ("tournevis1", "brunolambert", "azerty123"):
        form = {"current_password": PASSWORD, "password": weak}
        assert as_(bruno).post("/profile/password", data=form).status_code == 422
    assert rules.check_password(bruno, PASSWORD)


def test_a_member_leaves_with_their_password(as_, amina, bruno):
    browser, elsewhere = as_(bruno), as_(bruno)
    assert browser.post("/profile/departure", data={"confirm_password": "faux faux"}).status_code == 422
    assert bruno.is_active
    assert browser.post("/profile/departure", data={"confirm_password": PASSWORD}).location == "/login"
    assert not bruno.is_active
    assert browser.get("/profile").status_code == elsewhere.get("/profile").status_code == 303


def test_the_last_administrator_does_not_leave(as_, amina, bruno):
    page = as_(amina).post("/profile/departure", data={"confirm_password": PASSWORD})
    assert page.status_code == 409
    assert 'role="alert"' in page.text
    assert amina.is_active


def test_the_stylesheet_of_the_viewer_is_kept_under_an_address_that_says_whose_it_is(as_, bruno):
    browser = as_(bruno)
    mine = browser.get(f"/me.css?of={bruno.id}&role=member")
    assert mine.headers["Cache-Control"] == "private, max-age=86400"
    assert browser.get(f"/me.css?of={bruno.id}&role=coordinator").headers["Cache-Control"] == "no-store"
    assert browser.get("/me.css").headers["Cache-Control"] == "no-store"


def test_no_password_is_written_in_what_happened(as_, bruno):
    as_(bruno).post("/profile/password", data={"current_password": PASSWORD, "password": NEW})
    told = str([change.details for change in db.session.scalars(db.select(Change))])
    assert NEW not in told
    assert PASSWORD not in told
    assert "argon2" not in told
