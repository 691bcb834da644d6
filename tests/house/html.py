"""What can be wrong with the HTML of a page without anybody seeing it."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from xml.etree.ElementTree import Element

import html5lib

from .sources import ROOT

NAMES_IDS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "form", "list")
UNNAMED = {"hidden", "submit", "button", "reset", "image"}


def faults(text: str) -> list[str]:
    """Sentences about what a strict reader of `text` would stumble over."""
    root, found = _parsed(text)
    return found + [fault for judge in JUDGES for fault in judge(root)]


def addresses(text: str) -> Iterator[tuple[str, str]]:
    """Where the page leads, and how: (method, address)."""
    for element in _parsed(text)[0].iter():
        if element.tag == "form":
            yield element.get("method", "get").upper(), element.get("action", "")
        elif address := element.get("href") or element.get("src"):
            yield "GET", address


@lru_cache(maxsize=1)
def _parsed(text: str) -> tuple[Element, list[str]]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(text)
    return root, [f"line {line}: {error}" for (line, _column), error, _data in parser.errors]


def _whole(root: Element) -> Iterator[str]:
    if not root.get("lang"):
        yield "<html> does not say its language"
    if not (root.findtext("head/title") or "").strip():
        yield "no title"
    for tag in ("h1", "main"):
        if (number := len(list(root.iter(tag)))) != 1:
            yield f"{number} <{tag}>"


def _ids(root: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in root.iter() if element.get("id") is not None)
    yield from (f"id={name!r} stands {number} times" for name, number in ids.items() if number > 1 or not name)
    for element in root.iter():
        for attribute in NAMES_IDS:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{_start(element)} names #{name}, which is not there"
        if re.match(r"#.", element.get("href") or "") and element.tag == "a" and element.get("href")[1:] not in ids:
            yield f"{_start(element)} leads to nothing"


def _drawings(root: Element) -> Iterator[str]:
    for use in root.iter("{http://www.w3.org/2000/svg}use"):
        name = (use.get("href") or "").partition("#")[2]
        if name not in symbols():
            yield f"the drawing {name!r} is not in static/icons.svg"


def _controls(root: Element) -> Iterator[str]:
    named = {label.get("for") for label in root.iter("label")}
    inside = {control for label in root.iter("label") for control in label.iter()}
    for element in root.iter():
        if element.tag == "form" and not (element.get("method") and element.get("action")):
            yield f"{_start(element)} does not say method and action"
        if element.tag == "a" and not element.get("href"):
            yield f"{_start(element)} leads nowhere"
        if element.tag not in ("input", "select", "textarea") or element.get("type") in UNNAMED:
            continue
        if element.get("aria-hidden") or element.get("aria-label") or element.get("id") in named or element in inside:
            continue
        yield f"{_start(element)} has no label"


JUDGES = (_whole, _ids, _drawings, _controls)


@cache
def symbols() -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text(encoding="utf-8")))


def _start(element: Element) -> str:
    shown = [f'{name}="{value}"' for name, value in element.items() if name in ("id", "name", "class", "href")]
    return f"<{' '.join([element.tag, *shown])}>"
