"""The mutator's operators: for one syntax node, what else could stand there."""

import ast
import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

Mutant = tuple[str, ast.expr | ast.stmt, str]
"""The operator's name, the node that is replaced, and the text in its place."""
Node = TypeVar("Node", bound=ast.AST)

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.FloorDiv,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
EXCEPTIONS = {"ValueError": "TypeError", "TypeError": "ValueError", "KeyError": "IndexError", "IndexError": "KeyError"}
COPIES = ("list", "tuple", "sorted", "set", "dict", "iter", "reversed", "frozenset", "int", "float", "str", "abs")


def mutants_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Mutant]:
    """Every mutant of a function: its defaults and its body, not its docstring, annotations or decorators."""
    for default in [*function.args.defaults, *function.args.kw_defaults]:
        if default is not None:
            yield from _mutants(default)
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    for statement in body:
        for node in _inside(statement):
            if isinstance(node, ast.expr | ast.stmt):
                yield from _mutants(node)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """The node and what is in it, but for places whose offsets say nothing (f-strings) or nothing depends on."""
    if isinstance(node, ast.JoinedStr):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _inside(child)


def _mutants(node: ast.expr | ast.stmt) -> Iterator[Mutant]:
    for kind, operator in _OPERATORS:
        if isinstance(node, kind):
            for name, replacement in operator(node):
                yield name, node, replacement


def _changed(node: Node, change: Callable[[Node], object]) -> str:
    """The text of a copy of the node after a change, in parentheses where it is an expression of several parts."""
    other = copy.deepcopy(node)
    change(other)
    text = ast.unparse(other)
    return f"({text})" if isinstance(other, ast.BoolOp | ast.BinOp | ast.Compare | ast.UnaryOp) else text


def _comparison(node: ast.Compare) -> Iterator[tuple[str, str]]:
    for place, operator in enumerate(node.ops):
        other = COMPARISONS[type(operator)]
        yield "comparison", _changed(node, partial(_compare_by, place=place, operator=other))


def _compare_by(new: ast.Compare, place: int, operator: type[ast.cmpop]) -> None:
    new.ops[place] = operator()


def _constant(node: ast.Constant) -> Iterator[tuple[str, str]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", repr(not value)
    elif isinstance(value, int | float):
        yield "constant", repr(value + 1)
        yield "constant", f"({value - 1!r})"
    elif isinstance(value, str) and value:
        yield "constant", repr(value[:-1])


def _logic(node: ast.BoolOp) -> Iterator[tuple[str, str]]:
    other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
    yield "logic", _changed(node, lambda new: setattr(new, "op", other))
    yield "logic", f"({ast.unparse(node.values[0])})"


def _negation(node: ast.UnaryOp) -> Iterator[tuple[str, str]]:
    if isinstance(node.op, ast.Not):
        yield "logic", f"bool({ast.unparse(node.operand)})"
    elif isinstance(node.op, ast.USub):
        yield "arithmetic", f"({ast.unparse(node.operand)})"


def _arithmetic(node: ast.BinOp) -> Iterator[tuple[str, str]]:
    if other := ARITHMETIC.get(type(node.op)):
        yield "arithmetic", _changed(node, lambda new: setattr(new, "op", other()))


def _augmented(node: ast.AugAssign) -> Iterator[tuple[str, str]]:
    if other := ARITHMETIC.get(type(node.op)):
        yield "arithmetic", _changed(node, lambda new: setattr(new, "op", other()))
    target, value = ast.unparse(node.target), ast.unparse(node.value)
    if isinstance(node.op, ast.Add) and isinstance(node.target, ast.Name):
        yield "augmented assignment", f"{target} = {target} + {value}"


def _call(node: ast.Call) -> Iterator[tuple[str, str]]:
    plain = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
    if len(plain) == len(node.args) >= 2:
        yield "swapped arguments", _changed(node, lambda new: new.args.__setitem__(slice(0, 2), new.args[1::-1]))
    if len(node.args) == 1 and plain and isinstance(node.func, ast.Name) and node.func.id in COPIES:
        yield "dropped call", f"({ast.unparse(node.args[0])})"
    for place in range(len(node.keywords)):
        yield "dropped argument", _changed(node, partial(_drop_keyword, place=place))


def _drop_keyword(new: ast.Call, place: int) -> None:
    del new.keywords[place]


def _statement(node: ast.Expr) -> Iterator[tuple[str, str]]:
    if isinstance(node.value, ast.Call):
        yield "dropped call", "pass"
    elif isinstance(node.value, ast.YieldFrom):
        yield "drawn at once", f"yield from list({ast.unparse(node.value.value)})"


def _jump(node: ast.stmt) -> Iterator[tuple[str, str]]:
    yield "jump", "continue" if isinstance(node, ast.Break) else "break"


def _slice(node: ast.Subscript) -> Iterator[tuple[str, str]]:
    if isinstance(node.slice, ast.Slice):
        for end in ("lower", "upper"):
            if getattr(node.slice, end) is not None:
                yield "slice", _changed(node, partial(_open_slice, end=end))


def _open_slice(new: ast.Subscript, end: str) -> None:
    setattr(new.slice, end, None)


def _container(node: ast.ListComp) -> Iterator[tuple[str, str]]:
    yield "container", f"list({{{ast.unparse(node)[1:-1]}}})" if not node.generators[0].is_async else "[]"


def _generator(node: ast.GeneratorExp) -> Iterator[tuple[str, str]]:
    yield "drawn at once", f"(iter([{ast.unparse(node)[1:-1]}]))"


def _raise(node: ast.Raise) -> Iterator[tuple[str, str]]:
    call = node.exc
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in EXCEPTIONS:
        yield "exception", _changed(node, partial(_raise_another, name=EXCEPTIONS[call.func.id]))


def _raise_another(new: ast.Raise, name: str) -> None:
    if isinstance(new.exc, ast.Call) and isinstance(new.exc.func, ast.Name):
        new.exc.func.id = name


_OPERATORS: tuple[tuple[type | tuple[type, ...], Callable[..., Iterator[tuple[str, str]]]], ...] = (
    (ast.Compare, _comparison),
    (ast.Constant, _constant),
    (ast.BoolOp, _logic),
    (ast.UnaryOp, _negation),
    (ast.BinOp, _arithmetic),
    (ast.AugAssign, _augmented),
    (ast.Call, _call),
    (ast.Expr, _statement),
    ((ast.Break, ast.Continue), _jump),
    (ast.Subscript, _slice),
    (ast.ListComp, _container),
    (ast.GeneratorExp, _generator),
    (ast.Raise, _raise),
)
