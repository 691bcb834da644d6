"""Replies and small helpers for templates: ids, addresses of static files, partial answers to htmx."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, make_response, redirect, request
from markupsafe import Markup

from .db import Model
from .i18n import language

F = TypeVar("F", bound=Callable[..., Any])


def remembered(most: int) -> Callable[[F], F]:
    """Remember what a pure function of hashable arguments made, for each application and language.

    `most` is how many are kept: every change makes a new one, and a month is 80 kB.
    """

    def remember(function: F) -> F:
        @lru_cache(maxsize=most)
        def known(_environment: object, _language: str, *args: Any) -> Any:
            return function(*args)

        @wraps(function)
        def recall(*args: Any) -> Any:
            return known(current_app.jinja_env, language(), *args)

        return cast("F", recall)

    return remember


def dom_id(thing: Model | str, part: str = "") -> str:
    """`poll-7-results` for a row, `day-2026-11-28` for a plain name: the same everywhere, so that pushes find it."""
    name = thing if isinstance(thing, str) else f"{type(thing).__tablename__}-{thing.id}"
    return f"{name}-{part}" if part else name


def partial(html: str, target: str, swap: str = "outerMorph") -> Markup:
    """One piece of a page for htmx: `html` takes the place of the element whose id is `target`."""
    return Markup('<hx-partial hx-target="#{}" hx-swap="{}">{}</hx-partial>').format(target, swap, Markup(html))  # noqa: S704


def wants_partials(url: str) -> bool:
    """Whether htmx asks from a page where fragments have a place: not from a form whose answer is another page."""
    if "HX-Request" not in request.headers:
        return False
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return request.headers.get("HX-Request-Type") != "full" or here == urlsplit(url).path


def reply(url: str, *fragments: Any, saying: str | None = None) -> Response:
    """The answer to a write: to htmx the touched fragments, to everyone else (or without fragments) the page at `url`.

    `saying` is a sentence for the person: a toast beside the fragments, or a note on the page.
    """
    if fragments and wants_partials(url):
        said = [toast(saying)] if saying else []
        response = make_response(Markup("").join([*(f.partial for f in fragments if f), *said]))
        response.headers["HX-Push-Url"] = "false"
        return response
    if saying:
        flash(saying, "good")
    return make_response(redirect(url, 303))


def toast(sentence: str, tone: str = "good") -> Markup:
    """A sentence that comes and goes. Drawn without what surrounds a page, it can be said when the database cannot."""
    words = current_app.jinja_env.get_template("parts/_toast.html").render(sentence=sentence, tone=tone)
    return partial(Markup(words), "toasts", "innerHTML")  # noqa: S704 (a template escaped it)


def init_app(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(dom_id=dom_id)
