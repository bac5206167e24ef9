"""Walking a libcst tree by what matters to a rule, and small questions about single nodes.

The walk leaves out white space, annotations, operators, and the identifiers that are not names of variables (attribute
names, keywords of calls, names in imports): every `Name` it meets is a variable that is read or stored.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from functools import cache

import libcst as cst

Comprehension = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp
Loop = cst.For | cst.While
EXITS = (cst.Break, cst.Continue, cst.Return, cst.Raise, cst.Yield, cst.Await)
"""What may end a turn of a loop, or let other code run in it."""


def words(text: str) -> frozenset[str]:
    """A set of words, written as one text."""
    return frozenset(text.split())


_SKIPPED = words(
    "lpar rpar comma semicolon equal annotation returns lbracket rbracket lbrace rbrace operator dot colon first_colon "
    "second_colon asynchronous newline indent header footer leading_lines lines_after_decorators "
    "lines_after_colon type_parameters star attr keyword"
)
_SKIPPED_BY_TYPE: dict[type[cst.CSTNode], frozenset[str]] = {
    cst.FunctionDef: frozenset({"name"}),
    cst.ClassDef: frozenset({"name"}),
    cst.Param: frozenset({"name"}),
    cst.Import: frozenset({"names"}),
    cst.ImportFrom: frozenset({"module", "names"}),
    cst.Global: frozenset({"names"}),
    cst.Nonlocal: frozenset({"names"}),
}


@cache
def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    skipped = _SKIPPED | _SKIPPED_BY_TYPE.get(kind, frozenset())
    names = [field.name for field in dataclasses.fields(kind)]
    return tuple(name for name in names if name not in skipped and "whitespace" not in name)


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node's children that matter, in the order of the source for nearly all nodes."""
    for name in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            yield value
        elif isinstance(value, (list, tuple)):
            for item in value:
                if isinstance(item, cst.CSTNode):
                    yield item


def name_of(node: cst.CSTNode | None) -> str | None:
    """The identifier of a plain name, None for anything else."""
    return node.value if isinstance(node, cst.Name) else None


def called_name(node: cst.CSTNode | None) -> str | None:
    """`f` of the call `f(...)`, None for anything else."""
    return name_of(node.func) if isinstance(node, cst.Call) else None


def called_method(node: cst.CSTNode | None) -> tuple[cst.BaseExpression, str] | None:
    """Receiver and method name of the call `receiver.method(...)`, None for anything else."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return node.func.value, node.func.attr.value
    return None


def positional(call: cst.Call) -> list[cst.BaseExpression] | None:
    """The arguments of a call that has plain positional ones only, else None."""
    if any(arg.star or arg.keyword is not None for arg in call.args):
        return None
    return [arg.value for arg in call.args]


def sole_argument(call: cst.Call) -> cst.BaseExpression | None:
    """The argument of a call that has exactly one, plain and positional."""
    arguments = positional(call)
    return arguments[0] if arguments is not None and len(arguments) == 1 else None


def index_of(node: cst.CSTNode) -> cst.BaseExpression | None:
    """`i` of the subscript `x[i]`; None for slices and for several indices."""
    if isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        return None if node.slice[0].slice.star else node.slice[0].slice.value
    return None


def slice_of(node: cst.CSTNode) -> cst.Slice | None:
    """The slice of `x[a:b:c]`, None for anything else."""
    if isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice):
        return node.slice[0].slice
    return None


def integer(node: cst.CSTNode | None) -> int | None:
    """The value of an integer literal, its sign included."""
    if isinstance(node, cst.Integer):
        return int(node.evaluated_value)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inside = integer(node.expression)
        return None if inside is None else -inside
    return None


def is_text(node: cst.CSTNode | None, value: str | bytes) -> bool:
    """Whether the node is the plain text or bytes literal of this value."""
    return isinstance(node, cst.SimpleString) and node.evaluated_value == value


def membership(node: cst.CSTNode) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """Element and container of `element in container` or `element not in container`, not of a chained comparison."""
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        target = node.comparisons[0]
        if isinstance(target.operator, (cst.In, cst.NotIn)):
            return node.left, target.comparator
    return None


def small_statements(node: cst.CSTNode) -> Sequence[cst.BaseSmallStatement]:
    """The small statements of a line, nothing for a compound statement."""
    return node.body if isinstance(node, cst.SimpleStatementLine) else ()


def assignment(node: cst.CSTNode) -> tuple[str, cst.BaseExpression] | None:
    """Name and value of `name = value`, with one target and with or without an annotation."""
    if isinstance(node, cst.Assign) and len(node.targets) == 1 and isinstance(node.targets[0].target, cst.Name):
        return node.targets[0].target.value, node.value
    if isinstance(node, cst.AnnAssign) and isinstance(node.target, cst.Name) and node.value is not None:
        return node.target.value, node.value
    return None


def stored_names(target: cst.CSTNode) -> Iterator[cst.Name]:
    """The names that an assignment target binds."""
    if isinstance(target, cst.Name):
        yield target
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from stored_names(element.value)
