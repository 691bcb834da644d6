"""Importing in the browser: send the file, look, correct, import; nothing is lost and nobody reads another's file."""

import html
import io
import json
import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import g
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from assoc_intranet.cli import commands
from assoc_intranet.core.db import db
from assoc_intranet.jobs.loop import run_due
from assoc_intranet.posts import commands as post_commands
from assoc_intranet.posts import kept_sheets, rules
from assoc_intranet.posts.models import Post
from tests.transfer.books import add_rows, book, saved

SAMPLES = Path(__file__).parent.parent / "transfer" / "samples"
NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix != ".md")
SHEET = "Date;Heure;Réseau;Texte\n28/11/2026;18h30;Facebook, Insta;Fête\n;;;Une idée\n"
KEY = "0b7e7d6e-5b0c-4a8e-9f5e-6a1d6d1f3c2a"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def no_sheets_yet(app):
    yield
    for path in (app.config["DATA_DIR"] / "uploads" / "imports").glob("*"):
        path.unlink()


def send(browser, content=SHEET, name="planning.csv", key=KEY):
    data = content.encode() if isinstance(content, str) else content
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(data), name), "op_id": key})
    return browser.post(
        "/posts/import", data=body, content_type=f"multipart/form-data; boundary={boundary}", headers=ENGLISH
    )


def preview(browser, content=SHEET, name="planning.csv", **told):
    """The page that follows the file, read as `told`."""
    answer = send(browser, content, name)
    assert answer.status_code == 303
    return browser.get(answer.location, query_string=told, headers=ENGLISH).text


def hidden(page):
    """The fields that the button of the preview sends."""
    form = re.search(r'<form class="stack" method="post".*?</form>', page, re.DOTALL)[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: html.unescape(value) for name, value in found}


def confirm(browser, page, **more):
    return browser.post(f"/posts/import/{KEY}", data={**hidden(page), **more}, headers=ENGLISH)


