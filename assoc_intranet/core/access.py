"""The gate: every route says what it needs, the one table says who may, and what says nothing answers 500."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask_login import current_user

F = TypeVar("F", bound=Callable[..., Any])
Table = Mapping[str, frozenset[str]]


def public(view: F) -> F:
    """For everyone, logged in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def needs(action: str, load: Callable[..., Any] | None = None) -> Callable[[F], F]:
    """Only who may do `action`; with `load`, to the object it finds for the member (or 404), handed to the view.

    `load(member, **ids)` takes the ids of the address that it names; the view gets the object, then the other ids.
    """
    ids = set(inspect.signature(load).parameters) if load else set()

    def gate(view: F) -> F:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            member = current_user._get_current_object()
            if not member.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            if load is None:
                found = []
            else:
                found = [load(member, **{name: arguments.pop(name) for name in ids & arguments.keys()})]
                if found[0] is None:
                    abort(404)
            if not may(member, action, *found):
                abort(403)
            return view(*found, **arguments)

        guarded.access = action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return gate


def may(member: Any, action: str, thing: Any = None) -> bool:
    """Whether the table lets `member` do `action`, to `thing` where it depends on whose it is.

    A grant is a role (`coordinator`, `admin`) or a role and a relation (`member:own`), which `thing.relations(member)`
    must name. An unknown action is a fault of ours: KeyError.
    """
    grants = _table()[action]
    roles = member.grants
    if any(role in grants for role in roles):
        return True
    relations = thing.relations(member) if thing is not None else ()
    return any(f"{role}:{relation}" in grants for role in roles for relation in relations)


def can(action: str, thing: Any = None) -> bool:
    """`may` for the person of this request: what templates ask."""
    member = current_user._get_current_object()
    return bool(member.is_authenticated) and may(member, action, thing)


def _table() -> Table:
    table: Table = current_app.extensions["permissions"]
    return table


def init_app(app: Flask, permissions: Table) -> None:
    app.extensions["permissions"] = permissions
    app.jinja_env.globals["can"] = can

    @app.before_request
    def fail_closed() -> None:
        view = app.view_functions.get(request.endpoint or "")
        access = getattr(view, "access", None)
        if view is not None and access != "public" and access not in permissions:
            app.logger.error("%s declares no permission", request.endpoint)
            abort(500)
