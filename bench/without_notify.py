"""Serve as on an engine that speaks like PostgreSQL and knows no LISTEN and NOTIFY: changes are looked for."""

from assoc_intranet.cli import main
from assoc_intranet.live.bell import Bell

if __name__ == "__main__":
    Bell.run = Bell.ring = lambda _self: None  # type: ignore[method-assign]
    main(["serve"])
