"""The shape of a presence and of a limit, as they are typed."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from assoc_intranet.association import queries as association
from assoc_intranet.core.clock import today
from assoc_intranet.core.forms import DayField, Form, TypedField, op_id, strip
from assoc_intranet.core.i18n import language
from assoc_intranet.members import queries as members

from .kinds import KINDS
from .models import STATUS_LABELS, Presence
from .rules import Draft

MOST_A_WEEK = 50
MOST_CHARACTERS = 1_000_000


class RateField(TypedField):
    """How many a week: 2, 1,5 or 0.25."""

    def read(self, words: str) -> float:
        if not re.fullmatch(r"\d{1,3}([.,]\d{1,2})?", words):
            raise ValueError(_("Write a number, such as 2 or 0,5."))
        rate = float(words.replace(",", "."))
        if rate > MOST_A_WEEK:
            raise ValueError(_("At most %(num)s a week.", num=MOST_A_WEEK))
        return rate

    def show(self, value: float | None) -> str:
        words = "" if value is None else f"{value:g}"
        return words.replace(".", ",") if language() == "fr" else words


class CountField(TypedField):
    """A whole number of characters: 500, 63206 or 63 206."""

    def read(self, words: str) -> int:
        digits = re.sub(r"\s", "", words)
        if not re.fullmatch(r"[0-9]{1,7}", digits) or not 0 < int(digits) <= MOST_CHARACTERS:
            raise ValueError(_("Write a whole number between 1 and %(most)s.", most=format_decimal(MOST_CHARACTERS)))
        return int(digits)

    def show(self, value: int | None) -> str:
        return "" if value is None else str(value)


def with_scheme(address: str | None) -> str | None:
    """People copy addresses without their beginning."""
    address = address.strip() if address else ""
    return f"https://{address}" if address and ":" not in address.split("/")[0] else address or None


class PresenceForm(Form):
    network = SelectField(_l("Network"))
    handle = StringField(
        _l("Name there"),
        [DataRequired(_l("Write the name of the account.")), Length(max=120, message=_l("At most 120 characters."))],
        filters=[strip],
    )
    url = StringField(
        _l("Address"), [Optional(), Length(max=500, message=_l("At most 500 characters."))], filters=[with_scheme]
    )
    goal = RateField(_l("Posts a week"), [Optional()])
    status = RadioField(
        _l("State"),
        default="active",
        choices=[SelectChoice(status, label) for status, label in STATUS_LABELS.items()],
    )
    holders = SelectMultipleField(_l("Who holds it"), coerce=int, widget=ListWidget(), option_widget=CheckboxInput())
    version = IntegerField(widget=HiddenInput(), default=1)
    op_id = op_id()

    def __init__(self, *args: Any, of: Presence | None = None, **kwargs: Any):
        super().__init__(*args, of=of, **kwargs)
        self.network.choices = [(kind.id, kind.name) for kind in KINDS.values()]
        people = {person.id: person.name for person in members.active()}
        people |= {person.id: person.name for person in of.holders} if of else {}
        self.holders.choices = sorted(people.items(), key=lambda pair: pair[1])

    def validate_url(self, field: StringField) -> None:
        try:
            parts = urlsplit(field.data)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f]", field.data):
            raise ValidationError(_("Write an address that begins with https://."))
        if parts.username is not None:
            raise ValidationError(_("An address with a name or a password in it is not kept here."))

    @property
    def draft(self) -> Draft:
        return Draft(
            network=self.network.data,
            handle=self.handle.data or "",
            url=self.url.data,
            goal=self.goal.data,
            status=self.status.data,
            holder_ids=frozenset(self.holders.data or ()),
        )


class LimitForm(Form):
    """An empty number says that there is no limit."""

    characters = CountField(_l("Characters"), [Optional()])
    checked_on = DayField(_l("Checked on"), [DataRequired(_l("Say on which day you checked it."))])

    def validate_checked_on(self, field: DayField) -> None:
        if field.data and field.data > today(association.zone()):
            raise ValidationError(_("That day is still to come."))
