"""`doctor` says what is wrong, in a French sentence that says what to do, and finds nothing where nothing is."""

import shutil
import socket
import ssl
from datetime import timedelta

import pytest
from sqlalchemy import text

from assoc_intranet import create_app, doctor
from assoc_intranet.backups.copies import name_of
from assoc_intranet.core.changes import Change
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.doctor import address, clock, database, folder
from assoc_intranet.jobs.models import Lease
from assoc_intranet.mail.models import Mail
from assoc_intranet.migrations import head

from .factories import save
from .mail.server import MailServer

SITE = "https://intranet.exemple.org"
WHICH_WAY = "ce nom mène-t-il à ce serveur, et le serveur mandataire tourne-t-il ?"
RENEW = "renouvelez-le dans le serveur mandataire."
PASSED_ON = "le serveur mandataire transmet-il au port 5000, et le serveur tourne-t-il ?"


@pytest.fixture
def healthy(app, association, monkeypatch, tmp_path):
    db.session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
    db.session.execute(text("DELETE FROM alembic_version"))
    db.session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head()})
    db.session.commit()
    monkeypatch.setitem(app.config, "BASE_URL", SITE)
    monkeypatch.setitem(app.config, "TRUSTED_PROXIES", 1)
    monkeypatch.setattr(address, "ask", lambda _address: (200, b"ok\n"))
    monkeypatch.setattr(clock, "TIMESYNC", tmp_path / "nowhere")
    app.config["DATA_DIR"].chmod(0o750)
    (app.config["DATA_DIR"] / "secret_key").chmod(0o600)
    save(Lease(name="due", holder="a server that lives", until=now() + timedelta(hours=1)))
    yield app
    db.session.execute(text("DROP TABLE alembic_version"))
    db.session.commit()


def complaints():
    return [sentence.replace("\N{NO-BREAK SPACE}", " ") for _name, check in doctor.checks() for sentence in check()]


def test_a_healthy_place_has_no_complaint(healthy):
    assert complaints() == []


def test_a_secret_that_others_read_is_named(healthy):
    secret = healthy.config["DATA_DIR"] / "secret_key"
    secret.chmod(0o644)
    assert complaints() == [f"D’autres comptes peuvent lire {secret} : lancez « chmod 600 » dessus."]


def test_a_folder_that_everybody_looks_into_is_named(healthy):
    data = healthy.config["DATA_DIR"]
    data.chmod(0o755)
    said = f"Tout le monde sur cette machine peut regarder dans {data} : lancez « chmod o= » dessus."
    assert complaints() == [said]


def test_a_folder_where_nothing_can_be_written_is_named(healthy, monkeypatch):
    def refuse(_path, **_how):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.touch", refuse)
    data = healthy.config["DATA_DIR"]
    said = f"On ne peut rien écrire dans {data} (Permission denied) : donnez-le au compte qui lance le service."
    assert complaints() == [said]


