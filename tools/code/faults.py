"""Whether a file's text can be compiled, as far as that can be told without compiling it for its target."""

import sys
import warnings
from dataclasses import dataclass

from tools.code.native import first_fault
from tools.code.parsing import PARSING
from tools.code.tree import NATIVE


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong."""

    line: int
    message: str


def fault(path: str, text: str) -> Fault | None:
    """What keeps a Python, C or C++ file from compiling; None where nothing is seen or the language is another.

    Python is judged by the version that Hasten runs on, C and C++ by syntax, which macros can blur.
    """
    if path.endswith((".py", ".pyi", ".pyw")):
        return _python(path, text)
    if path.endswith(NATIVE):
        line = first_fault(path, text)
        return None if line is None else Fault(line, "the syntax is not that of C or C++")
    return None


def _python(path: str, text: str) -> Fault | None:
    try:
        with PARSING, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Compiled, not only parsed: a `return` outside of a function parses.
            compile(text, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return Fault(error.lineno or 1, f"{error.msg} (as Python {sys.version_info.major}.{sys.version_info.minor})")
    except (ValueError, RecursionError, MemoryError) as error:
        return Fault(1, str(error) or "it is nested too deeply")
    return None
