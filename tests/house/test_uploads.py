"""Hostile files at every door that takes one: refused in words, small in memory, and nothing of them is served."""

import io
import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path

import pytest
from PIL import Image
from wtforms import FileField, MultipleFileField

from assoc_intranet.core.forms import Form

from .filling import forms_in

NAMES = ("logo.png", "../../x", "a%00.png", "a\0.xlsx", "x" * 300 + ".png", "planning.xlsx", "\u202egnp.exe", "")
GROWTH = 50 * 1024  # kB
HOST = Path("/proc/self")


def png(width, height, body):
    def chunk(kind, inside):
        return struct.pack(">I", len(inside)) + kind + inside + struct.pack(">I", zlib.crc32(kind + inside))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def picture(kind):
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").resize((24, 18)).save(out, kind)
    return out.getvalue()


def zipped(*parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts:
            archive.writestr(name, body)
    return out.getvalue()


def torn(body):
    """Cut short, and with bytes that flipped on the way."""
    yield from (body[:length] for length in (1, 9, len(body) // 3, len(body) - 5))
    yield from (
        body[:place] + bytes([body[place] ^ 0xFF]) + body[place + 1 :] for place in range(3, len(body), len(body) // 9)
    )


@cache
def hostile():
    """Each is small on the wire."""
    return tuple(_made())


def _made():
    full = zlib.compressobj(9)
    rows = full.compress(b"\0" * (10_000 * 4 + 1) * 10_000) + full.flush()
    zeros = b"\0" * 200_000_000
    yield png(10_000, 10_000, rows)
    yield png(2**31 - 1, 1, b"")
    yield from torn(picture("PNG"))
    yield from torn(picture("JPEG"))
    yield b"GIF89a/*" + picture("PNG") + b"*/=alert(1)//"
    yield picture("JPEG") + b"<script>alert(1)</script>"
    yield b"\x89PNG\r\n\x1a\n<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    yield b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    yield b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"
    yield zipped(("xl/workbook.xml", zeros))
    yield zipped(("[Content_Types].xml", b"<x/>"), ("xl/worksheets/sheet1.xml", zeros))
    yield zipped(("../../x", b"x"), ("xl/workbook.xml", b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><x>&a;</x>"))
    yield b"%PDF-1.7\n" + b"A" * 5000
    yield b"\xff\xfe" + b"\0" * 5000
    yield b";" * 100_000
    yield b'"' * 50_001
    yield b""


def peak():
    """The most memory this process held since it was last asked, in kB."""
    lines = (HOST / "status").read_text().splitlines()
    most = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    (HOST / "clear_refs").write_text("5")
    return most


def held():
    return int((HOST / "statm").read_text().split()[1]) * 4


# Every form with a file in it: who has it, on which page, and the name of the field.
DOORS = {
    "SettingsForm": ("admin", "/settings", "logo"),
    "SheetForm": ("member", "/posts/import", "file"),
}


def test_every_door_for_files_is_known(world):
    waiting, found = [Form], set()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        declared = [getattr(getattr(kind, name), "field_class", None) for name in dir(kind)]
        is_ours = kind.__module__.startswith("assoc_intranet.")
        if is_ours and any(
            isinstance(made, type) and issubclass(made, FileField | MultipleFileField) for made in declared
        ):
            found.add(kind.__name__)
    assert found == DOORS.keys()


def sent(world, door, body, file_name):
    viewer, page, field = DOORS[door]
    (form,) = [form for form in forms_in(world.ask(viewer, "GET", page).text) if field in form.kinds]
    fields = {name: value for name, value in form.fields if name not in (field, "csrf_token")}
    data = {**fields, field: (io.BytesIO(body), file_name)}
    answer = world.ask(viewer, "POST", form.action, data=data, content_type="multipart/form-data")
    answer.close()
    return answer


@pytest.mark.parametrize("door", DOORS)
def test_no_hostile_file_is_a_fault(world, door):
    for number, body in enumerate(hostile()):
        answer = sent(world, door, body, NAMES[number % len(NAMES)])
        assert answer.status_code < 500, (door, number, body[:40])


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_file_leads_anywhere(world, door, name):
    data = Path(world.app.config["DATA_DIR"])
    before = {path for path in data.parent.rglob("*") if "sqlite" not in path.name}
    assert sent(world, door, picture("PNG"), name).status_code < 500
    for path in {path for path in data.parent.rglob("*") if "sqlite" not in path.name} - before:
        assert path.is_relative_to(data / "uploads"), path
        assert path.name != name


@pytest.mark.skipif(not (HOST / "clear_refs").exists(), reason="only Linux says how much memory was held at most")
@pytest.mark.parametrize("door", DOORS)
def test_no_hostile_file_fills_the_memory(world, door):
    for body in (picture("PNG"), b"Date;Texte\n28/11/2026;x\n", zipped(("xl/workbook.xml", b"<x/>"))):
        sent(world, door, body, "planning.xlsx")
    for number, body in enumerate(hostile()):
        peak()
        before = held()
        sent(world, door, body, "planning.xlsx")
        assert peak() - before < GROWTH, (door, number, body[:40])
