"""Reading the house from outside: its modules and templates as text, never by running them."""

import ast
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment

from assoc_intranet import FEATURES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "assoc_intranet"
TEMPLATES = ROOT / "templates"
ROOMS = ("models", "queries", "rules", "forms", "routes", "jobs", "fragments", "topics", "commands")

__all__ = ["FEATURES", "PACKAGE", "ROOMS", "ROOT", "TEMPLATES", "Elements", "called", "modules", "room", "templates"]


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package, by its name below it: `posts.rules`, `core.db`, `posts` for its `__init__`."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
        if parts[:2] == ["migrations", "versions"]:
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@cache
def packages() -> frozenset[str]:
    """Those modules that are folders: a relative import inside them begins one step lower."""
    found = (path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("__init__.py"))
    return frozenset(".".join(path.parts) for path in found)


@cache
def templates() -> dict[str, str]:
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATES.rglob("*.html"))
    }


def room(module: str) -> str:
    """`rules` for `posts.rules` and `members.rules.arrivals`, or a noun of its own; empty for a whole feature."""
    return module.partition(".")[2].partition(".")[0]


def called(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the last word of what is called: `commit` for `commit()` and for `db.session.commit()`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


class Elements(HTMLParser):
    """The elements of a template as (tag, attributes), whatever `{{ }}` will say: each becomes an `x`."""

    def __init__(self, source: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        pieces = Environment(autoescape=True).lex(source)
        self.feed("".join(value if kind == "data" else "x" for _, kind, value in self._written(pieces)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    @staticmethod
    def _written(pieces: object) -> Iterator[tuple[int, str, str]]:
        return (piece for piece in pieces if piece[1] in ("data", "variable_begin"))  # type: ignore[attr-defined]
