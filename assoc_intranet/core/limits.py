"""How often something may be tried, counted in the database so that every process sees the same count."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from sqlalchemy import Float, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from .clock import now
from .db import Model, db

limiter = Limiter(get_remote_address, headers_enabled=False)


class Attempt(Model):
    """How many times `key` was tried before `until` (seconds since 1970)."""

    key: Mapped[str] = mapped_column(unique=True)
    count: Mapped[int]
    until: Mapped[float] = mapped_column(Float)


class DatabaseStorage(Storage):
    """Counts on a connection of their own: a refusal rolls the request back, and its count must stay."""

    STORAGE_SCHEME = ["database"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
        at = now().timestamp()
        fresh = insert(Attempt).values(key=key, count=amount, until=at + expiry)
        over = Attempt.until <= at
        counted = fresh.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((over, amount), else_=Attempt.count + amount),
                "until": case((over, at + expiry), else_=Attempt.until),
            },
        ).returning(Attempt.count)
        with db.engine.begin() as connection:
            return int(connection.execute(counted).scalar_one())

    def get(self, key: str) -> int:
        with db.engine.connect() as connection:
            query = select(Attempt.count).where(Attempt.key == key, Attempt.until > now().timestamp())
            return connection.scalar(query) or 0

    def get_expiry(self, key: str) -> float:
        with db.engine.connect() as connection:
            return connection.scalar(select(Attempt.until).where(Attempt.key == key)) or now().timestamp()

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        with db.engine.begin() as connection:
            return connection.execute(delete(Attempt)).rowcount

    def clear(self, key: str) -> None:
        with db.engine.begin() as connection:
            connection.execute(delete(Attempt).where(Attempt.key == key))


def init_app(app: Flask) -> None:
    app.config.setdefault("RATELIMIT_STORAGE_URI", "database://")
    app.config.setdefault("RATELIMIT_STRATEGY", "fixed-window")
    limiter.init_app(app)
