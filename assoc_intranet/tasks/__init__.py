"""The work, shared out: who does what until when, and what nobody has taken yet."""

from flask import Flask


def register(app: Flask) -> None:
    from . import fragments, routes
    from .statuses import MOONS, PRIORITY_LABELS, STATUS_LABELS

    app.jinja_env.globals.update(TASK_STATUSES=STATUS_LABELS, TASK_MOONS=MOONS, TASK_PRIORITIES=PRIORITY_LABELS)
    app.jinja_env.globals["tasks_of_post"] = fragments.of_post
    app.register_blueprint(routes.bp)
