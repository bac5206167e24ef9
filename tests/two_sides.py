"""Two versions of one module, each in a real sandbox, compared on recorded calls or by a workload file."""

import pickle
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from own_environment import own_environment

from tools.equivalence.behaviour import Behaviour, compare_behaviour
from tools.recipe.environment import Environment
from tools.sandbox.contract import Limits, Sandbox
from tools.sandbox.select import open_sandbox
from tools.workload.session import Side
from tools.workload.workload import Workload, file_workload, recorded_workload

MODULE = "subject"
LINES = {f"/project/{MODULE}.py": list(range(1, 200))}


@dataclass(frozen=True)
class TwoSides:
    """Makes sides of module texts and compares them."""

    folder: Path
    environment: Environment
    sandbox: Sandbox

    def side(self, name: str, text: str) -> Side:
        """A tree with the text as its only module."""
        tree = self.folder / name
        tree.mkdir(parents=True, exist_ok=True)
        (tree / f"{MODULE}.py").write_text(textwrap.dedent(text))
        return Side(sandbox=self.sandbox, environment=self.environment, tree=tree, limits=Limits(wall_s=60.0))

    def recorded(self, function: str, calls: Sequence[tuple[Any, ...] | bytes], made: Sequence[bytes] = ()) -> Workload:
        """Calls of a function of the module; a call is its positional arguments, or the pickle of (args, kwargs)."""
        blobs = [call if isinstance(call, bytes) else pickle.dumps((call, {}), 4) for call in calls]
        steps, home = function.split("."), self.folder / "home"
        return recorded_workload(
            module=MODULE, qualname=function, steps=steps, calls=blobs, paths=(), home=home, made=made
        )

    def pickled(self, text: str, *calls: str) -> list[list[bytes]]:
        """Lists of calls, written in the names of the module's text, as they are recorded."""
        module = ModuleType(MODULE)
        exec(textwrap.dedent(text), vars(module))
        sys.modules[MODULE] = module
        try:
            return [[pickle.dumps(call, 4) for call in eval(written, vars(module))] for written in calls]
        finally:
            del sys.modules[MODULE]

    def compare(self, before: str, after: str, workload: Workload, *, seed: int = 7) -> Behaviour:
        """Both texts on one workload."""
        sides = self.side("before", before), self.side("after", after)
        return compare_behaviour(*sides, workload, seed=seed, lines=LINES)

    def calls(
        self, before: str, after: str, function: str, calls: Sequence[tuple[Any, ...]], *, seed: int = 7
    ) -> Behaviour:
        """Both texts on recorded calls of one function."""
        return self.compare(before, after, self.recorded(function, calls), seed=seed)

    def file(self, before: str, after: str, workload: str, *, seed: int = 7) -> Behaviour:
        """Both texts by a workload file."""
        path = self.folder / "workload.py"
        path.write_text(textwrap.dedent(workload))
        return self.compare(before, after, file_workload(path, self.folder / "home"), seed=seed)


def two_sides(folder: Path) -> TwoSides:
    """In the environment of these tests."""
    return TwoSides(folder, own_environment(), open_sandbox("bubblewrap"))
