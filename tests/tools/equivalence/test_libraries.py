"""NumPy's and pandas' values as the driver encodes and varies them, in a sandbox that has both."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from own_environment import own_environment
from two_sides import TwoSides

from tools.equivalence.behaviour import compare_behaviour
from tools.equivalence.compare import difference
from tools.equivalence.render import render
from tools.recipe.environment import Environment
from tools.sandbox.select import open_sandbox
from tools.workload.workload import file_workload
from workers.settings import read_settings

PAIRS = Path(__file__).with_name("library_values.py")
WORKLOAD = """
import random
import subject
sizes = (1,)
def make_input(seed, size):
    return size
def run(place):
    return (subject.SAME + subject.OTHER)[place // 2][place % 2]()
"""


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A virtual environment with both libraries, of the Python that these tests run on."""
    folder = tmp_path_factory.mktemp("libraries")
    env = {"PATH": "/usr/bin:/bin", **read_settings().index_environment()}
    uv = Path(sys.prefix) / "bin/uv"
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder / "venv"], check=True, env=env)
    python = folder / "venv/bin/python"
    subprocess.run([uv, "pip", "install", "-q", "--python", python, "numpy", "pandas"], check=True, env=env)
    return Environment(
        digest="libraries",
        venv=folder / "venv",
        interpreter=Path(sys.base_prefix),
        generated=Path("/nonexistent"),
        driver=own_environment().driver,
    )


@pytest.fixture
def sides(environment: Environment, tmp_path: Path) -> TwoSides:
    return TwoSides(tmp_path, environment, open_sandbox("bubblewrap"))


def test_values_that_are_the_same_and_values_that_are_not(sides: TwoSides) -> None:
    path = sides.folder / "workload.py"
    path.write_text(WORKLOAD)
    side = sides.side("values", PAIRS.read_text())
    asked: dict[str, Any] = {"manner": "once", "limit_s": 20.0, "show": True}
    with side.session(file_workload(path, sides.folder / "home"), hash_seed=1) as session:

        def encoded(place: int) -> Any:
            answer = session.ask("observe", item=[place, 1, None], **asked)
            return json.loads(json.dumps(answer["seen"][0]["returned"]))

        same = encoded(len_of("SAME") * 2 + len_of("OTHER") * 2)
        assert same[0] == "raised"
        for place in range(len_of("SAME") + len_of("OTHER")):
            one, other = encoded(2 * place), encoded(2 * place + 1)
            assert one[0] == other[0] == "returned", (place, one, other)
            found = difference(one, other)
            if place < len_of("SAME"):
                assert found is None, (place, str(found))
            else:
                assert found is not None, (place - len_of("SAME"), render(one))


def len_of(table: str) -> int:
    """How many pairs a table of `library_values.py` has; the libraries themselves are only there in the sandbox."""
    text = PAIRS.read_text()
    part = text[text.index(f"{table} = [") :]
    return part[: part.index("\n]\n")].count("\n    (lambda")


MODULE = """
import numpy as np
def array():
    return np.array([1.5, 2.25, -3.0, 4.0])
def frame():
    import pandas as pd
    return pd.DataFrame({"n": [3, 1, 2, 1], "name": list("abcd")}, index=[10, 20, 30, 40])
def act(values):
    return %s
"""
WRONG = {
    "an array's type": ("array", "values * 2", "(values * 2).astype('f4').astype('f8')"),
    "not a number": ("array", "np.nanmax(values) if len(values) else 0.0", "max(values) if len(values) else 0.0"),
    "a view of its argument": ("array", "values.copy()", "values[:]"),
    "the index of a frame": ("frame", "values[values['n'] > 1]", "values[values['n'] > 1].reset_index(drop=True)"),
}  # fmt: skip


def call_with(kind: str) -> bytes:
    """A pickle of ((subject.array(),), {}) or of the same with a frame: there is no NumPy here to make one with."""
    return b"\x80\x02csubject\n" + kind.encode() + b"\n)R\x85}\x86."


@pytest.mark.parametrize("name", WRONG)
def test_wrong_edits_on_arrays_and_frames_are_found_on_fresh_ones(sides: TwoSides, name: str) -> None:
    kind, before, after = WRONG[name]
    workload = sides.recorded("act", [call_with(kind)])
    found = compare_behaviour(
        sides.side("before", MODULE % before), sides.side("after", MODULE % after), workload, seed=3, lines={}
    )
    assert found.difference is not None
    assert found.difference.startswith("for input (")


@pytest.mark.parametrize("kind", ["array", "frame"])
def test_the_same_code_is_the_same_on_fresh_arrays_and_frames(sides: TwoSides, kind: str) -> None:
    workload = sides.recorded("act", [call_with(kind)])
    text = MODULE % "values * 2"
    found = compare_behaviour(sides.side("before", text), sides.side("after", text + "\n"), workload, seed=3, lines={})
    assert found.difference is None
    assert found.fresh > 100
