"""Each feature has the same rooms, each room keeps to its work, and package, templates and tests mirror each other."""

import ast
from collections.abc import Iterator

import pytest

from .sources import FEATURES, PACKAGE, ROOMS, ROOT, TEMPLATES, called, modules, room

COMMITTING = ("routes", "jobs", "commands")
# Where else a transaction of its own is ended, and why.
COMMITS = {
    "members.setup": "`serve` draws the setup code before there is any request",
    "mail.postman": "the hand of the job that sends mail: each is claimed, sent and noted by itself",
    "backups.keeper": "the hand of the job that makes copies: it works for minutes, then notes how it ended",
}
# What says nothing about what is inside.
SHAPELESS = {"utils", "util", "helpers", "common", "misc", "base", "services", "managers", "views", "handlers", "lib"}
# Of Flask, what a rule, a query or a table may know: nothing of a request or its answer.
BELOW_HTTP = {"g", "current_app"}
OTHER_TEMPLATES = {"parts", "errors", "mail"}
OTHER_TESTS = {"house", "browser", "vendor", "deploy"}


def may_commit(module: str) -> bool:
    top = module.partition(".")[0]
    return top in ("core", "cli") or room(module) in COMMITTING or top == "jobs" or module in COMMITS


def commits(tree: ast.AST) -> bool:
    return any(name in ("commit", "writing") for name, _call in called(tree))


