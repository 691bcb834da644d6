"""The association, read once a request."""

from flask import g

from assoc_intranet.core.db import db

from .models import COLOUR, DEFAULT_ACCENT, ONLY, Association

DEFAULT_LANGUAGE = "fr"
DEFAULT_ZONE = "Europe/Brussels"


def current() -> Association | None:
    """The association, or None before the first run. Held by `g`, so that the session finds it again without asking."""
    g.association = found = db.session.get(Association, ONLY)
    return found


def name() -> str:
    association = current()
    return association.name if association else ""


def zone() -> str:
    association = current()
    return association.zone if association else DEFAULT_ZONE


def language() -> str:
    association = current()
    return association.language if association else DEFAULT_LANGUAGE


def accent() -> str:
    """The colour, and never anything else: it is written into a stylesheet."""
    association = current()
    return association.accent if association and COLOUR.fullmatch(association.accent) else DEFAULT_ACCENT
