"""How Alembic meets our tables: one transaction for all that is missing, so that a failure changes nothing."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine, event, text

from assoc_intranet.core.db import Model, Moment

url = context.config.attributes["url"]
engine = create_engine(url, poolclass=NullPool)


@event.listens_for(engine, "connect")
def leave_transactions_to_us(connection: Any, _record: object) -> None:
    if engine.dialect.name == "sqlite":
        connection.isolation_level = None


@event.listens_for(engine, "begin")
def take_lock(connection: Connection) -> None:
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def plain_types(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Migrations outlive our classes: an instant is written as the type it is stored in."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


with engine.begin() as connection:
    if engine.dialect.name == "postgresql":
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