def test_a_full_disk_is_named(healthy, monkeypatch):
    monkeypatch.setattr(folder, "ENOUGH_MB", 10**9)
    (said,) = complaints()
    assert said.endswith(f"Mo dans {healthy.config['DATA_DIR']} : faites de la place avant que le disque soit plein.")


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs"])
def test_sqlite_on_a_network_file_system_is_named(healthy, monkeypatch, tmp_path, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/export {healthy.config['DATA_DIR']} {kind} rw 0 0\n")
    monkeypatch.setattr(folder, "MOUNTS", mounts)
    said = (
        f"La base de données est sur un système de fichiers en réseau ({kind}), où SQLite peut perdre des données : "
        "déplacez DATA_DIR sur un disque local, ou utilisez PostgreSQL."
    )
    assert complaints() == ([said] if db.engine.dialect.name == "sqlite" else [])


def test_a_network_share_somewhere_else_is_not(healthy, monkeypatch, tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text("server:/all / nfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\nserver:/export /mnt nfs4 rw 0 0\n")
    monkeypatch.setattr(folder, "MOUNTS", mounts)
    assert folder._file_system(healthy.config["DATA_DIR"]) in ("ext4", "nfs")
    mounts.write_text(f"server:/all / nfs rw 0 0\n/dev/sda1 {healthy.config['DATA_DIR'].parent} ext4 rw 0 0\n")
    assert complaints() == []


def set_revision(number):
    db.session.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
    db.session.commit()


def test_a_database_left_behind_is_named(healthy):
    set_revision("0000")
    said = "La base de données n’est pas à jour : démarrez le serveur une fois, il fait le reste."
    assert complaints() == [said]


def test_a_database_that_is_newer_than_the_program_is_named(healthy):
    set_revision("9999")
    said = (
        f"La base de données (9999) est plus récente que ce programme ({head()}) : "
        "réinstallez la version plus récente, ou remettez une sauvegarde de celle-ci."
    )
    assert complaints() == [said]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "n’est pas à jour"),
        (b"letters" * 99, "ne répond pas (file is not a database) : DATABASE_URL"),
    ],
)
def test_a_folder_without_a_database_of_ours_is_looked_at_to_the_end(tmp_path, content, sentence):
    (tmp_path / "assoc.sqlite").write_bytes(content)
    tmp_path.chmod(0o700)
    with create_app(environ={"DATA_DIR": str(tmp_path)}).test_request_context(headers={"Accept-Language": "fr"}):
        found = complaints()
        db.engine.dispose()
    assert len(found) == 1
    assert sentence in found[0].replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_server_of_another_age_is_named(healthy, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("there is no server")
    monkeypatch.setattr(database, "OLDEST", 99)
    number = int(db.session.scalar(text("SHOW server_version_num"))) // 10_000
    assert complaints() == [f"PostgreSQL {number} est trop ancien : utilisez la version 99 ou une plus récente."]


def test_an_engine_without_notify_is_named(healthy, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite needs none")
    monkeypatch.setattr(database, "RING", "NOTIFIE rien")
    said = (
        "Cette base de données ne connaît pas NOTIFY : à plusieurs serveurs, les pages apprennent ce qui change "
        "une demi-seconde plus tard. Avec un seul serveur, rien ne manque."
    )
    assert complaints() == [said]


def test_what_travels_in_clear_is_named(healthy, monkeypatch):
    monkeypatch.setitem(healthy.config, "BASE_URL", "http://intranet.exemple.org")
    said = "BASE_URL ne commence pas par https:// : les mots de passe voyageraient en clair."
    assert complaints() == [said]


def test_a_proxy_that_is_not_counted_is_named(healthy, monkeypatch):
    monkeypatch.setitem(healthy.config, "TRUSTED_PROXIES", 0)
    said = (
        "TRUSTED_PROXIES vaut 0 : derrière un serveur mandataire, tout le monde semble avoir la même adresse. Mettez 1."
    )
    assert complaints() == [said]


def expired(_address):
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_message = "certificate has expired"
    raise error


def refused(_address):
    raise ConnectionRefusedError(111, "Connection refused")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (
            expired,
            f"Le certificat de {SITE} n’est pas valable (certificate has expired) : {RENEW}",
        ),
        (
            refused,
            f"{SITE} ne répond pas d’ici ([Errno 111] Connection refused) : {WHICH_WAY}",
        ),
        (
            lambda _address: (502, b"Bad gateway"),
            f"{SITE} répond (502), mais ce n’est pas cet intranet : {PASSED_ON}",
        ),
    ],
)
def test_an_address_that_does_not_lead_here_is_named(healthy, monkeypatch, ask, said):
    monkeypatch.setattr(address, "ask", ask)
    assert [sentence.replace("\N{NARROW NO-BREAK SPACE}", " ") for sentence in complaints()] == [said]


def test_it_waits_for_nobody_for_long(monkeypatch):
    monkeypatch.setattr(address, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TimeoutError):
            address.ask(where)


def test_a_clock_that_the_network_does_not_set_is_named(healthy, monkeypatch, tmp_path):
    monkeypatch.setattr(clock, "TIMESYNC", tmp_path)
    said = "L’horloge de cette machine n’est pas mise à l’heure par le réseau : lancez « timedatectl set-ntp true »."
    assert complaints() == [said]
    (tmp_path / "synchronized").touch()
    assert complaints() == []


def test_a_clock_behind_what_was_written_is_named(healthy):
    save(Change(kind="post.written", subject="post", subject_id=1, at=now() + timedelta(hours=1), details={}))
    said = (
        "L’horloge de cette machine retarde sur ce qui a été écrit en dernier : mettez-la à l’heure, sinon les votes "
        "ferment trop tard."
    )
    assert complaints() == [said]


