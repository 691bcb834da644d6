"""The time zones to choose from: those of our readers first, then all the others by their IANA name."""

from functools import cache
from zoneinfo import available_timezones

from babel.dates import get_timezone_location

from assoc_intranet.core.i18n import language

NEAR = (
    "Europe/Brussels",
    "Europe/Paris",
    "Europe/Zurich",
    "Europe/Luxembourg",
    "America/Toronto",
    "America/Martinique",
    "America/Guadeloupe",
    "America/Cayenne",
    "America/Miquelon",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
)
REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def others() -> tuple[str, ...]:
    """Places, without the aliases and technical names that the list also holds."""
    return tuple(sorted(name for name in available_timezones() if name.split("/")[0] in REGIONS and name not in NEAR))


def city(zone: str) -> str:
    """`Bruxelles` for `Europe/Brussels`: the city whose hour it is, in the language of the reader."""
    return get_timezone_location(zone, locale=language(), return_city=True)
