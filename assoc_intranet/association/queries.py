"""The association, read once a request."""

from typing import NamedTuple

from flask import g

from assoc_intranet.core.changes import until_change
from assoc_intranet.core.db import db

from .models import COLOUR, DEFAULT_ACCENT, ONLY, Association

DEFAULT_LANGUAGE = "fr"
DEFAULT_ZONE = "Europe/Brussels"


class Face(NamedTuple):
    """What every page shows or needs of the association."""

    name: str
    accent: str
    logo: str | None
    zone: str
    language: str


@until_change(8)
def face() -> Face | None:
    """The association as pages need it, or None before the first run."""
    found = current()
    return Face(found.name, found.accent, found.logo, found.zone, found.language) if found else None


def current() -> Association | None:
    """The row, to be changed. Held by `g`, so that the session finds it again without asking."""
    g.association = found = db.session.get(Association, ONLY)
    return found


def name() -> str:
    known = face()
    return known.name if known else ""


def zone() -> str:
    known = face()
    return known.zone if known else DEFAULT_ZONE


def language() -> str:
    known = face()
    return known.language if known else DEFAULT_LANGUAGE


def accent() -> str:
    """The colour, and never anything else: it is written into a stylesheet."""
    known = face()
    return known.accent if known and COLOUR.fullmatch(known.accent) else DEFAULT_ACCENT
