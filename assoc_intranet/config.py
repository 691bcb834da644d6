"""Every setting, its default and its meaning in one line; docs/settings.md is checked against this table."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("DATA_DIR", "instance", "The one folder to back up: database, uploads, backups, secret."),
    Setting("DATABASE_URL", "", "A PostgreSQL address; empty means SQLite inside DATA_DIR."),
    Setting("SECRET_KEY", "", "Signs cookies; empty means one is drawn at first start and kept in DATA_DIR."),
    Setting("BASE_URL", "", "The public https address; needed to listen beyond this machine."),
    Setting(
        "INSECURE_HTTP", "0", "1 allows plain http beyond this machine: for trying on a local network only."
    ),
    Setting("HOST", "127.0.0.1", "The address to listen on."),
    Setting("PORT", "5000", "The port to listen on."),
    Setting(
        "TRUSTED_PROXIES", "0", "How many reverse proxies stand in front, whose X-Forwarded headers count."
    ),
    Setting("THREADS", "3", "How many pages are drawn at the same time."),
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
    """A setting that cannot be used: the message names it and says what would be right."""


def resource(name: str) -> Path:
    """A folder shipped with the application: inside the package once installed, beside it in a checkout."""
    inside = HERE / name
    return inside if inside.is_dir() else HERE.parent / name


def read_settings(environ: dict[str, str] | None = None) -> dict[str, str]:
    """Values by name: the variable, else the content of the file named by its `_FILE` twin, else the default."""
    env = os.environ if environ is None else environ
    values = {}
    for setting in SETTINGS:
        value = env.get(setting.name)
        twin = env.get(f"{setting.name}_FILE")
        if value is None and twin:
            try:
                value = Path(twin).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise BadSetting(f"{setting.name}_FILE: {error}") from None
        values[setting.name] = setting.default if value is None else value
    return values


def flask_config(values: dict[str, str]) -> dict[str, Any]:
    """Settings as Flask and its extensions want them."""
    data = Path(values["DATA_DIR"]).resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o750)
    base_url = values["BASE_URL"].rstrip("/")
    secure = base_url.startswith("https://")
    return {
        **values,
        **{name: _number(values, name) for name in _NUMBERS},
        **{name: values[name] == "1" for name in ("INSECURE_HTTP", "SMTP_TLS")},
        "DATA_DIR": data,
        "BASE_URL": base_url,
        "SECRET_KEY": values["SECRET_KEY"] or _kept_secret(data / "secret_key"),
        "SQLALCHEMY_DATABASE_URI": _database(values["DATABASE_URL"], data),
        "MAX_CONTENT_LENGTH": _number(values, "MAX_UPLOAD_MB") * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
    }


_NUMBERS = ("PORT", "TRUSTED_PROXIES", "THREADS", "LIVE_MAX", "MAX_UPLOAD_MB", "SMTP_PORT")


def _number(values: dict[str, str], name: str) -> int:
    if not values[name].isdecimal():
        raise BadSetting(f"{name} must be a whole number, not {values[name]!r}.")
    return int(values[name])


def _database(url: str, data: Path) -> str:
    if not url:
        return f"sqlite:///{data / 'assoc.sqlite'}"
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite":
        return url
    raise BadSetting("DATABASE_URL must start with postgresql://, or stay empty for SQLite.")


def _kept_secret(path: Path) -> str:
    """The secret of this installation, drawn once and readable by its owner only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
