"""The outbox: what is promised with its reason, and what becomes of it."""

import shutil
import ssl
import subprocess
import threading
import time
from datetime import timedelta

import pytest
import time_machine

from assoc_intranet import mail
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db, writing
from assoc_intranet.jobs.loop import run_due
from assoc_intranet.mail import queries, rules
from assoc_intranet.mail.models import Mail
from assoc_intranet.mail.postman import deliver
from assoc_intranet.members import rules as members


def invite(amina, email="diego@exemple.org"):
    members.invite(amina, "member", email)
    db.session.commit()


def only_mail():
    db.session.rollback()
    return db.session.scalars(db.select(Mail)).one()


def test_a_mail_leaves_after_the_commit_and_not_before(server, amina):
    members.invite(amina, "member", "diego@exemple.org")
    db.session.flush()
    assert db.session.scalar(db.select(Mail.id))
    db.session.rollback()
    deliver()
    assert server.received == []
    invite(amina)
    deliver()
    assert [message["To"] for message in server.received] == ["diego@exemple.org"]


def test_it_arrives_with_its_accents_and_its_link(server, amina, association):
    association.name = "L’Été à l’Œuvre & Cie : « Où ? »"
    amina.name = "Amélie Noël"
    invite(amina)
    deliver()
    (message,) = server.received
    assert "L’Été à l’Œuvre & Cie" in message["Subject"]
    assert "&amp;" not in message.get_content()
    assert "https://asso.exemple.org/join?code=" in message.get_content()


def test_what_it_said_is_forgotten_once_it_is_sent(server, amina):
    invite(amina)
    deliver()
    sent = only_mail()
    assert sent.sent_at
    assert sent.body == ""


def test_a_name_with_line_breaks_adds_no_header(server, amina):
    amina.name = "Amina\r\nBcc: tous@evil.example"
    invite(amina)
    deliver()
    (message,) = server.received
    assert message["Bcc"] is None
    assert "evil.example" in message["Subject"]


@pytest.mark.parametrize("answer", ["451 later please", "421 closing", "554 no thanks"])
def test_a_refused_mail_is_tried_again_until_it_is_taken(server, amina, answer):
    server.handler.answer = answer
    invite(amina)
    start = now()
    deliver()
    deliver()
    assert server.handler.tried == 1
    assert only_mail().error == answer
    server.handler.answer = "250 OK"
    with time_machine.travel(start + timedelta(minutes=1, seconds=30)):
        deliver()
    assert len(server.received) == 1
    assert only_mail().error is None


def test_an_unknown_recipient_is_noted_and_does_not_hold_up_the_others(server, amina):
    invite(amina, "personne@exemple.org")
    invite(amina, "diego@exemple.org")
    deliver()
    assert [message["To"] for message in server.received] == ["diego@exemple.org"]
    errors = db.session.scalars(db.select(Mail.error).order_by(Mail.id)).all()
    assert errors[0] == "550 nobody by that name"
    assert errors[1] is None


def test_a_server_that_is_away_is_tried_again(server, amina, app, monkeypatch):
    invite(amina)
    monkeypatch.setitem(app.config, "SMTP_PORT", 1)
    deliver()
    assert "ConnectionRefused" in only_mail().error


def test_a_server_that_hangs_is_left_and_tried_again(server, amina, monkeypatch):
    monkeypatch.setattr("assoc_intranet.mail.postman.TIMEOUT", 0.3)
    server.handler.pause = 5
    invite(amina)
    deliver()
    waiting = only_mail()
    assert "timed out" in waiting.error
    assert waiting.sent_at is None
    assert waiting.body


def test_no_page_waits_for_the_mail_server(server, as_, amina):
    server.handler.pause = 5
    browser = as_(amina)
    browser.get("/invitations")
    start = time.perf_counter()
    answer = browser.post("/invitations", data={"role": "member", "email": "diego@exemple.org"})
    assert answer.status_code == 200
    assert time.perf_counter() - start < 1


def test_due_work_does_not_wait_for_the_mail_server(server, amina, app):
    server.handler.pause = 1
    invite(amina)
    start = time.perf_counter()
    run_due()
    assert time.perf_counter() - start < 0.8
    end = time.perf_counter() + 10
    while not server.received and time.perf_counter() < end:
        time.sleep(0.05)
    assert len(server.received) == 1
    postman = app.extensions["postman"]
    assert postman._busy.acquire(timeout=5)
    postman._busy.release()


def test_two_servers_send_a_mail_once(server, app, amina):
    for number in range(5):
        invite(amina, f"m{number}@exemple.org")
    server.handler.pause = 0.05
    ready = threading.Barrier(3)

    def other_server():
        with app.app_context():
            ready.wait()
            deliver()
            db.session.remove()

    threads = [threading.Thread(target=other_server) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message["To"] for message in server.received) == [f"m{number}@exemple.org" for number in range(5)]