def http_in(tree: ast.AST) -> set[str]:
    """What a module takes from Flask that only a door should know."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("flask", "flask_login", "werkzeug.exceptions"):
            found |= {alias.name for alias in node.names} - BELOW_HTTP
    return found


def writes(tree: ast.AST) -> set[str]:
    """How a module would change rows."""
    taken = {"publish", "insert", "update", "delete", "add", "add_all", "merge"}
    session = {f"db.session.{name}" for name in taken} | {"publish", "insert", "update", "delete"}
    return {ast.unparse(call.func) for _name, call in called(tree)} & session


def asks(tree: ast.AST) -> bool:
    return any(ast.unparse(call.func).startswith(("select", "db.session.")) for _name, call in called(tree))


def decides_in(tree: ast.AST) -> Iterator[str]:
    """The `if`s of a view that look at the domain: a state, a role or a time, which belong to a rule."""
    for view in ast.walk(tree):
        if isinstance(view, ast.FunctionDef) and any("bp." in ast.unparse(d) for d in view.decorator_list):
            for node in ast.walk(view):
                if isinstance(node, ast.If) and {".state", ".role", ".status", "now("} & set(_words(node.test)):
                    yield f"{view.name}: if {ast.unparse(node.test)}"


def _words(test: ast.AST) -> Iterator[str]:
    for node in ast.walk(test):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) != "form":
            yield f".{node.attr}"
        elif isinstance(node, ast.Call):
            yield f"{ast.unparse(node.func)}("


def counts_under_lock(tree: ast.AST) -> Iterator[str]:
    """Views that count tries below their gate: the count has a connection of its own, and the gate holds the lock."""
    for view in ast.walk(tree):
        if isinstance(view, ast.FunctionDef):
            marks = [ast.unparse(decorator).partition("(")[0] for decorator in view.decorator_list]
            locked = "needs" in marks and not {"only_reads", "proved"} & set(marks)
            if locked and "limiter.limit" in marks[marks.index("needs") :]:
                yield view.name


def in_features(*rooms: str) -> dict[str, ast.Module]:
    return {
        module: tree
        for module, tree in modules().items()
        if module.partition(".")[0] in FEATURES and room(module) in rooms
    }


def test_every_module_says_what_it_is_for():
    silent = [module for module, tree in modules().items() if not ast.get_docstring(tree)]
    assert not silent, f"These modules do not say what they are for in a first line: {silent}."


def test_only_doors_jobs_and_commands_commit():
    ending = [module for module, tree in modules().items() if commits(tree) and not may_commit(module)]
    assert not ending, f"{ending} end a transaction: a rule changes rows, and the route, job or command commits once."


@pytest.mark.parametrize("module", COMMITS)
def test_each_exception_still_commits(module):
    assert commits(modules()[module]), f"{module} commits no more: take it out of the exceptions."


def test_rules_queries_and_tables_know_nothing_of_http():
    faults = {module: found for module, tree in in_features("rules", "queries", "models").items()
              if (found := http_in(tree))}  # fmt: skip
    assert not faults, f"These know of a request or an answer, which is for routes: {faults}."


def test_queries_and_tables_change_nothing():
    faults = {module: found for module, tree in in_features("queries", "models").items() if (found := writes(tree))}
    assert not faults, f"These change rows, which is for rules: {faults}."


def test_tables_ask_nothing():
    asking = [module for module, tree in in_features("models").items() if asks(tree)]
    assert not asking, f"{asking} ask the database: a read has its place in queries."


def test_routes_do_not_decide():
    deciding = {module: found for module, tree in in_features("routes").items() if (found := list(decides_in(tree)))}
    assert not deciding, f"These views decide about the domain, which is for rules: {deciding}."


def test_tries_are_counted_before_the_lock_is_taken():
    waiting = {module: found for module, tree in modules().items() if (found := list(counts_under_lock(tree)))}
    assert not waiting, f"These would wait for themselves: {waiting}. Put @limiter.limit above @needs."


def test_every_name_says_something():
    shapeless = [module for module in modules() if set(module.split(".")) & SHAPELESS]
    assert not shapeless, f"{shapeless}: name a module by its noun or its room, not by being useful."


def test_a_room_is_cut_by_noun():
    layered = [module for module in modules() if len(module.split(".")) > 2 and module.split(".")[2] in ROOMS]
    layered = [module for module in layered if module.partition(".")[0] in FEATURES]
    assert not layered, f"{layered}: a room that is too full is cut by noun, not by layer."


def test_the_features_are_those_that_are_there():
    below = {"core", "live", "server", "jobs", "mail", "search", "transfer", "migrations", "doctor"}
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - below
    assert there == set(FEATURES), "FEATURES is the list a newcomer reads first: it names each feature, and no other."


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_registers_itself(feature):
    names = [node.name for node in modules()[feature].body if isinstance(node, ast.FunctionDef)]
    assert "register" in names, f"{feature}/__init__.py has no register(app)."


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_has_its_templates_and_its_tests(feature):
    has_pages = any(module.startswith(f"{feature}.routes") for module in modules())
    templates = list((TEMPLATES / feature).glob("*.html"))
    assert templates or not has_pages, f"templates/{feature}/ mirrors the package: it is missing."
    assert list((ROOT / "tests" / feature).glob("test_*.py")), f"tests/{feature}/ mirrors the package: it is missing."


def test_no_folder_of_templates_or_tests_is_left_over():
    parts = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()} - OTHER_TEMPLATES
    assert folders <= set(FEATURES), f"Templates of no feature: {folders - set(FEATURES)}."
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")} - OTHER_TESTS
    assert folders <= parts, f"Tests of nothing in the package: {folders - parts}."


def test_whoever_changes_rights_says_whose():
    """The tail asks again what the streams of this member may read."""
    silent = [
        f"{module}: {ast.unparse(call)}"
        for module, tree in modules().items()
        for name, call in called(tree)
        if name == "publish" and call.args and ast.unparse(call.args[0]).startswith("'access.")
        if "member" not in {keyword.arg for keyword in call.keywords}
    ]
    assert not silent, f"A change of rights without member=…: {silent}."


@pytest.mark.parametrize(
    ("finds", "code"),
    [
        (commits, "def write():\n    db.session.commit()"),
        (commits, "def write():\n    with writing():\n        pass"),
        (http_in, "from flask import request"),
        (http_in, "from flask_login import current_user"),
        (writes, "def f(x):\n    db.session.add(x)"),
        (writes, "publish('poll.closed', poll)"),
        (asks, "def f():\n    return db.session.scalar(select(Post))"),
        (
            lambda tree: list(counts_under_lock(tree)),
            "@bp.post('/x')\n@needs('a.b')\n@limiter.limit('1')\ndef f():\n    pass",
        ),
        (lambda tree: list(decides_in(tree)), "@bp.post('/x')\ndef f(p):\n    if p.state == 'done':\n        pass"),
    ],
)
def test_a_planted_fault_is_found(finds, code):
    assert finds(ast.parse(code))


def test_what_is_allowed_is_not_a_fault():
    rule = ast.parse("from flask import g\ndef f(x):\n    publish('post.written', x)\n    db.session.flush()")
    assert not commits(rule)
    assert not http_in(rule)
    route = ast.parse("@bp.get('/x')\ndef f():\n    if current_user.is_authenticated:\n        pass")
    assert not list(decides_in(route))
