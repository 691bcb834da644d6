"""A mail as it goes over the wire: readable everywhere, and nothing can break out of its headers."""

import io
from datetime import UTC, datetime
from email import message_from_bytes
from email.generator import BytesGenerator
from email.header import decode_header, make_header
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assoc_intranet.mail.letter import BadHeader, as_message
from assoc_intranet.mail.models import Mail

SENTENCE = "Élodie vous invite à la réunion du comité de l’été : « préparer l’hiver » — où donc ? naïveté œuvre €"


def letter(subject="Réunion", recipient="bruno@exemple.org", body="Bonjour,\n\nÀ bientôt !", sender="asso@exemple.org"):
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    return as_message(Mail(id=1, recipient=recipient, subject=subject, body=body, created_at=at), sender)


def wire(message):
    out = io.BytesIO()
    BytesGenerator(out).flatten(message, linesep="\r\n")
    return out.getvalue()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SENTENCE.split()), min_size=1, max_size=30).map(" ".join))
def test_a_french_subject_arrives_as_it_was_written(subject):
    raw = wire(letter(subject))
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert message_from_bytes(raw, policy=default)["Subject"] == subject
    assert str(make_header(decode_header(message_from_bytes(raw)["Subject"]))) == subject


def test_a_long_body_arrives_as_it_was_written():
    body = "Voici « la » ligne : " + "é" * 2000 + "\n.\n..seule\n\nFin \u202f! 🌻\n"
    read = message_from_bytes(wire(letter(body=body)), policy=default)
    assert read.get_content().replace("\r\n", "\n") == body
    assert read.get_content_type() == "text/plain"


@pytest.mark.parametrize("hostile", ["\r\nBcc: x@evil.example", "\nX: y", "\r", "\0", "\x0b", "\x85", "\u2028"])
def test_a_line_break_in_a_header_is_refused(hostile):
    for where in ({"subject": "a" + hostile}, {"recipient": "b@exemple.org" + hostile}):
        with pytest.raises(BadHeader):
            letter(**where)


def test_an_address_without_ascii_is_not_lost():
    assert "étienne@exemple.org" in str(letter(recipient="étienne@exemple.org")["To"])


def test_the_name_of_the_sender_is_shown_and_the_message_says_a_machine_wrote_it():
    read = message_from_bytes(wire(letter(sender="Asso Été <asso@exemple.org>")), policy=default)
    assert read["From"] == "Asso Été <asso@exemple.org>"
    assert read["Message-ID"].endswith("@exemple.org>")
    assert read["Auto-Submitted"] == "auto-generated"
