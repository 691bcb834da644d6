"""`create-admin` on the command line."""

import click
import pytest
from click.testing import CliRunner

from assoc_intranet.cli import commands
from assoc_intranet.members import commands as member_commands
from assoc_intranet.members import queries, rules

from .conftest import code_in

SECRET = "cinq mots que voici\n"


@pytest.fixture
def run(app, monkeypatch):
    monkeypatch.setattr(member_commands, "upgrade", lambda _app: None)

    def invoke(*arguments, typed=""):
        return CliRunner().invoke(commands(app), ["create-admin", *arguments], input=typed)

    return invoke


def test_it_asks_for_the_name_the_address_and_a_hidden_password(run, association):
    result = run(typed="diego@exemple.org\nDiego Fuentes\n" + SECRET * 2)
    assert result.exit_code == 0, result.output
    diego = queries.by_email("diego@exemple.org")
    assert (diego.name, diego.role, diego.is_admin) == ("Diego Fuentes", "coordinator", True)
    assert rules.check_password(diego, SECRET.strip())
    assert SECRET.strip() not in result.output


def test_a_weak_password_and_a_wrong_address_are_refused_in_words(run, association):
    weak = run("--name", "Diego", "--email", "diego@exemple.org", typed="azertyuiop\nazertyuiop\n")
    assert weak.exit_code == 1
    assert "Error" in weak.output
    assert run("--email", "diego").exit_code == 1
    assert queries.by_email("diego@exemple.org") is None


def test_a_member_who_is_here_is_made_administrator_and_let_in_again(run, bruno):
    bruno.left_at = bruno.joined_at
    result = run("--email", "bruno@exemple.org")
    assert result.exit_code == 0, result.output
    assert queries.by_email("bruno@exemple.org").is_admin
    assert queries.by_email("bruno@exemple.org").is_active


def test_a_link_makes_an_administrator_of_who_opens_it(run, client, association):
    code = code_in(run("--link").output)
    form = {"name": "Diego", "email": "diego@exemple.org", "password": SECRET.strip(), "code": code}
    assert client.post("/join", data=form).status_code == 303
    assert queries.by_email("diego@exemple.org").is_admin


def test_before_the_first_run_it_prints_the_setup_link(run, client):
    result = run()
    assert "/setup?code=" in result.output
    assert 'name="association"' in client.get(f"/setup?code={code_in(result.output)}").text


def test_help_is_in_french_or_english(app):
    from assoc_intranet.core.i18n import in_language

    with in_language("en"):
        text = CliRunner().invoke(commands(app), ["create-admin", "--help"]).output
    assert "--link" in text
    assert isinstance(commands(app), click.Group)
