"""How Alembic meets our tables: one transaction for all that is missing, so that a failure changes nothing."""

from contextlib import nullcontext
from typing import Literal

from alembic import context
from sqlalchemy import text

from assoc_intranet.core.db import Model, Moment, lone_engine


def plain_types(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Migrations outlive our classes: an instant is written as the type it is stored in."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


given = context.config.attributes
# Who fills the tables in the same transaction brings the connection.
mine = nullcontext(given["connection"]) if "connection" in given else lone_engine(given["url"], writes=True).begin()
with mine as connection:
    if connection.dialect.name == "postgresql":
        # Two servers that start at once: the second waits, and finds the work done.
        connection.execute(text("SELECT pg_advisory_xact_lock(7215002)"))
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
        render_item=plain_types,
    )
    context.run_migrations()
