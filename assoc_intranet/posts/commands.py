"""`import-calendar`: a planning sheet from the command line, for who runs the server."""

import json
from dataclasses import asdict
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import Flask, current_app
from flask_babel import gettext as _

from assoc_intranet.association import queries as association
from assoc_intranet.core.db import db, writing
from assoc_intranet.members import queries as members
from assoc_intranet.members import rules as member_rules
from assoc_intranet.migrations import upgrade
from assoc_intranet.transfer.sheets import MAX_BYTES, SheetError

from . import importing
from .importing import Counts
from .planning_rows import PlannedRow, RowError
from .planning_sheet import Plan, read_plan

NOTHING = Counts(0, 0, 0)


def add(group: click.Group) -> None:
    """The command of this feature, in the language of this moment."""
    group.add_command(
        click.Command(
            "import-calendar",
            callback=import_calendar,
            params=[
                click.Argument(["file"], type=click.Path(path_type=Path)),
                click.Option(["--dry-run"], is_flag=True, help=_("Write nothing: only say what would happen.")),
                click.Option(["--json", "as_json"], is_flag=True, help=_("Answer with one JSON object.")),
            ],
            help=_(
                "Import the posts planned in a spreadsheet (.xlsx, .csv or .txt), as drafts of the first coordinator. "
                "Imported again, a file only brings what changed in it. Rows that can be read are imported even when "
                "others cannot; when anything could not be read, the exit code is 1."
            ),
        )
    )


def import_calendar(file: Path, dry_run: bool, as_json: bool) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    upgrade(app)
    done, rows, errors = NOTHING, [], []
    try:
        plan = _read(file)
        rows, errors = plan.rows, plan.errors
        done = _foresee(plan, file.name) if dry_run else _import(plan, file.name)
    except SheetError as refused:
        errors = [RowError(refused.row or 1, refused.column, str(refused))]
    if as_json:
        click.echo(_as_json(done, rows, errors))
    else:
        click.echo(_("Nothing is written. It would give: %(counts)s", counts=done.words()) if dry_run else done.words())
        for error in errors:
            click.echo(f"  {_place(error)}: {error.message}", err=True)
    if errors:
        raise click.exceptions.Exit(1)


def _read(file: Path) -> Plan:
    try:
        with file.open("rb") as sheet:
            data = sheet.read(MAX_BYTES + 1)
    except OSError as error:
        raise SheetError(_("%(file)s cannot be read: %(reason)s.", file=file, reason=error.strerror)) from None
    return read_plan(data, file.name, zone=ZoneInfo(association.zone()))


def _foresee(plan: Plan, filename: str) -> Counts:
    foreseen = importing.counts(importing.foresee(plan, filename))
    db.session.rollback()
    return foreseen


def _import(plan: Plan, filename: str) -> Counts:
    if not plan.rows:
        return NOTHING
    with writing():
        author = members.in_charge() or member_rules.stand_in(_("Import"))
        return Counts.told(importing.import_plan(plan, filename, author))


def _as_json(done: Counts, rows: list[PlannedRow], errors: list[RowError]) -> str:
    posts = [
        {
            "row": row.row,
            "planned": row.planned.isoformat(timespec="minutes") if row.planned else None,
            "networks": row.networks,
            "text": row.text,
        }
        for row in rows
    ]
    return json.dumps({**asdict(done), "errors": [asdict(error) for error in errors], "posts": posts})


def _place(error: RowError) -> str:
    place: str = _("Row %(row)s", row=error.row)
    if error.column:
        place = _("Row %(row)s, column %(column)s", row=error.row, column=error.column)
    return place
