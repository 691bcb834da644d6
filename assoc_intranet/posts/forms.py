"""The shape of a post as it is typed."""

from typing import Any
from uuid import uuid4

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from assoc_intranet.core.forms import DayField, Form, HourField, op_id, strip, unix_lines
from assoc_intranet.members import queries as members
from assoc_intranet.networks import queries as networks
from assoc_intranet.networks.kinds import KINDS
from assoc_intranet.transfer.sheets import MAX_BYTES

from .kept_sheets import KEY, KeptSheet, base_name
from .lengths import Variation, obstacles, variations
from .models import LONGEST_TEXT
from .rules import Draft
from .states import State

TITLE = [DataRequired(_l("Give it a title.")), Length(max=120, message=_l("At most 120 characters."))]


class PostForm(Form):
    """A post. Beside the fields, `own-<network>` says that a network has its own text, in `text-<network>`."""

    title = StringField(_l("Title"), TITLE, filters=[strip])
    text = TextAreaField(
        _l("Common text"),
        [Length(max=LONGEST_TEXT, message=_l("At most 100,000 characters."))],
        filters=[unix_lines],
    )
    day = DayField(_l("Day"), [Optional()])
    hour = HourField(_l("Hour"), [Optional()])
    holder_id = SelectField(_l("Who looks after it"), coerce=lambda value: int(value) if value else None)
    networks = SelectMultipleField(_l("Networks"), widget=ListWidget(), option_widget=CheckboxInput())
    version = IntegerField(widget=HiddenInput(), default=1)
    op_id = op_id()
    state = HiddenField(validators=[Optional(), AnyOf([state.value for state in State])])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.holder_id.choices = [("", _("nobody yet")), *members.names()]
        self.networks.choices = [(kind.id, kind.name) for kind in KINDS.values()]
        self.own: dict[str, str | None] = {}
        if self.is_submitted():
            own = [network for network in KINDS if f"own-{network}" in request.form]
            self.own = {network: unix_lines(request.form.get(f"text-{network}", "")) for network in own}
        elif obj := kwargs.get("obj"):
            self.networks.data = list(obj.own_texts)
            self.own = obj.own_texts

    def validate_hour(self, field: HourField) -> None:
        if field.data and not self.day.data and not self.day.errors:
            raise ValidationError(_("An hour needs a day."))

    @property
    def first_state(self) -> State:
        """What a new post begins as: a draft, or an idea when its button was pressed, and nothing further."""
        return State.IDEA if self.state.data == State.IDEA else State.DRAFT

    @property
    def variations(self) -> list[Variation]:
        """Every network with its text as typed, and its length."""
        return variations(KINDS, self.text.data or "", self.own, networks.limits())

    @property
    def obstacles(self) -> list[str]:
        return obstacles(v for v in self.variations if v.network in (self.networks.data or ()))

    def draft(self) -> Draft:
        return Draft(
            title=self.title.data or "",
            text=self.text.data or "",
            day=self.day.data,
            hour=self.hour.data,
            holder_id=self.holder_id.data,
            variants={network: self.own.get(network) for network in self.networks.data or ()},
        )


class DayForm(Form):
    """A new day for a post; empty sends it to the tray."""

    day = DayField(_l("Day"), [Optional()])
    hour = HourField(_l("Hour"), [Optional()])


class StateForm(Form):
    state = HiddenField(validators=[AnyOf([state.value for state in State])])


class SheetForm(Form):
    """A planning sheet to import."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])
    op_id = op_id()

    def sheet(self) -> KeptSheet:
        """What was sent, under a key that is the form's: sent twice, it is one sheet."""
        key = self.op_id.data or ""
        with self.file.data.stream as stream:
            data = stream.read(MAX_BYTES + 1)
        return KeptSheet(key if KEY.fullmatch(key) else str(uuid4()), base_name(self.file.data.filename), data)
