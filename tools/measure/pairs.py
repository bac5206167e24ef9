"""What was measured, as data: windows, samples and pairs. Raw values only; nothing here concludes anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Clock = Literal["cpu", "wall"]


@dataclass(frozen=True, kw_only=True)
class Window:
    """What both clocks, read by the supervisor, say of one stretch of work."""

    wall_s: float
    cpu_s: float | None
    waited_s: float | None = None
    """Of the wall time, what went by waiting for a processor; None where the kernel does not say."""

    def seconds(self, clock: Clock) -> float:
        """By one clock; wall time where there is no other."""
        return self.wall_s if clock == "wall" or self.cpu_s is None else self.cpu_s


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One fresh process of one side."""

    windows: Mapping[str, Window]
    """Each group's timed batch, by the group's name (`workload` or `workload · size`)."""
    whole: Window
    """From the process's start to its end: import, set-up and reading back included."""
    peak_memory_bytes: int | None
    outputs: Mapping[str, str]
    """Digest of what each group returned."""
    first: Mapping[str, Window] = field(default_factory=dict)
    """The first call of a group, cold, where its batch has enough calls to leave it out of the window above."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two samples on the same fresh inputs, run one after the other in random order."""

    reference: Sample
    candidate: Sample
    reference_first: bool
    seed: int
    """What the pair's inputs and hash seed were drawn from."""
