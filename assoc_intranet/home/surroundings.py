"""What stands around the main part of every page: drawn once for each viewer and place, then given its fresh signs."""

from secrets import token_hex
from typing import NamedTuple

from flask import render_template
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from assoc_intranet.association import queries as association
from assoc_intranet.association.queries import Face
from assoc_intranet.core.access import may
from assoc_intranet.core.html import remembered
from assoc_intranet.core.security import nonce
from assoc_intranet.members.models import Member

from .places import MAIN, OTHERS

# They stand where each answer has a nonce and a token of its own, and never leave this process.
NONCE, TOKEN = token_hex(16), token_hex(16)


class Viewer(NamedTuple):
    """All that the surroundings show, or depend on, of who looks."""

    id: int
    name: str
    initials: str
    dot: int
    role: str
    grants: tuple[str, ...]


class Surroundings(NamedTuple):
    head: Markup
    side: Markup
    foot: Markup


def surroundings(here: str) -> Surroundings:
    """The pieces for the page of this request, which is at the place called `here`."""
    me = current_user._get_current_object()
    pieces = _drawn(here, association.face(), viewer_of(me) if me.is_authenticated else None)
    fresh, token = nonce(), generate_csrf()
    return Surroundings(*(piece.replace(NONCE, fresh).replace(TOKEN, token) for piece in pieces))


def viewer_of(member: Member) -> Viewer:
    return Viewer(member.id, member.name, member.initials, member.dot, member.role, member.grants)


@remembered(256)
def _drawn(here: str, face: Face | None, viewer: Viewer | None) -> Surroundings:
    main, others = ([place for place in places if viewer and may(viewer, place.action)] for places in (MAIN, OTHERS))
    context = {
        "here": here,
        "association": face,
        "accent": face.accent if face else "",
        "viewer": viewer,
        "main": main,
        "others": others,
        "nonce": NONCE,
        "token": TOKEN,
    }

    def piece(name: str) -> Markup:
        return Markup(render_template(f"parts/{name}.html", **context))

    return Surroundings(piece("head"), piece("side") if viewer else Markup(), piece("foot"))
