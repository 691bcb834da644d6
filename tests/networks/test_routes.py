"""The doors of the networks: who may, which answer; and what is pushed, to whom."""

from datetime import date

import pytest
from sqlalchemy import select

from assoc_intranet.core.db import db
from assoc_intranet.networks import queries, rules
from assoc_intranet.networks.models import Presence
from tests.factories import make_presence

READ = ("/networks", "/networks/limits")
EDIT = ("/networks/new", "/networks/{id}", "/networks/{id}/deletion", "/networks/limits/mastodon")
WRITES = {
    "/networks": {"network": "facebook", "handle": "La Bêche", "status": "active"},
    "/networks/{id}": {"network": "facebook", "handle": "Autre", "status": "active", "version": "1"},
    "/networks/{id}/deletion": {},
    "/networks/limits/mastodon": {"characters": "5000", "checked_on": "20/11/2020"},
    "/networks/limits/mastodon/reset": {},
}
FORM = {"network": "facebook", "handle": "La Bêche", "url": "", "goal": "", "status": "active"}


@pytest.mark.parametrize("page", READ + EDIT)
def test_a_coordinator_reads_every_page_without_javascript(as_, amina, page):
    presence = make_presence(amina, url="https://www.facebook.com/beche", goal=2, holder_ids=frozenset({amina.id}))
    assert as_(amina).get(page.format(id=presence.id)).status_code == 200


@pytest.mark.parametrize("page", READ + EDIT)
def test_a_member_reads_but_does_not_edit(as_, amina, bruno, page):
    presence = make_presence(amina)
    assert as_(bruno).get(page.format(id=presence.id)).status_code == (200 if page in READ else 403)


@pytest.mark.parametrize("url", WRITES)
def test_only_a_coordinator_writes(as_, amina, bruno, chloe, url):
    presence = make_presence(amina)
    for member in (bruno, chloe):
        assert as_(member).post(url.format(id=presence.id), data=WRITES[url]).status_code == 403
    assert (presence.version, len(queries.presences()), queries.limits()) == (1, 1, {})


@pytest.mark.parametrize("page", READ)
def test_an_observer_reads_none_of_it(as_, amina, chloe, page):
    make_presence(amina, handle="@canari")
    answer = as_(chloe).get(page)
    assert answer.status_code == 403
    assert "canari" not in answer.text


def test_a_presence_is_added_with_all_that_was_typed(as_, amina, bruno):
    form = {
        **FORM,
        "url": "www.facebook.com/beche",
        "goal": "1,5",
        "status": "dormant",
        "holders": [amina.id, bruno.id],
    }
    answer = as_(amina).post("/networks", data=form)
    presence = db.session.scalars(select(Presence)).one()
    assert answer.status_code == 303
    assert (presence.url, presence.goal, presence.status) == ("https://www.facebook.com/beche", 1.5, "dormant")
    assert set(presence.holders) == {amina, bruno}


def test_the_same_form_sent_twice_adds_one_presence(as_, amina):
    browser, form = as_(amina), {**FORM, "op_id": "b8f3"}
    browser.post("/networks", data=form)
    browser.post("/networks", data=form)
    assert len(queries.presences()) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"network": "minitel"}, "network"),
        ({"handle": "  "}, "handle"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "ftp://exemple.org/page"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "http://[::1"}, "url"),
        ({"url": "https://exemple.org/a b"}, "url"),
        ({"url": "https://nous:secret@exemple.org/"}, "url"),
        ({"goal": "beaucoup"}, "goal"),
        ({"goal": "-1"}, "goal"),
        ({"goal": "51"}, "goal"),
        ({"status": "endormie"}, "status"),
        ({"holders": "99"}, "holders"),
    ],
)
def test_what_is_refused_comes_back_with_a_sentence_and_nothing_lost(as_, amina, wrong, field):
    answer = as_(amina).post("/networks", data={**FORM, "handle": "Gardez-moi", **wrong})
    assert answer.status_code == 422
    assert f'href="#presenceform-{field}"' in answer.text
    assert field == "handle" or "Gardez-moi" in answer.text
    assert queries.presences() == []


