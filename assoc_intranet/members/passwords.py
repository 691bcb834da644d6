"""Passwords: hashed with argon2id, and refused when everybody would guess them. They are never changed or shortened."""

import re
import secrets
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from assoc_intranet.core.errors import RuleBroken

SHORTEST, LONGEST = 8, 1000
COMMON = Path(__file__).with_name("common_passwords.txt")
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked where an address is unknown, so that it takes as long as a known one.
NOBODY = _hasher.hash(secrets.token_hex())


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    return _hasher.check_needs_rehash(stored)


def check_strength(password: str, *related: str, field: str = "password") -> None:
    """Refuse what is too short, too common, or made of the words of `related`: the association, the person."""
    if len(password) < SHORTEST:
        raise RuleBroken(_("At least 8 characters; three words you like make a good one."), field)
    if len(password) > LONGEST:
        raise RuleBroken(_("At most 1,000 characters."), field)
    folded = password.casefold()
    # A year, a number or a dot around a word is what everybody adds.
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    if {folded, bare} & (_common() | _words_of(related)) or len(set(folded)) < 3:
        raise RuleBroken(_("This one is among the first that would be tried. Choose another."), field)


def _words_of(texts: tuple[str, ...]) -> set[str]:
    """The words of some texts, the texts themselves, and the texts without their spaces."""
    folded = [text.casefold().strip() for text in texts]
    words = {word for text in folded for word in re.split(r"[\W_]+", text) if len(word) > 3}
    return words | set(folded) | {re.sub(r"[\W_]+", "", text) for text in folded} - {""}


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))
