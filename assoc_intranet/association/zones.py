"""The time zones to choose from: those of our readers first, then all the others by their IANA name."""

from functools import cache
from zoneinfo import available_timezones

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
