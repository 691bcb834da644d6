"""Today: what waits for me, the days to come, and what changed since I was last here. And the way to all the rest."""

from flask import Flask


def register(app: Flask) -> None:
    from . import routes
    from .places import other_places
    from .surroundings import surroundings

    app.register_blueprint(routes.bp)
    app.jinja_env.globals.update(surroundings=surroundings, other_places=other_places)
