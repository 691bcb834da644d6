"""The shape of a vote as it is written, of a ballot, and of what is done to a vote."""

from collections.abc import Callable, Iterable
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from assoc_intranet.association import queries as association
from assoc_intranet.core.clock import today
from assoc_intranet.core.forms import DayField, Form, HourField, op_id, strip, unix_lines

from . import queries
from .kinds import ANSWERS, ELECTORATES, RESULTS, Answer, Electorate, Kind, Results
from .models import Ballot, Poll
from .rules import FEWEST, MOST, Date, Draft
from .words import option_words

LONGEST = 10_000
LONGEST_LABEL = 120
DATES = 10
USUAL_LENGTH, USUAL_HOUR = timedelta(days=7), time(20)
OFFERED = _l("Choose one of the answers offered.")
DAY = [InputRequired(_l("Choose a day."))]
HOUR = [InputRequired(_l("Choose an hour."))]


def _id(words: Any) -> int:
    """An id as sent; what is none is 0, which no row has."""
    words = str(words)
    return int(words) if words.isdecimal() and len(words) < 10 else 0


def _offer(words: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words]


def _one_of(label: Any, words: dict[str, Any]) -> RadioField:
    return RadioField(label, choices=_offer(words.items()), invalid_choice_message=OFFERED)


def _several(label: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, coerce=_id, validate_choice=False, widget=ListWidget(), option_widget=CheckboxInput()
    )


class PollForm(Form):
    """A vote between yes and no: what every kind of vote is made of."""

    kind = Kind.YES_NO
    question = StringField(
        _l("Question"),
        [DataRequired(_l("Ask a question.")), Length(max=200, message=_l("At most 200 characters."))],
        filters=[strip],
    )
    text = TextAreaField(
        _l("What to know before answering"),
        [Length(max=LONGEST, message=_l("At most 10,000 characters."))],
        filters=[unix_lines],
    )
    closes_on = DayField(_l("Closes on"), DAY)
    closes_hour = HourField(_l("Hour"), HOUR)
    results = _one_of(_l("Results show"), RESULTS)
    electorate = _one_of(_l("Who votes"), ELECTORATES)
    picked = _several(_l("Who, if not everyone"))
    version = IntegerField(widget=HiddenInput(), default=1)
    op_id = op_id()

    def __init__(self, *args: Any, of: Poll | None = None, **kwargs: Any):
        super().__init__(*args, of=of, **kwargs)
        self.picked.choices = _offer((member.id, member.name) for member in queries.voters())

    def fill(self, poll: Poll | None) -> None:
        """What the fields hold before anybody types: those of a new vote, or what `obj` did not fill."""
        if poll is None:
            self.op_id.data = str(uuid4())
            self.results.data, self.electorate.data = Results.ALWAYS, Electorate.ALL
            self.closes_on.data, self.closes_hour.data = today(association.zone()) + USUAL_LENGTH, USUAL_HOUR
        else:
            self.picked.data = [elector.member_id for elector in poll.electors]

    def draft(self) -> Draft:
        return Draft(
            kind=self.kind,
            question=self.question.data,
            text=self.text.data or "",
            closes_on=self.closes_on.data,
            closes_hour=self.closes_hour.data,
            results=self.results.data,
            electorate=self.electorate.data,
            picked=self.picked.data or (),
            **self.answers(),
        )

    def answers(self) -> dict[str, Any]:
        """What this kind of vote adds to the draft."""
        return {}


class LabelsForm(PollForm):
    """One answer among several."""

    kind = Kind.SINGLE
    labels = TextAreaField(_l("Answers, one per line"), filters=[unix_lines])

    def validate_labels(self, _field: TextAreaField) -> None:
        if any(len(label) > LONGEST_LABEL for label in self.lines):
            raise ValidationError(_("An answer has at most %(num)s characters.", num=LONGEST_LABEL))

    def fill(self, poll: Poll | None) -> None:
        super().fill(poll)
        self.labels.data = "\n".join(map(option_words, poll.options)) if poll else ""

    @property
    def lines(self) -> list[str]:
        return [line for line in map(str.strip, (self.labels.data or "").split("\n")) if line]

    def answers(self) -> dict[str, Any]:
        return {"labels": self.lines}


class SeveralForm(LabelsForm):
    """Several answers, up to a number."""

    kind = Kind.MULTIPLE
    most = SelectField(
        _l("How many may one choose, at most?"),
        choices=_offer((n, str(n)) for n in range(FEWEST, MOST + 1)),
        coerce=_id,
        validate_choice=False,
    )

    def answers(self) -> dict[str, Any]:
        return {**super().answers(), "most": self.most.data}


