"""Calls of hot functions, recorded while the tests ran. Their arguments stay closed: only a sandbox unpickles them."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Base64Encoder, EncodedBytes


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A function whose calls are to be recorded."""

    module: str
    qualname: str
    path: str
    """Relative to the repository's root."""
    line: int
    """The first one, decorators included."""

    @property
    def name(self) -> str:
        """`module:qualname`."""
        return f"{self.module}:{self.qualname}"


@dataclass(frozen=True, kw_only=True)
class RecordedCall:
    """One call's arguments."""

    digest: str
    pickle: Annotated[bytes, EncodedBytes(encoder=Base64Encoder)]
    """Of (args, kwargs); opaque bytes from a process that is not trusted."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A fair sample of one function's distinct calls, and what is known of the rest."""

    target: str
    """`module:qualname`."""
    path: str
    qualname: str
    steps: tuple[str, ...]
    """The names that lead from the module to the function whose arguments these are (see `tools/driver/places.py`)."""
    kind: str
    """function, method, staticmethod, classmethod or property; the last two's arguments begin with class or object."""
    calls: tuple[RecordedCall, ...]
    seen_calls: int
    """All calls there were."""
    tried: int
    """Calls that were chosen to be pickled."""
    unpicklable: int
    """Those of them that could not be."""
    reasons: tuple[tuple[str, int], ...]
    """Why not, and how often, the most frequent first."""
    problem: str
    """Why nothing could be recorded; empty where it could."""
    import_paths: tuple[str, ...] = ()
    """Folders of the sandbox that were on the import path: arguments may be of classes in test modules."""

    @property
    def unpicklable_share(self) -> float:
        """Of the calls tried, 0 to 1."""
        return self.unpicklable / self.tried if self.tried else 0.0
