"""What a trial ends with: the promise, the figure that was measured, and whether it was kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    promise: str
    figure: str
    kept: bool


class CannotRun(Exception):
    """What the trial needs is not on this machine: the message says what. No promise is kept by it."""


def limit(seconds: float, quick: bool) -> float:
    """How long a promise in time may take. A short run shares its machine with other work, and is given thrice that."""
    return 3 * seconds if quick else seconds
