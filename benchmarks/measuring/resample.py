"""Endless streams of pairs out of recorded sessions.

A stream is circular moving blocks: stretches of BLOCK neighbouring pairs that start anywhere in a session, one after
the other, so that what neighbouring pairs have in common (drift, a neighbour's burst) stays in (Politis and Romano,
"A circular block-resampling procedure for stationary data", 1992). The order within each pair stays as recorded. For
identical code the names of the two sides are exchanged for a whole stream or not at all: a session that favours one
side is caught whichever side that is. Where the inputs decide how a pair turns out, pairs are drawn one by one, as the
inputs were.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from benchmarks.measuring.sessions import Session
from tools.measure.pairs import Pair

BLOCK = 12
SLOW = 1.5
"""An input on which the candidate takes this many times as long is one of those that a mixed change makes slower."""


@dataclass(frozen=True, kw_only=True)
class Resampled:
    """One session as one trial sees it."""

    session: Session
    rng: random.Random
    swapped: bool = False
    in_order: bool = False
    """The session as it was recorded, from its first pair on."""

    def pairs(self) -> Iterator[Pair]:
        """Pairs without end."""
        recorded = self.session.pairs
        while self.in_order:
            yield from map(self._seen, recorded)
        while True:
            start = self.rng.randrange(len(recorded))
            for step in range(1 if self.session.change == "mixed" else BLOCK):
                yield self._seen(recorded[(start + step) % len(recorded)])

    def again(self) -> Callable[[Pair], Pair]:
        """Measures a pair's inputs once more: any recorded pair on inputs of the same kind."""

        def measure(pair: Pair) -> Pair:
            same = [other for other in self.session.pairs if slow(self._seen(other)) == slow(pair)]
            return self._seen(self.rng.choice(same))

        return measure if self.session.change == "mixed" else lambda _: self._seen(self.rng.choice(self.session.pairs))

    def _seen(self, pair: Pair) -> Pair:
        if not self.swapped:
            return pair
        return replace(
            pair, reference=pair.candidate, candidate=pair.reference, reference_first=not pair.reference_first
        )


def slow(pair: Pair) -> bool:
    """Whether a mixed change made this pair's input slower: two units in the wall time of three cannot be missed."""
    (before,), (after,) = pair.reference.windows.values(), pair.candidate.windows.values()
    return after.seconds("cpu") > SLOW * before.seconds("cpu")
