"""Takes one Python file apart: its scopes, what is bound in them, and every use of a name."""

import ast
from collections import defaultdict

from tools.code.kept import Kept
from tools.code.parsing import parse, string_annotation
from tools.code.scopes import Binding, Broken, FunctionNode, How, Scope, SourceFile, Use, parameters

KEPT: "Kept[SourceFile | Broken]" = Kept(most_characters=3_000_000)
"""Some fifty bytes are taken up by each character."""


def source_file(path: str, text: str) -> SourceFile | Broken:
    """A file's scopes and uses; those that were asked for last are kept."""
    return KEPT.get((path, text), lambda: _taken_apart(path, text))


def _taken_apart(path: str, text: str) -> SourceFile | Broken:
    tree = parse(path, text)
    if isinstance(tree, Broken):
        return tree
    reader = _Reader(path, tree)
    try:
        for statement in tree.body:
            reader.visit(statement)
    except RecursionError:
        return Broken(path=path, line=1, message="it is nested too deeply")
    return SourceFile(
        path=path, tree=tree, scope=reader.module, uses=dict(reader.uses), definitions=dict(reader.definitions)
    )


class _Reader(ast.NodeVisitor):
    """Walks a file once."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.module = Scope(node=tree, parent=None, path=path, qualname="")
        self.scope = self.module
        self.uses: defaultdict[str, list[Use]] = defaultdict(list)
        self.definitions: defaultdict[str, list[Scope]] = defaultdict(list)

    # ---- what binds

    def visit_FunctionDef(self, node: FunctionNode) -> None:
        for decorator in node.decorator_list:
            self._use_as(decorator, "decorator")
        self._bind(node.name, Binding(how=How.DEFINED, node=node, scope=self.scope))
        arguments = node.args
        for default in (*arguments.defaults, *(value for value in arguments.kw_defaults if value)):
            self.visit(default)
        annotations = [argument.annotation for argument in parameters(arguments)]
        for annotation in (*annotations, node.returns):
            if annotation is not None:
                self._annotation(annotation)
        inner = self._enter(node, node.name)
        self.definitions[inner.qualname].append(inner)
        self._bind_parameters(arguments)
        for statement in node.body:
            self.visit(statement)
        self._leave()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for default in (*node.args.defaults, *(value for value in node.args.kw_defaults if value)):
            self.visit(default)
        self._enter(node, "")
        self._bind_parameters(node.args)
        self.visit(node.body)
        self._leave()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self._use_as(decorator, "decorator")
        for base in node.bases:
            self._use_as(base, "base")
        for keyword in node.keywords:
            self.visit(keyword.value)
        self._bind(node.name, Binding(how=How.DEFINED, node=node, scope=self.scope))
        inner = self._enter(node, node.name)
        self.definitions[inner.qualname].append(inner)
        for statement in node.body:
            self.visit(statement)
        self._leave()

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else bound
            self._bind(bound, Binding(how=How.IMPORTED, node=alias, scope=self.scope, target=target))
            for part in alias.name.split("."):
                self._use(part, alias, "import", alias.lineno)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.scope.stars.append(module)
                continue
            binding = Binding(how=How.FROM, node=alias, scope=self.scope, target=module, name=alias.name)
            self._bind(alias.asname or alias.name, binding)
            self._use(alias.name, alias, "import", alias.lineno)

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.scope.outer.update(node.names)

    visit_Nonlocal = visit_Global  # noqa: N815

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._assign(target, node.value, How.VALUE)
            if isinstance(target, ast.Name) and target.id == "__all__":
                self._exports(node.value)
        self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and node.target.id == "__all__":
            self._exports(node.value)
        self._assign(node.target, None, How.OTHER)
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._annotation(node.annotation)
        self._assign(node.target, node.annotation, How.ANNOTATED)
        if node.value is not None:
            self.visit(node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._assign(node.target, node.value, How.VALUE)
        self.visit(node.value)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._assign(node.target, node.iter, How.ELEMENT)
        self.visit(node.iter)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_withitem(self, node: ast.withitem) -> None:
        if node.optional_vars is not None:
            self._assign(node.optional_vars, node.context_expr, How.ENTERED)
        self.visit(node.context_expr)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._bind(node.name, Binding(how=How.CAUGHT, node=node, scope=self.scope, value=node.type))
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self._bind(node.name, Binding(how=How.OTHER, node=node, scope=self.scope))
        self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        self._enter(node, "")
        for generator in node.generators:
            self._assign(generator.target, generator.iter, How.ELEMENT)
            for expression in (generator.iter, *generator.ifs):
                self.visit(expression)
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for part in parts:
            self.visit(part)
        self._leave()

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp  # noqa: N815

    # ---- what uses

    def visit_Name(self, node: ast.Name) -> None:
        self._use(node.id, node, "read" if isinstance(node.ctx, ast.Load) else "write", node.lineno)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._use_attribute(node, "read" if isinstance(node.ctx, ast.Load) else "write")
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        self._use_as(node.func, "call")
        for argument in node.args:
            self.visit(argument)
        for keyword in node.keywords:
            self.visit(keyword.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            last = node.value.rpartition(".")[2]
            if last.isidentifier():
                self._use(last, node, "string", node.lineno)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part)

    # ---- steps

    def _use(self, name: str, node: ast.AST, kind: str, line: int) -> None:
        self.uses[name].append(Use(node=node, scope=self.scope, kind=kind, line=line))

    def _use_attribute(self, node: ast.Attribute, kind: str) -> None:
        self._use(node.attr, node, kind, node.end_lineno or node.lineno)

    def _use_as(self, node: ast.expr, kind: str) -> None:
        """Visit an expression of which the outermost name is used in a way of its own."""
        if isinstance(node, ast.Name):
            self._use(node.id, node, kind, node.lineno)
        elif isinstance(node, ast.Attribute):
            self._use_attribute(node, kind)
            self.visit(node.value)
        elif isinstance(node, ast.Call) and kind == "decorator":
            self._use_as(node.func, kind)
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                self.visit(argument)
        elif isinstance(node, ast.Subscript) and kind == "base":
            self._use_as(node.value, kind)
            self._annotation(node.slice)
        else:
            self.visit(node)

    def _annotation(self, node: ast.expr) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            inner = string_annotation(node)
            if inner is not None:
                self._annotation(inner)
        elif isinstance(node, ast.Name | ast.Attribute):
            self._use_as(node, "annotation")
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self._annotation(child)

    def _exports(self, value: ast.expr) -> None:
        for node in ast.walk(value):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self._use(node.value, node, "export", node.lineno)

    def _assign(self, target: ast.expr, value: ast.expr | None, how: How) -> None:
        if isinstance(target, ast.Name):
            self._bind(target.id, Binding(how=how, node=target, scope=self.scope, value=value))
            self._use(target.id, target, "write", target.lineno)
        elif isinstance(target, ast.Attribute):
            self._use_attribute(target, "write")
            owner = self._owner(target.value)
            if owner is not None:
                binding = Binding(how=how, node=target, scope=self.scope, value=value)
                owner.attributes[target.attr].append(binding)
            self.visit(target.value)
        elif isinstance(target, ast.Tuple | ast.List):
            values: list[ast.expr | None] = [None] * len(target.elts)
            if isinstance(value, ast.Tuple | ast.List) and how is How.VALUE and len(value.elts) == len(target.elts):
                values = list(value.elts)
            for part, of_part in zip(target.elts, values, strict=True):
                self._assign(part, of_part, how if of_part is not None else How.OTHER)
        elif isinstance(target, ast.Starred):
            self._assign(target.value, None, How.OTHER)
        else:
            self.visit(target)

    def _owner(self, receiver: ast.expr) -> Scope | None:
        """The class whose method's first parameter a name is."""
        function = self.scope.function
        if function is None or function.parent is None or not isinstance(receiver, ast.Name):
            return None
        assert isinstance(function.node, FunctionNode)
        first = next(iter(parameters(function.node.args)), None)
        return function.parent if first and first.arg == receiver.id and function.parent.is_class else None

    def _bind_parameters(self, arguments: ast.arguments) -> None:
        for argument in parameters(arguments):
            starred = argument in (arguments.vararg, arguments.kwarg)
            how = How.OTHER if starred else How.PARAMETER
            binding = Binding(how=how, node=argument, scope=self.scope, value=None if starred else argument.annotation)
            self._bind(argument.arg, binding)

    def _bind(self, name: str, binding: Binding) -> None:
        scope = self.scope
        while scope.parent is not None and isinstance(scope.node, COMPREHENSIONS) and _is_walrus(binding):
            scope = scope.parent
        if name in scope.outer and scope.parent is not None:
            scope = scope.parent
            while scope.parent is not None and (scope.is_class or name not in scope.bindings):
                scope = scope.parent
        scope.bindings[name].append(binding)

    def _enter(self, node: ast.AST, name: str) -> Scope:
        around = self.scope.qualname
        qualname = ".".join(part for part in (around, name) if part)
        self.scope = Scope(node=node, parent=self.scope, path=self.module.path, qualname=qualname)
        return self.scope

    def _leave(self) -> None:
        assert self.scope.parent is not None
        self.scope = self.scope.parent


COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


def _is_walrus(binding: Binding) -> bool:
    return binding.how is How.VALUE  # what a comprehension itself binds is an element
