"""A session on a project in C measures it with the same tools as any other."""

import re
import shutil
from collections.abc import Callable

import pytest
from plate import Plate, open_plate

from agent.desk import Desk
from agent.toolbox.tool import named
from agent.toolbox.tools import TOOLS
from tools.errors import ToolError

MISSING = [name for name in ("make", "gcc", "valgrind") if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (apt-get install)")
HOT = "to->cells[at] = from->cells[at] + *rate * (around / 4 - from->cells[at]);"


@pytest.fixture(scope="module")
def plate(tmp_path_factory: pytest.TempPathFactory) -> Plate:
    return open_plate(tmp_path_factory.mktemp("learning-plate"))


@pytest.fixture(scope="module")
def use() -> Callable[..., str]:
    def call(desk: Desk, name: str, **arguments: object) -> str:
        tool = named(TOOLS, name)
        return tool.run(desk, tool.arguments(**arguments))

    return call


def test_functions_and_lines_are_those_that_the_command_executes(plate: Plate, use: Callable[..., str]) -> None:
    assert re.search(r"\d\d\.\d% +\d\d\.\d%  src/grid\.c:relax", use(plate.desk(), "profile"))
    desk = plate.desk()
    desk.write("src/grid.c", desk.read("src/grid.c").replace(HOT, f"(void)0;\n            {HOT}"))
    said = use(desk, "profile", level="line")  # counted anew: it stands a line lower
    assert re.search(rf"^line 12 takes \d\d% of the function's time: {re.escape(HOT)}", said, re.MULTILINE)
    with pytest.raises(ToolError, match="Python code only"):
        use(desk, "profile", level="memory")


def test_a_wrong_edit_fails_its_command_and_shows_other_output(plate: Plate, use: Callable[..., str]) -> None:
    assert use(plate.desk(), "run_tests").startswith("1 of 1 tests pass")
    desk = plate.desk()
    desk.write("src/grid.c", desk.read("src/grid.c").replace("around / 4", "around / 5"))
    assert "failed: neighbours take a quarter each" in use(desk, "run_tests")
    assert "DIFFERENT RESULTS" in use(desk, "measure")
    with pytest.raises(ToolError, match="Only Python code"):
        use(desk, "trace_failure")
