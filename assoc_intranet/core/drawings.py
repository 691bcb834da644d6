"""Drawings from the sprite: always beside words, or with a label of their own."""

from functools import cache
from typing import Any

from flask import Flask
from markupsafe import Markup


def init_app(app: Flask) -> None:
    """`icon(name)` and `moon(state)` for templates: the same few drawings are on every page, so made once."""
    static_url: Any = app.jinja_env.globals["static_url"]
    sprite = static_url("icons.svg")

    @cache
    def icon(name: str, size: str = "i", label: str | None = None) -> Markup:
        said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        return Markup('<svg class="{}" {}><use href="{}#i-{}"/></svg>').format(size, said, sprite, name)

    @cache
    def moon(state: str) -> Markup:
        """The moon that fills: the fuller, the nearer to publication."""
        drawing = Markup('<svg class="s" data-state="{0}" aria-hidden="true"><use href="{1}#s-{0}"/></svg>')
        return drawing.format(state, sprite)

    app.jinja_env.globals.update(icon=icon, moon=moon)
