"""Every setting, its default and its meaning in one line; docs/settings.md is checked against this table."""

import os
import re
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


USUAL_PORT = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("DATA_DIR", "instance", "The one folder of data: uploads, backups, secret; on SQLite, the database too."),
    Setting("DATABASE_URL", "", "A PostgreSQL address; empty means SQLite inside DATA_DIR."),
    Setting("SECRET_KEY", "", "Signs cookies; empty means one is drawn at first start and kept in DATA_DIR."),
    Setting("BASE_URL", "", "The public https address; needed to listen beyond this machine."),
    Setting("INSECURE_HTTP", "0", "1 allows plain http beyond this machine: for trying on a local network only."),
    Setting("HOST", "127.0.0.1", "The address to listen on."),
    Setting("PORT", "5000", "The port to listen on."),
    Setting("TRUSTED_PROXIES", "0", "How many reverse proxies stand in front, whose X-Forwarded headers count."),
    Setting("THREADS", "2", "How many pages are drawn at the same time."),
    Setting("LIVE_MAX", "1000", "How many live streams are kept open; beyond, pages work without."),
    Setting("MAX_UPLOAD_MB", "10", "The largest request accepted, in megabytes."),
    Setting("SMTP_HOST", "", "The mail server; empty means links are shown to copy instead of mailed."),
    Setting("SMTP_PORT", "587", "Its port; 465 speaks TLS from the first byte."),
    Setting("SMTP_USER", "", "The name to log in with, if it asks for one."),
    Setting("SMTP_PASSWORD", "", "Its password; SMTP_PASSWORD_FILE keeps it out of the environment."),
    Setting("SMTP_TLS", "1", "0 sends mail without encryption: for a server on this machine only."),
    Setting("MAIL_FROM", "", "The sender of mails; empty means SMTP_USER."),
    Setting("LOG_FORMAT", "text", "text, or json for one JSON object a line."),
)


class BadSetting(ValueError):
    """A setting that cannot be used: the message names it and says what would be right.

    There is no application yet: these sentences go through `gettext` itself, which `terminal` tells where to look.
    """


def resource(name: str) -> Path:
    """A folder shipped with the application: inside the package once installed, beside it in a checkout."""
    inside = HERE / name
    return inside if inside.is_dir() else HERE.parent / name


def read_settings(environ: dict[str, str] | None = None) -> dict[str, str]:
    """Values by name: the variable, else the content of the file named by its `_FILE` twin, else the default.

    An empty variable is one that is not set: that is how compose files pass on what nobody filled in.
    """
    env = os.environ if environ is None else environ
    return {
        setting.name: env.get(setting.name)
        or _content(f"{setting.name}_FILE", env.get(f"{setting.name}_FILE"))
        or setting.default
        for setting in SETTINGS
    }


def _content(name: str, path: str | None) -> str:
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(
            _("%(name)s names a file that cannot be read: %(reason)s.") % {"name": name, "reason": error}
        ) from None


def flask_config(values: dict[str, str]) -> dict[str, Any]:
    """Settings as Flask and its extensions want them."""
    numbers = {name: _number(name, values[name], *limits) for name, limits in _NUMBERS.items()}
    chosen = {name: _one_of(name, values[name], words) for name, words in _WORDS.items()}
    base_url = _base_url(values["BASE_URL"])
    secure = base_url.startswith("https://")
    data = _data_folder(values["DATA_DIR"])
    return {
        **values,
        **numbers,
        **{name: word == "1" for name, word in chosen.items() if name in _SWITCHES},
        "DATA_DIR": data,
        "BASE_URL": base_url,
        "SECRET_KEY": _secret(values["SECRET_KEY"], data / "secret_key"),
        "SQLALCHEMY_DATABASE_URI": _database(values["DATABASE_URL"], data),
        "MAX_CONTENT_LENGTH": numbers["MAX_UPLOAD_MB"] * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
    }


# The smallest and the largest that make sense.
_NUMBERS = {
    "PORT": (1, 65535),
    "TRUSTED_PROXIES": (0, 9),
    "THREADS": (1, 64),
    "LIVE_MAX": (0, 100_000),
    "MAX_UPLOAD_MB": (1, 1024),
    "SMTP_PORT": (1, 65535),
}
_SWITCHES = ("INSECURE_HTTP", "SMTP_TLS")
_WORDS = {**dict.fromkeys(_SWITCHES, ("0", "1")), "LOG_FORMAT": ("text", "json")}
SHORTEST_SECRET = 32


def _number(name: str, typed: str, least: int, most: int) -> int:
    if not (typed.isdecimal() and len(typed) < 10 and least <= int(typed) <= most):
        raise BadSetting(
            _("%(name)s must be a whole number from %(least)s to %(most)s, not “%(typed)s”.")
            % {"name": name, "least": least, "most": most, "typed": typed}
        )
    return int(typed)


def _one_of(name: str, typed: str, words: tuple[str, ...]) -> str:
    if typed not in words:
        first, second = words
        raise BadSetting(
            _("%(name)s must be %(first)s or %(second)s, not “%(typed)s”.")
            % {"name": name, "first": first, "second": second, "typed": typed}
        )
    return typed


def _base_url(typed: str) -> str:
    """The address as browsers write it in `Origin`: in small letters, without the usual port or a final stroke."""
    if not typed:
        return ""
    found = re.fullmatch(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?/?", typed.lower())
    if not found:
        raise BadSetting(
            _("BASE_URL must be an address such as https://intranet.example.org, not “%(typed)s”.") % {"typed": typed}
        )
    scheme, host, port = found.groups("")
    return f"{scheme}://{host}{'' if port == USUAL_PORT[scheme] else port}"


def _data_folder(typed: str) -> Path:
    folder = Path(typed).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    except OSError as error:
        raise BadSetting(_("DATA_DIR must be a folder that can be written: %(reason)s.") % {"reason": error}) from None
    return folder


def _database(url: str, data: Path) -> str:
    return database_address(url) if url else f"sqlite:///{data / 'assoc.sqlite'}"


def database_address(url: str) -> str:
    """An address as SQLAlchemy wants it: whatever name PostgreSQL was given, our driver speaks to it."""
    scheme, _stroke, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite":
        return url
    raise BadSetting(_("DATABASE_URL must start with postgresql://, or stay empty for SQLite."))


def _secret(typed: str, path: Path) -> str:
    """The secret that is set, or the one of this installation, drawn once and readable by its owner only."""
    try:
        secret = typed or _kept(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(_("SECRET_KEY cannot be kept in DATA_DIR: %(reason)s.") % {"reason": error}) from None
    if len(secret) < SHORTEST_SECRET:
        raise BadSetting(
            _("SECRET_KEY, or %(file)s in its place, must have at least %(least)s characters.")
            % {"file": path, "least": SHORTEST_SECRET}
        )
    return secret


def _kept(path: Path) -> str:
    """Written beside and then linked, so that two that start at once, or one that dies, never leave half a secret."""
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            Path(draft).unlink()
    return path.read_text(encoding="ascii").strip()
