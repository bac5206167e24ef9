"""Where the basic blocks of a function begin: from there to the next such line there is no way in or out."""

import ast

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


class Blocks:
    """The blocks of the functions between two lines of a file."""

    def __init__(self, path, first, last):
        self._starts = set()
        self._heads = set()
        """Lines that loops come back to."""
        self._statements = {}
        """line: the first line of the innermost statement that it belongs to."""
        try:
            with open(path, "rb") as file:
                tree = ast.parse(file.read())
        except (OSError, SyntaxError, ValueError, RecursionError):
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt) and first <= node.lineno <= last:
                self._note(node)

    def begins(self, line, before):
        """Whether a block begins at this line when the one `before` has just run."""
        if line in self._heads:
            return True
        return line in self._starts and self._statements.get(line) != self._statements.get(before)

    def _note(self, node):
        bodies = _bodies(node)
        head_ends = min([body[0].lineno for body in bodies if body], default=node.end_lineno + 1)
        for line in range(node.lineno, max(head_ends, node.lineno + 1)):
            self._statements[line] = node.lineno
        if isinstance(node, _LOOPS):
            self._heads.add(node.lineno)
        falls_through = isinstance(node, (*_LOOPS, ast.With, ast.AsyncWith, ast.Try, *_FUNCTIONS))
        for number, body in enumerate(bodies):
            if body and not (number == 0 and falls_through):
                self._starts.add(body[0].lineno)
            for one, after in zip(body, body[1:]):  # noqa: RUF007
                if _bodies(one) and not isinstance(one, _FUNCTIONS):
                    self._starts.add(after.lineno)


def _bodies(node):
    """The lists of statements within a statement, in order."""
    found = [getattr(node, name, None) for name in ("body", "orelse", "finalbody")]
    found += [part.body for part in [*getattr(node, "handlers", ()), *getattr(node, "cases", ())]]
    return [body for body in found if isinstance(body, list) and body]
