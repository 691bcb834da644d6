"""The shape of a post as it is typed."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from assoc_intranet.core.forms import DayField, Form, HourField, op_id, strip, unix_lines
from assoc_intranet.members import queries as members
from assoc_intranet.networks.kinds import KINDS

from .rules import Draft
from .states import State

LONGEST = 100_000
TITLE = [InputRequired(_l("Give it a title.")), Length(max=120, message=_l("At most 120 characters."))]


class PostForm(Form):
    """A post with, for each chosen network, a text of its own or none (`own-<network>` says which)."""

    title = StringField(_l("Title"), TITLE, filters=[strip])
    text = TextAreaField(
        _l("Common text"),
        [Length(max=LONGEST, message=_l("At most 100,000 characters."))],
        filters=[unix_lines],
    )
    day = DayField(_l("Day"), [Optional()])
    hour = HourField(_l("Hour"), [Optional()])
    holder_id = SelectField(_l("Who looks after it"), coerce=lambda value: int(value) if value else None)
    networks = SelectMultipleField(_l("Networks"), widget=ListWidget(), option_widget=CheckboxInput())
    version = IntegerField(widget=HiddenInput(), default=1)
    op_id = op_id()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.holder_id.choices = [("", _("nobody yet")), *((m.id, m.name) for m in members.active())]
        self.networks.choices = [(kind.id, kind.name) for kind in KINDS.values()]

    def validate_hour(self, field: HourField) -> None:
        if field.data and not self.day.data and not self.day.errors:
            raise ValidationError(_("An hour needs a day."))

    def draft(self, own_texts: dict[str, str]) -> Draft:
        """What was typed; `own_texts` has the networks that do not follow the common text."""
        return Draft(
            title=self.title.data or "",
            text=self.text.data or "",
            day=self.day.data,
            hour=self.hour.data,
            holder_id=self.holder_id.data,
            variants={network: own_texts.get(network) for network in self.networks.data or ()},
        )


class DayForm(Form):
    """A new day for a post; empty sends it to the tray."""

    day = DayField(_l("Day"), [Optional()])
    hour = HourField(_l("Hour"), [Optional()])


class StateForm(Form):
    state = HiddenField(validators=[AnyOf([state.value for state in State])])
