"""A walk past addresses that no page names, with the words attackers try first."""

from http import HTTPStatus
from pathlib import Path

from .asking import ask
from .places import Place

WORDS = tuple(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())
NOTHING_THERE = (
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.PERMANENT_REDIRECT,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
)


def open_doors(place: Place) -> list[str]:
    """The words that lead somewhere, for a stranger or for somebody who is logged in."""
    who = {"stranger": "", "coordinator": place.cookie()}
    return [
        f"/{word} ({status}, {name})"
        for name, cookie in who.items()
        for word in WORDS
        if (status := ask("GET", f"{place.url}/{word}", {"Cookie": cookie})[0]) not in NOTHING_THERE
    ]


def traced(place: Place, paths: tuple[str, ...]) -> list[str]:
    """The addresses that answer TRACE, which would read a cookie back to a script."""
    return [path for path in paths if ask("TRACE", place.url + path, {})[0] < HTTPStatus.BAD_REQUEST]
