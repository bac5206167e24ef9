"""Sizing a workload: which recorded calls it can be measured on."""

from pathlib import Path

from two_sides import two_sides

from tools.measure.plan import plan_batches

SUBJECT = """
    import os

    def work(n):
        if n == 13:
            os._exit(3)
        return sum(range(n))
"""


def test_a_call_that_ends_its_process_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    sides = two_sides(tmp_path)
    workload = sides.recorded("work", [(300,), (13,), (400,)])
    plan = plan_batches(sides.side("before", SUBJECT), workload, hash_seed=1, seed=1)
    assert [index for index, _ in plan.groups[0].calls] == [0, 2]
