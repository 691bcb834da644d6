"""The logo: what is accepted is drawn anew, what is not is refused in words."""

import io
import re
import struct
import zlib

import pytest
from PIL import Image

from assoc_intranet.association import logo
from assoc_intranet.core.db import db

from .test_settings import SETTINGS


def image(kind="PNG", size=(40, 30), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, 120 if mode in ("L", "1", "P", "I;16") else None).save(out, kind, **options)
    return out.getvalue()


def bomb(width=10_000, height=10_000):
    """A PNG of a few hundred bytes that says it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def send(browser, body, name="logo.png", **more):
    form = {**SETTINGS, "logo": (io.BytesIO(body), name), **more}
    return browser.post("/settings", data=form, content_type="multipart/form-data")


def shown(browser):
    found = re.search(r'src="(/logo/[^"]+)"', browser.get("/login").text)
    return found and found[1]


@pytest.fixture(autouse=True)
def uploads(app):
    folder = app.config["DATA_DIR"] / "uploads"
    for old in folder.glob("*"):
        old.unlink()
    return folder


@pytest.mark.parametrize(
    ("kind", "modes"),
    [("PNG", ("RGBA", "RGB", "P", "L", "1", "LA")), ("JPEG", ("RGB", "L", "CMYK")), ("WEBP", ("RGB", "RGBA"))],
)
def test_an_image_becomes_a_small_png_under_a_name_of_its_own(as_, client, amina, uploads, kind, modes):
    for mode in modes:
        assert send(as_(amina), image(kind, (900, 600), mode), "../../../etc/x.php").status_code == 303
    (kept,) = uploads.iterdir()
    assert re.fullmatch(r"[0-9a-f]{32}\.png", kept.name)
    answer = client.get(f"/logo/{kept.name}")
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    drawn = Image.open(io.BytesIO(answer.data))
    assert (drawn.format, max(drawn.size)) == ("PNG", 256)
    assert shown(client) == f"/logo/{kept.name}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not an image",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"%PDF-1.7",
        b"BM" + b"\0" * 60,
        b"PK\x03\x04" + b"\0" * 60,
    ],
)
def test_what_is_no_image_is_refused_in_words(as_, amina, association, uploads, body):
    page = send(as_(amina), body or b"\0")
    assert page.status_code == 422
    assert "settingsform-logo-error" in page.text
    assert association.logo is None
    assert list(uploads.glob("*")) == []


def test_an_image_cut_short_or_with_flipped_bytes_never_breaks_the_page(as_, amina, association):
    browser = as_(amina)
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = bytearray(image(kind, (64, 64)))
        for position in range(4, len(whole), max(1, len(whole) // 12)):
            flipped = bytes(whole[:position]) + bytes([whole[position] ^ 255]) + bytes(whole[position + 1 :])
            assert send(browser, flipped).status_code in (303, 422)
            assert send(browser, bytes(whole[:position])).status_code in (303, 422)


def test_a_gif_is_refused_so_that_no_script_hides_in_one(as_, amina):
    assert send(as_(amina), image("GIF")).status_code == 422


def test_a_bomb_is_refused_before_it_is_unpacked(as_, amina):
    for size in ((10_000, 10_000), (3001, 3000), (60_000, 60_000), (1, 2**31 - 1)):
        assert send(as_(amina), bomb(*size)).status_code == 422


def test_a_file_that_is_too_heavy_is_refused_in_words(as_, amina, monkeypatch):
    monkeypatch.setattr(logo, "MOST_BYTES", 1000)
    assert send(as_(amina), image() + b"\0" * (1000 - len(image()))).status_code == 303
    page = send(as_(amina), image() + b"\0" * 1000)
    assert page.status_code == 422
    assert "2 M" in page.text


def test_what_hides_in_an_image_is_gone_once_it_is_drawn_anew(as_, client, amina, uploads):
    canary = b"<script>canari</script>"
    exif = Image.Exif()
    exif[0x010E] = canary.decode()
    body = image("JPEG", exif=exif, comment=canary) + canary
    assert canary in body
    send(as_(amina), body, "logo.jpg")
    (kept,) = uploads.iterdir()
    assert b"canari" not in kept.read_bytes()


def test_an_image_turned_by_the_phone_is_shown_upright(as_, amina, uploads):
    exif = Image.Exif()
    exif[0x0112] = 6
    send(as_(amina), image("JPEG", (200, 100), exif=exif))
    (kept,) = uploads.iterdir()
    assert Image.open(io.BytesIO(kept.read_bytes())).size == (100, 200)


def test_a_new_logo_takes_the_place_of_the_old_one(as_, client, amina, uploads):
    browser = as_(amina)
    send(browser, image())
    first = shown(client)
    send(browser, image(size=(20, 20)))
    assert shown(client) != first
    assert client.get(first).status_code == 404
    assert len(list(uploads.iterdir())) == 1


def test_the_logo_stays_when_other_settings_are_saved_and_goes_when_told(as_, client, amina, uploads):
    browser = as_(amina)
    send(browser, image())
    browser.post("/settings", data=SETTINGS)
    assert shown(client)
    browser.post("/settings", data={**SETTINGS, "no_logo": "y"})
    assert shown(client) is None
    assert list(uploads.iterdir()) == []


@pytest.mark.parametrize("name", ["../secret_key", "..%2Fsecret_key", "x.png", "a" * 32 + ".png", "é", "%00.png"])
def test_nothing_but_the_logo_is_served(client, association, name):
    assert client.get(f"/logo/{name}").status_code in (400, 404)


def test_the_decoding_is_done_before_the_database_is_locked(as_, amina, monkeypatch):
    from flask import g

    seen = []
    monkeypatch.setattr(logo, "redraw", lambda *_: seen.append(g.writing) or b"png")
    send(as_(amina), image())
    assert seen == [False]
    db.session.rollback()
