"""A repository so small that a job on it takes seconds, and the script of the model that works on it."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.models.script import call, say, write_script

MODULE = "src/beads/strings.py"
TARGET = "beads.strings:longest_run"
COMMAND = "python benchmarks/strings.py"
ROUNDS = 3
STRATEGY = f"refine(patience={ROUNDS})"
FILES = {
    MODULE: '''"""What can be told of a string of beads."""


def longest_run(beads: list[int]) -> int:
    """How many equal beads follow each other at most."""
    best = 0
    for start in range(len(beads)):
        end = start
        while end < len(beads) and beads[end] == beads[start]:
            end += 1
        best = max(best, end - start)
    return best
''',
    "src/beads/__init__.py": '"""Beads on strings."""\n',
    "tests/test_strings.py": """from beads.strings import longest_run


def test_runs() -> None:
    assert longest_run([]) == 0
    assert longest_run([1, 1, 2, 2, 2, 3]) == 3
    assert longest_run([4] * 300) == 300
""",
    "benchmarks/strings.py": """from beads.strings import longest_run

print(longest_run([n // 60 for n in range(100_000)]))
""",
    "pyproject.toml": '[project]\nname = "beads"\nversion = "1"\n',
    "hasten.toml": 'install = ["pytest"]\nsources = ["src"]\neditable = false\n',
}


@contextmanager
def sample_repository() -> Iterator[Path]:
    """The repository, committed, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="hasten-sample-") as folder:
        root = Path(folder) / "beads"
        for name, text in FILES.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
        for words in (["init", "--quiet", "--initial-branch", "main"], ["add", "."], [*who, "commit", "-qm", "Beads"]):
            subprocess.run(["git", *words], cwd=root, check=True)
        yield root


def write_replies(path: Path) -> Path:
    """What the model says in the rounds of one job: an edit that breaks a test, then twice nothing."""
    wrong = {"path": MODULE, "old": "            end += 1\n", "new": "            end += 2\n"}
    looked = [
        entry
        for _ in range(ROUNDS - 1)
        for entry in (
            say("I look.", call("view", path=MODULE)),
            say("No.", call("submit", summary="nothing", give_up=True)),
        )
    ]
    tried = [
        say("I look.", call("view", path=MODULE)),
        say("In steps of two.", call("edit", **wrong)),
        say("Done.", call("submit", summary="runs are counted in steps of two")),
    ]
    return write_script(path, [*tried, *looked])
