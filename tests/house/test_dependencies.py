"""What the package imports is declared, and what is declared is used."""

import ast
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Never imported by us, and why it is there.
UNIMPORTED = {
    "tzdata": "time zones, for machines that have none",
    "httptools": "uvicorn reads requests with it",
    "uvloop": "uvicorn runs on it",
    "psycopg": "SQLAlchemy speaks to PostgreSQL with it",
}


@cache
def imports():
    """Distribution -> the first file that imports it."""
    owners = packages_distributions()
    found = {}
    for path in sorted((ROOT / "assoc_intranet").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for module in _modules(node):
                top = module.partition(".")[0]
                if top not in sys.stdlib_module_names and top != "assoc_intranet":
                    owner = canonicalize_name(owners.get(top, [top])[0])
                    found.setdefault(owner, path.relative_to(ROOT))
    return found


def _modules(node):
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module]
    return []


def declared():
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    return {canonicalize_name(Requirement(line).name) for line in [*PROJECT["dependencies"], *extras]}


def test_every_import_is_a_declared_dependency():
    borrowed = {name: path for name, path in imports().items() if name not in declared()}
    assert not borrowed, (
        "Imported but not declared, so it works only as long as someone else needs it: "
        + ", ".join(f"{name} ({path})" for name, path in borrowed.items())
        + ". Add it to pyproject.toml and run `make lock`."
    )


def test_every_declared_dependency_is_used():
    idle = declared() - set(imports()) - set(UNIMPORTED)
    assert not idle, f"Declared in pyproject.toml but imported nowhere: {sorted(idle)}."
