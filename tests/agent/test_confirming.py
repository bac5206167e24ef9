"""How long a confirmation may take: a share of the job's time, whatever the host does."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from agent.domain import Budget, Origin
from agent.ledger import Ledger
from agent.probes.timing import in_time


@pytest.mark.parametrize(("origin", "pairs"), [(Origin.REWRITE, 6), (Origin.FINISH, 11)])
def test_a_confirmation_on_a_crowded_host_ends_with_the_time_it_may_take(origin: Origin, pairs: int) -> None:
    now_s = [90.0]
    ledger = Ledger(Budget(wall_s=100.0), clock=lambda: now_s[0])
    bench: Any = SimpleNamespace(kit=SimpleNamespace(ledger=ledger), candidate=SimpleNamespace(origin=origin))

    def slow() -> Iterator[Any]:
        while True:
            now_s[0] += 10.0
            yield None

    assert len(list(in_time(slow(), bench))) == pairs
