"""Functions that tell of every value they work with: their code is exchanged for code of the same meaning that does.

Only for a process in which nothing is compared: it tells which inputs take a function somewhere new.
"""

import ast
import builtins
import gc
import operator
import types

from .value_kinds import kinds_of, relation

_TELL, _WEIGH = "__hasten_tell__", "__hasten_weigh__"
_TOLD = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.IfExp)
_COMPARISONS = {
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Is": operator.is_,
    "IsNot": operator.is_not,
    "In": lambda one, other: one in other,
    "NotIn": lambda one, other: one not in other,
}
_PLAIN = (int, float, str)
MOST_PAIRS = 40
MOST_EVENTS = 4000
"""Values that are looked at in one call."""


class Seen:
    """What one call has shown: (place in the code, fact)."""

    def __init__(self):
        self.begin()

    def begin(self):
        """Forget what the last call has shown."""
        self.facts = set()
        self.pairs = []
        """(place, how, one, other) of values that were compared and are not equal."""
        self.equal = set()
        """Places where two values were equal."""
        self._left = MOST_EVENTS

    def tell(self, place, value):
        """An expression has this value, which is given back."""
        if self._left > 0:
            self._left -= 1
            for fact in kinds_of(value):
                self.facts.add((place, fact))
        return value

    def weigh(self, place, one, how, other):
        """Compare two values, and see how they stand to each other."""
        outcome = _COMPARISONS[how](one, other)
        if self._left > 0:
            self._left -= 1
            self.facts.add((place, relation(one, other), outcome is True))
            if how in ("In", "NotIn"):
                (self.equal.add(place) if outcome is (how == "In") else self._pair(place, how, one, other))
            elif type(one) in _PLAIN and type(other) in _PLAIN:
                self.equal.add(place) if one == other else self._pair(place, how, one, other)
        return outcome

    def _pair(self, place, how, one, other):
        if len(self.pairs) < MOST_PAIRS:
            self.pairs.append((place, how, one, other))


def instrument(seen, functions):
    """Exchange the code of {path: qualified names}, wherever it is referred to; how many functions tell now."""
    setattr(builtins, _TELL, seen.tell)
    setattr(builtins, _WEIGH, seen.weigh)
    codes = {}
    for path, names in functions.items():
        try:
            with open(path, "rb") as file:
                tree = ast.parse(file.read())
            telling = compile(_Telling(set(names)).module(tree), path, "exec", dont_inherit=True)
        except (OSError, SyntaxError, ValueError, RecursionError, TypeError):
            continue
        for code in _outer(telling):
            codes[path, code.co_name, code.co_firstlineno] = code
    exchanged = 0
    for function in gc.get_objects():
        if type(function) is types.FunctionType:
            old = function.__code__
            new = codes.get((old.co_filename, old.co_name, old.co_firstlineno))
            if new is not None and new.co_freevars == old.co_freevars:
                function.__code__ = new
                exchanged += 1
    return exchanged


def _outer(code):
    """Code of functions and of the methods of classes, not of what stands inside of them."""
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            if inner.co_flags & 2:  # made with its own locals: a function, not a class body
                yield inner
            else:
                yield from _outer(inner)


class _Telling(ast.NodeTransformer):
    """Puts the telling calls around expressions of the named functions."""

    def __init__(self, names):
        self._names = names
        self._at = 0

    def module(self, tree):
        """The tree, changed in place."""
        self._within(tree.body, "")
        return ast.fix_missing_locations(tree)

    def _within(self, body, prefix):
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if prefix + node.name in self._names:
                    node.body = [self.visit(statement) for statement in node.body]
            elif isinstance(node, ast.ClassDef):
                self._within(node.body, prefix + node.name + ".")
            elif isinstance(node, (ast.If, ast.Try)):
                self._within([*node.body, *node.orelse, *getattr(node, "finalbody", ())], prefix)
                for handler in getattr(node, "handlers", ()):
                    self._within(handler.body, prefix)

    def generic_visit(self, node):
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "pattern", "type_params", "type_comment"):
                continue
            if isinstance(value, list):
                value[:] = [self.visit(item) if isinstance(item, ast.AST) else item for item in value]
            elif isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))
        return self._told(node) if isinstance(node, _TOLD) else node

    def visit_Call(self, node):
        if not isinstance(node.func, ast.Name):  # `super()` must stay one
            node.func = self._callee(node.func)
        node.args = [self.visit(argument) for argument in node.args]
        node.keywords = [self.visit(keyword) for keyword in node.keywords]
        return self._told(node)

    def visit_Compare(self, node):
        operands = [node.left, *node.comparators]
        if any(not isinstance(middle, (ast.Name, ast.Constant)) for middle in operands[1:-1]):
            return self.generic_visit(node)  # evaluated once here, twice below
        weighed = [
            self._call(_WEIGH, [self.visit(one), ast.Constant(type(how).__name__), self.visit(other)], node)
            for one, how, other in zip(operands, node.ops, operands[1:])
        ]
        return weighed[0] if len(weighed) == 1 else ast.copy_location(ast.BoolOp(ast.And(), weighed), node)

    def visit_MatchValue(self, node):
        return node

    def _callee(self, func):
        if isinstance(func, ast.Attribute):
            func.value = self.visit(func.value)
            return func
        return self.visit(func)

    def _told(self, node):
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return node
        return self._call(_TELL, [node], node)

    def _call(self, name, arguments, node):
        self._at += 1
        call = ast.Call(_name(name, ast.Load()), [ast.Constant(self._at), *arguments], [])
        return ast.copy_location(call, node)


def _name(name, context):
    return ast.Name(name, context)
