"""What one sample runs: for each group a batch of items, sized on the reference to at least BATCH_S of work.

Items vary within a batch and between pairs, and none repeats within a batch where inputs can be varied: a result kept
from the last call must not look like speed. See `tools/driver/inputs.py` for what an item is.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools.workload.workload import Workload, WorkloadKind

BATCH_S = 0.06
MOST_ITEMS = 50_000
LEAST_WARM = 8
"""Calls in a batch from which on the first is timed apart; smaller batches are cold as a whole."""

Item = list[int | str | None] | str
"""One call of a driver (see `tools/driver/inputs.py`), or one command line."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """One timed batch of a workload."""

    name: str
    items: int
    """How many calls (or runs of a command) make a batch."""
    size: int | None = None
    call_s: float | None = field(default=None, compare=False)
    """About how long one call took when the batch was sized; of workload files alone, and never for judging."""
    calls: tuple[tuple[int, str | None], ...] = ()
    """Recorded calls to draw from: index, and the manner they are varied in (None: as recorded)."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How one workload is sampled."""

    workload: Workload
    groups: tuple[Group, ...]
    fresh: bool
    """Whether every pair runs on inputs made from a seed of its own."""
    distinct: bool = False
    """No input comes twice in a batch; what cannot be varied enough makes the batch smaller."""
    lenient: bool = False
    """Outputs are compared by the workload's own `equal`."""
    mask: bool = False
    """Decimal numbers in a command's output differ from run to run and are left out of the comparison."""
    caveats: tuple[str, ...] = ()

    def first_apart(self, items: int) -> bool:
        """Whether the first of a batch's calls, which is cold, is timed on its own and the rest, warm, on theirs."""
        return self.workload.kind is not WorkloadKind.COMMAND and items >= LEAST_WARM

    def batches(self, seed: int) -> Mapping[str, Sequence[Item]]:
        """Each group's items for one pair: the same for the same seed."""
        rng = random.Random(seed)
        return {group.name: self._batch(group, rng) for group in self.groups}

    def _batch(self, group: Group, rng: random.Random) -> Sequence[Item]:
        if self.workload.kind is WorkloadKind.COMMAND:
            command = self.workload.command or ""
            return [command.replace("{seed}", str(rng.randrange(1 << 31))) for _ in range(group.items)]
        if self.workload.kind is WorkloadKind.FILE:
            return [[group.size, rng.randrange(1 << 48), None] for _ in range(group.items)]
        order = [group.calls[i % len(group.calls)] for i in range(group.items)]
        rng.shuffle(order)
        return [[index, rng.randrange(1 << 48) if manner else None, manner] for index, manner in order]
