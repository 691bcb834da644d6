"""What the command line says when something cannot be: a sentence in the language of the terminal, and exit code 2."""

import inspect

import click
import pytest

from assoc_intranet import cli, terminal
from assoc_intranet.cli import commands

NOWHERE = "sqlite:////nowhere/at/all.sqlite"
WITHOUT = "INSECURE_HTTP=1 pour un essai sans"
# A database that was opened to be read only: what a disk that became read-only looks like.
READ_ONLY = "sqlite:///file:{}?mode=ro&uri=true"
# What each command wants to hear before it gets to the database.
WANTS = {
    "backup": ["{folder}/copy.zip"],
    "restore": ["{folder}/missing.zip"],
    "move": ["--to", "postgresql://127.0.0.1:1/nobody"],
    "import-calendar": ["{folder}/planning.csv"],
}


@pytest.fixture
def say(tmp_path, monkeypatch, capsys):
    """Type a command in a French terminal: (exit code, what it said)."""
    (tmp_path / "planning.csv").write_text("date;titre\n28/11/2026;Pommier\n")
    monkeypatch.setenv("LANG", "fr_BE.UTF-8")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)

    def typed(*arguments, **settings):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as left:
            cli.main([word.format(folder=tmp_path) for word in arguments])
        out, err = capsys.readouterr()
        return left.value.code, (out + err).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")

    return typed


def test_every_command_is_tried(app):
    assert {"serve", "doctor", *WANTS} <= set(commands(app).commands)


@pytest.mark.parametrize("name", ["serve", "create-admin", "demo", "import-calendar", "backup"])
def test_a_database_that_is_not_there_is_a_sentence(say, name):
    code, said = say(name, *WANTS.get(name, ()), DATABASE_URL=NOWHERE)
    assert code == 2
    assert "unable to open database file" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", ["serve", "create-admin", "demo", "import-calendar"])
def test_a_database_that_cannot_be_written_is_a_sentence(say, tmp_path, name):
    (tmp_path / "empty.sqlite").touch()
    code, said = say(name, *WANTS.get(name, ()), DATABASE_URL=READ_ONLY.format(tmp_path / "empty.sqlite"))
    assert (code, said) == (2, unusable("attempt to write a readonly database"))


@pytest.mark.parametrize("name", ["serve", "demo"])
def test_a_server_of_databases_that_does_not_answer_is_a_sentence(say, name):
    code, said = say(name, DATABASE_URL="postgresql://127.0.0.1:1/nobody")
    assert code == 2
    assert said.startswith("La base de données ne peut pas être utilisée : ")
    assert len(said.splitlines()) == 1


def unusable(reason):
    more = "« assoc-intranet doctor » en dit plus."
    return f"La base de données ne peut pas être utilisée : {reason}. {more}\n"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "cinq"}, "PORT doit être un nombre entier de 1 à 65535, pas « cinq ».\n"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT doit valoir text ou json, pas « xml ».\n"),
        ({"BASE_URL": "asso"}, "BASE_URL doit être une adresse comme https://intranet.example.org, pas « asso ».\n"),
        (
            {"HOST": "192.0.2.1"},
            f"Écouter sur 192.0.2.1 demande BASE_URL=https://… (derrière un serveur mandataire), ou {WITHOUT}.\n",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_french(say, settings, sentence):
    assert say("serve", **settings) == (2, sentence)


def test_click_speaks_french_too(say):
    code, said = say("manger")
    assert code == 2
    assert said == (
        "Usage : assoc-intranet [OPTIONS] COMMAND [ARGS]...\n"
        "« assoc-intranet --help » montre l’aide.\n\n"
        "Erreur : La commande « manger » n’existe pas.\n"
    )
    code, said = say("--help")
    assert code == 0
    assert "Montrer cette aide." in said
    assert "\nCommandes:\n" in said


@pytest.mark.parametrize("sentence", [str(said) for said in terminal.SAID_BY_CLICK])
def test_click_still_says_what_we_translate(sentence):
    speaking = (click.core, click.exceptions, click.formatting, click.decorators, click.parser, click.types)
    sources = "".join(map(inspect.getsource, speaking))
    assert f'"{sentence}"' in sources


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "fr_BE.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LANGUAGE": "fr:en"}, "fr"),
    ],
)
def test_the_terminal_says_which_language_it_speaks(monkeypatch, variables, expected):
    for name in terminal.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert terminal.language() == expected
