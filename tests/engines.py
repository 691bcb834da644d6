"""A PostgreSQL of our own for the tests: Debian's programs, a temporary folder, a socket no one else sees."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

# Speed only: what these give up is durability, and the tests never survive a power cut.
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SOCKET_ONLY = ("listen_addresses=", "max_connections=200", "timezone=UTC")


def missing() -> str | None:
    """Why PostgreSQL cannot be started here, or None."""
    if _programs() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0 and not (_has_postgres_user() and shutil.which("runuser")):
        return "PostgreSQL refuses to run as root, and there is no user `postgres` to run it as"
    return None


@contextmanager
def postgres_server(settings: tuple[str, ...] = HASTE) -> Iterator[str]:
    """A running server; the value is its address, without a database, for `create_database`."""
    # A short path: a Unix socket's address ends at 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="assoc-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        _run(
            "initdb",
            f"--pgdata={data}",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        options = " ".join(
            f"-c {setting}" for setting in (*settings, *SOCKET_ONLY, f"unix_socket_directories={folder}")
        )
        _run("pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={folder / 'log'}", f"--options={options}")
        try:
            yield f"postgresql+psycopg://postgres@/?host={folder}"
        finally:
            _run("pg_ctl", "stop", f"--pgdata={data}", "--mode=immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restart_at_once(base: str) -> None:
    """Break off whatever the server at `base` does, and start it again: it answers when this returns."""
    folder = Path(base.partition("host=")[2])
    _run("pg_ctl", "restart", "--wait", "--mode=immediate", f"--pgdata={folder / 'data'}", f"--log={folder / 'log'}")


def create_database(base: str, name: str) -> str:
    """An empty database beside the others on the server at `base`; made anew if it was there."""
    with psycopg.connect(_plain(_address(base, "postgres")), autocommit=True) as connection:
        identifier = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
    return _address(base, name)


def _address(base: str, name: str) -> str:
    return base.replace("@/?", f"@/{name}?")


def _plain(url: str) -> str:
    return url.replace("+psycopg", "", 1)


def _programs() -> Path | None:
    """The newest of Debian's versions, else wherever initdb is found (a Mac, another Linux)."""

    def version(folder: Path) -> float:
        return float(folder.parent.name)

    if found := sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version):
        return found[-1]
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


def _has_postgres_user() -> bool:
    return any(user.pw_name == "postgres" for user in pwd.getpwall())


def _run(program: str, *arguments: str) -> None:
    folder = _programs()
    assert folder is not None, missing()
    as_postgres = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    # Where the tests stand may be closed to `postgres`, and the server must not keep our pipes open.
    done = subprocess.run(
        [*as_postgres, str(folder / program), *arguments],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stdout}")


if __name__ == "__main__":
    sys.exit(missing())
