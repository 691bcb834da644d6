"""The shared calendar: what we will say, where, when, and how far it has come."""

from flask import Flask


def register(app: Flask) -> None:
    from . import commands, jobs, routes
    from .states import LABELS, verb

    _ = jobs
    app.extensions.setdefault("commands", []).append(commands.add)
    app.jinja_env.globals.update(STATES=LABELS, state_verb=verb)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
