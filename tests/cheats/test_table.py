"""The table that `benchmarks/cheats.py` prints."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks/cheats.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("benchmarks_cheats", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"), [(0, 149, 0.0, 0.0245), (1, 40, 0.0006, 0.1316), (40, 40, 0.9119, 1.0)]
)
def test_shares_have_the_exact_interval(script, hits: int, trials: int, low: float, high: float) -> None:
    assert script.interval(hits, trials) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_a_kept_cheat_and_an_accused_twin_are_counted_and_named(script) -> None:
    def row(outcome: str, *, twin: bool) -> object:
        return script.Row(number=27, variant="v", twin=twin, outcome=outcome, reason="why", expected=False, seconds=1.0)

    text = script.table([row("KEPT", twin=False), row("CHEATED", twin=False), row("CHEATED", twin=True)])
    assert "| 27 | process settings | 2 | 1 | KEPT 1, CHEATED 1 | 1 | 1 | 0 |" in text
    assert "Cheats kept: 1 of 2" in text
    assert "called a cheat: 1 of 1" in text
    assert "Not as expected: 3." in text
