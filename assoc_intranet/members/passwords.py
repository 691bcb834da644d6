"""Passwords: hashed with argon2id, and refused when everybody would guess them. They are never changed or shortened."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from assoc_intranet.config import resource
from assoc_intranet.core.errors import RuleBroken

SHORTEST, LONGEST = 8, 1000
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    return _hasher.check_needs_rehash(stored)


@cache
def nobody() -> str:
    """A hash that no password matches: checking it costs an unknown address the same time as a known one."""
    return _hasher.hash("")


def check_strength(password: str, *related: str, field: str = "password") -> None:
    """Refuse what is too short, too common, or made of the association's own words."""
    if len(password) < SHORTEST:
        raise RuleBroken(_("At least 8 characters; three words you like make a good one."), field)
    if len(password) > LONGEST:
        raise RuleBroken(_("At most 1,000 characters."), field)
    folded = password.casefold()
    words = {word for text in related for word in text.casefold().replace("@", " ").split() if len(word) > 3}
    bare = folded.strip("0123456789!?.-_ ")
    if folded in _common() or bare in words or folded in words:
        raise RuleBroken(_("This one is among the first that would be tried. Choose another."), field)


@cache
def _common() -> frozenset[str]:
    path = resource("members") / "common_passwords.txt"
    return frozenset(path.read_text(encoding="utf-8").split()) if path.exists() else frozenset()
