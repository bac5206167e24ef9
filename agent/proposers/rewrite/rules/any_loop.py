"""`if any(test(x) for x in xs): return y` becomes a loop, which makes no generator."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Function, Piece
from agent.proposers.rewrite.names import How
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import Comprehension, called_method, called_name, sole_argument, stored_names

_LOOSE = (cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Yield)
"""Expressions that need parentheses beside `and` and `not`."""


@dataclass(frozen=True, kw_only=True)
class _Question:
    """A call of `any` or `all` and what it is asked for."""

    call: cst.Call
    generator: cst.GeneratorExp
    guard: cst.BaseExpression | None
    """What must be true before it is asked."""
    found: bool
    """The answer of the whole test where an item ends the loop early."""

    @property
    def ends_on(self) -> bool:
        """What the test of an item gives where it ends the loop: True for `any`, False for `all`."""
        return called_name(self.call) == "any"


class AnyLoopRule(TreeRule):
    """Asks `any` or `all` through a generator, which costs more to make and to go on with than a loop."""

    name = "any-loop"
    payoff = 58
    safe_when = (
        "`any` or `all` is the builtin and gets a generator with one loop, and is all that a `return` gives or that an "
        "`if` without `else` asks, `not` before it and one `and` in front aside. The loop asks the same of the same "
        "items until the same one ends it, and what follows runs once: before a `break`, or behind the loop's `else`. "
        "Refused where the loop's variable has another meaning in the function or is used "
        "by a nested function, for `await`, `:=` and `next` within, and where the body would run before a generator of "
        "this module has closed what it holds (`with`, `finally`). Likely, left to the tests: nothing that is asked "
        "raises StopIteration, which a generator would turn into another error, and no generator of another module "
        "holds something that the body needs."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for all of a function's questions, whose loops may share a variable."""
        pieces: list[Piece] = []
        first: cst.CSTNode | None = None
        for node in [*analysis.function.all(cst.If), *analysis.function.all(cst.SimpleStatementLine)]:
            piece = self._piece(analysis, node)
            if piece is not None and all(piece.end <= one.start or one.end <= piece.start for one in pieces):
                pieces.append(piece)
                first = first or node
        if first is not None:
            yield Finding(summary="ask item by item instead of through a generator", node=first, pieces=pieces)

    def _piece(self, analysis: Analysis, node: cst.CSTNode) -> Piece | None:
        if isinstance(node, cst.If):
            question = _question(analysis, node.test)
            return None if question is None else _rewritten_if(analysis.function, node, question)
        if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1 and isinstance(node.body[0], cst.Return):
            value = node.body[0].value
            question = None if value is None else _question(analysis, value)
            if question is not None and question.guard is None:
                return _rewritten_return(analysis.function, node, question)
        return None


def _question(analysis: Analysis, test: cst.BaseExpression) -> _Question | None:
    guard: cst.BaseExpression | None = None
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        guard, test = test.left, test.right
    denied = isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not)
    call = test.expression if isinstance(test, cst.UnaryOperation) and denied else test
    if not isinstance(call, cst.Call) or not analysis.names.calls_builtin(call, "any", "all"):
        return None
    generator = sole_argument(call)
    if not isinstance(generator, cst.GeneratorExp) or not _can_loop(analysis, generator):
        return None
    begin, end = analysis.function.span(call)
    if "#" in analysis.function.module.source[begin:end]:
        return None
    return _Question(call=call, generator=generator, guard=guard, found=(called_name(call) == "any") is not denied)


