"""How Alembic meets our tables: one transaction for all that is missing, so that a failure changes nothing."""

from alembic import context
from sqlalchemy import create_engine, event

from assoc_intranet.core.db import Model, Moment

url = context.config.attributes["url"]
engine = create_engine(url)


@event.listens_for(engine, "connect")
def leave_transactions_to_us(connection, _record):
    if engine.dialect.name == "sqlite":
        connection.isolation_level = None


@event.listens_for(engine, "begin")
def take_lock(connection):
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def plain_types(kind, thing, _context):
    """Migrations outlive our classes: an instant is written as the type it is stored in."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


with engine.begin() as connection:
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
