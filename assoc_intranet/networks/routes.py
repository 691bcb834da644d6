"""The doors of the networks: our presences, and the limits we read for ourselves."""

from uuid import uuid4

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.association import queries as association
from assoc_intranet.core.access import needs
from assoc_intranet.core.clock import today
from assoc_intranet.core.db import commit
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply

from . import fragments, queries, rules
from .forms import LimitForm, PresenceForm
from .kinds import KINDS
from .models import Presence
from .queries import Standing

bp = Blueprint("networks", __name__, url_prefix="/networks")


@bp.get("")
@needs("network.list")
def index() -> str:
    return render_template("networks/index.html", presences=fragments.presences())


@bp.get("/new")
@needs("network.edit")
def new() -> str:
    """An empty form; the address may bring the network, and with it a modest cadence to begin with."""
    kind = KINDS.get(request.args.get("network", ""))
    form = PresenceForm(data={"network": kind.id, "goal": kind.cadence} if kind else None)
    form.op_id.data = str(uuid4())
    return render_template("networks/form.html", form=form, presence=None)


@bp.post("")
@needs("network.edit")
def create() -> Response:
    form = read_form(PresenceForm, "networks/form.html", presence=None)
    presence = rules.write(current_user, form.draft, op_id=form.op_id.data)
    commit()
    return reply(url_for(".index"), saying=_("“%(handle)s” is on the list.", handle=presence.handle))


@bp.get("/<int:presence_id>")
@needs("network.edit", queries.one)
def show(presence: Presence) -> str:
    form = PresenceForm(obj=presence, of=presence)
    form.holders.data = [holder.id for holder in presence.holders]
    return render_template("networks/form.html", form=form, presence=presence)


@bp.post("/<int:presence_id>")
@needs("network.edit", queries.one)
def save(presence: Presence) -> Response:
    form = read_form(PresenceForm, "networks/form.html", of=presence, presence=presence)
    rules.rewrite(presence, current_user, form.version.data or 0, form.draft)
    commit()
    return reply(url_for(".index"), saying=_("Saved."))


@bp.get("/<int:presence_id>/deletion")
@needs("network.edit", queries.one)
def confirm_deletion(presence: Presence) -> str:
    return render_template("networks/deletion.html", presence=presence)


@bp.post("/<int:presence_id>/deletion")
@needs("network.edit", queries.one)
def delete(presence: Presence) -> Response:
    handle = presence.handle
    rules.delete(presence, current_user)
    commit()
    return reply(url_for(".index"), saying=_("“%(handle)s” is no longer on the list.", handle=handle))


@bp.get("/limits")
@needs("network.list")
def limits() -> str:
    return render_template("networks/limits.html", limits=fragments.limits())


@bp.get("/limits/<network>")
@needs("network.edit", queries.standing)
def limit(standing: Standing) -> str:
    form = LimitForm(data={"characters": standing.characters, "checked_on": today(association.zone())})
    return render_template("networks/limit.html", form=form, standing=standing)


@bp.post("/limits/<network>")
@needs("network.edit", queries.standing)
def set_limit(standing: Standing) -> Response:
    form = read_form(LimitForm, "networks/limit.html", standing=standing)
    rules.set_limit(standing.kind.id, current_user, form.characters.data, form.checked_on.data)
    commit()
    return reply(url_for(".limits"), saying=_("The counter of %(network)s follows.", network=standing.kind.name))


@bp.post("/limits/<network>/reset")
@needs("network.edit", queries.standing)
def reset_limit(standing: Standing) -> Response:
    rules.reset_limit(standing.kind.id, current_user)
    commit()
    saying = _("%(network)s is back to the limit we ship.", network=standing.kind.name)
    return reply(url_for(".limits"), saying=saying)
