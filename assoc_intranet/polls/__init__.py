"""Deciding together: a question, who may answer it and until when, and what came out."""

from flask import Flask


def register(app: Flask) -> None:
    from . import fragments, jobs, routes, topics
    from .kinds import ANSWERS, KINDS, RESULTS
    from .words import option_words

    _ = fragments, jobs, topics
    app.jinja_env.globals.update(POLL_KINDS=KINDS, POLL_RESULTS=RESULTS, POLL_ANSWERS=ANSWERS)
    app.jinja_env.filters["option_words"] = option_words
    app.register_blueprint(routes.bp)