def test_who_saves_an_older_version_gets_both_texts(as_, amina):
    presence = make_presence(amina)
    form = {**FORM, "version": presence.version}
    as_(amina).post(f"/networks/{presence.id}", data={**form, "handle": "La Bêche de Namur"})
    answer = as_(amina).post(f"/networks/{presence.id}", data={**form, "handle": "La Bêche du jardin"})
    assert answer.status_code == 409
    assert "La Bêche de Namur" in answer.text
    assert "La Bêche du jardin" in answer.text
    assert presence.handle == "La Bêche de Namur"


def test_a_presence_is_taken_off_the_list_after_a_page_that_asks(as_, amina):
    presence, browser = make_presence(amina, handle="La vieille page"), as_(amina)
    assert "La vieille page" in browser.get(f"/networks/{presence.id}/deletion").text
    assert queries.presences() == [presence]
    assert browser.post(f"/networks/{presence.id}/deletion").status_code == 303
    assert queries.presences() == []


@pytest.mark.parametrize(
    ("goal", "words"), [(2, "2 a week"), (1.5, "1.5 a week"), (0.5, "1 every 2 weeks"), (None, "no goal")]
)
def test_a_cadence_is_said_in_words(as_, amina, goal, words):
    make_presence(amina, goal=goal)
    assert words in as_(amina).get("/networks", headers={"Accept-Language": "en"}).text


def test_a_link_to_a_network_leaves_nothing_behind(as_, amina):
    make_presence(amina, url="https://www.facebook.com/beche")
    assert (
        'href="https://www.facebook.com/beche" rel="noopener noreferrer external"' in as_(amina).get("/networks").text
    )


def test_a_limit_is_corrected_and_reset(as_, amina):
    browser = as_(amina)
    answer = browser.post("/networks/limits/mastodon", data={"characters": "5 000", "checked_on": "20/11/2020"})
    assert answer.status_code == 303
    assert queries.limits() == {"mastodon": 5000}
    browser.post("/networks/limits/threads", data={"characters": "", "checked_on": "2020-11-20"})
    assert queries.limits()["threads"] is None
    browser.post("/networks/limits/mastodon/reset")
    assert "mastodon" not in queries.limits()


@pytest.mark.parametrize(
    "wrong",
    [
        {"characters": "0"},
        {"characters": "-5"},
        {"characters": "beaucoup"},
        {"characters": "99999999999"},
        {"checked_on": ""},
        {"checked_on": "01/01/2100"},
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(as_, amina, wrong):
    form = {"characters": "5000", "checked_on": "20/11/2020", **wrong}
    assert as_(amina).post("/networks/limits/mastodon", data=form).status_code == 422
    assert queries.limits() == {}


@pytest.mark.parametrize("address", ["/networks/99", "/networks/limits/minitel"])
def test_what_does_not_exist_is_not_found(as_, amina, address):
    assert as_(amina).get(address).status_code == 404
    assert as_(amina).post(address, data=FORM).status_code == 404


def test_the_team_sees_a_presence_arrive_and_an_observer_does_not(listeners, amina, bruno, chloe):
    member, observer = listeners.hears(bruno), listeners.hears(chloe)
    make_presence(amina, handle="@canari")
    heard = listeners.heard(member)
    assert 'hx-target="#presences"' in heard
    assert "@canari" in heard
    assert listeners.heard(observer) == ""


def test_a_corrected_limit_reaches_both_lists(listeners, amina, bruno):
    make_presence(amina, "mastodon", "@beche@piaille.fr")
    listening = listeners.hears(bruno)
    rules.set_limit("mastodon", amina, 5000, date(2026, 11, 20))
    heard = listeners.heard(listening)
    assert 'hx-target="#limits"' in heard
    assert 'hx-target="#presences"' in heard
