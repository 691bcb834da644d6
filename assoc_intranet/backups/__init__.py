"""Copies of all that would be missed: made every night or by hand, put back, or moved to another kind of database."""

from flask import Flask


def register(app: Flask) -> None:
    from . import commands, fragments, jobs, routes, topics
    from .keeper import Keeper, copy_before
    from .words import size_words

    _ = fragments, jobs, topics
    app.extensions["keeper"] = keeper = Keeper(app)
    app.extensions.setdefault("before_migration", []).append(copy_before)
    app.extensions.setdefault("commands", []).append(commands.add)
    app.jinja_env.globals["backup_alarm"] = keeper.alarm
    app.jinja_env.filters["size_words"] = size_words
    app.register_blueprint(routes.bp)
