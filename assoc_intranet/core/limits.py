"""How often something may be tried, counted in the database so that every process sees the same count."""

from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, abort, request
from flask_limiter import Limiter
from limits import parse
from limits.storage import Storage
from sqlalchemy import Float, case, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from .clock import now
from .db import Model, db, upsert


def sender() -> str:
    """The address of who asks. Of IPv6 only the network: one household or server has more addresses than we count."""
    try:
        address = ip_address(request.remote_addr or "127.0.0.1")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


limiter = Limiter(sender, headers_enabled=False)


def spend(limit: str, *key: str) -> None:
    """Count one try of `key` inside a view, before it takes the write lock; 429 once there were too many."""
    if limiter.enabled and not limiter.limiter.hit(parse(limit), *key):
        abort(429)


class Attempt(Model):
    """How many times `key` was tried before `until` (seconds since 1970)."""

    key: Mapped[str] = mapped_column(unique=True)
    count: Mapped[int]
    until: Mapped[float] = mapped_column(Float)


def forget_old_attempts() -> None:
    """Remove the counts that no longer count: they name addresses of people."""
    db.session.execute(delete(Attempt).where(Attempt.until <= now().timestamp()))


class DatabaseStorage(Storage):
    """Counts on a connection of their own: a refusal rolls the request back, and its count must stay."""

    STORAGE_SCHEME = ["database"]  # noqa: RUF012 (as the library declares it)

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        at = now().timestamp()
        fresh = upsert(Attempt).values(key=key, count=amount, until=at + expiry)
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
