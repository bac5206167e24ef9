"""`x in NAMES`, where NAMES is a module's list or tuple of constants, asks a set beside it."""

import ast
from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.kind import hashable
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import membership, words

_FEWEST = 5
"""Items below which a search is as quick as hashing."""
_CHANGING = words("append extend insert remove pop clear sort reverse")


class ConstantSetRule(TreeRule):
    """Searches a list or tuple of constants that the module holds."""

    name = "constant-set"
    payoff = 50
    safe_when = (
        "The list or tuple holds literals only, five or more, is assigned once at the top level of the module in "
        "front of the function, and this module never changes it, nor what another name or a parameter's default has "
        "of it. Refused where the value looked for is known to be a "
        "list, dict or set. Likely, left to the tests: values of unknown type are hashable, and other modules leave "
        "the list alone."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each constant, covering all of its look-ups in the function."""
        found: dict[str, list[cst.Name]] = {}
        for comparison in analysis.function.all(cst.Comparison):
            pair = membership(comparison)
            if pair is None or not isinstance(pair[1], cst.Name) or hashable(analysis.kinds.of(pair[0])) is False:
                continue
            if self._is_constant(analysis, pair[1].value):
                found.setdefault(pair[1].value, []).append(pair[1])
        module = analysis.function.module
        for name, uses in found.items():
            statement = module.bindings[name][0]
            end = getattr(statement, "end_lineno", 0)
            fresh = module.fresh(f"{name}_SET" if name.isupper() else f"{name}_set")
            pieces = [module.line_after(end, f"{fresh} = frozenset({name})")]
            pieces += [analysis.function.replace(use, fresh) for use in uses]
            summary = f"look things up in a set of the constants in `{name}` instead of searching them"
            yield Finding(summary=summary, node=uses[0], pieces=pieces)

    def _is_constant(self, analysis: Analysis, name: str) -> bool:
        function, module = analysis.function, analysis.function.module
        value = module.constant(name)
        if name in analysis.names.bindings or name in function.bound_around or not module.is_builtin("frozenset"):
            return False
        if not isinstance(value, ast.List | ast.Tuple) or value.lineno >= function.definition.lineno:
            return False
        literal = all(isinstance(item, ast.Constant) for item in value.elts)
        if not literal or len(value.elts) < _FEWEST:
            return False
        names = _aliases(module.tree, name) if isinstance(value, ast.List) else {name}
        return not any(_changes(node, one) for node in ast.walk(module.tree) for one in names)


def _aliases(tree: ast.Module, name: str) -> set[str]:
    """The name, and those that the module binds to the same object: `names = NAMES`, `def f(names=NAMES)`."""
    bound = [pair for node in ast.walk(tree) for pair in _bound_to(node)]
    found, before = {name}, set[str]()
    while found != before:
        before = set(found)
        found |= {alias for alias, value in bound if value in before}
    return found


def _bound_to(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that a node binds to what another name stands for, each with that one."""
    pairs: list[tuple[ast.AST, ast.AST | None]] = []
    if isinstance(node, ast.Assign):
        pairs = [(target, node.value) for target in node.targets]
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
        pairs = [(node.target, node.value)]
    elif isinstance(node, ast.arguments):
        plain = [*node.posonlyargs, *node.args]
        pairs = [*zip(reversed(plain), reversed(node.defaults), strict=False)]
        pairs += zip(node.kwonlyargs, node.kw_defaults, strict=True)
    for target, value in pairs:
        alias = target.arg if isinstance(target, ast.arg) else getattr(target, "id", "")
        if alias and isinstance(value, ast.Name):
            yield alias, value.id


def _changes(node: ast.AST, name: str) -> bool:
    """Whether a node of the module changes the object behind a name."""
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id == name and node.attr in _CHANGING
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Name) and node.value.id == name and not isinstance(node.ctx, ast.Load)
    return isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == name