def plain(page):
    """What a page says, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def posts():
    return list(db.session.scalars(select(Post).order_by(Post.id)))


# Who may


@pytest.mark.parametrize("url", ["/posts/import", f"/posts/import/{KEY}", "/posts/imports/1"])
def test_an_observer_may_not_import(as_, chloe, url):
    assert as_(chloe).get(url).status_code in (403, 404)
    assert as_(chloe).get("/posts/import").status_code == 403


def test_an_observer_may_not_send_a_file(as_, chloe):
    assert send(as_(chloe)).status_code == 403
    assert as_(chloe).post(f"/posts/import/{KEY}").status_code in (403, 404)


def test_who_is_outside_is_asked_to_log_in(client):
    assert client.get("/posts/import").status_code == 303
    assert send(client).status_code == 401


def test_nobody_reads_the_file_of_another(as_, amina, bruno):
    assert send(as_(bruno)).status_code == 303
    assert as_(bruno).get(f"/posts/import/{KEY}").status_code == 200
    assert as_(amina).get(f"/posts/import/{KEY}").status_code == 404
    assert as_(amina).post(f"/posts/import/{KEY}").status_code == 404
    assert posts() == []


def test_nobody_reads_what_another_imported(as_, amina, bruno):
    browser = as_(bruno)
    done = confirm(browser, preview(browser)).location
    assert browser.get(done).status_code == 200
    assert as_(amina).get(done).status_code == 404


@pytest.mark.parametrize("key", ["0", "../1-x", "%2e%2e%2fsecret_key", "0B7E7D6E-5B0C-4A8E-9F5E-6A1D6D1F3C2A"])
def test_an_invented_key_finds_nothing(as_, bruno, key):
    assert as_(bruno).get(f"/posts/import/{key}").status_code == 404


# The whole way


def test_a_file_is_sent_looked_at_and_imported(as_, bruno):
    browser = as_(bruno)
    page = preview(browser)
    assert "2 new" in plain(page)
    assert posts() == [], "looking writes nothing"
    answer = confirm(browser, page)
    assert answer.status_code == 303
    done = browser.get(answer.location, headers=ENGLISH).text
    assert "2 created, 0 updated, 0 unchanged" in plain(done)
    assert "/calendar/2026-11" in done
    assert [(post.title, post.author) for post in posts()] == [("Fête", bruno), ("Une idée", bruno)]


def test_a_second_time_there_is_nothing_to_import(as_, bruno):
    browser = as_(bruno)
    confirm(browser, preview(browser))
    page = preview(browser)
    assert "There is nothing to import" in page
    assert "Import 2 posts" not in page


def test_a_button_pressed_twice_is_one_import(as_, bruno):
    browser = as_(bruno)
    page = preview(browser)
    first, second = confirm(browser, page), confirm(browser, page)
    assert first.location == second.location
    assert len(posts()) == 2


def test_with_htmx_the_answers_are_the_same(as_, bruno):
    browser = as_(bruno)
    page = preview(browser)
    answer = browser.htmx(f"/posts/import/{KEY}", data=hidden(page))
    assert answer.status_code == 303
    assert "/posts/imports/" in answer.location


def test_a_file_sent_twice_is_kept_once(as_, bruno, app):
    browser = as_(bruno)
    assert send(browser).location == send(browser).location
    assert len(list((app.config["DATA_DIR"] / "uploads" / "imports").iterdir())) == 1


def test_the_summary_leads_back_to_rows_that_need_a_look(as_, bruno):
    browser = as_(bruno)
    page = preview(browser, "Date;Texte\n31/11/2026;Fête\n")
    done = browser.get(confirm(browser, page).location, headers=ENGLISH).text
    assert "1 row could not be wholly read" in plain(done)
    assert f"/posts/import/{KEY}" in done
    assert "#tray" in done


@pytest.mark.parametrize("name", NAMES)
def test_the_web_and_the_command_line_import_the_same(as_, bruno, monkeypatch, app, name):
    browser = as_(bruno)
    page = preview(browser, (SAMPLES / name).read_bytes(), name)
    confirm(browser, page)
    on_the_web = [_words(post) for post in posts()]
    monkeypatch.setattr(post_commands, "upgrade", lambda _app: None)
    command = ["import-calendar", str(SAMPLES / name), "--json"]
    answer = json.loads(CliRunner().invoke(commands(app), command).stdout)
    assert (answer["created"], answer["unchanged"], answer["errors"]) == (0, 3, [])
    told = [(post["text"], post["planned"], post["networks"]) for post in answer["posts"]]
    assert told == on_the_web


def _words(post):
    return post.text, f"{post.day}T{post.hour:%H:%M}", list(post.own_texts)


# What the preview says and hears


def test_errors_stand_beside_their_row(as_, bruno):
    page = preview(as_(bruno), "Date;Réseau;Texte\n31/11/2026;MySpace;Fête\n29/11/2026;X;\n30/11/2026;X;Marché\n")
    row = plain(re.search(r'<tr id="row-2".*?</tr>', page, re.DOTALL)[0])
    assert "31/11/2026" in row
    assert "MySpace" in row
    assert "not imported" in plain(re.search(r'<tr id="row-3".*?</tr>', page, re.DOTALL)[0])
    assert 'data-tone="late"' not in re.search(r'<tr id="row-4".*?>', page)[0]
    assert "2 rows need a look" in plain(page)


def test_each_row_says_what_becomes_of_it(as_, bruno):
    browser = as_(bruno)
    rows = [f"2{n}/11/2026;Texte {n}" for n in range(5)]
    confirm(browser, preview(browser, "\n".join(["Date;Texte", *rows])))
    made = posts()
    rules.move(made[1], bruno, date(2026, 11, 1))
    rules.discard(made[2], bruno)
    db.session.commit()
    page = preview(
        browser, "\n".join(["Date;Texte", *(row.replace("Texte", "Mot") for row in rows[:4]), rows[4], ";Six"])
    )
    said = [plain(row) for row in re.findall(r"<tr id=.*?</tr>", page, re.DOTALL)]
    ends = ["changed in the file", "left as it is", "left there", "changed in the file", "unchanged", "new"]
    assert [end in row for row, end in zip(said, ends, strict=True)] == [True] * 6
    assert "Import 3 posts" in page


def test_the_mapping_can_be_corrected_and_is_what_is_imported(as_, bruno):
    browser = as_(bruno)
    sheet = "Date;Texte;Suite\n28/11/2026;Fête;Venez tous\n"
    page = preview(browser, sheet, date="0", text="2", title="1", time="", networks="", link="")
    assert '<option value="2" selected>C · Suite</option>' in page
    confirm(browser, page)
    assert [(post.title, post.text) for post in posts()] == [("Fête", "Venez tous")]


def test_a_sheet_that_is_no_calendar_asks_for_its_columns(as_, bruno):
    browser = as_(bruno)
    page = preview(browser, "pommes\npoires\n")
    assert "Say which" in plain(page)
    assert '<form class="stack" method="post"' not in page
    assert "Import 2 posts" in preview(browser, "pommes\npoires\n", text="0")


def test_an_open_question_of_day_and_month_is_asked(as_, bruno):
    browser = as_(bruno)
    sheet = "Date;Texte\n05/12/2026;a\n07/12/2026;b\n"
    page = preview(browser, sheet)
    assert "Which day is 05/12/2026?" in plain(page)
    assert "Saturday 5 December 2026" in plain(page)
    page = preview(browser, sheet, order="month", date="0", text="1")
    assert "Which day is 05/12/2026?" in plain(page)
    confirm(browser, page)
    assert [post.day for post in posts()] == [date(2026, 5, 12), date(2026, 7, 12)]


def test_what_is_clear_is_not_asked(as_, bruno):
    assert "Which day is" not in preview(as_(bruno))


def test_a_sheet_of_the_workbook_can_be_chosen(as_, bruno):
    browser = as_(bruno)
    made = book(["Date", "Texte"], [date(2026, 11, 28), "Fête"], sheet="Novembre")
    add_rows(made.create_sheet("Décembre"), [["Date", "Texte"], [date(2026, 12, 5), "Bilan"]])
    made.create_sheet("Vide")
    page = preview(browser, saved(made), "planning.xlsx", sheet="Décembre")
    assert "Bilan" in page
    assert "Fête" not in page
    confirm(browser, page)
    assert [post.title for post in posts()] == ["Bilan"]
    empty = browser.get(f"/posts/import/{KEY}?sheet=Vide", headers=ENGLISH)
    assert empty.status_code == 200
    assert "This sheet is empty." in empty.text
    assert browser.get(f"/posts/import/{KEY}?sheet=Inconnue").status_code == 200


@pytest.mark.parametrize(
    "told", ["date=-1&text=x", "date=999&text=1", "order=up", "sheet=%00", "text=%E2%85%A7", "text="]
)
def test_a_crooked_address_is_no_fault(as_, bruno, told):
    browser = as_(bruno)
    send(browser)
    assert browser.get(f"/posts/import/{KEY}?{told}").status_code in (200, 400)


def test_a_long_sheet_shows_its_beginning_and_all_that_needs_a_look(as_, bruno):
    rows = [f"28/11/2026;Texte {n}" for n in range(2, 302)]
    rows[279] = "31/11/2026;Texte 281"
    page = preview(as_(bruno), "\n".join(["Date;Texte", *rows]))
    assert "201 of 300 rows are shown" in plain(page)
    assert 'id="row-201"' in page
    assert 'id="row-202"' not in page
    assert 'id="row-281"' in page


def test_what_members_typed_is_never_markup(as_, bruno):
    page = preview(as_(bruno), "Date;Texte\n28/11/2026;<script>alert(1)</script>\n", "<b>.csv")
    assert "<script>alert" not in page
    assert "<b>.csv" not in page


# What cannot be read


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("vide.csv", b"", "empty"),
        ("planning.xlsx", b"PK\x03\x04 and nothing more", "damaged"),
        ("planning.xls", b"\xd0\xcf\x11\xe0", "kind of file"),
        ("guillemet.csv", 'Date;Texte\n28/11/2026;"Fête\n'.encode(), "Row 2, column"),
        ("image.csv", bytes(range(256)) * 20, "spreadsheet"),
        ("gros.csv", b"a" * 10_000_001, "10 MB"),
    ],
)
def test_a_broken_file_is_a_sentence_beside_the_field(as_, bruno, name, content, says):
    answer = send(as_(bruno), content, name)
    assert answer.status_code == 422
    error = re.search(r'id="sheetform-file-error".*?</p>', answer.text, re.DOTALL)[0]
    assert says in plain(error)
    assert posts() == []


def test_a_form_without_a_file_asks_for_one(as_, bruno):
    for data in ({"op_id": KEY}, {"op_id": KEY, "file": "words"}, {"file": (io.BytesIO(b""), "")}):
        answer = as_(bruno).post("/posts/import", data=data, headers=ENGLISH)
        assert answer.status_code == 422
        assert "Choose a file." in answer.text


def test_an_oversized_file_is_refused_as_such(as_, bruno, app):
    assert send(as_(bruno), b"a" * (app.config["MAX_CONTENT_LENGTH"] + 1)).status_code == 413


def test_a_name_is_only_a_name(as_, bruno, app):
    page = preview(as_(bruno), SHEET, "C:\\Docs\\..\\planning\u202e.csv")
    assert "planning.csv" in plain(page)
    assert {path.name for path in (app.config["DATA_DIR"] / "uploads" / "imports").iterdir()} == {
        f"{bruno.id}-{KEY}.sheet"
    }


def test_an_invented_key_in_the_form_is_replaced(as_, bruno):
    answer = send(as_(bruno), key="../../secret_key")
    assert answer.status_code == 303
    assert "secret" not in answer.location


# What is kept, and how long


def test_a_sheet_is_for_its_owner_s_eyes_on_the_disk_too(as_, bruno, app):
    send(as_(bruno))
    [path] = (app.config["DATA_DIR"] / "uploads" / "imports").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_sheet_is_kept_for_a_day(as_, bruno, app):
    browser = as_(bruno)
    send(browser)
    [path] = (app.config["DATA_DIR"] / "uploads" / "imports").iterdir()
    sent = datetime.now(UTC)
    run_due()
    assert path.exists()
    _age(path, sent - timedelta(days=1))
    assert browser.get(f"/posts/import/{KEY}").status_code == 404
    run_due()
    assert not path.exists()


def test_of_one_member_only_a_few_are_kept(as_, amina, bruno, app):
    send(as_(amina))
    browser = as_(bruno)
    folder = app.config["DATA_DIR"] / "uploads" / "imports"
    sent = datetime.now(UTC)
    for number in range(7):
        key = f"{number:08x}{KEY[8:]}"
        assert send(browser, key=key).status_code == 303
        _age(folder / f"{bruno.id}-{key}.sheet", sent - timedelta(minutes=30 - number))
    kept = {number for number in range(7) if browser.get(f"/posts/import/{number:08x}{KEY[8:]}").status_code == 200}
    assert kept == {2, 3, 4, 5, 6}
    assert as_(amina).get(f"/posts/import/{KEY}").status_code == 200


def _age(path, at):
    os.utime(path, (at.timestamp(), at.timestamp()))


# Around it


def test_the_calendar_and_its_tray_lead_here(as_, bruno, chloe):
    page = as_(bruno).get("/calendar/2031-01").text
    assert page.count('href="/posts/import"') == 3
    assert "/posts/import" not in as_(chloe).get("/calendar/2031-01").text


def test_a_file_is_decoded_before_the_write_lock_is_taken(as_, bruno, app, monkeypatch):
    locked = []
    real = kept_sheets.read_plan
    monkeypatch.setattr(kept_sheets, "read_plan", lambda *a, **k: locked.append(g.writing) or real(*a, **k))
    browser = as_(bruno)
    confirm(browser, preview(browser))
    assert locked == [False] * 3
    assert db.session.scalar(select(func.count(Post.id))) == 2


def test_five_thousand_rows_go_the_whole_way(as_, bruno):
    browser = as_(bruno)
    text = "\n".join(["Date;Texte", *(f"{1 + n % 28}/11/2026;Texte {n}" for n in range(5000))])
    page = preview(browser, text)
    assert "Import 5000 posts" in page
    assert len(page) < 400_000
    assert confirm(browser, page).status_code == 303
    assert db.session.scalar(select(func.count(Post.id))) == 5000