def _can_loop(analysis: Analysis, generator: cst.GeneratorExp) -> bool:
    """Whether the generator's loop can stand as a statement of the function."""
    loop, function = generator.for_in, analysis.function
    if loop.inner_for_in is not None or loop.asynchronous is not None or analysis.names.deferred(generator):
        return False
    for node in function.inside(generator):
        if isinstance(node, (cst.Await, cst.Yield, cst.NamedExpr, cst.Lambda)) or called_name(node) == "next":
            return False
        method = called_method(node)
        if method is not None and method[1] in ("__next__", "throw", "send"):
            return False
    targets = list(stored_names(loop.target))
    plain = len(function.all(cst.Name, loop.target)) == len(targets)
    around = [above for above in function.ancestors(generator) if isinstance(above, cst.For)]
    taken = {target.value for above in around for target in stored_names(above.target)}
    return plain and all(t.value not in taken and _is_only_of_loops(analysis, t.value) for t in targets)


def _is_only_of_loops(analysis: Analysis, name: str) -> bool:
    """Whether every use of a name is of a loop or comprehension that binds it, and runs within it."""
    names, function = analysis.names, analysis.function
    if name in names.outer or any(binding.kind not in ("comp", "for") for binding in names.bindings.get(name, ())):
        return False
    if any(names.deferred(binding.node) for binding in names.bindings.get(name, ())):
        return False
    for use in names.uses.get(name, ()):
        if use.how is How.CAPTURED or not any(
            _binds(above, name) and not _is_outside(function, above, use.name) for above in function.ancestors(use.name)
        ):
            return False
    return True


def _binds(node: cst.CSTNode, name: str) -> bool:
    if isinstance(node, cst.For):
        return any(target.value == name for target in stored_names(node.target))
    if isinstance(node, Comprehension):
        return any(target.value == name for target in stored_names(node.for_in.target))
    return False


def _is_outside(function: Function, loop: cst.CSTNode, name: cst.CSTNode) -> bool:
    """Whether a name stands in what a loop walks over, or behind the loop in its `else`."""
    if isinstance(loop, cst.For):
        return function.contains(loop.iter, name) or (loop.orelse is not None and function.contains(loop.orelse, name))
    return isinstance(loop, Comprehension) and function.contains(loop.for_in.iter, name)


def _rewritten_return(function: Function, line: cst.SimpleStatementLine, question: _Question) -> Piece | None:
    if function.statement(line) is not line:
        return None
    unit, indent = _unit(function), _indent(function, line)
    if unit is None:
        return None
    lines = [
        f"{_head(function, question)}:",
        f"{indent}{unit}if {_test(function, question)}:",
        f"{indent}{unit * 2}return {question.found}",
        f"{indent}return {not question.found}",
    ]
    return function.replace(line.body[0], "\n".join(lines))


def _rewritten_if(function: Function, node: cst.If, question: _Question) -> Piece | None:
    """The statement as loops, from its first word to the end of its body."""
    unit = _unit(function)
    if node.orelse is not None or function.statement(node) is not node or unit is None:
        return None
    body = _body(function, node)
    if body is None:
        return None
    indent = _indent(function, node)
    deeper = unit if question.guard is not None else ""
    deep = indent + deeper
    lines = [] if question.guard is None else [f"if {function.code(question.guard)}:"]
    lines.append(f"{deep if lines else ''}{_head(function, question)}:")
    lines.append(f"{deep}{unit}if {_test(function, question)}:")
    if not question.found:
        lines += [f"{deep}{unit * 2}break", f"{deep}else:"]
    elif not _says_to_loop(node.body) and not _holds(function, question.generator.for_in.iter):
        deeper += unit
    else:
        return None
    lines += [deeper + line if line.strip() else line for line in body]
    if question.found and not _leaves(node):
        lines.append(f"{deep}{unit * 2}break")
    begin = function.span(node)[0]
    return Piece(start=begin, end=_end_of(function, node), text="\n".join(lines))


def _head(function: Function, question: _Question) -> str:
    loop = question.generator.for_in
    return f"for {function.code(loop.target)} in {function.code(loop.iter)}"


def _test(function: Function, question: _Question) -> str:
    """What is asked of an item, so that it is true where the loop ends."""
    parts = [_tight(function, condition.test) for condition in question.generator.for_in.ifs]
    asked = question.generator.elt
    if question.ends_on:
        return " and ".join([*parts, _tight(function, asked) if parts else function.code(asked)])
    return " and ".join([*parts, _denied(function, asked)])


