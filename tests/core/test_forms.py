"""Days and hours as people type them, and forms that take what browsers send and nothing else."""

from datetime import date, time
from io import BytesIO

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import FileField, IntegerField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from assoc_intranet.core.db import commit
from assoc_intranet.core.errors import RuleBroken, Stale
from assoc_intranet.core.forms import DayField, Form, HourField, read_form, strip, unix_lines


class Sheet(Form):
    title = StringField("Title", [InputRequired("Give it a title.")], filters=[strip])
    version = IntegerField("Version")
    scan = FileField("Scan")


class When(Form):
    day = DayField("Day", [InputRequired("Choose a day.")])
    hour = HourField("Hour")


def read(app, **typed):
    with app.test_request_context("/", method="GET"):
        form = When(MultiDict(typed))
        form.validate()
        return form


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("28/11/2026", date(2026, 11, 28)),
        (" 1/3/2027 ", date(2027, 3, 1)),
        ("28-11-2026", date(2026, 11, 28)),
        ("28.11.2026", date(2026, 11, 28)),
        ("28 11 2026", date(2026, 11, 28)),
        ("2026-11-28", date(2026, 11, 28)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_it_is_typed(app, typed, day):
    assert read(app, day=typed).day.data == day


@pytest.mark.parametrize(
    "typed", ["29/02/2026", "31/04/2026", "11/28/2026", "28/11", "0/1/2026", "1/1/1999", "x", "1/1/99999"]
)
def test_a_day_that_is_none_comes_back_with_a_sentence(app, typed):
    form = read(app, day=typed)
    assert form.day.errors
    assert form.day._value() == typed


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("18:30", time(18, 30)),
        ("18h30", time(18, 30)),
        ("18 h", time(18)),
        ("9", time(9)),
        ("9.05", time(9, 5)),
        ("0h", time(0)),
    ],
)
def test_an_hour_is_read_as_it_is_typed(app, typed, hour):
    assert read(app, hour=typed).hour.data == hour


@pytest.mark.parametrize("typed", ["24:00", "18:60", "midi", "1:2:3", "-1"])
def test_an_hour_that_is_none_comes_back_with_a_sentence(app, typed):
    form = read(app, hour=typed)
    assert form.hour.errors
    assert form.hour._value() == typed


def test_lines_end_as_the_networks_count_them():
    assert unix_lines("a\r\nb\rc\n") == "a\nb\nc\n"


def title_of(client, door, **sent):
    return client.post(door(lambda: repr((Sheet().title.data, bool(Sheet().scan.data))), "POST"), **sent).text


def test_a_form_takes_fields_and_files(client, association, door):
    scan = (BytesIO(b"x"), "scan.png")
    assert title_of(client, door, data={"title": " Affiche "}) == "('Affiche', False)"
    assert title_of(client, door, data={"title": "Affiche", "scan": scan}) == "('Affiche', True)"


def test_a_file_where_words_are_asked_for_is_nothing(client, association, door):
    assert title_of(client, door, data={"title": (BytesIO(b"x"), "x.png")}) == "(None, False)"


@pytest.mark.parametrize("json", [{"title": 5}, [1], 5, None])
def test_what_is_no_form_is_an_empty_one(client, association, door, json):
    assert title_of(client, door, json=json) == "(None, False)"


def test_what_is_missing_is_said_beside_its_field(client, association, door, monkeypatch):
    monkeypatch.setattr("assoc_intranet.core.forms.render_template", lambda _page, form: " ".join(form.title.errors))
    answer = client.post(door(lambda: read_form(Sheet, "any.html").title.data, "POST"), data={"version": "2"})
    assert answer.status_code == 422
    assert answer.text == "Give it a title."


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
def test_blanks_are_no_answer(client, association, door, blank):
    def view():
        sheet, when = Sheet(), When()
        return repr((sheet.validate(), sheet.title.errors, when.validate(), when.day.errors))

    answer = client.post(door(view, "POST"), data={"title": blank, "day": blank})
    assert answer.text == "(False, ['Give it a title.'], False, ['Choose a day.'])"


def test_a_rule_broken_later_redraws_the_form(client, association, door, monkeypatch):
    drawn = []

    def draw(template, form, **context):
        drawn.append((form.title.data, list(form.title.errors), form.broken, form.version.data, form.version._value()))
        return "drawn"

    def refuse(error):
        def view():
            read_form(Sheet, "any.html")
            raise error

        return client.post(door(view, "POST"), data={"title": "Affiche", "version": "2"}).status_code

    monkeypatch.setattr("assoc_intranet.core.forms.render_template", draw)
    assert refuse(RuleBroken("Too long.", "title")) == 422
    assert refuse(RuleBroken("Not today.")) == 422
    assert refuse(Stale("Saved meanwhile.", {}, {}, version=5)) == 409
    assert drawn == [
        ("Affiche", ["Too long."], None, 2, "2"),
        ("Affiche", [], "Not today.", 2, "2"),
        ("Affiche", [], "Saved meanwhile.", 5, "5"),
    ]


def test_fields_of_two_rows_on_one_page_have_their_own_ids(app, bruno):
    commit()
    with app.test_request_context("/"):
        assert Sheet(of=bruno).title.id == f"member-{bruno.id}-title"
        assert Sheet().title.id == "sheet-title"


class Pick(Form):
    one = SelectField("One", choices=[SelectChoice("a", "A")])
    some = SelectMultipleField("Some", choices=[SelectChoice("a", "A")])
    number = IntegerField("Number")


def test_what_went_away_meanwhile_is_said_in_our_words(app):
    with app.test_request_context("/", method="GET", headers={"Accept-Language": "fr"}):
        form = Pick(MultiDict({"one": "b", "some": "c", "number": "many"}))
        form.validate()
        gone = "Ce choix n’est plus possible\N{NO-BREAK SPACE}: prenez-en un autre."
        said = [form[name].errors for name in ("one", "some", "number")]
        assert said == [[gone], [gone], ["Écrivez un nombre entier."]]
