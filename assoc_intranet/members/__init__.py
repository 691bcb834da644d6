"""The people: who they are here, what they may do, how they come in and how they leave."""

from flask import Flask


def register(app: Flask) -> None:
    from . import commands, jobs, login, roles, routes, topics

    _ = jobs, topics
    login.init_app(app)
    app.extensions.setdefault("commands", []).append(commands.add)
    app.jinja_env.globals.update(ROLES=roles.LABELS, ROLE_MEANINGS=roles.MEANINGS)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
