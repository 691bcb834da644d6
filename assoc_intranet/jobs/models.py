"""The lease: which process does the due work now."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from assoc_intranet.core.db import Model


class Lease(Model):
    name: Mapped[str] = mapped_column(unique=True)
    holder: Mapped[str]
    until: Mapped[datetime]
