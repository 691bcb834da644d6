"""Imports point down: home, then features, then the platform, then the core, which stands on nothing of ours."""

import ast
from collections.abc import Iterator

import pytest

from .sources import FEATURES, modules, packages, room

PLATFORM = ("live", "jobs", "mail", "search", "transfer", "server")
# Beside the core, what a part of the platform may stand on; those that are not named stand on the core alone.
STANDS_ON = {"server": ("live", "jobs"), "mail": ("jobs",)}
# Where everything is put together.
ROOF = ("", "cli")
# Plain data about the whole house: anybody may read it, and it reads nobody.
LEAVES = ("config", "permissions")
CLOSED_ROOMS = ("routes", "forms", "jobs", "fragments", "topics", "commands")


def imports(module: str, tree: ast.AST) -> Iterator[str]:
    """Which modules of ours `module` imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("assoc_intranet.") for alias in node.names if _ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            if base is not None:
                yield from (_named(base, alias.name) for alias in node.names)


def _ours(name: str) -> bool:
    return name.partition(".")[0] == "assoc_intranet"


def _base(module: str, node: ast.ImportFrom) -> str | None:
    if not node.level:
        return (node.module or "").partition(".")[2] if _ours(node.module or "") else None
    parts = module.split(".") if module else []
    parts = parts[: len(parts) - node.level + (module in packages())]
    return ".".join([*parts, *filter(None, [node.module])])


def _named(base: str, name: str) -> str:
    """`from .posts import rules` names a module, `from .posts.rules import write` what is in one."""
    inside = f"{base}.{name}" if base else name
    return inside if inside in modules() else base


def refusal(importer: str, imported: str) -> str | None:
    """Why `importer` may not import `imported`, in one sentence; None where it may."""
    here, there = importer.partition(".")[0], imported.partition(".")[0]
    if here == there or there in LEAVES or importer in ROOF:
        return None
    if here in LEAVES:
        return f"{importer} is plain data for everybody and may not import {imported}."
    if there == "core":
        return None
    if here in ("core", "migrations"):
        return f"{importer} may not import {imported}: the core knows nothing of ours, {imported} registers with it."
    if here in PLATFORM:
        if there in STANDS_ON.get(here, ()):
            return None
        return f"{importer} may not import {imported}: the platform knows no feature, {there} registers with {here}."
    return _between_features(importer, imported, here, there)


def _between_features(importer: str, imported: str, here: str, there: str) -> str | None:
    if there in ("server", "cli", ""):
        return f"{importer} may not import {imported or 'the application'}: a feature does not know who serves it."
    if there in PLATFORM:
        return None
    if there == "home":
        return f"{importer} may not import {imported}: home stands on the features, never the other way round."
    if room(imported) in CLOSED_ROOMS:
        return (
            f"{importer} may not import {imported}: of another feature, take its models, queries, rules or a pure noun."
        )
    return None


def circle(edges: dict[str, set[str]]) -> list[str]:
    """A way from a name back to itself, or an empty list."""
    done: set[str] = set()

    def follow(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        found = next(filter(None, (follow(other, [*path, name]) for other in sorted(edges.get(name, ())))), [])
        done.add(name)
        return found

    return next(filter(None, (follow(name, []) for name in sorted(edges))), [])


def at_import(tree: ast.Module) -> ast.Module:
    """What runs when a module is imported: not the bodies of its functions, nor what only a type checker reads."""

    class Outside(ast.NodeTransformer):
        def visit_FunctionDef(self, _node: ast.FunctionDef) -> None:
            return None

        def visit_If(self, node: ast.If) -> ast.If | None:
            return None if ast.unparse(node.test) == "TYPE_CHECKING" else node

    return Outside().visit(ast.parse(ast.unparse(tree)))


def test_every_import_points_down():
    refused = {
        said
        for module, tree in modules().items()
        for imported in imports(module, tree)
        if (said := refusal(module, imported))
    }
    assert not refused, "\n".join(sorted(refused))


def test_no_module_imports_itself_by_a_detour():
    edges = {
        module: {other for other in imports(module, at_import(tree)) if other != module}
        for module, tree in modules().items()
    }
    found = circle(edges)
    assert not found, f"These import each other: {' -> '.join(found)}. Move what both need one floor down."


def test_no_feature_stands_on_itself_by_a_detour():
    edges: dict[str, set[str]] = {feature: set() for feature in FEATURES}
    for module, tree in modules().items():
        here = module.partition(".")[0]
        if here in edges:
            there = {imported.partition(".")[0] for imported in imports(module, tree)}
            edges[here] |= (there & edges.keys()) - {here}
    found = circle(edges)
    assert not found, f"These features need each other: {' -> '.join(found)}. Let the lower one register something."


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("core.db", "from assoc_intranet.members.models import Member"),
        ("core.db", "from ..posts import rules"),
        ("core.errors", "def late():\n    import assoc_intranet.live.hub"),
        ("live.hub", "from assoc_intranet.posts import queries"),
        ("jobs.loop", "from assoc_intranet.server import serve"),
        ("permissions", "from .members import models"),
        ("posts.rules", "from assoc_intranet.polls.routes import bp"),
        ("posts.rules", "from assoc_intranet.members.forms import JoinForm"),
        ("posts.jobs", "from ..polls import jobs"),
        ("tasks.queries", "from assoc_intranet.posts import fragments"),
        ("members.rules", "from assoc_intranet.home import feed"),
        ("posts.rules", "from assoc_intranet.server import serve"),
        ("posts.rules", "from assoc_intranet import create_app"),
    ],
)
def test_a_planted_import_is_refused(module, code):
    assert any(refusal(module, imported) for imported in imports(module, ast.parse(code)))


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("posts.rules", "from assoc_intranet.members.models import Member"),
        ("posts.rules", "from assoc_intranet.networks.kinds import KINDS"),
        ("posts.rules", "from . import lengths"),
        ("posts.routes.bin", "from .. import queries\nfrom .posts import bp"),
        ("server.serve", "from assoc_intranet.live.tail import Tail"),
        ("members.passwords", "from assoc_intranet.config import resource"),
        ("core.db", "import flask"),
        ("cli", "from .members.setup import print_setup_link"),
    ],
)
def test_a_proper_import_is_not(module, code):
    assert not any(refusal(module, imported) for imported in imports(module, ast.parse(code)))


def test_a_planted_circle_is_found():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert not circle({"a": {"b", "c"}, "b": {"c"}, "c": set()})
