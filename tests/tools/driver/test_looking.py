"""What is said of code that looks around in its process, and of code that does what libraries do."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = """
import json, sys
from tools.driver.looking import watch_looks
found = watch_looks("/elsewhere/")
exec(compile(sys.argv[1], "/elsewhere/module.py", "exec"), {"__name__": "module"})
print(json.dumps(found))
"""


def looks(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, code], cwd=ROOT, capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; sys._getframe(1)", "it reads its callers' frames"),
        ("import inspect; inspect.stack()", "it reads its callers' frames"),
        ("import traceback; traceback.extract_stack()", "it reads its callers' frames"),
        ("try: 1 / 0\nexcept ZeroDivisionError as e: e.__traceback__.tb_frame", "it reads its callers' frames"),
        ("open('/proc/self/cmdline').close()", "it reads /proc/self/cmdline"),
        ("import pathlib; pathlib.Path('/proc/self/maps').read_text()", "it reads /proc/self/maps"),
        ("import os; os.listdir('/proc/self/fd')", "it reads /proc/self/fd"),
        ("import gc; gc.get_objects()", "it searches the process for objects"),
    ],
)
def test_a_look_is_told(code: str, said: str) -> None:
    assert looks(code) == [said]


def test_libraries_that_read_frames_for_themselves_are_no_look() -> None:
    code = (
        "import collections, dataclasses, enum, logging, warnings\n"
        "collections.namedtuple('P', 'a b')\n"
        "dataclasses.make_dataclass('C', ['x'])\n"
        "enum.Enum('E', 'a b')\n"
        "logging.getLogger('x').warning('y')\n"
        "warnings.warn('z')\n"
    )
    assert looks(code) == []
