"""The text of a workload file to edit, made from calls that were recorded."""

import ast
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.workload.shapes import generator

EXAMPLES = 4
MOST_EXAMPLES = 40
WIDTH = 116


@dataclass(frozen=True, kw_only=True)
class Call:
    """The arguments of one call, plain values all."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    @property
    def form(self) -> tuple[int, tuple[str, ...]]:
        """How it passes its arguments: how many by place, which by name."""
        return len(self.args), tuple(sorted(self.kwargs))


@dataclass(frozen=True, kw_only=True)
class Callee:
    """What the file calls."""

    module: str
    qualname: str
    parameters: tuple[str, ...]
    """Their names, in order."""

    @property
    def name(self) -> str:
        """`module:qualname`."""
        return f"{self.module}:{self.qualname}"


def parameters_of(source: str, qualname: str) -> tuple[str, ...]:
    """The names of a function's parameters by place; empty where it is not there."""
    body: Sequence[ast.AST] = ast.parse(source).body
    *classes, name = qualname.split(".")
    for part in classes:
        found = [node for node in body if isinstance(node, ast.ClassDef) and node.name == part]
        body = found[0].body if found else ()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return tuple(one.arg for one in (*node.args.posonlyargs, *node.args.args))
    return ()


def generated(callee: Callee, calls: Sequence[Call], target: str) -> str:
    """A file whose `make_input` makes inputs shaped like the most frequent form of these calls."""
    form, count = Counter(call.form for call in calls).most_common(1)[0]
    alike = [call for call in calls if call.form == form]
    names = _names(callee, form)
    values = [[*call.args, *(call.kwargs[name] for name in form[1])] for call in alike]
    lines = [f"{name} = {generator([row[place] for row in values])}" for place, name in enumerate(names)]
    made = f"made like {count} of {len(calls)} recorded calls"
    passed = ", ".join([*names[: form[0]], *(f"{name}={name}" for name in form[1])])
    body = "\n".join(["rng = random.Random(seed)", *lines, f"return {_tuple(names)}"])
    run = f"{_tuple(names)} = made\nreturn {_called(callee)}({passed})"
    return _file(callee, target, made, (100, 1000), body, run, alike)


def replayed(callee: Callee, calls: Sequence[Call], target: str) -> str:
    """A file whose `make_input` draws `size` calls from literal examples."""
    examples = "\n".join(f"    ({tuple(call.args)!r}, {dict(call.kwargs)!r})," for call in calls[:MOST_EXAMPLES])
    body = "rng = random.Random(seed)\nreturn rng.choices(EXAMPLES, k=size)"
    run = "return [result(args, kwargs) for args, kwargs in made]"
    one = f"""def result(args, kwargs):  # some of the recorded calls raise an error, which is a result too
    try:
        return {_called(callee)}(*args, **kwargs)
    except Exception as error:
        return repr(error)


"""
    made = f"which draws from {min(len(calls), MOST_EXAMPLES)} recorded calls: inputs made at random raise errors"
    text = _file(callee, target, made, (10, 100), body, run, calls)
    listed = f"EXAMPLES = [  # arguments by place, arguments by name\n{examples}\n]\n\n\n"
    return text.replace("def make_input", f"{listed}def make_input", 1).replace("def run(", f"{one}def run(", 1)


def _file(
    callee: Callee, target: str, made: str, sizes: tuple[int, int], body: str, run: str, calls: Sequence[Call]
) -> str:
    through = "" if callee.name == target else f" through {callee.name}, which calls it"
    examples = "\n".join(f"#   {_shown(callee, call)}" for call in calls[:EXAMPLES])
    return f'''"""A workload for {target}{through}; {made}.

Edit it freely, then: hasten optimize REPO --workload THIS_FILE
"""

import random

from {callee.module} import {callee.qualname.split(".")[0]}

sizes = {sizes}  # of inputs; each counts the same, and a call of 1 to 50 ms measures best


def make_input(seed, size):  # the same for the same seed and size; not timed
{textwrap.indent(body, "    ")}


def run(made):  # what is timed; returns what is compared
{textwrap.indent(run, "    ")}


# Calls as they were recorded:
{examples}
'''


def _names(callee: Callee, form: tuple[int, tuple[str, ...]]) -> list[str]:
    """A local name for each argument."""
    known = [*callee.parameters[: form[0]], *(f"argument_{n}" for n in range(len(callee.parameters), form[0]))]
    taken = {"rng", "seed", "size", "random", "made", callee.qualname.split(".")[0]}
    names = [f"{name}_" if name in taken else name for name in known]
    return [*names, *form[1]]


def _tuple(names: Sequence[str]) -> str:
    return f"({names[0]},)" if len(names) == 1 else ", ".join(names) or "()"


def _called(callee: Callee) -> str:
    return callee.qualname


def _shown(callee: Callee, call: Call) -> str:
    passed = ", ".join([*map(repr, call.args), *(f"{name}={value!r}" for name, value in call.kwargs.items())])
    text = f"{callee.qualname}({passed})".encode("unicode_escape").decode()
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 2]} …"
