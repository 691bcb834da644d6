"""The XML inside an .xlsx file, read as a stream: what is not kept costs no memory, whatever its size."""

import posixpath
import zipfile
from dataclasses import dataclass
from xml.parsers import expat

from flask_babel import gettext as _

from .cells import SheetError

MAX_BYTES = 20_000_000  # of one part, unpacked
MAX_ELEMENTS = 600_000
MAX_DEPTH = 100
MAX_STRINGS = 200_000
MAX_TEXT = 33_000  # characters; a cell holds 32,767 at most
CHUNK = 65_536


class Enough(Exception):
    """Raised by a part that has read all it wants."""


class Part:
    """One XML file of the package. A subclass is told of each element, by its name without prefix."""

    def read(self, archive: zipfile.ZipFile, name: str) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = _no_doctype
        self._text: list[str] = []
        self._depth = self._elements = 0
        left = MAX_BYTES
        try:
            with archive.open(name) as source:
                while chunk := source.read(CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise too_large()
                    parser.Parse(chunk)
            parser.Parse(b"", True)
        except Enough:
            pass

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""

    def end(self, name: str, text: str) -> None:
        """An element closes; `text` is what stands in it after its last child."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise too_large()
        self._text.clear()
        self.start(name.rpartition(":")[2], attributes)

    def _data(self, text: str) -> None:
        self._text.append(text)
        if sum(map(len, self._text)) > MAX_TEXT:
            raise too_large()

    def _end(self, name: str) -> None:
        text = "".join(self._text)
        self._depth -= 1
        self._text.clear()
        self.end(name.rpartition(":")[2], text)


def _no_doctype(*_declaration: object) -> None:
    """Spreadsheets have none; entities that multiply do."""
    raise ValueError("document type declaration")


def too_large() -> SheetError:
    return SheetError(_("This workbook is too large. Keep only the sheet of the calendar and retry."))


class Relations(Part):
    """What a part refers to: id -> (kind, path inside the package)."""

    def __init__(self, archive: zipfile.ZipFile, of: str):
        self.folder, name = posixpath.split(of)
        self.by_id: dict[str, tuple[str, str]] = {}
        self.read(archive, posixpath.join(self.folder, "_rels", f"{name}.rels"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rpartition("/")[2]
            path = posixpath.normpath(posixpath.join("/", self.folder, attributes["Target"])).lstrip("/")
            self.by_id[attributes["Id"]] = (kind, path)

    def first(self, kind: str) -> str | None:
        return next((path for found, path in self.by_id.values() if found == kind), None)


@dataclass(frozen=True)
class Listed:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    is_visible: bool


class Contents(Part):
    """What sheets there are, and where the calendar of numbers starts."""

    def __init__(self, archive: zipfile.ZipFile, name: str):
        self.sheets: list[Listed] = []
        self.starts_in_1904 = False
        self.read(archive, name)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.starts_in_1904 = attributes.get("date1904") in ("1", "true")
        if name == "sheet":
            relation = next(value for key, value in attributes.items() if key.endswith(":id"))
            is_visible = attributes.get("state", "visible") == "visible"
            self.sheets.append(Listed(attributes["name"], relation, is_visible))


class Strings(Part):
    """The texts that cells share, without how they are pronounced."""

    def __init__(self, archive: zipfile.ZipFile, name: str | None):
        self.all: list[str] = []
        self._pieces: list[str] = []
        if name:
            self.read(archive, name)

    def end(self, name: str, text: str) -> None:
        if name == "t":
            self._pieces.append(text)
        elif name == "rPh":
            self._pieces.pop()
        elif name == "si":
            self.all.append("".join(self._pieces))
            self._pieces.clear()
            if len(self.all) > MAX_STRINGS:
                raise too_large()
