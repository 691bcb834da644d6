"""Passwords: what is accepted, what is refused, how it is kept."""

import pytest

from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.members import passwords


@pytest.fixture(autouse=True)
def _speaking(app):
    """The sentences of refusals need a language."""


@pytest.mark.parametrize(
    "password",
    [
        "trois mots jolis",
        "éàü ß 漢字 🌻",
        "        un espace avant et après ",
        "x" * 30 + "yz",
        "aB3" * 300,
        "correct horse battery staple",
        "!?!?;;::,,",
        "12 34 56 a 99",
    ],
)
def test_any_composition_is_accepted_and_kept_as_typed(password):
    passwords.check_strength(password, "La Bêche", "Amina Benali", "amina@exemple.org")
    stored = passwords.hash_password(password)
    assert passwords.matches(stored, password)
    assert not passwords.matches(stored, password.strip() + "!")


@pytest.mark.parametrize(
    "password",
    [
        "court",
        "1234567",
        "password",
        "PassWord",
        "12345678",
        "azertyuiop",
        "Azerty2024",
        "motdepasse",
        "Motdepasse!",
        "soleil123",
        "doudou2020!",
        "marseille13",
        "11111111",
        "ababababab",
        "Tournevis",
        "tournevis2026",
        "labêcheletournevis",
        "aminabenali",
        "Benali1990",
        "amina@exemple.org",
        "y" * 1001,
    ],
)
def test_what_everybody_would_try_is_refused(password):
    with pytest.raises(RuleBroken) as refused:
        passwords.check_strength(password, "La Bêche & le Tournevis", "Amina Benali", "amina@exemple.org")
    assert refused.value.field == "password"


def test_the_list_holds_the_3000_most_used_that_are_long_enough():
    assert sum(len(word) >= passwords.SHORTEST for word in passwords._common()) >= 3000


def test_a_password_is_kept_as_argon2id_with_the_parameters_of_today():
    stored = passwords.hash_password("trois mots jolis")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.is_outdated(stored)
    assert passwords.is_outdated(stored.replace("t=2", "t=1"))


def test_a_broken_hash_matches_nothing():
    assert not passwords.matches("not a hash", "trois mots jolis")
