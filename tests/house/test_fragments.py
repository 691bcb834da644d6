"""A fragment is plain HTML, the same for all who may read it; and what htmx does is said only by elements of ours."""

import ast
import re
from functools import cache
from importlib import import_module

import pytest
from jinja2 import Environment, meta, nodes

from assoc_intranet.live.registry import FRAGMENTS

from .sources import Elements, called, modules, room, templates

VIEWER = {"current_user", "session", "request", "csrf_token", "g", "can", "csp_nonce", "get_flashed_messages"}
# Where HTML is declared safe by hand, and why.
MARKED = {"core.html": "a partial is put around a fragment that was rendered"}
NOT_INSIDE_TAGS = re.compile(r"\bon[a-z]+$")


@cache
def registered() -> frozenset[str]:
    for module in modules():
        if room(module) in ("fragments", "routes"):
            import_module(f"assoc_intranet.{module}")
    return frozenset(fragment.template for fragment in FRAGMENTS)


@cache
def fragments() -> dict[str, str]:
    """Every registered template, every `_x.html`, and what they take their macros from."""
    names = registered() | {name for name in templates() if name.rpartition("/")[2].startswith("_")}
    names = {name for name in names if "/_my_" not in name}
    return {name: templates()[name] for name in sorted(names | set().union(*map(stands_on, names)))}


@cache
def stands_on(name: str) -> frozenset[str]:
    """The templates that `name` includes or imports, and theirs."""
    found = frozenset(meta.find_referenced_templates(_parsed(templates()[name])))
    return found.union(*map(stands_on, found))


def _parsed(source: str):
    return Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.i18n"]).parse(source)


def viewer_state(source: str) -> set[str]:
    return {name.name for name in _parsed(source).find_all(nodes.Name)} & VIEWER


def speaks_htmx(source: str) -> list[str]:
    return [f"<{tag} {name}>" for tag, attributes in Elements(source).found for name in attributes if "hx-" in name] + [
        f"<{tag}>" for tag, _attributes in Elements(source).found if tag.startswith("hx-")
    ]


def ungated(source: str) -> list[str]:
    """The elements that speak htmx without showing the nonce of the page, or that pass theirs on."""
    faults = []
    for tag, attributes in Elements(source).found:
        speaks = [name for name in attributes if name.startswith(("hx-", "data-hx-")) and name != "hx-nonce"]
        if speaks and not attributes.get("hx-nonce") and tag != "hx-partial":
            faults.append(f"<{tag} {' '.join(speaks)}>")
        faults += [f"<{tag} {name}>" for name in attributes if name.startswith("hx-nonce:")]
    return faults


def refused_by_policy(source: str) -> list[str]:
    """What the content policy would block in silence, or what would run what somebody typed."""
    faults = [f"{{{{ …|{word} }}}}" for word in ("safe", "forceescape") if re.search(rf"\|\s*{word}\b", source)]
    faults += ["{% autoescape %}"] if "autoescape" in source else []
    for tag, attributes in Elements(source).found:
        faults += [f"<{tag} {name}>" for name in attributes if name in ("style", "formaction", "srcdoc")]
        faults += [f"<{tag} {name}>" for name in attributes if NOT_INSIDE_TAGS.match(name) or name.startswith("hx-on")]
        faults += [
            f"<{tag} {name}>" for name, value in attributes.items() if re.match(r"\s*(java|vb)script:|js:", value)
        ]
        faults += [
            f"<{tag} {name}>" for name, value in attributes.items() if name.startswith("hx-trigger") and "[" in value
        ]
        if tag in ("style", "iframe", "object", "embed", "base"):
            faults.append(f"<{tag}>")
        if tag == "script" and not (attributes.get("src") and attributes.get("nonce")):
            faults.append("<script> without src and nonce")
        if tag == "script" and {"defer", "async"} & attributes.keys():
            faults.append("<script defer>: htmx must stand before the page does")
    return faults


def root_id(source: str) -> bool:
    """Whether the first element has an id made with dom_id, or a plain one where there is one of its kind."""
    without_comments = re.sub(r"{#.*?#}", "", source, flags=re.DOTALL)
    first = re.search(r"<[a-z][^<]*?>", without_comments, flags=re.DOTALL)
    return bool(first and re.search(r'\sid="({{\s*dom_id\(|[a-z-]+")', first[0]))


def marks(tree: ast.AST) -> bool:
    """Whether a text is declared to be HTML that is neither a constant nor what a template made."""
    return any(name == "Markup" and call.args and not _is_html(call.args[0]) for name, call in called(tree))


def _is_html(text: ast.expr) -> bool:
    return isinstance(text, ast.Constant) or ast.unparse(text).startswith("render_template(")


