"""Which functions ran: per test, and before the first one.

Modules of the project are compiled with one more statement at the beginning of every function, which leaves a mark in a
dictionary. A profile function would see the same, but slows the whole process down to a third on Pythons without
`sys.monitoring`. Lines, names, docstrings and signatures stay as they are. Code that is loaded in another way (test
modules, which pytest compiles itself, `exec`) leaves no marks.
"""

import ast
import warnings
from importlib.machinery import SourceFileLoader

_MARKS = "hasten: marks"


class _Marks(dict):
    """Stands among a code object's constants, which are hashed with it."""

    __hash__ = object.__hash__


class Touching:
    """Collects the project's functions that run; `take` hands over what ran since the last one."""

    def __init__(self, root):
        self._prefix = root.rstrip("/") + "/"
        self._marks = _Marks()
        self._places = []
        """(path, first line, name) by mark."""
        self._indexes = {}
        self.functions = []
        """[path, first line, name] of those that ran; what `take` returns are indexes of this list."""
        self._inherited = None

    def start(self):
        """Mark the functions of every module that is imported from here on."""
        self._inherited = original = SourceFileLoader.get_code

        def get_code(loader, fullname):
            # Subclasses compile in ways of their own.
            path = loader.get_filename(fullname) if type(loader) is SourceFileLoader else ""
            if not path.startswith(self._prefix):
                return original(loader, fullname)
            try:
                return self._compiled(loader.get_data(path), path)
            except (SyntaxError, ValueError, RecursionError):
                return original(loader, fullname)

        SourceFileLoader.get_code = get_code

    def stop(self):
        """Leave further modules as they are."""
        SourceFileLoader.get_code = self._inherited

    def take(self):
        """The indexes of the functions that ran since the last `take`."""
        marks = list(self._marks)
        self._marks.clear()
        return {self._index(mark) for mark in marks}

    def _index(self, mark):
        index = self._indexes.get(mark)
        if index is None:
            index = self._indexes[mark] = len(self.functions)
            self.functions.append(list(self._places[mark]))
        return index

    def _compiled(self, source, path):
        module = ast.parse(source, path)
        for node in ast.walk(module):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                first = min([node.lineno] + [decorator.lineno for decorator in node.decorator_list])
                self._insert(node.body, (path, first, node.name))
        self._insert(module.body, (path, 1, "<module>"))
        with warnings.catch_warnings():
            # What there is to warn of in the project's source, its own import says.
            warnings.simplefilter("ignore")
            code = compile(module, path, "exec", dont_inherit=True)
        return self._with_marks(code)

    def _insert(self, body, place):
        """Put the statement that leaves the mark behind the docstring and `from __future__`, which must come first."""
        at = 0
        if body and isinstance(body[0], ast.Expr) and isinstance(getattr(body[0].value, "value", None), str):
            at = 1
        while at < len(body) and isinstance(body[at], ast.ImportFrom) and body[at].module == "__future__":
            at += 1
        if at == len(body) and place[2] == "<module>":
            return
        mark = ast.parse("%r[%d] = 1" % (_MARKS, len(self._places))).body[0]
        self._places.append(place)
        beside = body[min(at, len(body) - 1)]
        for node in ast.walk(mark):
            ast.copy_location(node, beside)
        body.insert(at, mark)

    def _with_marks(self, code):
        constants = []
        for value in code.co_consts:
            if isinstance(value, type(code)):
                constants.append(self._with_marks(value))
            else:
                constants.append(self._marks if isinstance(value, str) and value == _MARKS else value)
        return code.replace(co_consts=tuple(constants))


class TouchedByTest:
    """Puts what fixtures of wider scope touched to the account of every test that uses them."""

    def __init__(self, root):
        self._touching = Touching(root)
        self._open = set()
        self._fixtures = {}
        self._sent = 0

    def start(self):
        """Begin to watch."""
        self._touching.start()

    def stop(self):
        """Watch no longer."""
        self._touching.stop()

    def begin(self):
        """What ran since the last test, or since the start: imports, collection."""
        return sorted(self._touching.take())

    def enter_fixture(self):
        """A fixture that outlives its test is about to be set up."""
        self._open |= self._touching.take()

    def leave_fixture(self, fixture):
        """It is set up."""
        touched = self._touching.take()
        self._open |= touched
        # The definition is kept with its set so that no other one can come to have its id.
        self._fixtures[id(fixture)] = (fixture, self._fixtures.get(id(fixture), (None, set()))[1] | touched)

    def end(self, fixtures):
        """Everything the test that ends now has touched, with the fixtures it used."""
        touched = self._open | self._touching.take()
        self._open = set()
        for fixture in fixtures:
            if id(fixture) in self._fixtures:
                touched |= self._fixtures[id(fixture)][1]
        return sorted(touched)

    def fresh_functions(self):
        """The functions whose indexes are new since the last call, in order of their indexes."""
        fresh = self._touching.functions[self._sent :]
        self._sent = len(self._touching.functions)
        return fresh
