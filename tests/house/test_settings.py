"""Every setting is documented, has a twin for secrets, and refuses what cannot work in one sentence."""

import ast
import json
import logging
import re
import stat
import threading

import pytest

from assoc_intranet import cli
from assoc_intranet.config import SETTINGS, BadSetting, flask_config, read_settings
from assoc_intranet.core.logs import TEXT, Json, Lines
from assoc_intranet.server.serve import check_address

from .sources import PACKAGE, ROOT, called, modules

ROW = re.compile(r"^\| `(\w+)` \| (?:`([^`]*)`)? ?\| (.+) \|$", re.MULTILINE)
# Read where no setting can be: the language of the terminal, as every program does.
SYSTEM = {"LC_ALL", "LC_MESSAGES", "LANG"}


def documented(text):
    return ROW.findall(text)


def configured(tmp_path, **environ):
    return flask_config(read_settings({"DATA_DIR": str(tmp_path), **environ}))


def read_elsewhere(trees):
    """Variables that code reads past the table: `os.environ["X"]`, `os.environ.get("X")`, `os.getenv("X")`."""
    found = set()
    for tree in trees:
        for _name, call in called(tree):
            if ast.unparse(call).startswith(("os.environ.get(", "os.getenv(")):
                found |= set(re.findall(r"\('(\w+)'", ast.unparse(call)))
        found |= set(re.findall(r"os\.environ\['(\w+)'\]", ast.unparse(tree)))
    return found


def test_the_documentation_says_what_the_code_says():
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    expected = [(setting.name, setting.default, setting.meaning) for setting in SETTINGS]
    assert documented(text) == expected, "docs/settings.md and config.SETTINGS differ: write both at once."


def test_a_planted_setting_is_noticed():
    row = "| `PORT` | `5000` | The port to listen on. |"
    assert documented(row) == [("PORT", "5000", "The port to listen on.")]
    assert documented("| `NEW` |  | New. |") == [("NEW", "", "New.")]


def test_no_setting_is_read_past_the_table():
    hidden = read_elsewhere(modules().values()) - SYSTEM
    assert not hidden, f"{hidden} are read from the environment without standing in config.SETTINGS."


def test_every_setting_is_used():
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    idle = [setting.name for setting in SETTINGS if code.count(f'"{setting.name}"') < 2 and not _derived(setting.name)]
    assert not idle, f"Nothing reads {idle}."


def _derived(name):
    """Those that flask_config turns into what libraries ask for."""
    return name in {"DATABASE_URL", "TRUSTED_PROXIES", "MAX_UPLOAD_MB", "SECRET_KEY"}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_a_twin(tmp_path, setting):
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    assert read_settings({f"{setting.name}_FILE": str(secret)})[setting.name] == "from the file"
    assert read_settings({setting.name: "direct", f"{setting.name}_FILE": str(secret)})[setting.name] == "direct"
    assert read_settings({setting.name: ""})[setting.name] == setting.default


def test_what_is_not_set_works(tmp_path):
    found = configured(tmp_path)
    assert found["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/assoc.sqlite"
    assert found["MAX_CONTENT_LENGTH"] == 10 * 1024 * 1024
    assert found["SESSION_COOKIE_NAME"] == "session"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "9" * 5000),
        ("THREADS", "0"),
        ("THREADS", "-1"),
        ("MAX_UPLOAD_MB", "0"),
        ("TRUSTED_PROXIES", "1.5"),
        ("INSECURE_HTTP", "yes"),
        ("SMTP_TLS", "true"),
        ("LOG_FORMAT", "xml"),
        ("BASE_URL", "intranet.example.org"),
        ("BASE_URL", "ftp://intranet.example.org"),
        ("BASE_URL", "https://intranet.example.org/under/here"),
        ("BASE_URL", "https://"),
        ("DATABASE_URL", "mysql://localhost/assoc"),
        ("DATABASE_URL", "postgresql://"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FILE", "/nowhere/at/all"),
        ("DATA_DIR", "/proc/nowhere"),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(tmp_path, name, value):
    with pytest.raises(BadSetting) as refused:
        configured(tmp_path, **{name: value})
    sentence = str(refused.value)
    assert name.removesuffix("_FILE") in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://Intranet.Example.org/", "https://intranet.example.org"),
        ("https://intranet.example.org:443", "https://intranet.example.org"),
        ("http://localhost:5000", "http://localhost:5000"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_the_address_is_kept_as_browsers_write_it(tmp_path, typed, kept):
    assert configured(tmp_path, BASE_URL=typed)["BASE_URL"] == kept


def test_with_https_the_cookie_is_bound_to_this_host(tmp_path):
    found = configured(tmp_path, BASE_URL="https://intranet.example.org")
    assert found["SESSION_COOKIE_NAME"] == "__Host-session"
    assert found["SESSION_COOKIE_SECURE"]


def test_the_secret_is_drawn_once_and_for_its_owner_only(tmp_path):
    first = configured(tmp_path)["SECRET_KEY"]
    kept = tmp_path / "secret_key"
    assert len(first) >= 43
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert configured(tmp_path)["SECRET_KEY"] == first
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_starting_twice_at_once_draws_one_secret(tmp_path):
    drawn = []
    threads = [threading.Thread(target=lambda: drawn.append(configured(tmp_path)["SECRET_KEY"])) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 12
    assert len(set(drawn)) == 1


def test_half_a_secret_is_not_taken_for_one(tmp_path):
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(BadSetting, match="secret_key"):
        configured(tmp_path)


@pytest.mark.parametrize(
    ("host", "settings", "allowed"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("localhost", {}, True),
        ("0.0.0.0", {}, False),  # noqa: S104 (and is refused)
        ("192.168.1.10", {}, False),
        ("intranet", {}, False),
        ("0.0.0.0", {"BASE_URL": "http://intranet.example.org"}, False),  # noqa: S104
        ("0.0.0.0", {"BASE_URL": "https://intranet.example.org"}, True),  # noqa: S104
        ("0.0.0.0", {"INSECURE_HTTP": "1"}, True),  # noqa: S104
    ],
)
def test_beyond_this_machine_only_with_https(tmp_path, host, settings, allowed):
    class Configured:
        config = configured(tmp_path, **settings)

    if allowed:
        check_address(Configured, host)
    else:
        with pytest.raises(BadSetting, match="INSECURE_HTTP=1"):
            check_address(Configured, host)


def test_the_command_says_the_sentence_and_exits_with_2(monkeypatch, capsys):
    def refuse():
        raise BadSetting("PORT must be a whole number.")

    monkeypatch.setattr(cli, "create_app", refuse)
    with pytest.raises(SystemExit) as left:
        cli.main(["serve"])
    assert left.value.code == 2
    assert capsys.readouterr().err == "PORT must be a whole number.\n"


def record(words, *arguments, error=None):
    return logging.LogRecord("assoc_intranet", logging.INFO, "x.py", 1, words, arguments, error)


def test_a_line_of_the_log_stays_one_line():
    line = Lines(TEXT).format(record("hello %s", "Bruno\n2026 INFO admin logged in \x1b[31m"))
    assert "\n" not in line
    assert "\x1b" not in line


def test_the_log_may_be_json():
    error = (ValueError, ValueError("so"), None)
    said = json.loads(Json().format(record("hello %s", "Chloé\n", error=error)))
    assert said["says"] == "hello Chloé\n"
    assert "ValueError: so" in said["trace"]
