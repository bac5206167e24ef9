"""Recorded sessions: pairs that the product's own sampler took, kept raw in one small file.

Times are whole microseconds and memory is in KiB; a session's pairs stand in columns, which pack well.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.measure.pairs import Pair, Sample, Window

DATA = Path(__file__).with_name("data") / "sessions.json.gz"
GROUP = "workload"
"""Every recorded workload has one size, so one group."""
_SIDES = ("reference", "candidate")
_COLUMNS = ("wall", "cpu", "waited", "first_wall", "first_cpu", "whole_wall", "whole_cpu", "peak")


@dataclass(frozen=True, kw_only=True)
class Session:
    """Pairs of one workload, taken one after the other under one condition."""

    workload: str
    """`python`, `command`, `numpy` or `waiting`; `one input` where a batch holds a single one."""
    condition: str
    """Who else used the processors: `quiet`, `other core` or `both cores`."""
    change: str
    """What the candidate is beside the reference; see `changes.CHANGES`."""
    child: bool
    """Whether the reference is the tree of a kept candidate rather than the unchanged code."""
    truth: float | None
    """The true ratio of times by construction, before / after; None where the change is no constant factor."""
    items: int
    """How many inputs a batch holds."""
    load: float
    """The host's load average just before."""
    took_s: float
    pairs: tuple[Pair, ...]

    @property
    def name(self) -> str:
        """In words."""
        return f"{self.workload}, {self.condition}, {self.change}{', child' if self.child else ''}"


@dataclass(frozen=True, kw_only=True)
class Recording:
    """Everything that one run of `record` took."""

    machine: Mapping[str, Any]
    taken: str
    """The day, as ISO 8601 says it."""
    sessions: tuple[Session, ...]


def save(recording: Recording, path: Path = DATA) -> None:
    """Write a recording; the same recording is always the same bytes."""
    text = json.dumps(
        {
            "machine": dict(recording.machine),
            "taken": recording.taken,
            "sessions": [_packed(session) for session in recording.sessions],
        },
        separators=(",", ":"),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def load(path: Path = DATA) -> Recording:
    """Read a recording."""
    found = json.loads(gzip.decompress(path.read_bytes()))
    sessions = tuple(_unpacked(session) for session in found["sessions"])
    return Recording(machine=found["machine"], taken=found["taken"], sessions=sessions)


def _packed(session: Session) -> dict[str, Any]:
    columns = {
        f"{side}_{name}": [_values(getattr(pair, side))[name] for pair in session.pairs]
        for side in _SIDES
        for name in _COLUMNS
    }
    described = {
        name: getattr(session, name)
        for name in ("workload", "condition", "change", "child", "truth", "items", "load", "took_s")
    }
    return {**described, "reference_first": [int(pair.reference_first) for pair in session.pairs], **columns}


def _values(sample: Sample) -> dict[str, int | None]:
    (window,) = sample.windows.values()
    first = next(iter(sample.first.values()), None)
    return {
        "wall": _us(window.wall_s),
        "cpu": _us(window.cpu_s),
        "waited": _us(window.waited_s),
        "first_wall": None if first is None else _us(first.wall_s),
        "first_cpu": None if first is None else _us(first.cpu_s),
        "whole_wall": _us(sample.whole.wall_s),
        "whole_cpu": _us(sample.whole.cpu_s),
        "peak": None if sample.peak_memory_bytes is None else sample.peak_memory_bytes // 1024,
    }


def _us(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1e6)


def _unpacked(found: dict[str, Any]) -> Session:
    orders: Sequence[int] = found.pop("reference_first")
    columns = {side: [found.pop(f"{side}_{name}") for name in _COLUMNS] for side in _SIDES}
    pairs = tuple(
        Pair(
            reference=_sample([column[number] for column in columns["reference"]]),
            candidate=_sample([column[number] for column in columns["candidate"]]),
            reference_first=bool(first),
            seed=number,
        )
        for number, first in enumerate(orders)
    )
    return Session(**found, pairs=pairs)


def _sample(values: Sequence[int | None]) -> Sample:
    wall, cpu, waited, first_wall, first_cpu, whole_wall, whole_cpu, peak = values
    return Sample(
        windows={GROUP: Window(wall_s=(wall or 0) / 1e6, cpu_s=_s(cpu), waited_s=_s(waited))},
        whole=Window(wall_s=(whole_wall or 0) / 1e6, cpu_s=_s(whole_cpu)),
        peak_memory_bytes=None if peak is None else peak * 1024,
        outputs={},
        first={} if first_wall is None else {GROUP: Window(wall_s=first_wall / 1e6, cpu_s=_s(first_cpu))},
    )


def _s(us: int | None) -> float | None:
    return None if us is None else us / 1e6