def test_a_claim_is_won_once(server, amina):
    invite(amina)
    at, mail_id = now(), only_mail().id
    with writing():
        assert rules.claim(mail_id, at)
    with writing():
        assert not rules.claim(mail_id, at)


def test_a_server_that_dies_after_it_claimed_loses_no_mail(server, amina):
    invite(amina)
    with writing():
        rules.claim(only_mail().id, now())
    deliver()
    assert server.received == []
    with time_machine.travel(now() + timedelta(minutes=2)):
        deliver()
    assert len(server.received) == 1


def test_it_is_tried_for_a_day_and_then_given_up(server, amina):
    server.handler.answer = "451 later"
    invite(amina)
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        while now() < start + timedelta(days=3):
            deliver()
            clock.shift(timedelta(minutes=1) if now() < start + timedelta(hours=1) else timedelta(minutes=30))
        assert queries.waiting(now(), 1) == []
    given_up = only_mail()
    assert server.handler.tried == given_up.tries == rules.MOST_TRIES
    assert timedelta(hours=23) < sum(rules.PAUSES, timedelta()) < timedelta(hours=25)
    assert given_up.body == ""


def test_old_mails_are_forgotten(server, amina):
    invite(amina)
    deliver()
    with time_machine.travel(now() + timedelta(days=31)):
        run_due()
    assert db.session.scalar(db.select(Mail.id)) is None


def test_without_a_mail_server_nothing_is_written(app, amina):
    assert not mail.can_send()
    invite(amina)
    assert db.session.scalar(db.select(Mail.id)) is None


def test_a_mail_does_not_travel_in_clear_where_encryption_is_asked_for(server, amina, app, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_TLS", True)
    invite(amina)
    deliver()
    assert server.received == []
    assert "STARTTLS" in only_mail().error


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_a_certificate_that_proves_nothing_is_not_trusted(server, amina, app, monkeypatch, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", key, "-out", certificate, "-subj", "/CN=127.0.0.1", "-days", "1"]
    subprocess.run(command, check=True, capture_output=True)
    server.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.tls.load_cert_chain(certificate, key)
    monkeypatch.setitem(app.config, "SMTP_TLS", True)
    invite(amina)
    deliver()
    assert server.received == []
    assert "CERTIFICATE_VERIFY_FAILED" in only_mail().error


@pytest.mark.parametrize(
    ("host", "base", "expected"),
    [
        ("127.0.0.1", "", "http://127.0.0.1:5000/login"),
        ("::", "", ":5000/login"),
        ("::", "https://asso.exemple.org", "https://asso.exemple.org/login"),
    ],
)
def test_an_address_in_a_mail_comes_from_the_settings(app, monkeypatch, host, base, expected):
    monkeypatch.setitem(app.config, "HOST", host)
    monkeypatch.setitem(app.config, "BASE_URL", base)
    url = mail.absolute_url("login.show")
    assert url.endswith(expected)
    assert "::" not in url


def deliver_for(hours, every=timedelta(minutes=5)):
    """The rounds of so many hours."""
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(int(timedelta(hours=hours) / every)):
            deliver()
            clock.shift(every)


def test_a_server_that_goes_away_after_the_message_is_given_it_twice_at_most(server, amina):
    server.handler.dies = True
    invite(amina)
    deliver_for(hours=30)
    assert len(server.received) == 2
    assert only_mail().sent_at is None
    assert only_mail().body == ""
    first, second = server.received
    assert first["Message-ID"] == second["Message-ID"], "a mail program knows by it that this is the same"


def test_a_server_that_goes_away_once_after_the_message_is_tried_until_it_answers(server, amina, app, monkeypatch):
    server.handler.dies = True
    invite(amina)
    deliver()
    server.handler.dies, server.handler.answer = False, "451 later please"
    deliver_for(hours=3)
    assert server.handler.tried > 3
    server.handler.answer = "250 OK"
    with time_machine.travel(now() + timedelta(hours=12)):
        deliver()
    assert len(server.received) == 2
    assert only_mail().sent_at


def test_a_message_that_was_taken_is_not_sent_again_for_a_rude_goodbye(server, amina, monkeypatch):
    async def rude(*_arguments):
        return "250 no"

    monkeypatch.setattr(server.handler.__class__, "handle_QUIT", rude, raising=False)
    invite(amina)
    deliver()
    assert only_mail().sent_at
    assert len(server.received) == 1


def test_who_got_another_mail_since_is_no_longer_waiting(server, amina):
    server.handler.answer = "554 no thanks"
    invite(amina)
    deliver()
    assert "554" in queries.left_since(now())[0]
    server.handler.answer = "250 OK"
    invite(amina)
    deliver()
    assert queries.left_since(now()) == []
