"""The shape of the settings."""

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from assoc_intranet.core.forms import Form, strip
from assoc_intranet.core.i18n import LANGUAGES, language

from . import zones
from .models import COLOUR, COUNTRIES
from .rules import Settings


def lower(value: str | None) -> str | None:
    return value.strip().lower() if value else value


def _places(names: tuple[str, ...]) -> dict[str, str]:
    return {name: name.replace("_", " ") for name in names}


def _countries() -> dict[str, str]:
    names = Locale(language()).territories
    return {code: names[code] for code in COUNTRIES}


class SettingsForm(Form):
    name = StringField(
        _l("Name of the association"),
        [
            InputRequired(_l("Write the name of the association.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
        filters=[strip],
    )
    accent = StringField(
        _l("Colour"),
        [
            Regexp(
                rf"{COLOUR.pattern}\Z", message=_l("Write a colour as #0a7d5c: a # and six digits or letters a to f.")
            )
        ],
        filters=[lower],
    )
    logo = FileField(_l("Logo"))
    no_logo = BooleanField(_l("Show no logo"))
    zone = SelectField(
        _l("Time zone"),
        choices=lambda: {_("Near us"): _places(zones.NEAR), _("Everywhere"): _places(zones.others())},
    )
    country = SelectField(_l("Country"), choices=_countries)
    language = SelectField(_l("Language for whoever has not chosen one"), choices=LANGUAGES)

    def settings(self) -> Settings:
        values = (self.name, self.accent, self.zone, self.country, self.language)
        return Settings(*(field.data for field in values))
