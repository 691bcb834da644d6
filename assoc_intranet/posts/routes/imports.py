"""Bringing in a planning sheet: send it, look at what it would become, say which column is which, import it."""

from uuid import uuid4

from flask import Response, render_template, request, url_for
from flask_login import current_user

from assoc_intranet.core.access import needs
from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import commit, only_reads, start_writing
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.transfer.sheets import SheetError

from .. import importing, kept_sheets, queries
from ..forms import SheetForm
from ..kept_sheets import KeptSheet, Told
from ..month import Month
from ..preview import Preview
from .posts import bp

OP_ID = 36  # the length of one: whatever is longer is not ours


@bp.get("/posts/import")
@needs("post.import")
def choose_sheet() -> str:
    form = SheetForm()
    form.op_id.data = str(uuid4())
    return render_template("posts/import.html", form=form)


@bp.post("/posts/import")
@only_reads
@needs("post.import")
def send_sheet() -> Response:
    """Keep the sheet for the next steps, once it is known that it can be read."""
    sheet = read_form(SheetForm, "posts/import.html").sheet()
    sheet.read(Told())
    kept_sheets.keep(current_user, sheet)
    return reply(url_for(".preview_import", key=sheet.key))


@bp.get("/posts/import/<key>")
@needs("post.import", kept_sheets.one)
def preview_import(sheet: KeptSheet) -> str:
    """What the sheet would become, read as the address tells."""
    told, broken = Told.read(request.args), None
    try:
        plan = sheet.read(told)
    except SheetError as error:
        told, broken = Told(), error
        plan = sheet.read(told)
    preview = Preview(plan, importing.foresee(plan, sheet.filename))
    return render_template(
        "posts/import_preview.html", sheet=sheet, told=told, preview=preview, broken=broken, op_id=uuid4()
    )


@bp.post("/posts/import/<key>")
@only_reads
@needs("post.import", kept_sheets.one)
def import_sheet(sheet: KeptSheet) -> Response:
    """Import what the preview showed: the same sheet, told the same."""
    plan = sheet.read(Told.read(request.form))
    start_writing()
    member = current_user._get_current_object()
    done = importing.import_plan(plan, sheet.filename, member, request.form.get("op_id", "")[:OP_ID])
    commit()
    return reply(url_for(".show_import", import_id=done.id, key=sheet.key))


@bp.get("/posts/imports/<int:import_id>")
@needs("post.import", queries.own_import)
def show_import(done: Change) -> str:
    """What became of it, and where to go from there. The sheet, while it is kept, may have more to read."""
    again = kept_sheets.one(current_user, request.args.get("key", ""))
    months = [(Month.read(name, done.at), number) for name, number in sorted(done.details["months"].items()) if name]
    counts = importing.Counts.told(done)
    return render_template("posts/import_done.html", done=done, counts=counts, months=months, again=again)
