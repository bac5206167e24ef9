"""What a rule is: source text in, edits out, nothing else touched."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis, analyse
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.module import ModuleUnderEdit

COMPOSED = "all"
"""In the place of a rule's name: several edits, one on top of the other."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One way to make a function faster."""

    rule: str
    """The name of the rule that found it, or COMPOSED."""
    summary: str
    """One line: what changes and why it should be faster."""
    source: str
    """The whole new text of the file."""
    line: int
    """The line of the old text that it is about, counted from 1."""

    @property
    def told(self) -> str:
        """The summary with the rule that it comes from; a composed one names its rules itself."""
        return self.summary if self.rule == COMPOSED else f"{self.rule}: {self.summary}"


class Rule(Protocol):
    """Proposes edits of one kind."""

    name: str
    safe_when: str
    """When the rule applies, what it proves and what it leaves to the tests; shown in the documentation."""
    payoff: int
    """The higher, the more a hit is worth: its edits are tried first."""

    def rewrite(self, module: ModuleUnderEdit, function: str) -> list[Edit]:
        """The edits for the function of that qualified name, each standing alone."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule found in a function: the place, and the new text for it."""

    summary: str
    node: cst.CSTNode
    pieces: Sequence[Piece]


class TreeRule(ABC):
    """A rule that looks at a function's libcst tree."""

    name: str
    safe_when: str
    payoff: int

    @abstractmethod
    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """Every place of the function that the rule applies to."""

    def rewrite(self, module: ModuleUnderEdit, function: str) -> list[Edit]:
        """The edits for every definition of that name; none where a function inspects its own variables.

        None either that changes what an f-string shows of its own code.
        """
        edits = []
        for definition in module.functions(function):
            if definition.opaque:
                continue
            for finding in self.find(analyse(definition)):
                if any(definition.shows(piece) for piece in finding.pieces):
                    continue
                source = module.apply(list(finding.pieces))
                line = definition.line(finding.node)
                edits.append(Edit(rule=self.name, summary=finding.summary, source=source, line=line))
        return edits
