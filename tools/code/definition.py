"""What a definition is."""

from dataclasses import dataclass

from tools.code.values import Symbol


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One definition. Lines count from 1, decorators included."""

    path: str
    qualname: str
    kind: str
    """`function`, `method`, `class` or `variable`; in C also `struct`, `macro` and the like."""
    first_line: int
    last_line: int
    inherited_by: str = ""
    """The class that was asked for, where it only inherits this."""

    @property
    def symbol(self) -> Symbol:
        """What it is, whatever its lines."""
        return Symbol(self.path, self.qualname)

    def __str__(self) -> str:
        through = f", inherited by {self.inherited_by}" if self.inherited_by else ""
        return f"{self.path}:{self.first_line}-{self.last_line} {self.kind} {self.qualname}{through}"
