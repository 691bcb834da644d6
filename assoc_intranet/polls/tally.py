"""Counting ballots: pure arithmetic. Who voted and what the options mean plays no part in it."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from .kinds import Answer

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Line(Generic[T]):
    """What one option got; `share` and `maybe_share` are of the ballots that count, from 0 to 1."""

    option: T
    yes: int
    maybe: int
    no: int
    share: float
    maybe_share: float


@dataclass(frozen=True)
class Tally(Generic[T]):
    """`leaders` are the options ahead of all others: several are a tie, none means that nothing was chosen."""

    lines: tuple[Line[T], ...]
    ballots: int
    abstentions: int
    leaders: tuple[T, ...]

    @property
    def counted(self) -> int:
        """Ballots without abstentions: what shares are a part of."""
        return self.ballots - self.abstentions

    @property
    def is_tie(self) -> bool:
        return len(self.leaders) > 1

    def line(self, option: T) -> Line[T]:
        return next(line for line in self.lines if line.option == option)


def count(options: Sequence[T], ballots: Iterable[Mapping[T, str]], abstention: T | None = None) -> Tally[T]:
    """Each ballot says `yes`, `maybe` or `no` of options; choosing `abstention` keeps a ballot out of the shares.

    Ahead is what has the most `yes`; between equals, the most `maybe`. What is still equal is a tie, and stays one.
    """
    cast = list(ballots)
    said = Counter((option, answer) for ballot in cast for option, answer in ballot.items())
    abstentions = 0 if abstention is None else said[abstention, Answer.YES]
    whole = max(len(cast) - abstentions, 1)
    lines = []
    for option in options:
        if option != abstention:
            yes, maybe, no = (said[option, answer] for answer in Answer)
            lines.append(Line(option, yes, maybe, no, yes / whole, maybe / whole))
    best = max(((line.yes, line.maybe) for line in lines), default=(0, 0))
    leaders = tuple(line.option for line in lines if (line.yes, line.maybe) == best) if any(best) else ()
    return Tally(tuple(lines), len(cast), abstentions, leaders)
