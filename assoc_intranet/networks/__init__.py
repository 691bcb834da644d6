"""Where we are present, how often we mean to write there, and how long a text may be."""

from flask import Flask


def register(app: Flask) -> None:
    from . import routes
    from .kinds import KINDS
    from .models import STATUS_LABELS

    app.jinja_env.globals.update(NETWORKS=KINDS, PRESENCE_STATUSES=STATUS_LABELS)
    app.register_blueprint(routes.bp)
