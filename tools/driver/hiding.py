"""Takes the driver out of sight of the code that comes in next: its modules, its arguments, its names on the stack."""

import sys
import types


def hide(words):
    """Leave no module of this package among the loaded ones, and no name of it in a frame; `words` stand instead.

    Nothing of this package can be imported afterwards.
    """
    package = __package__
    own = [name for name in sys.modules if name == package or name.startswith(package + ".")]
    for name in own:
        module = sys.modules.pop(name)
        _rename(vars(module), words, package)
    vars(sys.modules["__main__"]).pop("main", None)


def _rename(names, words, package):
    """Functions are called by a word, and stand in the script as far as a stack says."""
    for value in list(names.values()):
        if isinstance(value, types.FunctionType) and value.__module__.startswith(package):
            _recode(value, words)
        elif isinstance(value, type) and value.__module__.startswith(package):
            for part in list(vars(value).values()):
                if isinstance(part, types.FunctionType):
                    _recode(part, words)
    names["__name__"] = "__main__"


def _recode(function, words):
    named = {"co_name": words[0], "co_filename": sys.argv[0]}
    if sys.version_info >= (3, 11):
        named["co_qualname"] = words[0]
    function.__code__ = function.__code__.replace(**named)
