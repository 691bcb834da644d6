"""Networks."""

from flask import Flask


def register(app: Flask) -> None:
    from . import routes
    from .kinds import KINDS

    app.jinja_env.globals["NETWORKS"] = KINDS

    app.register_blueprint(routes.bp)
