"""`doctor` says what is wrong, in a sentence, and finds nothing where nothing is."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import text

from assoc_intranet import create_app, doctor
from assoc_intranet.backups.copies import name_of
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.migrations import head


@pytest.fixture
def healthy(app, association, monkeypatch):
    db.session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
    db.session.execute(text("DELETE FROM alembic_version"))
    db.session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head()})
    db.session.commit()
    monkeypatch.setitem(app.config, "BASE_URL", "https://intranet.exemple.org")
    monkeypatch.setitem(app.config, "TRUSTED_PROXIES", 1)
    (app.config["DATA_DIR"] / "secret_key").chmod(0o600)
    yield app
    db.session.execute(text("DROP TABLE alembic_version"))
    db.session.commit()


def complaints():
    return [sentence for _name, check in doctor.checks() for sentence in check()]


def test_a_healthy_place_has_no_complaint(healthy):
    assert complaints() == []


def test_a_secret_that_others_read_is_named(healthy):
    (healthy.config["DATA_DIR"] / "secret_key").chmod(0o644)
    assert "chmod 600" in complaints()[0]


def test_a_database_left_behind_is_named(healthy):
    db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    db.session.commit()
    assert len(complaints()) == 1


@pytest.mark.parametrize(("content", "sentence"), [(b"", "not up to date"), (b"letters" * 99, "not a database")])
def test_a_folder_without_a_database_of_ours_is_looked_at_to_the_end(tmp_path, content, sentence):
    (tmp_path / "assoc.sqlite").write_bytes(content)
    with create_app(environ={"DATA_DIR": str(tmp_path)}).test_request_context(headers={"Accept-Language": "en"}):
        found = complaints()
        db.engine.dispose()
    assert len(found) == 1
    assert sentence in found[0]


def test_a_full_disk_is_named(healthy, monkeypatch):
    monkeypatch.setattr(doctor, "ENOUGH_MB", 10**9)
    assert str(healthy.config["DATA_DIR"]) in complaints()[0]


@pytest.mark.parametrize(("setting", "value"), [("BASE_URL", "http://intranet.exemple.org"), ("TRUSTED_PROXIES", 0)])
def test_what_would_travel_in_clear_or_be_mistaken_is_named(healthy, monkeypatch, setting, value):
    monkeypatch.setitem(healthy.config, setting, value)
    assert setting in complaints()[0]


def test_an_unknown_zone_is_named(healthy, association):
    association.zone = "Europe/Namur"
    db.session.commit()
    assert "Europe/Namur" in complaints()[0]


def test_a_mail_server_that_does_not_answer_is_named(healthy, monkeypatch):
    monkeypatch.setitem(healthy.config, "SMTP_HOST", "127.0.0.1")
    monkeypatch.setitem(healthy.config, "SMTP_PORT", 1)
    assert "SMTP_HOST" in complaints()[0]


def test_a_place_without_a_fresh_copy_is_named(healthy, amina):
    amina.joined_at = now() - timedelta(days=2)
    db.session.commit()
    assert "jamais" in complaints()[0]
    folder = healthy.config["DATA_DIR"] / "backups"
    folder.mkdir()
    old = folder / name_of("nightly", now() - timedelta(hours=30))
    old.touch()
    assert "30\N{NO-BREAK SPACE}heures" in complaints()[0]
    old.rename(folder / name_of("nightly", now() - timedelta(hours=25)))
    assert complaints() == []
    shutil.rmtree(folder)
