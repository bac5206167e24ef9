"""Tools that find: where a name is defined, who uses it, and what documentation says."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from pydantic import Field

from agent.desk import Desk
from agent.toolbox.standing import standing
from agent.toolbox.tool import Arguments, Tool
from tools.code.definition import Definition
from tools.code.definitions import MOST_DEFINING, find_definitions, no_definition
from tools.code.documentation import documentation
from tools.code.lines import counted, lines_of, narrow, numbered
from tools.code.outline import outline_class
from tools.code.reference import Reference, References
from tools.code.references import find_references
from tools.code.search import chosen_by
from tools.code.tree import CodeTree
from tools.errors import ToolError

MOST_SOURCE_LINES = 250
MOST_SHOWN = 4
"""Definitions of the same name that are shown in full."""
MOST_SURE = 60
MOST_POSSIBLE = 25
MOST_LISTED = 60
MOST_NAMED = 20
CONSTRUCTORS = ("__init__", "__new__")


class DefinitionArguments(Arguments):
    """Arguments of `definition`."""

    name: str = Field(
        description="`f`, `Class.method`, `package.module.f`, `package.module:Class.method` or `path.py:Class.method`.",
        min_length=1,
    )


def _definition(desk: Desk, arguments: DefinitionArguments) -> str:
    tree = standing(desk)
    found = _definitions(tree, arguments.name)
    total = sum(one.last_line - one.first_line + 1 for one in found)
    if len(found) > MOST_SHOWN or (len(found) > 1 and total > MOST_SOURCE_LINES):
        same = len({one.symbol for one in found}) == 1
        ask = "view shows each" if same else f'ask for one: definition(name="{found[0].path}:{found[0].qualname}")'
        more = " or more" if len({one.path for one in found}) >= MOST_DEFINING else ""
        return "\n".join([f"{len(found)} definitions{more}; {ask}", *_each_once(found)])
    return "\n\n".join(_source(tree, one) for one in found)


def _each_once(found: Sequence[Definition]) -> list[str]:
    """A line for each symbol: its last definition, and how many there are of it."""
    last = {one.symbol: one for one in found}
    times = Counter(one.symbol for one in found)
    shown = [
        f"  {one}" + (f", defined {times[symbol]} times" if times[symbol] > 1 else "") for symbol, one in last.items()
    ]
    more = [f"  and {len(shown) - MOST_LISTED} more"] if len(shown) > MOST_LISTED else []
    return shown[:MOST_LISTED] + more


def _definitions(tree: CodeTree, name: str) -> list[Definition]:
    found = find_definitions(tree, name)
    if not found:
        raise ToolError(f"{no_definition(tree, name)} search_code finds text of any kind.")
    return found


def _source(tree: CodeTree, one: Definition) -> str:
    lines = lines_of(tree.text(one.path) or "")
    size = one.last_line - one.first_line + 1
    if size <= MOST_SOURCE_LINES:
        return "\n".join([str(one), *numbered(lines, one.first_line, one.last_line)])
    if one.kind == "class":
        rest = f"[{counted(size, 'line')}: its members by name; definition shows one, view shows lines]"
        return "\n".join([str(one), *outline_class(tree, one.path, one.qualname), rest])
    last = one.first_line + MOST_SOURCE_LINES - 1
    rest = f'[{one.last_line - last} more lines: view(path="{one.path}", first={last + 1}, last={one.last_line})]'
    return "\n".join([str(one), *numbered(lines, one.first_line, last), rest])


class ReferencesArguments(Arguments):
    """Arguments of `references`."""

    name: str = Field(description="As for `definition`; it must mean one thing.", min_length=1)
    path: str = Field(default="", description="Only in this file, folder or glob; everywhere without.")


def _references(desk: Desk, arguments: ReferencesArguments) -> str:
    tree = standing(desk)
    found = _definitions(tree, arguments.name)
    if len({one.symbol for one in found}) > 1:
        listed = "\n".join(f'  references(name="{one.path}:{one.qualname}")  {one.kind}' for one in found[:MOST_NAMED])
        raise ToolError(f"{arguments.name} may mean {len(found)} things; ask for one:\n{listed}")
    one = found[-1]
    answer = find_references(tree, one, lambda path: chosen_by(path, arguments.path))
    return "\n".join([f"Uses of {one}", *_family(answer), *_uses(tree, answer), *_remarks(answer)])


def _family(answer: References) -> list[str]:
    is_class = answer.definition.kind == "class"
    parts = (
        ("subclasses" if is_class else "inherited by", answer.inherited_by),
        ("overridden by", answer.overridden_by),
        ("overrides", answer.overrides),
    )
    return [f"{name}: {_listed(named)}" for name, named in parts if named]


def _uses(tree: CodeTree, answer: References) -> list[str]:
    shown: list[str] = []
    sure, possible = answer.sure, answer.possible
    shown.append(f"{len(sure)} sure{_kinds(sure)}" if sure else "No use is sure.")
    shown += _by_file(tree, sure, MOST_SURE)
    if possible:
        shown.append(f"{len(possible)} possible, by the name alone{_kinds(possible)}")
        shown += _by_file(tree, possible, MOST_POSSIBLE)
    return shown


def _kinds(found: Sequence[Reference]) -> str:
    kinds = sorted({one.kind for one in found})
    return ": " + ", ".join(counted(sum(one.kind == kind for one in found), kind) for kind in kinds)


def _by_file(tree: CodeTree, found: Sequence[Reference], most: int) -> list[str]:
    shown: list[str] = []
    left_out: list[str] = []
    room = most
    for path, group in groupby(found, key=lambda one: one.path):
        ones = list(group)
        if room <= 0:
            left_out.append(f"{path} {len(ones)}")
            continue
        lines = lines_of(tree.text(path) or "")
        shown.append(path)
        shown += [_use(lines, one) for one in ones[:room]]
        if len(ones) > room:
            shown.append(f"  [{len(ones) - room} more here: path={path!r} shows them]")
        room -= len(ones)
    if left_out:
        shown.append(f"[in {len(left_out)} more files: {_listed(left_out)}; path= shows them]")
    return shown


def _use(lines: Sequence[str], one: Reference) -> str:
    code = narrow(lines[one.line - 1].strip()) if one.line <= len(lines) else ""
    why = f"  [{one.why}]" if one.why and not one.why.startswith("what it is called on") else ""
    kind = "" if one.kind == "call" else f" {one.kind}"
    return f"  {one.line}{kind} in {one.function or 'the module'}: {code}{why}"


def _remarks(answer: References) -> list[str]:
    shown = []
    owner, _, last = answer.definition.qualname.rpartition(".")
    if last in CONSTRUCTORS:
        shown.append(f"[it runs where the class is called: references(name={f'{answer.definition.path}:{owner}'!r})]")
    elif last.startswith("__") and last.endswith("__") and owner:
        shown.append("[Python also calls it through operators and built-in functions, which are not listed]")
    if answer.unread:
        shown.append(
            f"[{len(answer.unread)} more files hold the name; too many to read at once: {_listed(answer.unread)}; "
            "path= reads some of them]"
        )
    if answer.broken:
        shown.append(f"[not read, for they do not parse: {_listed(answer.broken)}]")
    return shown


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


class FindApiArguments(Arguments):
    """Arguments of `find_api`."""

    query: str = Field(description="What it should do, in a few plain words.", min_length=2)


def _find_api(desk: Desk, arguments: FindApiArguments) -> str:
    index = documentation(standing(desk))
    found = index.find(arguments.query)
    if not found:
        raise ToolError(
            f"None of {index.size:,} documented functions and pages has one of these words. Use other words, or "
            "search_code."
        )
    shown = []
    for one in found:
        head = f"{one.place}  ({one.path}:{one.line})"
        shown += [head, *(f"  {line}" for line in (one.signature, one.text) if line)]
    return "\n".join(shown)


DEFINITION = Tool(
    name="definition",
    description=(
        "Shows the source of a function, class or method by its name, across all files and the installed libraries; a "
        "method that a class inherits is found in its base. Several matches are listed. "
        'Example: definition(name="Lexer.next_token") or definition(name="parcels.route:common").'
    ),
    arguments=DefinitionArguments,
    run=_definition,
)
REFERENCES = Tool(
    name="references",
    description=(
        "Shows who calls or uses a function, class, method or variable, across all files, with the line and the "
        "function around it, and who inherits or overrides it. `sure` follows imports, aliases and classes; `possible` "
        "has the same name on something whose class is not known. "
        'Example: references(name="Lexer.next_token"), then references(name="Lexer.next_token", path="src/parser").'
    ),
    arguments=ReferencesArguments,
    run=_references,
)
FIND_API = Tool(
    name="find_api",
    description=(
        "Searches the documentation of the repository's own public functions and pages and of the libraries it "
        "imports; answers the five that fit best with signature and first paragraph. "
        'Example: find_api(query="split a text into tokens").'
    ),
    arguments=FindApiArguments,
    run=_find_api,
)
