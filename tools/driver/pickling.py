"""Arguments of calls as bytes, and back in another process.

What pickle alone refuses or gets wrong: a sentinel (`_UNSET = object()`) must come back as the same object, so it goes
by the name that it has in its module; functions without a name of their own (lambdas, functions of functions) go with
their code, generators that have not begun with their function and arguments. Whoever opens the bytes is in a sandbox.
"""

import importlib
import inspect
import io
import marshal
import pickle
import sys
import types

PROTOCOL = 4


class TooLargeError(Exception):
    """More bytes than allowed."""


class _Bounded:
    """A file for a pickler that refuses to grow past the most bytes."""

    def __init__(self, most):
        self.data = bytearray()
        self._most = most

    def write(self, part):
        if len(self.data) + len(part) > self._most:
            raise TooLargeError
        self.data += part


class Singletons:
    """Objects that names of the project's modules and classes stand for."""

    def __init__(self, root):
        self._root = root.rstrip("/") + "/"
        self._modules = 0
        self._names = {}

    def look(self):
        """Take in modules that were imported since the last look."""
        if len(sys.modules) == self._modules:
            return
        self._modules = len(sys.modules)
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            if type(module) is types.ModuleType and isinstance(path, str) and path.startswith(self._root):
                self._add(module.__name__, "", vars(module))
                for name, value in list(vars(module).items()):
                    if isinstance(value, type) and value.__dict__.get("__module__") == module.__name__:
                        self._add(module.__name__, name + ".", value.__dict__)

    def name_of(self, value):
        """(module, dotted name) of an object, None where it has none (any longer)."""
        known = self._names.get(id(value))
        return known[1:] if known is not None and known[0] is value else None

    def _add(self, module, owner, space):
        for name, value in list(space.items()):
            if not isinstance(value, (type, types.ModuleType, types.FunctionType, staticmethod, classmethod, property)):
                self._names.setdefault(id(value), (value, module, owner + name))


class _Pickler(pickle.Pickler):
    """Asked about functions, classes and instances only; what is built in goes its usual way."""

    def __init__(self, file, singletons, every):
        super().__init__(file, PROTOCOL)
        self._singletons = singletons
        self._every = every

    def reducer_override(self, value):
        kind = type(value)
        if kind is types.FunctionType:
            return NotImplemented if _stands(value) else _function_parts(value)
        if kind is types.GeneratorType:
            return _generator_parts(value)
        if kind is object or (self._every and not isinstance(value, type)):
            name = self._singletons.name_of(value)
            if name is not None:
                return named, name
        return NotImplemented


def packed(value, singletons, most):
    """The bytes of a value; raises TooLargeError and whatever pickling raises."""
    try:
        return _packed(value, singletons, most, every=False)
    except TooLargeError:
        raise
    except Exception:
        # Of what has no bytes of its own some is known by name.
        return _packed(value, singletons, most, every=True)


def _packed(value, singletons, most, every):
    bounded = _Bounded(most)
    _Pickler(bounded, singletons, every).dump(value)
    return bytes(bounded.data)


class _Unpickler(pickle.Unpickler):
    """Finds this module under whatever name it has here, also where it has none."""

    def find_class(self, module, name):
        if module.endswith("driver.pickling"):
            return globals()[name]
        return super().find_class(module, name)


def opened(data):
    """The value of the bytes; raises whatever unpickling raises."""
    return _Unpickler(io.BytesIO(data)).load()


def named(module, name):
    """What a name of a module stands for here."""
    found = importlib.import_module(module)
    for part in name.split("."):
        found = vars(found)[part]
    return found


def _stands(function):
    """Whether a function is found under its own name."""
    found = sys.modules.get(function.__module__)
    for part in function.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is function


def _function_parts(function):
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    arguments = (
        marshal.dumps(function.__code__, 2),
        function.__globals__.get("__name__"),
        function.__name__,
        function.__qualname__,
        len(cells),
    )
    state = (function.__defaults__, function.__kwdefaults__, cells, dict(vars(function)))
    return made_function, arguments, state, None, None, fill_function


def made_function(code, module, name, qualname, cells):
    """A function of recorded code among the names of its module."""
    empty = tuple(types.CellType() for _ in range(cells))
    made = types.FunctionType(marshal.loads(code), vars(importlib.import_module(module)), name, None, empty or None)
    made.__qualname__ = qualname
    return made


def fill_function(function, state):
    """Its defaults and what its closure holds, which may hold the function itself."""
    function.__defaults__, function.__kwdefaults__, cells, attributes = state
    for cell, value in zip(function.__closure__ or (), cells):
        cell.cell_contents = value
    vars(function).update(attributes)


def _generator_parts(generator):
    if inspect.getgeneratorstate(generator) != inspect.GEN_CREATED:
        return NotImplemented
    frame = generator.gi_frame
    values = dict(frame.f_locals)
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS) or not set(names) <= set(values):
        return NotImplemented
    cells = [values[name] for name in code.co_freevars]
    arguments = [values[name] for name in names]
    module = frame.f_globals.get("__name__")
    parts = (marshal.dumps(code, 2), module, generator.__name__, generator.__qualname__)
    return made_generator, (*parts, cells, arguments, code.co_argcount)


def made_generator(code, module, name, qualname, cells, arguments, plain):
    """A generator that has not begun, of recorded code and arguments."""
    made = made_function(code, module, name, qualname, len(cells))
    fill_function(made, (None, None, cells, {}))
    names = made.__code__.co_varnames[plain : len(arguments)]
    return made(*arguments[:plain], **dict(zip(names, arguments[plain:])))
