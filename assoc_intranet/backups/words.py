"""Sizes as people write them."""

from babel.numbers import format_decimal
from flask_babel import gettext as _

from assoc_intranet.core.i18n import language


def size_words(size: int) -> str:
    """`31 ko`, `1,2 Mo`; in English `31 kB`, `1.2 MB`."""
    if size < 1_000_000:
        return str(_("%(size)s kB", size=max(1, round(size / 1000))))
    return str(_("%(size)s MB", size=format_decimal(size / 1e6, "#,##0.0", locale=language())))
