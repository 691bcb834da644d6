"""Languages, dates and hours as people write them. French first, English complete."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from babel.dates import format_date as babel_date
from flask import Flask, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, force_locale, get_locale, get_translations
from flask_babel import gettext as _
from flask_login import current_user

from .clock import local, today

LANGUAGES = {"fr": "Français", "en": "English"}
babel = Babel()

AssociationLanguage = Callable[[], str]


def language() -> str:
    """The code of the language spoken at this moment: looked for once a request, where somebody did not impose one."""
    if not has_app_context():
        return "fr"
    kept: Any = g._get_current_object()
    if "language" not in kept:
        kept.language = str(get_locale())[:2]
    return str(kept.language)


@contextmanager
def in_language(code: str) -> Iterator[None]:
    before = g.pop("language", None)
    try:
        with force_locale(code):
            yield
    finally:
        g.pop("language", None)
        if before:
            g.language = before


def init_app(app: Flask, association_language: AssociationLanguage, association_zone: Callable[[], str]) -> None:
    """`association_language` and `association_zone` answer for who has not chosen: they are asked once a request."""

    def chosen() -> str:
        if has_request_context():
            if current_user.is_authenticated and current_user.language in LANGUAGES:
                return str(current_user.language)
            if session.get("language") in LANGUAGES:
                return str(session["language"])
            if wanted := request.accept_languages.best_match(LANGUAGES):
                return wanted
        return association_language()

    babel.init_app(app, locale_selector=chosen, default_translation_directories=str(app.config["TRANSLATIONS"]))

    translations: dict[str, Any] = {}

    def catalogue() -> Any:
        """Kept at hand: a page asks for dozens of sentences, and the way through the extension is long."""
        code = language()
        if code not in translations:
            translations[code] = get_translations()
        return translations[code]

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda sentence: catalogue().ugettext(sentence),
        lambda one, many, number: catalogue().ungettext(one, many, number),
        newstyle=True,
    )

    def zone() -> str:
        if "zone" not in g:
            g.zone = association_zone()
        return str(g.zone)

    app.jinja_env.globals.update(get_language=language, today=lambda: today(zone()), languages=LANGUAGES)
    app.jinja_env.filters.update(
        day=day_words,
        short_day=short_day,
        weekday=weekday,
        month=month_words,
        month_short=month_short,
        hour=hour_words,
        typed_day=typed_day,
        when=lambda at: moment_words(local(at, zone()), today(zone())),
        iso=lambda at: at.isoformat(timespec="minutes"),
    )


@lru_cache(maxsize=4096)
def _formatted(pattern: str, day: date, code: str) -> str:
    """In French the first of a month is `1er`, which the patterns do not know."""
    words = babel_date(day, pattern, locale=code)
    return re.sub(r"\b1 (?=[^\W\d])", "1er ", words) if code == "fr" else words


def day_words(day: date) -> str:
    """`samedi 28 novembre 2026`"""
    return _formatted("EEEE d MMMM y", day, language())


def short_day(day: date) -> str:
    """`sam. 28 nov.`"""
    return _formatted("EEE d MMM", day, language())


def weekday(day: date, width: str = "wide") -> str:
    """`samedi`, or `sam.` where width is `short`."""
    return _formatted("EEE" if width == "short" else "EEEE", day, language())


def month_short(day: date) -> str:
    """`nov.`"""
    return _formatted("LLL", day, language())


def month_words(day: date) -> str:
    """`Novembre 2026`"""
    words = _formatted("LLLL y", day, language())
    return words[0].upper() + words[1:]


def hour_words(hour: time) -> str:
    """`18 h 30`, `9 h`; in English `18:30`, `9:00`."""
    if language() == "fr":
        words = f"{hour.hour} h {hour.minute:02d}" if hour.minute else f"{hour.hour} h"
        return words.replace(" ", "\N{NO-BREAK SPACE}")
    return f"{hour.hour}:{hour.minute:02d}"


def typed_day(day: date | None) -> str:
    """A date as a member types it: 28/11/2026 in both languages, for Belgium and France write it so."""
    return f"{day:%d/%m/%Y}" if day else ""


def moment_words(at: datetime, now_day: date) -> str:
    """`aujourd’hui, 9 h 20`, `hier, 18 h`, `16 nov., 18 h`: a moment already in the association's zone."""
    hour = hour_words(at.time())
    match (now_day - at.date()).days:
        case 0:
            return str(_("today, %(hour)s", hour=hour))
        case 1:
            return str(_("yesterday, %(hour)s", hour=hour))
        case -1:
            return str(_("tomorrow, %(hour)s", hour=hour))
    pattern = "d MMM" if at.year == now_day.year else "d MMM y"
    return f"{_formatted(pattern, at.date(), language())}, {hour}"
