"""What may change of the association."""

from dataclasses import dataclass
from typing import Any

from assoc_intranet.core.changes import publish

from .models import Association


@dataclass(frozen=True)
class Settings:
    name: str
    accent: str
    zone: str
    country: str
    language: str


def change_settings(
    association: Association, actor: Any, settings: Settings, logo: str | None = None, no_logo: bool = False
) -> str | None:
    """Save the settings, with a new logo or none at all: the name of the logo that nobody needs any more."""
    association.name = settings.name
    association.accent = settings.accent
    association.zone = settings.zone
    association.country = settings.country
    association.language = settings.language
    before = association.logo
    association.logo = logo or (None if no_logo else before)
    publish("association.edited", association, actor)
    return before if before != association.logo else None
