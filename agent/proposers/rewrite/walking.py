"""Loops that walk over keys or indices and look the items up by them."""

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.effects import Change
from agent.proposers.rewrite.syntax import Comprehension, index_of, name_of


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A loop over the keys of `walked`, each bound to `key`, and the subscripts `walked[key]` in it."""

    loop: cst.For | cst.CompFor
    key: str
    walked: str
    looked_up: Sequence[cst.Subscript]


def walk(analysis: Analysis, loop: cst.For | cst.CompFor, walked: str | None) -> Walk | None:
    """The walk that a loop is; None where the key or what is walked over may change, or nothing is looked up."""
    function, names, key = analysis.function, analysis.names, name_of(loop.target)
    region = _region(analysis, loop)
    if walked is None or key is None or region is None or loop.asynchronous is not None or not names.is_local(walked):
        return None
    looked_up = [
        node
        for node in function.all(cst.Subscript, region)
        if name_of(node.value) == walked and name_of(index_of(node)) == key
    ]
    if not looked_up or any(names.is_store_target(node) or names.deferred(node) for node in looked_up):
        return None
    bound = [binding.node for binding in names.bindings[key] if function.contains(region, binding.node)]
    if any(node is not loop.target for node in bound) or names.captured(key) or names.captured(walked):
        return None
    if key in names.outer or analysis.effects.change(walked, region) is Change.LIKELY:
        return None
    return Walk(loop=loop, key=key, walked=walked, looked_up=looked_up)


def _region(analysis: Analysis, loop: cst.For | cst.CompFor) -> cst.CSTNode | None:
    """The loop itself, or the comprehension whose only loop it is and that runs where it stands."""
    if isinstance(loop, cst.For):
        return None if analysis.names.deferred(loop) else loop
    above = analysis.function.parent(loop)
    alone = isinstance(above, Comprehension) and loop.inner_for_in is None and not analysis.names.deferred(loop)
    return above if alone else None