@pytest.mark.parametrize("name", fragments())
def test_a_fragment_knows_nobody(name):
    found = viewer_state(fragments()[name])
    assert not found, f"{name} is the same for all who read it, yet asks for {found}: use data-only-by or _my_x.html."


@pytest.mark.parametrize("name", fragments())
def test_a_fragment_speaks_no_htmx(name):
    found = speaks_htmx(fragments()[name])
    assert not found, f"{name} is pushed without a nonce: {found} would be dead. Use plain links and forms."


@pytest.mark.parametrize("name", sorted(registered()))
def test_a_pushed_fragment_says_where_it_goes(name):
    assert root_id(templates()[name]), f'{name} begins with one element whose id="{{{{ dom_id(…) }}}}" names its place.'


def test_what_is_mine_is_never_pushed():
    pushed = registered().union(*map(stands_on, registered()))
    mine = {name for name in pushed if "/_my_" in name}
    assert not mine, f"{mine} would show one member's view to everybody."


@pytest.mark.parametrize("name", templates())
def test_whoever_speaks_htmx_shows_the_nonce(name):
    found = ungated(templates()[name])
    assert not found, f'{name}: {found} need hx-nonce="{{{{ csp_nonce() }}}}" of their own, and never pass it on.'


@pytest.mark.parametrize("name", templates())
def test_nothing_in_a_template_runs_or_styles_by_itself(name):
    found = refused_by_policy(templates()[name])
    assert not found, f"{name}: {found} would be blocked, or would trust what was typed."


def test_html_is_declared_safe_in_known_places_only():
    marking = {module for module, tree in modules().items() if marks(tree)}
    assert marking == set(MARKED), (
        f"Markup() of a text: {marking ^ set(MARKED)}. Say here why it is safe, or do without."
    )


def test_planted_markup_is_found():
    assert marks(ast.parse("Markup(post.text)"))
    assert marks(ast.parse("Markup(f'<b>{name}</b>')"))
    assert not marks(ast.parse("Markup('<b>{}</b>').format(name)"))
    assert not marks(ast.parse("Markup(render_template('x.html'))"))


def test_every_registered_template_exists():
    missing = registered() - templates().keys()
    assert not missing, f"Registered fragments without a template: {missing}."


@pytest.mark.parametrize(
    ("finds", "source"),
    [
        (viewer_state, "<p>{{ current_user.name }}</p>"),
        (viewer_state, "<p>{% if can('post.edit', post) %}x{% endif %}</p>"),
        (viewer_state, "<input value='{{ csrf_token() }}'>"),
        (viewer_state, "{{ request.path }}"),
        (speaks_htmx, "<form hx-post='/x'></form>"),
        (speaks_htmx, "<a {% if x %}hx-get='/x'{% endif %}>x</a>"),
        (speaks_htmx, "<hx-partial>x</hx-partial>"),
        (ungated, "<a hx-get='/x'>x</a>"),
        (ungated, "<body hx-boost:inherited='x'>"),
        (ungated, "<body hx-nonce:inherited='{{ csp_nonce() }}'>"),
        (refused_by_policy, "<p style='color: red'>"),
        (refused_by_policy, "<p onclick='x()'>"),
        (refused_by_policy, "<button formaction='/x'>"),
        (refused_by_policy, "{{ text|safe }}"),
        (refused_by_policy, "<script>alert(1)</script>"),
        (refused_by_policy, "<script src='/x' nonce='{{ csp_nonce() }}' defer></script>"),
        (refused_by_policy, "<a href='javascript:x()'>"),
        (refused_by_policy, "<p hx-on:click='x'>"),
        (refused_by_policy, "<style>p {}</style>"),
    ],
)
def test_a_planted_fault_is_found(finds, source):
    assert finds(source)


@pytest.mark.parametrize(
    ("finds", "source"),
    [
        (viewer_state, "<li data-only-by='{{ post.author_id }}'>{{ _('yours') }}</li>"),
        (speaks_htmx, "<form method='post' action='{{ url_for('x') }}'></form>"),
        (ungated, "<a hx-get='/x' hx-nonce='{{ csp_nonce() }}'>x</a>"),
        (refused_by_policy, "<svg stroke-dasharray='{{ x }} 100'></svg><a data-on='x' href='/one'>"),
    ],
)
def test_what_is_proper_is_not_a_fault(finds, source):
    assert not finds(source)


def test_a_root_without_its_place_is_found():
    assert root_id("{# why #}\n{% from 'x' import y %}<li class=\"a\" id=\"{{ dom_id(post, 'card') }}\">")
    assert root_id('<section id="tray" class="x">')
    assert not root_id('<li id="post-{{ post.id }}">')
    assert not root_id('<section><p id="{{ dom_id(post) }}"></p></section>')
