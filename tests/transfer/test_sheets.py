"""Files as volunteers send them: every encoding, every separator, every way to be broken."""

import io
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assoc_intranet.transfer.cells import Row, column_letter, tidy
from assoc_intranet.transfer.sheets import SheetError, open_sheets

from .books import add_rows, at, book, saved, with_grid, with_parts, with_strings

SAMPLES = sorted(path for path in (Path(__file__).parent / "samples").iterdir() if path.suffix in {".csv", ".txt"})
FRENCH = "Date;Texte\r\n28/11/2026;Fête d’été à Liège « ouverte » — où ça ?\r\n"


def rows(data, filename="planning.csv", sheet=0):
    return open_sheets(data, filename)[sheet].rows(100)


def cells(data, filename="planning.csv"):
    return [row.cells for row in rows(data, filename)]


def refusal(data, filename="planning.csv"):
    with pytest.raises(SheetError) as refused:
        rows(data, filename)
    return refused.value


# Text files


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_accents_survive_every_encoding(encoding):
    assert cells(FRENCH.encode(encoding))[1][1] == "Fête d’été à Liège « ouverte » — où ça ?"


def test_utf16_big_endian_with_its_mark_is_read():
    assert cells(b"\xfe\xff" + FRENCH.encode("utf-16-be"))[1][0] == "28/11/2026"


