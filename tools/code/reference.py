"""What uses of a definition are."""

from dataclasses import dataclass, field

from tools.code.definition import Definition
from tools.code.tree import standing_of


@dataclass(frozen=True, kw_only=True, order=True)
class Reference:
    """One place that uses what was asked for, or may."""

    path: str
    line: int
    function: str
    """The qualified name around it; empty at module level."""
    kind: str
    """`call`, `read`, `write`, `import`, `decorator`, `base`, `annotation`, `export`, `override` or `string`."""
    sure: bool
    why: str = ""
    """Of one that is only possible: what is not known."""


@dataclass(kw_only=True)
class References:
    """What was found."""

    definition: Definition
    found: list[Reference]
    inherited_by: list[str] = field(default_factory=list)
    """Classes that have a method from where it is defined, or that derive from a class; `path:Class`."""
    overrides: list[str] = field(default_factory=list)
    """Methods of bases that it takes the place of."""
    overridden_by: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Files that hold the name and were not taken apart, for there are too many."""
    broken: list[str] = field(default_factory=list)
    """Files that hold the name and do not parse."""

    @property
    def sure(self) -> list[Reference]:
        """Those that the text tells for certain."""
        return [one for one in self.found if one.sure]

    @property
    def possible(self) -> list[Reference]:
        """Those that may be something else."""
        return [one for one in self.found if not one.sure]


def shown_order(one: Reference) -> tuple[bool, int, str, int, str]:
    """The sure before the possible, a project's own code before its tests."""
    return not one.sure, standing_of(one.path), one.path, one.line, one.kind
