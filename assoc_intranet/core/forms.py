"""Forms: the shape of what is typed. A refused form comes back with a sentence beside each field and nothing lost."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, time
from functools import partial
from typing import Any, TypeVar

from flask import g, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import FileField, HiddenField, MultipleFileField, StringField
from wtforms.validators import Optional

from .db import SAFE_METHODS, Model
from .errors import Refused, RuleBroken, Stale
from .html import dom_id
from .i18n import month_words, typed_day

GONE = _l("This can no longer be chosen: pick something else.")
SAID_BY_WTFORMS = {
    "Not a valid choice.": GONE,
    "Invalid Choice: could not coerce.": GONE,
    "Invalid choice(s): one or more data inputs could not be coerced.": GONE,
    "'%(value)s' is not a valid choice for this field.": GONE,
    "Not a valid integer value.": _l("Write a whole number."),
}


class OurWords:
    """What WTForms says by itself, from our catalogue: its own French is typed like a machine's."""

    def gettext(self, sentence: str) -> str:
        return str(SAID_BY_WTFORMS.get(sentence, sentence))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 or one in SAID_BY_WTFORMS else many)


class Form(FlaskForm):
    """The base of every form. `of` is the row it edits: the ids of its fields carry it, so that none is met twice."""

    class Meta(FlaskForm.Meta):
        locales = False

        def get_translations(self, _form: Any) -> OurWords:
            return OurWords()

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            """Without `required`: what is missing is said by us, in the member's language and not the browser's."""
            return super().render_field(field, {"required": False, **render_kw})

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What a browser sends as a form, and nothing else; a file only where one is asked for."""
            if formdata is not _Auto:
                return super().wrap_formdata(form, formdata)
            if request.method in SAFE_METHODS:
                return None
            sent: MultiDict[str, Any] = MultiDict(request.form)
            for name, field in form._fields.items():
                if isinstance(field, FileField | MultipleFileField):
                    sent.setlist(name, request.files.getlist(name))
                elif strip in field.filters or isinstance(field, TypedField):
                    # Before anything is required: blanks are not an answer.
                    sent.setlist(name, [words.strip() for words in request.form.getlist(name)])
            return sent

    def __init__(self, *args: Any, of: Model | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.broken: str | None = None
        for name, field in self._fields.items():
            field.id = dom_id(of, name) if of is not None else f"{self.__class__.__name__.lower()}-{name}"
            field.label.field_id = field.id

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, without the token."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}


FormType = TypeVar("FormType", bound=Form)


def read_form(
    kind: type[FormType],
    template: str,
    of: Model | None = None,
    around: Callable[[], dict[str, Any]] = dict,
    **context: Any,
) -> FormType:
    """The form that was sent, or `Refused` with `template` redrawn around it. A rule broken later redraws it too.

    `around` gives what else the template needs and costs reading: it is called only to redraw.
    """
    form = kind(of=of)

    def redraw(**more: Any) -> str:
        return render_template(template, form=form, **context, **around(), **more)

    g.redraw = partial(_redraw, form, redraw)
    if not form.validate():
        raise Refused(redraw())
    return form


def _redraw(form: Form, redraw: Callable[..., str], broken: RuleBroken) -> Any:
    if isinstance(broken, Stale):
        form.version.raw_data, form.version.data = None, broken.version
    field = form._fields.get(broken.field or "")
    if field is None:
        form.broken = str(broken)
    else:
        field.errors = [*field.errors, str(broken)]
    return make_response(redraw(broken=broken))


def strip(value: str | None) -> str | None:
    return value.strip() if value else value


def unix_lines(value: str | None) -> str | None:
    """Browsers send line ends as CRLF: kept as one character, as the networks count them."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if value else value


def op_id() -> HiddenField:
    """Drawn with the form, so that sending it twice has one effect. An empty one is none."""
    return HiddenField(validators=[Optional()], filters=[lambda value: value or None])


class TypedField(StringField):
    """A text field whose data is what its words mean: subclasses give `read(words)` and `show(value)`."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = self.read(self.typed) if self.typed else None

    def _value(self) -> str:
        typed = getattr(self, "typed", None)
        return typed if typed is not None else self.show(self.data)

    def read(self, words: str) -> Any:
        raise NotImplementedError

    def show(self, value: Any) -> str:
        raise NotImplementedError


class DayField(TypedField):
    """A day typed as 28/11/2026, or sent by a native picker as 2026-11-28."""

    def read(self, words: str) -> date:
        numbers = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words)
        if numbers:
            year, month, day = map(int, numbers.groups())
        else:
            numbers = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", words)
            if not numbers:
                raise ValueError(_("Write the date as 28/11/2026."))
            day, month, year = map(int, numbers.groups())
        if not 1 <= month <= 12:
            raise ValueError(_("There is no month %(month)s. Write the day first: 28/11/2026.", month=month))
        if not 2000 <= year <= 2100:
            raise ValueError(_("The year must lie between 2000 and 2100."))
        last = monthrange(year, month)[1]
        if not 1 <= day <= last:
            name = month_words(date(year, month, 1))
            raise ValueError(_("%(month)s has only %(days)s days.", month=name, days=last))
        return date(year, month, day)

    def show(self, value: date | None) -> str:
        return typed_day(value)


class HourField(TypedField):
    """An hour typed as 18:30, 18h30 or 18 h."""

    def read(self, words: str) -> time:
        numbers = re.fullmatch(r"(\d{1,2})\s*(?:[:hH.]\s*(\d{2})?)?", words)
        if not numbers:
            raise ValueError(_("Write the hour as 18:30."))
        hour, minute = int(numbers[1]), int(numbers[2] or 0)
        if hour > 23 or minute > 59:
            raise ValueError(_("Hours go from 0:00 to 23:59."))
        return time(hour, minute)

    def show(self, value: time | None) -> str:
        return f"{value:%H:%M}" if value else ""
