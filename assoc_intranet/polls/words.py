"""An answer in words, as it is read on pages and in exports."""

from assoc_intranet.core.i18n import day_words, hour_words, short_day

from .kinds import ANSWERS, Kind
from .models import Option


def option_words(option: Option, short: bool = False) -> str:
    """An option as it is read: a date in the reader's language, yes and no too, anything else as it was typed."""
    if option.day:
        day = short_day(option.day) if short else day_words(option.day)
        return f"{day}, {hour_words(option.hour)}" if option.hour else day
    return str(ANSWERS[option.label]) if option.poll.kind == Kind.YES_NO else option.label
