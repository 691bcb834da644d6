"""Invitations: a link for one person, with the role they will have."""

import hashlib
import hmac

from flask import current_app
from flask_babel import gettext as _

from assoc_intranet import mail
from assoc_intranet.association import queries as association
from assoc_intranet.core.changes import publish
from assoc_intranet.core.clock import now
from assoc_intranet.core.errors import RuleBroken

from .. import queries
from ..models import Link, Member
from ..roles import grantable
from .links import draw_link


def invite(actor: Member, role: str, email: str | None = None, op_id: str | None = None) -> tuple[Link, str]:
    """A new invitation and its token, mailed where there is an address and a server.

    The same `op_id` gives the same link: nobody is invited twice by a double click, nor again by an old form.
    """
    if role not in grantable(actor):
        raise RuleBroken(_("Only an administrator invites to this role."), "role")
    if email and queries.by_email(email) is not None:
        raise RuleBroken(_("Somebody here already uses this address."), "email")
    token = _token_of(actor, op_id) if op_id else None
    made = queries.link_of(token, "invitation") if token else None
    if made is not None and token is not None:
        if not made.is_usable(now()):
            raise RuleBroken(_("This form was sent before. Load the page again to invite somebody else."), status=409)
        return made, token
    link, token = draw_link("invitation", token, role=role, email=email or None, author_id=actor.id)
    publish("member.invited", link, actor, role=role)
    _send(link, token, actor)
    return link, token


def renew(link: Link, actor: Member) -> tuple[Link, str]:
    """A new link for the same person, where the first was lost: the first stops working."""
    link.used_at = now()
    fresh, token = draw_link(
        "invitation", role=link.role, email=link.email, is_admin=link.is_admin, author_id=link.author_id
    )
    publish("member.invited", fresh, actor, role=link.role)
    _send(fresh, token, actor)
    return fresh, token


def revoke(link: Link, actor: Member) -> None:
    """Take an invitation back."""
    link.used_at = now()
    publish("member.uninvited", link, actor)


def _token_of(actor: Member, op_id: str) -> str:
    """A token that only this server can compute, the same for the same form."""
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"invitation {actor.id} {op_id}".encode(), hashlib.sha256).hexdigest()


def _send(link: Link, token: str, actor: Member) -> None:
    if link.email:
        url = mail.absolute_url("invitations.show", code=token)
        name = association.name()
        mail.queue(link.email, "invitation", association.language(), url=url, inviter=actor.name, association=name)
