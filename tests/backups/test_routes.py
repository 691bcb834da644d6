"""The administrator's page: what there is, one made at once, and no way to take a copy away through the web."""

import math
import shutil
from datetime import timedelta

import pytest
import time_machine

from assoc_intranet.backups import copies, queries, rules
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db, writing


@pytest.fixture
def folder(app):
    folder = queries.folder()
    folder.mkdir(exist_ok=True)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def long_there(app, amina, monkeypatch):
    """Amina, who has been here for a year, at a server that has served for a while."""
    monkeypatch.setattr(app.extensions["keeper"], "rests_until", 0)
    amina.joined_at = now() - timedelta(days=365)
    db.session.commit()
    return amina


def test_the_page_lists_the_copies(as_, amina, folder):
    name = copies.name_of("nightly", now() - timedelta(hours=3))
    (folder / name).write_bytes(bytes(2_345_678))
    page = as_(amina).get("/backups").text
    assert name in page
    assert "2,3\N{NO-BREAK SPACE}Mo" in page
    assert "Chaque nuit" in page
    assert str(folder) in page


def test_asking_for_one_says_that_it_is_on_its_way(as_, amina, folder):
    browser = as_(amina)
    assert browser.post("/backups").location == "/backups"
    assert "Une copie est en cours" in browser.get("/backups").text
    with writing():
        rules.note_made("manual", "manual.zip", 1)
    assert "Une copie est en cours" not in browser.get("/backups").text


def test_who_does_not_administer_sees_nothing_of_it(as_, amina, bruno):
    browser = as_(bruno)
    assert browser.get("/backups").status_code == 403
    assert browser.post("/backups").status_code == 403
    assert 'href="/backups"' not in browser.get("/more").text


def test_no_copy_leaves_through_the_web(as_, amina, folder):
    name = copies.name_of("nightly", now())
    (folder / name).write_bytes(b"all that we know")
    for address in (
        f"/backups/{name}",
        f"/logo/{name}",
        f"/static/x/{name}",
        f"/static/x/../../instance/backups/{name}",
    ):
        assert as_(amina).get(address).status_code == 404


@pytest.mark.parametrize("page", ["/", "/backups", "/members", "/settings"])
def test_administrators_are_warned_when_the_last_copy_is_old(as_, long_there, bruno, folder, page):
    warning = "La dernière copie des données est ancienne"
    copy = folder / copies.name_of("nightly", now() - timedelta(hours=27))
    copy.touch()
    assert warning in as_(long_there).get(page).text
    assert warning not in as_(bruno).get("/").text
    copy.rename(folder / copies.name_of("nightly", now() - timedelta(hours=25)))
    assert warning not in as_(long_there).get(page).text


def test_a_server_that_starts_makes_its_copy_before_it_warns(as_, app, long_there, monkeypatch):
    monkeypatch.setattr(app.extensions["keeper"], "rests_until", math.inf)
    assert "Aucune copie des données" not in as_(long_there).get("/").text
    monkeypatch.setattr(app.extensions["keeper"], "rests_until", 0)
    assert "Aucune copie des données" in as_(long_there).get("/").text


def test_a_copy_of_the_future_silences_no_warning(as_, long_there, folder):
    (folder / copies.name_of("nightly", now() + timedelta(days=400))).touch()
    assert "Aucune copie des données" in as_(long_there).get("/").text


def test_what_the_system_said_stands_in_the_warning(as_, long_there, folder):
    (folder / copies.name_of("nightly", now() - timedelta(hours=30))).touch()
    with writing():
        rules.note_failed("nightly", "No space left on device")
    assert "No space left on device" in as_(long_there).get("/").text


def test_a_place_that_is_new_is_not_warned_about(as_, app, amina, monkeypatch):
    monkeypatch.setattr(app.extensions["keeper"], "rests_until", 0)
    warning = "Aucune copie des données"
    assert warning not in as_(amina).get("/").text
    with time_machine.travel(now() + timedelta(hours=27)):
        assert warning in as_(amina).get("/").text


def test_administrators_see_a_copy_arrive_and_nobody_else_does(amina, bruno, folder, listeners):
    administrator, member = listeners.hears(amina), listeners.hears(bruno)
    name = copies.name_of("manual", now())
    (folder / name).touch()
    with writing():
        rules.note_made("manual", name, 1)
    assert name in listeners.heard(administrator)
    assert listeners.heard(member) == ""