def test_a_line_pasted_from_an_older_file_does_not_spoil_the_others():
    data = "Texte;Lien\nFête d’été à la forêt;a\n".encode() + "Journée;b\n".encode("cp1252")
    assert [row[0] for row in cells(data)] == ["Texte", "Fête d’été à la forêt", "Journée"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found_not_asked(separator):
    text = separator.join(["Date", "Texte", "Lien"]) + "\n" + separator.join(["28/11/2026", '"a;b,c\td|e"', ""])
    assert cells(text.encode()) == [("Date", "Texte", "Lien"), ("28/11/2026", "a;b,c\td|e", "")]


def test_a_comma_in_a_text_is_not_a_separator():
    data = b"Date;Texte\n28/11/2026;Bonjour, chers amis, venez\n29/11/2026;Salut, vous\n"
    assert cells(data)[1] == ("28/11/2026", "Bonjour, chers amis, venez")


def test_one_column_of_sentences_stays_one_column():
    assert cells(b"Texte\nBonjour, vous\nSalut, les amis\n")[1] == ("Bonjour, vous",)


def test_a_title_above_does_not_hide_the_separator():
    assert cells(b"Planning 2026\n\nDate;Texte\n28/11/2026;Salut, vous\n")[1] == ("Date", "Texte")


def test_the_line_excel_reads_for_itself_is_no_row():
    assert rows(b"sep=,\r\nDate,Texte\r\n")[0] == Row(1, ("Date", "Texte"))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_the_spreadsheet_shows_them(line_end):
    text = line_end.join(["Date;Texte", '28/11/2026;"un', "", 'deux"', "", ";;", "29/11/2026;trois"])
    assert [(row.number, row.cells[1]) for row in rows(text.encode())] == [
        (1, "Texte"),
        (2, "un\n\ndeux"),
        (5, "trois"),
    ]


def test_cells_are_tidy():
    assert tidy(" \u00a0un\r\ndeux\rtrois\u2028quatre\x0b\x00\x07 ") == "un\ndeux\ntrois\nquatre"
    assert [tidy(text) for text in ("'=1+1", "'+32", "'-5", "'@fb", "'tis", "''=1")] == [
        *("=1+1", "+32", "-5", "@fb", "'tis", "''=1")
    ]


def test_a_stray_zero_does_not_make_a_file_unreadable():
    assert cells(b"Date;Texte\n28/11/2026;" + b"F\xc3\xaate \0" + b"ouverte " * 50)[1][1].startswith("Fête ouverte")


def test_quotes_that_are_no_quotes_are_kept():
    assert cells(b'Texte;Lien\n5" de haut;a\n"Dites ""oui""";b\n')[1:] == [('5" de haut', "a"), ('Dites "oui"', "b")]


def test_an_open_quote_is_named_with_its_place():
    broken = refusal(b'Date;Texte;Lien\n28/11/2026;Un;a\n29/11/2026;"Deux;b\n30/11/2026;Trois;c\n')
    assert (broken.row, broken.column) == (3, "B")
    assert "Row 3" in str(broken)
    assert "column B" in str(broken)


def test_a_file_cut_in_the_middle_of_a_character_is_named_with_its_line():
    assert refusal(FRENCH.encode("utf-16")[:-1]).row == 2


def test_an_endless_cell_is_refused():
    assert refusal(b"Date;Texte\n28/11/2026;" + b"a" * 200_000).row == 2


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (b"", "planning.csv"),
        (b" \r\n\t\n", "planning.csv"),
        ("\ufeff".encode(), "planning.csv"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "planning.csv"),
        (bytes(range(256)) * 4, "planning.csv"),
        (b"%PDF-1.7\n%\xe2\xe3", "planning.csv"),
        (b"<html><table><tr><td>Date", "planning.csv"),
        (b"{\\rtf1 Date", "planning.txt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "planning.xlsx"),
        (b"Date;Texte\n", "planning.xls"),
        (b"Date;Texte\n", "planning.ODS"),
        (b"Date;Texte\n", "planning.numbers"),
        (b"Date;Texte\n", "planning.pdf"),
        (b"Date;Texte\n", "planning.xlsx"),
        (b"Date;Texte\n" * 1_000_000, "planning.csv"),
        (b"\n" * 2_000_000 + b"a", "planning.csv"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_one_sentence(data, filename):
    assert str(refusal(data, filename)).endswith(".")


def test_other_programs_are_told_what_to_save_as():
    assert "save it as .xlsx or CSV" in str(refusal(b"PK", "planning.ods"))


# Excel files


def test_dates_hours_and_numbers_are_what_the_cell_says():
    moment = at("2026-11-28 18:30")
    made = book(
        [date(2026, 11, 28), moment, time(18, 30), timedelta(hours=18, minutes=30), 20261128, 46354, 18.5, True]
    )
    made.active["A2"] = 46354.0
    made.active["A2"].number_format = "[$-40C]dddd d mmmm yyyy;@"
    made.active["B2"] = 46354.75
    made.active["B2"].number_format = "dd/mm/yyyy"
    made.active["C2"] = at("2026-11-28 00:00")
    made.active["D2"] = 46354
    made.active["D2"].number_format = '0" jours dus"'
    made.active["E2"] = 46354
    made.active["E2"].number_format = "Standard"
    assert cells(saved(made), "planning.xlsx") == [
        (date(2026, 11, 28), moment, time(18, 30), time(18, 30), "20261128", "46354", "18.5", "TRUE"),
        (date(2026, 11, 28), at("2026-11-28 18:00"), at("2026-11-28 00:00"), "46354", "46354"),
    ]


def test_the_calendar_that_starts_in_1904_is_understood():
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    made = book([date(2026, 11, 28)])
    made.epoch = CALENDAR_MAC_1904
    assert cells(saved(made), "planning.xlsx") == [(date(2026, 11, 28),)]


def test_rows_keep_their_numbers_over_empty_ones():
    found = rows(saved(book(["Planning"], [], ["Date", None, "Texte"], [], [None, " "], ["x"])), "planning.xlsx")
    assert found == [Row(1, ("Planning",)), Row(3, ("Date", "", "Texte")), Row(6, ("x",))]


def test_hidden_sheets_stay_hidden():
    made = book(["a"], sheet="Listes")
    made.active.sheet_state = "hidden"
    add_rows(made.create_sheet("Novembre"), [["b"]])
    add_rows(made.create_sheet("Décembre"), [["c"]])
    assert [sheet.name for sheet in open_sheets(saved(made), "planning.xlsx")] == ["Novembre", "Décembre"]


def test_a_cell_merged_downwards_counts_for_each_of_its_rows():
    made = book(["Date", "Texte"], [date(2026, 11, 28), "un"], [None, "deux"], [], [None, "trois"])
    made.active.merge_cells("A2:A3")
    dates = [row.cell(0) for row in rows(saved(made), "planning.xlsx")[1:]]
    assert dates == [date(2026, 11, 28), date(2026, 11, 28), ""]


def test_a_formula_gives_its_result_or_else_what_was_typed():
    grid = (
        '<sheetData><row><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1 piégé</f></c>'
        '<c r="C1" t="e"><f>A9</f><v>#REF!</v></c><c r="D1" t="str"><f>A1</f><v>texte</v></c></row></sheetData>'
    )
    assert cells(with_grid(grid), "planning.xlsx") == [("2", "=1+1 piégé", "#REF!", "texte")]


def test_shared_and_rich_texts_are_read_without_their_pronunciation():
    strings = (
        "<si><t>Fête</t></si><si><r><t xml:space='preserve'>Venez </t></r><r><rPr><b/></rPr><t>tous</t></r></si>"
        "<si><t>漢字</t><rPh sb='0' eb='2'><t>カンジ</t></rPh></si>"
        "<si><t>un_x000D_\ndeux_x005F_trois_xD800_</t></si><si/>"
    )
    grid = "<sheetData><row>" + "".join(f"<c t='s'><v>{index}</v></c>" for index in range(5)) + "</row></sheetData>"
    assert cells(with_strings(strings, grid), "planning.xlsx") == [("Fête", "Venez tous", "漢字", "un\ndeux_trois")]


def test_prefixes_and_dates_in_iso_are_read_too():
    data = with_parts(
        saved(book()),
        {
            "xl/worksheets/sheet1.xml": '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main">'
            '<x:sheetData><x:row r="2"><x:c r="B2" t="d"><x:v>2026-11-28T18:30:00Z</x:v></x:c>'
            '<x:c r="C2" t="inlineStr"><x:is><x:t>Fête</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
        },
    )
    assert rows(data, "planning.xlsx") == [Row(2, ("", at("2026-11-28 18:30"), "Fête"))]


def test_an_excel_file_is_known_by_what_is_inside():
    assert cells(saved(book(["Date"])), "planning.csv") == [("Date",)]


@pytest.mark.parametrize("inside", ["mimetype", "word/document.xml", "Index/Document.iwa", "xl/workbook.bin"])
def test_other_zips_are_refused(inside):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr(inside, "x")
    assert "save it as .xlsx" in str(refusal(target.getvalue(), "planning.xlsx"))


def test_a_damaged_cell_is_named_with_its_place():
    broken = refusal(with_grid('<sheetData><row r="3"><c r="C3"><v>abc</v></c></row></sheetData>'), "planning.xlsx")
    assert (broken.row, broken.column) == (3, "C")
    broken = refusal(with_grid('<sheetData><row r="7"><c r="A7"><v>1</v></c></sheetData>'), "planning.xlsx")
    assert broken.row == 7


def test_a_cut_file_is_refused():
    data = saved(book(["Date", "Texte"], ["28/11/2026", "Fête"]))
    for length in range(4, len(data), 97):
        refusal(data[:length], "planning.xlsx")


def test_a_password_is_refused():
    data = bytearray(saved(book(["Date"])))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            struct.pack_into("<H", data, at + offset, 1)
            at = data.find(mark, at + 4)
    refusal(bytes(data), "planning.xlsx")


LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>"


@pytest.mark.parametrize(
    "xml",
    [
        "<sheetData>" + "<row/>" * 3_000_000 + "</sheetData>",
        "<sheetData><row>" + "<c/>" * 4_000_000 + "</row></sheetData>",
        "<a>" * 2_000_000 + "</a>" * 2_000_000,
        "<sheetData><row><c><v>" + "1" * 15_000_000 + "</v></c></row></sheetData>",
        "<sheetData><row r='99999999999999'><c><v>1</v></c></row></sheetData>",
        "<sheetData>" + " " * 30_000_000 + "</sheetData>",
    ],
    ids=["rows", "cells", "depth", "digits", "far row", "blanks"],
)
def test_a_small_file_that_unpacks_large_costs_little(xml):
    data = with_grid(xml)
    assert len(data) < 200_000
    tracemalloc.start()
    refusal(data, "planning.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000


def test_shared_texts_without_end_are_refused():
    refusal(with_strings("<si><t>ab</t></si>" * 1_000_000, "<sheetData/>"), "planning.xlsx")


def test_entities_are_refused():
    data = with_parts(saved(book(["a"])), {"xl/worksheets/sheet1.xml": f"{LAUGHS}<worksheet>&b;</worksheet>"})
    refusal(data, "planning.xlsx")


def test_columns_are_named_as_spreadsheets_do():
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


# Whatever else


WORKBOOK = saved(book(["Date", "Texte"], [at("2026-11-28 18:30"), "Fête"]))


def read_or_refuse(data, filename):
    with suppress(SheetError):
        for sheet in open_sheets(data, filename):
            sheet.rows(50)


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a", "a.txt"]))
def test_any_bytes_are_read_or_refused(data, filename):
    read_or_refuse(data, filename)


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_sample_is_read_or_refused(data):
    sample = bytearray(data.draw(st.sampled_from([*(path.read_bytes() for path in SAMPLES), WORKBOOK])))
    for _ in range(data.draw(st.integers(1, 6))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(sample), "a.csv")


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_part_is_read_or_refused(data):
    """A flipped byte of the package rarely passes its checksum: here the damage is inside."""
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as package:
        name = data.draw(st.sampled_from(sorted(package.namelist())))
        part = package.read(name).decode()
    at = data.draw(st.integers(0, len(part)))
    junk = data.draw(st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(["<a>", '"', "-1", "9e999"]))
    read_or_refuse(with_parts(WORKBOOK, {name: part[:at] + junk + part[at + 3 :]}), "a.xlsx")
