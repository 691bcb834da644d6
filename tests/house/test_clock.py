"""One module reads the clock, and chance is for secrets: elsewhere it has a stated reason."""

import ast

import pytest

from .sources import called, modules

CLOCK = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "datetime.datetime.now",
    "datetime.date.today",
    "time.time",
    "time.monotonic",
    "time.localtime",
    "time.gmtime",
}
# Where dice that are no secret are thrown, and why.
DICE = {"server.asgi": "streams end at slightly different times, so that they do not all come back at once"}


def clocks(tree: ast.AST) -> set[str]:
    return {ast.unparse(call.func) for _name, call in called(tree)} & CLOCK


def dice(tree: ast.AST) -> bool:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return any(
        "random" in [alias.name for alias in node.names] or getattr(node, "module", "") == "random" for node in imports
    )


def test_only_the_clock_reads_the_clock():
    reading = {module: found for module, tree in modules().items() if module != "core.clock" if (found := clocks(tree))}
    assert not reading, f"Ask core.clock, which tests can set, instead of {reading}."


def test_chance_is_for_secrets():
    thrown = {module for module, tree in modules().items() if dice(tree)}
    assert thrown == set(DICE), f"`random` can be foreseen: use `secrets`, or state a reason here. {thrown ^ set(DICE)}"


@pytest.mark.parametrize("code", ["at = datetime.now(UTC)", "x = time.time()", "day = date.today()"])
def test_a_planted_clock_is_found(code):
    assert clocks(ast.parse(code))


@pytest.mark.parametrize("code", ["import random", "from random import choice"])
def test_planted_dice_are_found(code):
    assert dice(ast.parse(code))
