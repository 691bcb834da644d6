"""An example association to look at the house with people in it, and to leave without a trace."""

from flask import Flask


def register(app: Flask) -> None:
    from . import commands

    app.extensions.setdefault("commands", []).append(commands.add)
