"""What a project's own files declare: its name, its dependencies, and what its developers install beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What one file, or all of them merged, say about a project; requirements are PEP 508 strings."""

    name: str | None = None
    installable: bool = False
    """Whether a build backend can install the project."""
    requires_python: str | None = None
    dependencies: tuple[str, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Dependency groups of PEP 735, includes resolved; an installer takes them by name."""
    development: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Groups of other tools (poetry, pdm, hatch, uv, tests_require), which an installer cannot take by name."""
    sources: tuple[str, ...] = ()
    """Folders of importable code, where a build setting names them."""
    native: bool = False
    """Whether extension modules are declared."""
    unread: tuple[str, ...] = ()
    """What stands in the files but could not be read without running code, a sentence each."""

    def or_else(self, other: "Declared") -> "Declared":
        """This one, with what it leaves out taken from `other`."""
        return Declared(
            name=self.name or other.name,
            installable=self.installable or other.installable,
            requires_python=self.requires_python or other.requires_python,
            dependencies=self.dependencies or other.dependencies,
            extras={**other.extras, **self.extras},
            groups={**other.groups, **self.groups},
            development={**other.development, **self.development},
            sources=self.sources or other.sources,
            native=self.native or other.native,
            unread=self.unread + other.unread,
        )

    def everything(self) -> tuple[str, ...]:
        """Every requirement declared anywhere."""
        optional = (*self.extras.values(), *self.groups.values(), *self.development.values())
        return self.dependencies + tuple(text for texts in optional for text in texts)


def distribution(requirement: str) -> str | None:
    """The normalised name of the distribution that a requirement asks for; None for a path, a URL or an option."""
    try:
        return canonicalize_name(Requirement(requirement).name)
    except InvalidRequirement:
        return None
