"""The language of the terminal, for what is said before there is an application, and for what Click says by itself."""

import gettext
import os

from flask_babel import lazy_gettext as _l

from .config import resource

# The names under which a system says its language, the first one that is set being the one that counts.
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
# Click looks these up where `speak` points: here they stand so that they are in our catalogue.
SAID_BY_CLICK = (
    _l("Usage:"),
    _l("Options"),
    _l("Commands"),
    _l("Positional arguments"),
    _l("Show this message and exit."),
    _l("Show the version and exit."),
    _l("required"),
    _l("Error: {message}"),
    _l("Try '{command} {option}' for help."),
    _l("No such command {name!r}."),
    _l("No such option {name!r}."),
    _l("Missing command."),
    _l("Missing argument"),
    _l("Missing option"),
    _l("Option {name!r} does not take a value."),
    _l("Invalid value: {message}"),
    _l("Invalid value for {param_hint}: {message}"),
    _l("Could not open file {filename!r}: {message}"),
    _l("{name} {filename!r} does not exist."),
    _l("{name} {filename!r} is a directory."),
    _l("{name} {filename!r} is not readable."),
    _l("file"),
    _l("path"),
    _l("Aborted!"),
)


def language() -> str:
    """French or English: `fr` for whatever kind of French."""
    said = next(filter(None, map(os.environ.get, VARIABLES)), "")
    return "fr" if said.startswith("fr") else "en"


def speak() -> None:
    """From here on, plain `gettext` finds our catalogue, in the language of the terminal."""
    gettext.bindtextdomain("messages", str(resource("translations")))