class DatesForm(PollForm):
    """Dates to choose from: `day_0`, `hour_0` and so on; rows left empty do not count."""

    kind = Kind.DATE

    def fill(self, poll: Poll | None) -> None:
        super().fill(poll)
        for (day, hour), option in zip(self.rows, poll.options if poll else (), strict=False):
            day.data, hour.data = option.day, option.hour

    @property
    def rows(self) -> list[tuple[DayField, HourField]]:
        return [(self[f"day_{row}"], self[f"hour_{row}"]) for row in range(DATES)]

    def answers(self) -> dict[str, Any]:
        dates: list[Date] = [(day.data, hour.data) for day, hour in self.rows if day.data]
        return {"dates": dates}


def _hour_needs_day(row: int) -> Callable[[Form, HourField], None]:
    def check(form: Form, field: HourField) -> None:
        day = form[f"day_{row}"]
        if field.data and not day.data and not day.errors:
            raise ValidationError(_("An hour needs a day."))

    return check


for _row in range(DATES):
    setattr(DatesForm, f"day_{_row}", DayField(_l("Day"), [Optional()]))
    setattr(DatesForm, f"hour_{_row}", HourField(_l("Hour"), [_hour_needs_day(_row)]))

FORMS: dict[str, type[PollForm]] = {form.kind: form for form in (PollForm, LabelsForm, SeveralForm, DatesForm)}


class BallotForm(Form):
    """A ballot: `answers` is what it says, option by option."""

    reason = TextAreaField(
        _l("Your reason, if you wish"),
        [Length(max=2000, message=_l("At most 2,000 characters."))],
        filters=[strip, unix_lines],
    )
    op_id = op_id()

    def fill(self, ballot: Ballot | None) -> None:
        """The ballot that stands, and a fresh `op_id`."""
        self.op_id.data = str(uuid4())
        if ballot is not None:
            self.reason.data = ballot.reason
            self.choose(ballot.answers)

    def choose(self, answers: dict[int, str]) -> None:
        raise NotImplementedError

    @property
    def answers(self) -> dict[int, str]:
        raise NotImplementedError


class ChoiceBallot(BallotForm):
    """One field with all options."""

    choice: Any

    def __init__(self, *args: Any, of: Poll, **kwargs: Any):
        super().__init__(*args, of=of, **kwargs)
        self.choice.choices = _offer((option.id, option_words(option)) for option in of.options)


class OneBallot(ChoiceBallot):
    choice = RadioField(_l("Your answer"), coerce=_id, validate_choice=False)

    def choose(self, answers: dict[int, str]) -> None:
        self.choice.data = next(iter(answers))

    @property
    def answers(self) -> dict[int, str]:
        return {self.choice.data: Answer.YES} if self.choice.data else {}


class SeveralBallot(ChoiceBallot):
    choice = _several(_l("Your answers"))

    def choose(self, answers: dict[int, str]) -> None:
        self.choice.data = list(answers)

    @property
    def answers(self) -> dict[int, str]:
        return dict.fromkeys(self.choice.data or (), Answer.YES)


class DateBallot(BallotForm):
    """A field for each date, named after its option."""

    @property
    def dates(self) -> dict[int, RadioField]:
        return {int(name.removeprefix("date_")): self[name] for name in self._fields if name.startswith("date_")}

    def choose(self, answers: dict[int, str]) -> None:
        for option_id, answer in answers.items():
            self.dates[option_id].data = answer

    @property
    def answers(self) -> dict[int, str]:
        return {option_id: field.data for option_id, field in self.dates.items() if field.data}


def ballot_form(poll: Poll) -> type[BallotForm]:
    """The form in which this vote is answered."""
    if poll.kind != Kind.DATE:
        return SeveralBallot if poll.kind == Kind.MULTIPLE else OneBallot
    answers = _offer((answer, ANSWERS[answer]) for answer in Answer)
    dates = {
        f"date_{option.id}": RadioField(option_words(option), choices=answers, validate_choice=False)
        for option in poll.options
    }
    return type("DatesBallot", (DateBallot,), dates)


class CloseForm(Form):
    """When a vote closes."""

    closes_on = DayField(_l("Closes on"), DAY)
    closes_hour = HourField(_l("Hour"), HOUR)


class ReasonForm(Form):
    """Why something is done that everybody will ask about."""

    reason = TextAreaField(
        _l("Reason, for all to read"),
        [DataRequired(_l("Say why.")), Length(max=2000, message=_l("At most 2,000 characters."))],
        filters=[strip, unix_lines],
    )


class ReopeningForm(CloseForm, ReasonForm):
    """A new close, and why."""


class ElectorForm(Form):
    member_id = SelectField(_l("Who"), coerce=_id, validate_choice=False)

    def __init__(self, *args: Any, of: Poll, **kwargs: Any):
        super().__init__(*args, of=of, **kwargs)
        on_roll = {elector.member_id for elector in of.electors}
        self.member_id.choices = _offer((m.id, m.name) for m in queries.voters() if m.id not in on_roll)
