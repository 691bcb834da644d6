"""A logo: whatever image comes in, what is kept is a small PNG drawn anew, without anything that hid in the file."""

import io
import re
import secrets
from pathlib import Path
from typing import IO, TYPE_CHECKING

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from assoc_intranet.core.errors import RuleBroken

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 9_000_000
SIDE = 256
INKS = ("CMYK", "YCbCr", "LAB", "HSV")
NAME = re.compile(r"[0-9a-f]{32}\.png")


class TooManyPixels(ValueError):
    """A small file that would fill the memory."""


def keep(upload: FileStorage | None, field: str) -> str | None:
    """Write what was uploaded under a name of our own: that name, or None where nothing was.

    Slow: call it before the write lock is taken.
    """
    if not upload:
        return None
    with upload.stream as file:
        png = redraw(file, field)
    folder = _folder()
    folder.mkdir(exist_ok=True, mode=0o750)
    name = f"{secrets.token_hex(16)}.png"
    (folder / name).write_bytes(png)
    return name


def redraw(file: IO[bytes], field: str) -> bytes:
    """The image as a PNG of at most 256 pixels a side."""
    from PIL import Image

    body = file.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise RuleBroken(_("At most 2 MB. Choose a smaller image."), field)
    try:
        return _as_png(Image.open(io.BytesIO(body), formats=FORMATS))
    except (TooManyPixels, Image.DecompressionBombError, Image.DecompressionBombWarning):
        sentence = _("At most 9 million pixels (3,000 × 3,000). Make the image smaller first.")
    except Exception:  # noqa: BLE001 (what a broken file does to a decoder has no end of names)
        sentence = _("This is not an image we can read. Choose a PNG, a JPEG or a WebP.")
    raise RuleBroken(sentence, field)


def path_of(name: str) -> Path | None:
    path = _folder() / name
    return path if NAME.fullmatch(name) and path.is_file() else None


def forget(name: str | None) -> None:
    if name and (path := path_of(name)):
        path.unlink()


def _as_png(image: "Image.Image") -> bytes:
    from PIL import Image, ImageOps

    if image.width * image.height > MOST_PIXELS:
        raise TooManyPixels
    image.draft("RGB", (2 * SIDE, 2 * SIDE))
    image.load()
    image = ImageOps.exif_transpose(image)
    image.thumbnail((SIDE, SIDE), reducing_gap=2.0)
    # Pixels only: no profile, no comment, no position where it was taken.
    clean = Image.new("RGBA", image.size)
    clean.paste((image.convert("RGB") if image.mode in INKS else image).convert("RGBA"))
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()


def _folder() -> Path:
    folder: Path = current_app.config["DATA_DIR"] / "uploads"
    return folder
