"""The people: who they are here, what they may do, how they come in and how they leave."""

from flask import Flask


def register(app: Flask) -> None:
    from . import login, routes, topics

    _ = topics
    login.init_app(app)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
