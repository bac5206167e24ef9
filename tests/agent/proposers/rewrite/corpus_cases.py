"""The corpus: one file per case, `accept/<rule>/<name>.py` and `refuse/<rule>/<name>.py`.

An accepted case has three parts, apart by `# ==== after` and `# ==== inputs`: the module before, the module the rule
must make of it, and `inputs(random, size)` with the `large` size and the `faster` ratio the rewrite must reach there.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
TARGET = "target"
TWO_SLOW_SPOTS = '''\
"""Two slow spots."""


def target(rows: list[str], stop: list[str]):
    text = ""
    for row in rows:  # each
        if row not in stop:
            text = text + row + ";"
    return text


def untouched(rows, stop: list[str]):
    return [row for row in rows if row in stop]
'''


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file of the corpus."""

    path: Path
    rule: str
    before: str
    after: str = ""
    inputs: str = ""

    @property
    def qualname(self) -> str:
        """Where `target` stands in the module."""
        for node in ast.parse(self.before).body:
            inner = node.body if isinstance(node, (ast.ClassDef, ast.FunctionDef)) else []
            if any(isinstance(below, ast.FunctionDef) and below.name == TARGET for below in inner):
                return f"{getattr(node, 'name', '')}.{TARGET}"
        return TARGET

    def __str__(self) -> str:
        return f"{self.rule}/{self.path.stem}"


def cases(folder: str) -> list[Case]:
    """Every case of `accept` or `refuse`, sorted by path."""
    found = []
    for path in sorted((CORPUS / folder).rglob("*.py")):
        before, _, rest = path.read_text().partition("# ==== after\n")
        after, _, inputs = rest.partition("# ==== inputs\n")
        found.append(Case(path=path, rule=path.parent.name, before=before, after=after, inputs=inputs))
    return found
