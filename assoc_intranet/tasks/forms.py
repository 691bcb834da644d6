"""The shape of a task as it is typed."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import (
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from assoc_intranet.association import queries as association
from assoc_intranet.core.clock import today
from assoc_intranet.core.forms import DayField, Form, op_id, strip, unix_lines
from assoc_intranet.core.i18n import short_day

from . import queries
from .models import Task
from .rules import Draft
from .statuses import HIGH, LOW, NORMAL


class TaskForm(Form):
    """A task. `people` offers whom the person at the form may give it to; who else has it keeps it."""

    title = StringField(
        _l("Title"),
        [DataRequired(_l("Give it a title.")), Length(max=120, message=_l("At most 120 characters."))],
        filters=[strip],
    )
    notes = TextAreaField(
        _l("Notes"),
        [Length(max=10_000, message=_l("At most 10,000 characters."))],
        filters=[unix_lines],
    )
    due = DayField(_l("Due"), [Optional()])
    priority = RadioField(
        _l("Priority"),
        coerce=int,
        default=NORMAL,
        choices=[
            SelectChoice(HIGH, _l("High")),
            SelectChoice(NORMAL, _l("Normal")),
            SelectChoice(LOW, _l("It can wait")),
        ],
    )
    people = SelectMultipleField(_l("People"), coerce=int, widget=ListWidget(), option_widget=CheckboxInput())
    post_id = SelectField(_l("About a post"), coerce=lambda value: int(value) if value else None)
    version = IntegerField(widget=HiddenInput(), default=1)
    op_id = op_id()

    def __init__(self, *args: Any, of: Task | None = None, **kwargs: Any):
        super().__init__(*args, of=of, **kwargs)
        offered = queries.assignable(current_user, of)
        alone = len(offered) == 1
        self.people.choices = [(person.id, _("I take it") if alone else person.name) for person in offered]
        self.kept = (of.people_ids if of else set()) - {person.id for person in offered}
        posts = queries.linkable(today(association.zone()), of.post_id if of else None)
        self.post_id.choices = [
            ("", _("no post")),
            *((key, f"{short_day(day)} · {title}" if day else title) for key, title, day in posts),
        ]

    @property
    def draft(self) -> Draft:
        return Draft(
            title=self.title.data or "",
            notes=self.notes.data or "",
            due=self.due.data,
            priority=self.priority.data,
            people_ids=frozenset(self.people.data or ()) | self.kept,
            post_id=self.post_id.data,
        )


class StepForm(Form):
    text = StringField(
        _l("New step"),
        [DataRequired(_l("Write the step.")), Length(max=200, message=_l("At most 200 characters."))],
        filters=[strip],
    )
