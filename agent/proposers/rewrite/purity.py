"""Expressions that can be evaluated once instead of several times, and those that can never raise."""

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.kind import hashable
from agent.proposers.rewrite.names import How, is_looked_at
from agent.proposers.rewrite.syntax import called_method, called_name, positional, words

_VALUES = words(
    "len abs round ord chr str repr int float bool hash min max sum any all frozenset tuple range divmod pow"
)
_CONTAINERS = words("sorted list set dict")
_RAISES_WHEN_EMPTY = words("min max")
TEXT_METHODS = words(
    "lower upper casefold title capitalize swapcase strip lstrip rstrip split rsplit splitlines startswith endswith "
    "replace find rfind isdigit isalpha isalnum isspace isupper islower isnumeric isidentifier encode count "
    "partition rpartition removeprefix removesuffix zfill"
)
_LISTS_OF_TEXT = words("split rsplit splitlines partition rpartition")
_LITERALS = (cst.SimpleString, cst.ConcatenatedString, cst.Integer, cst.Float)
_SIZED = words("list tuple str bytes dict set frozenset range")
_ORDERED = words("str int bytes bool")
_READERS = words("len sum min max any all sorted tuple list set frozenset")
_WALKERS = words("enumerate zip map filter")


def is_pure(analysis: Analysis, node: cst.CSTNode) -> bool:
    """Whether an expression changes nothing and depends on nothing but its names and the objects behind them."""
    if isinstance(node, (cst.Name, *_LITERALS)):
        return True
    if isinstance(node, cst.Tuple):
        return all(isinstance(element, cst.Element) and is_pure(analysis, element.value) for element in node.elements)
    if isinstance(node, cst.UnaryOperation):
        return is_pure(analysis, node.expression)
    if isinstance(node, (cst.BinaryOperation, cst.BooleanOperation)):
        return is_pure(analysis, node.left) and is_pure(analysis, node.right)
    if isinstance(node, cst.Subscript):
        parts = [element.slice for element in node.slice]
        plain = all(isinstance(part, cst.Index) and is_pure(analysis, part.value) for part in parts)
        return plain and is_pure(analysis, node.value)
    return isinstance(node, cst.Call) and is_pure_call(analysis, node)


def is_pure_call(analysis: Analysis, node: cst.Call) -> bool:
    """Whether a call is of a pure builtin, or of a text method, with pure arguments."""
    arguments = positional(node)
    if arguments is None or not all(is_pure(analysis, argument) for argument in arguments):
        return False
    name = called_name(node)
    if name is not None:
        known = name in _VALUES or name in _CONTAINERS
        consumed = any(_may_run_dry(analysis, argument) for argument in arguments)
        return known and analysis.names.is_builtin(name) and bool(arguments) and not (consumed and name != "len")
    method = called_method(node)
    if method is None or method[1] not in TEXT_METHODS or not is_pure(analysis, method[0]):
        return False
    kind = analysis.kinds.of(method[0])
    if kind is None:
        return method[1] not in ("count", "find", "rfind", "replace") and isinstance(method[0], cst.Name)
    return kind.base in ("str", "bytes")


def _may_run_dry(analysis: Analysis, argument: cst.BaseExpression) -> bool:
    """Whether an argument may be an iterator, which gives its items only once."""
    kind = analysis.kinds.of(argument)
    if kind is not None:
        return kind.base == "iterator"
    if not isinstance(argument, cst.Name):
        return True
    uses = analysis.names.uses.get(argument.value, [])
    walks = [use for use in uses if use.how in (How.ITERATE, How.READ)]
    if analysis.names.is_parameter(argument.value) and any(analysis.function.repeats(use.name) for use in walks):
        return False  # an iterator would be used up after the first turn
    return not any(use.how in (How.ITEM, How.SLICE, How.STORE) or _is_measured(analysis, use.name) for use in uses)


def _is_measured(analysis: Analysis, name: cst.Name) -> bool:
    argument = analysis.function.parent(name)
    return isinstance(argument, cst.Arg) and called_name(analysis.function.parent(argument)) == "len"


def is_total(analysis: Analysis, node: cst.CSTNode) -> bool:
    """Whether an expression is proven never to raise."""
    base = analysis.kinds.base
    if isinstance(node, _LITERALS):
        return True
    if isinstance(node, cst.Name):
        return base(node) != "" or analysis.names.is_parameter(node.value)
    if not isinstance(node, cst.Call):
        return False
    method = called_method(node)
    arguments = positional(node) or []
    if method is not None:
        same = all(isinstance(argument, cst.SimpleString) and argument.raw_value for argument in arguments)
        return base(method[0]) == "str" and is_total(analysis, method[0]) and same
    name = called_name(node) or ""
    if len(arguments) != 1 or name in _RAISES_WHEN_EMPTY or not is_total(analysis, arguments[0]):
        return False
    item = analysis.kinds.item(arguments[0])
    if name in ("len", "list", "tuple"):
        return base(arguments[0]) in _SIZED
    if name in ("set", "frozenset"):
        return base(arguments[0]) in _SIZED and hashable(item) is True
    if name == "sorted":
        return base(arguments[0]) in _SIZED and item is not None and item.base in _ORDERED
    return name in ("str", "repr") and base(arguments[0]) in _ORDERED


def is_fresh_container(node: cst.CSTNode) -> bool:
    """Whether a call gives a new container each time, which its users might change."""
    method = called_method(node)
    return called_name(node) in _CONTAINERS or (method is not None and method[1] in _LISTS_OF_TEXT)


def is_only_read(analysis: Analysis, node: cst.CSTNode) -> bool:
    """Whether the place a container is used at only looks into it."""
    above = analysis.function.parent(node)
    if isinstance(above, cst.ComparisonTarget):
        return isinstance(above.operator, (cst.In, cst.NotIn))
    if isinstance(above, (cst.For, cst.CompFor)):
        return above.iter is node
    if isinstance(above, cst.Subscript):
        return above.value is node and not analysis.names.is_store_target(above)
    if isinstance(above, cst.Arg):
        call = analysis.function.parent(above)
        name = called_name(call)
        if not isinstance(call, cst.Call) or name is None or not analysis.names.is_builtin(name):
            return False
        return name in _WALKERS or (name in _READERS and is_looked_at(call, above))
    return False