def test_two_clocks_that_disagree_are_named(healthy, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("there is one clock")
    monkeypatch.setattr(clock, "now", lambda: now() - timedelta(minutes=2))
    (said,) = complaints()
    assert said.startswith("L’horloge de la base de données est à 1")
    assert said.endswith(" secondes de la nôtre : mettez les deux à l’heure par le réseau.")


def test_an_unknown_zone_is_named(healthy, association):
    association.zone = "Europe/Namur"
    db.session.commit()
    said = "Le fuseau horaire Europe/Namur est inconnu ici : installez le paquet tzdata."
    assert complaints() == [said]


@pytest.fixture
def post_office(healthy, monkeypatch):
    """A mail server that answers."""
    server = MailServer()
    settings = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": server.port, "SMTP_TLS": False, "MAIL_FROM": "a@exemple.org"}
    for name, value in settings.items():
        monkeypatch.setitem(healthy.config, name, value)
    yield healthy.config
    server.stop()


def test_a_mail_server_that_answers_is_not(post_office):
    assert complaints() == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SMTP_PORT": 1}, "Le serveur d’e-mail ne répond pas : "),
        ({"SMTP_TLS": True}, "Le serveur d’e-mail ne sait pas faire ce qui est demandé ("),
        ({"SMTP_USER": "amina"}, "Le serveur d’e-mail ne sait pas faire ce qui est demandé ("),
        ({"MAIL_FROM": ""}, "Les e-mails n’ont pas d’expéditeur : remplissez MAIL_FROM."),
    ],
)
def test_a_mail_server_that_cannot_be_used_is_named(post_office, monkeypatch, settings, said):
    for name, value in settings.items():
        monkeypatch.setitem(post_office, name, value)
    (found,) = complaints()
    assert found.startswith(said)
    assert "SMTP_" in found or "MAIL_FROM" in found


def test_a_login_that_the_mail_server_refuses_is_named(post_office, monkeypatch):
    def refuse(_server, _user, _password):
        raise doctor.mail.smtplib.SMTPAuthenticationError(535, b"5.7.8 no")

    monkeypatch.setattr("smtplib.SMTP.login", refuse)
    monkeypatch.setitem(post_office, "SMTP_USER", "amina")
    said = "Le serveur d’e-mail refuse nos identifiants (535) : vérifiez SMTP_USER et SMTP_PASSWORD."
    assert complaints() == [said]


def test_mail_that_has_not_left_for_a_day_is_named(post_office):
    written = now() - timedelta(hours=25)
    mail = {
        "recipient": "bruno@exemple.org",
        "subject": "Bonjour",
        "body": "…",
        "created_at": written,
        "try_at": written,
    }
    save(Mail(**mail, error="550 no"))
    said = "e-mail n’est pas parti depuis plus d’un jour ; le serveur d’e-mail a dit en dernier : 550 no"
    assert complaints()[0].replace("\N{NARROW NO-BREAK SPACE}", " ") == f"1 {said}"
    save(Mail(**{**mail, "created_at": now()}, error=None))
    assert complaints()[0].startswith("1 e-mail")


def due_lease():
    return db.session.query(Lease).filter_by(name="due").one()


def test_a_server_that_was_stopped_and_not_started_is_named(healthy):
    db.session.delete(due_lease())
    save(Lease(name="backup", holder="a backup by hand", until=now() + timedelta(hours=1)))
    assert complaints() == ["Aucun serveur ne s’occupe des tâches automatiques : démarrez le serveur."]


def test_before_the_first_run_nothing_is_due(healthy, association):
    db.session.delete(due_lease())
    db.session.delete(association)
    db.session.commit()
    assert "démarrez le serveur" not in " ".join(complaints())


@pytest.mark.parametrize(("minutes", "is_stale"), [(-2, True), (0.4, False)])
def test_due_work_that_nobody_does_is_named(healthy, minutes, is_stale):
    due_lease().until = now() + timedelta(minutes=minutes)
    db.session.commit()
    found = complaints()
    assert bool(found) is is_stale
    if is_stale:
        assert found[0].startswith("Plus aucun serveur ne s’occupe des tâches automatiques depuis ")
        assert found[0].endswith(" : démarrez le serveur, il rattrape son retard.")


def test_a_place_without_a_fresh_copy_is_named(healthy, amina):
    amina.joined_at = now() - timedelta(days=2)
    db.session.commit()
    assert "jamais" in complaints()[0]
    copies = healthy.config["DATA_DIR"] / "backups"
    copies.mkdir()
    old = copies / name_of("nightly", now() - timedelta(hours=30))
    old.touch()
    assert "30 heures" in complaints()[0]
    old.rename(copies / name_of("nightly", now() - timedelta(hours=25)))
    assert complaints() == []
    shutil.rmtree(copies)


def test_as_a_command_it_ends_with_1_when_something_is_to_be_mended(healthy, capsys, monkeypatch):
    with pytest.raises(SystemExit) as left:
        doctor.doctor()
    assert left.value.code == 0
    monkeypatch.setitem(healthy.config, "TRUSTED_PROXIES", 0)
    with pytest.raises(SystemExit) as left:
        doctor.doctor()
    assert left.value.code == 1
    assert "✗ Adresse et chiffrement\n    TRUSTED_PROXIES" in capsys.readouterr().out