def _denied(function: Function, asked: cst.BaseExpression) -> str:
    if isinstance(asked, cst.UnaryOperation) and isinstance(asked.operator, cst.Not):
        return _tight(function, asked.expression)
    if isinstance(asked, cst.Comparison) and len(asked.comparisons) == 1 and not asked.lpar:
        turned = _TURNED.get(type(asked.comparisons[0].operator))
        if turned:
            return f"{function.code(asked.left)} {turned} {function.code(asked.comparisons[0].comparator)}"
    return f"not {_tight(function, asked)}"


_TURNED: dict[type[cst.BaseCompOp], str] = {cst.Is: "is not", cst.IsNot: "is", cst.In: "not in", cst.NotIn: "in"}
"""Comparisons of which the opposite is exactly the denial."""


def _tight(function: Function, node: cst.BaseExpression) -> str:
    """An expression's text, fit to stand beside `and` and behind `not`."""
    text = function.code(node)
    own = bool(node.lpar) or text.startswith("(")
    return text if own or not isinstance(node, (cst.BooleanOperation, *_LOOSE)) else f"({text})"


def _leaves(node: cst.If) -> bool:
    """Whether the body ends by leaving the function."""
    last = node.body.body[-1]
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    return isinstance(small, (cst.Return, cst.Raise))


def _holds(function: Function, walked: cst.CSTNode) -> bool:
    """Whether what is walked over comes from a generator of this module that has something to do when it is closed.

    `any` drops it before the body runs, a loop only behind the body.
    """
    calls = function.all(cst.Call, walked)
    called = {called_name(call) or (called_method(call) or (call, ""))[1] for call in calls}
    for definition in ast.walk(function.module.tree) if called else ():
        if isinstance(definition, ast.FunctionDef) and definition.name in called:
            inside = {type(node) for node in ast.walk(definition)}
            if inside & {ast.Yield, ast.YieldFrom} and inside & {ast.Try, ast.With}:
                return True
    return False


def _says_to_loop(node: cst.CSTNode) -> bool:
    """Whether a body has a `break` or `continue` for a loop around it."""
    if isinstance(node, (cst.Break, cst.Continue)):
        return True
    if isinstance(node, (cst.For, cst.While, cst.FunctionDef, cst.ClassDef, cst.BaseExpression)):
        return False
    return any(_says_to_loop(child) for child in node.children)


def _body(function: Function, node: cst.If) -> list[str] | None:
    """The lines of an indented body; None where they cannot be moved to the right, or share a line with the `if`."""
    if not isinstance(node.body, cst.IndentedBlock):
        return None
    for literal in function.inside(node.body):
        if isinstance(literal, (cst.SimpleString, cst.FormattedString)):
            where = function.range(literal)
            if where.start.line != where.end.line:
                return None
    source, test_end = function.module.source, function.span(node.test)[1]
    line_end = source.index("\n", test_end)
    header, text = source[test_end:line_end], source[line_end + 1 : _end_of(function, node)]
    return text.split("\n") if header.lstrip(") ").rstrip() == ":" else None


def _end_of(function: Function, node: cst.If) -> int:
    return function.span(node.body.body[-1])[1]


def _indent(function: Function, statement: cst.CSTNode) -> str:
    begin = function.span(statement)[0]
    return function.module.source[function.line_of(statement).start : begin]


def _unit(function: Function) -> str | None:
    """By how much the function's body is deeper than its head."""
    if not isinstance(function.node.body, cst.IndentedBlock):
        return None
    outer = function.module.source[function.start :]
    outer = outer[: len(outer) - len(outer.lstrip(" \t"))]
    inner = _indent(function, function.node.body.body[0])
    return inner[len(outer) :] if inner.startswith(outer) and inner.strip() == "" and len(inner) > len(outer) else None
