"""The constructs of a piece of code, by name: what a play is good for, in a vocabulary of a few words."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from agent.playbook.play import PYTHON

COSTLY = frozenset(
    {
        *("membership in loop", "nested loops", "concatenation", "list front", "sort in loop", "slice in loop"),
        *("recursion", "count", "index search", "index loop"),
    }
)
"""Constructs that often are what makes code slow: they tell more than the others."""
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NAMES_CALLED = {
    "sort": ("sorted", "sort"),
    "append": ("append", "extend"),
    "insert": ("insert",),
    "pop": ("pop",),
    "deque": ("deque", "popleft", "appendleft"),
    "join": ("join",),
    "split": ("split", "rsplit", "partition", "splitlines"),
    "count": ("count",),
    "index search": ("index",),
    "text search": ("find", "rfind", "startswith", "endswith"),
    "set": ("set", "frozenset"),
    "dict": ("dict",),
    "counter": ("Counter",),
    "grouping": ("defaultdict", "setdefault", "groupby"),
    "heap": ("heappush", "heappop", "heapify", "heappushpop", "heapreplace", "nlargest", "nsmallest"),
    "bisect": ("bisect", "bisect_left", "bisect_right", "insort"),
    "cache": ("lru_cache", "cache"),
    "sum": ("sum",),
    "extremum": ("max", "min"),
    "early exit": ("any", "all"),
    "prefix sums": ("accumulate",),
    "copy": ("copy", "deepcopy"),
    "file": ("open", "read", "readline", "readlines", "write"),
    "parsing": ("loads", "load", "strptime"),
    "formatting": ("format", "dumps", "strftime"),
    "text replace": ("replace",),
    "translate": ("translate",),
    "type test": ("isinstance", "issubclass"),
    "attribute by name": ("getattr", "setattr", "hasattr"),
    "square root": ("isqrt", "sqrt"),
}
_CALLS = {name: tag for tag, names in _NAMES_CALLED.items() for name in names}
_NODES: tuple[tuple[type[ast.AST] | tuple[type[ast.AST], ...], str], ...] = (
    ((ast.For, ast.AsyncFor), "loop"),
    (ast.While, "while"),
    ((ast.ListComp, ast.SetComp, ast.DictComp), "comprehension"),
    ((ast.GeneratorExp, ast.Yield, ast.YieldFrom), "generator"),
    (ast.Slice, "slice"),
    (ast.JoinedStr, "formatting"),
    (ast.Try, "exceptions"),
    ((ast.Set, ast.SetComp), "set"),
    ((ast.Dict, ast.DictComp), "dict"),
    (ast.Lambda, "lambda"),
    (ast.Break, "early exit"),
    (ast.Await, "async"),
)
_C_WORDS = (
    (r"\b(for|while|do)\b", "loop"),
    (r"\bstr(len|cmp|cat|cpy|chr|str)\b", "text search"),
    (r"\b\w*alloc\b", "allocation"),
    (r"\bmem(cpy|set|cmp|move)\b", "memory block"),
    (r"\b(qsort|sort)\b", "sort"),
    (r"\brestrict\b", "aliasing"),
    (r"\]\s*\[", "matrix"),
    (r"\b(pow|sqrt)\b", "math"),
    (r"->", "pointer"),
    (r"\bs?n?printf\b", "formatting"),
    (r"\b(unordered_)?(map|set)\b", "dict"),
    (r"\bvector\b", "array"),
    (r"#pragma|_mm\d*_", "vectorised"),
)


@lru_cache(maxsize=1024)
def tags_of(code: str, language: str = PYTHON) -> tuple[str, ...]:
    """The constructs of a function's text, sorted; of what does not parse, those that words give away."""
    if language == PYTHON:
        try:
            return tuple(sorted(set(_of_tree(ast.parse(code)))))
        except (SyntaxError, ValueError):
            return ()
    found = {tag for pattern, tag in _C_WORDS if re.search(pattern, code)}
    loops = [len(line) - len(line.lstrip()) for line in code.splitlines() if re.search(r"\b(for|while)\b", line)]
    return tuple(sorted(found | ({"nested loops"} if len(set(loops)) > 1 else set())))


def _of_tree(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        yield from (tag for kinds, tag in _NODES if isinstance(node, kinds))
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                yield from _of_call(node, name)
            case ast.Compare(ops=ops) if any(isinstance(op, ast.In | ast.NotIn) for op in ops):
                yield "membership"
            case ast.Attribute(value=ast.Name(id="re" | "regex")):
                yield "regex"
            case ast.Attribute(value=ast.Name(id="np" | "numpy")):
                yield "numpy"
            case ast.Attribute(value=ast.Name(id="pd" | "pandas")):
                yield "pandas"
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _of_function(node)
        if isinstance(node, _LOOPS):
            yield from _inside(node)


def _of_call(node: ast.Call, name: str) -> Iterator[str]:
    if name in _CALLS:
        yield _CALLS[name]
    first_is_zero = bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0
    if name in ("pop", "insert") and first_is_zero:
        yield "list front"
    match node:
        case ast.Call(func=ast.Name(id="range"), args=[*_, ast.Call(func=ast.Name(id="len"))]):
            yield "index loop"


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    called = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    for function in called:
        if isinstance(function, ast.Name | ast.Attribute):
            name = function.id if isinstance(function, ast.Name) else function.attr
            if name == node.name:
                yield "recursion"
    if any(isinstance(one, ast.Name | ast.Attribute) and "cache" in _name(one) for one in node.decorator_list):
        yield "cache"


def _inside(loop: ast.AST) -> Iterator[str]:
    """What is done on every turn of a loop."""
    for node in ast.walk(loop):
        if node is loop:
            continue
        if isinstance(node, _LOOPS):
            yield "nested loops"
        match node:
            case ast.AugAssign(op=ast.Add()):
                yield "accumulation"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(op=ast.Add(), left=left, right=right)):
                if name in {one.id for one in (left, right) if isinstance(one, ast.Name)}:
                    yield "concatenation"
            case ast.Compare(ops=ops) if any(isinstance(op, ast.In | ast.NotIn) for op in ops):
                yield "membership in loop"
            case ast.Call(func=ast.Name(id="sorted") | ast.Attribute(attr="sort")):
                yield "sort in loop"
            case ast.Slice():
                yield "slice in loop"


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr
