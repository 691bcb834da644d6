"""One row: who we are, and how we write our hours and days."""

import re

from sqlalchemy.orm import Mapped, mapped_column

from assoc_intranet.core.db import Model

ONLY = 1
DEFAULT_ACCENT = "#0a7d5c"
COLOUR = re.compile(r"#[0-9a-f]{6}")
COUNTRIES = ("BE", "FR", "CH", "LU", "CA")


class Association(Model):
    id: Mapped[int] = mapped_column(primary_key=True, default=ONLY, autoincrement=False)
    name: Mapped[str]
    accent: Mapped[str] = mapped_column(default=DEFAULT_ACCENT)
    zone: Mapped[str] = mapped_column(default="Europe/Brussels")
    country: Mapped[str] = mapped_column(default="BE")
    language: Mapped[str] = mapped_column(default="fr")
    logo: Mapped[str | None]
