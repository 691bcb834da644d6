"""What somebody typed and could not be saved yet: carried by a page, shown, and sent again from it."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request

MOST = 500_000
# What a form carries for itself: nobody typed it, so nobody needs to read it again.
OWN = {"csrf_token", "op_id", "version", "state"}


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to, and its fields in order. `files` were chosen, and cannot be kept."""

    url: str
    fields: tuple[tuple[str, str], ...]
    files: bool = False

    @property
    def typed(self) -> list[str]:
        """The texts to show, once each; numbers alone are mostly choices from a list."""
        words = (value.strip() for name, value in self.fields if name not in OWN)
        return list(dict.fromkeys(text for text in words if text and not text.isdecimal()))

    def dump(self) -> str:
        """As one hidden field; nothing when it is too long for that."""
        text = json.dumps([self.url, self.fields, self.files], ensure_ascii=False)
        return text if len(text.encode()) <= MOST else ""


def of_request() -> Kept:
    """The fields of this request, without passwords, token and files."""
    fields = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name
    )
    return Kept(request.full_path.rstrip("?"), fields, any(file.filename for file in request.files.values()))


def read(text: str | None) -> Kept | None:
    """What `dump` wrote, when it can be sent again: to a path of ours and nowhere else."""
    try:
        url, fields, files = json.loads(text or "")
        kept = Kept(url, tuple((str(name), str(value)) for name, value in fields), bool(files))
        kept.dump()  # JSON can write half a character, which no page can carry.
    except (ValueError, TypeError, RecursionError):
        return None
    return kept if is_local(url) else None


def is_local(target: object) -> bool:
    """Whether it is a path of ours: what comes with a request must not lead anywhere else."""
    if not isinstance(target, str) or not target.startswith("/") or not target.isprintable():
        return False
    if target.startswith(("//", "/\\")) or "\\" in target:
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
