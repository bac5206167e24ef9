"""A workload's own word on when two results are the same."""

from contextlib import ExitStack
from typing import Any, Self

from tools.workload.session import DriverSession, Side
from tools.workload.workload import Workload


class OwnEqual:
    """The workload's own `equal(a, b)`, run in one process of the unchanged tree, opened when first asked."""

    def __init__(self, reference: Side, workload: Workload, hash_seed: int) -> None:
        self._reference = reference
        self._workload = workload
        self._hash_seed = hash_seed
        self._stack = ExitStack()
        self._session: DriverSession | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def holds(self, before: Any, after: Any) -> bool:
        """Whether the two encoded outputs are equal by it; never where there is none; raises TargetFailed."""
        if self._session is None or not self._session.alive:
            opened = self._reference.session(self._workload, hash_seed=self._hash_seed)
            self._session = self._stack.enter_context(opened)
        return self._session.opened.has_equal and bool(self._session.ask("equal", before=before, after=after)["equal"])
