"""Tools that change: edit by exact text, write a file, take the last change back."""

import difflib

from pydantic import Field

from agent.desk import Desk
from agent.toolbox.paths import near_paths
from agent.toolbox.standing import standing
from agent.toolbox.tool import Arguments, Manner, Tool
from tools.code.faults import fault
from tools.code.lines import counted, lines_of, numbered
from tools.code.nearest import has_line_numbers, line_of, nearest, occurrences, without_line_numbers
from tools.errors import ToolError

CONTEXT_LINES = 3
MOST_CHANGED_LINES = 80
MOST_PLACES = 20


class EditArguments(Arguments):
    """Arguments of `edit`."""

    path: str = Field(description="The file to change.")
    old: str = Field(description="The text that stands there now, exactly, without line numbers; whole lines are best.")
    new: str = Field(description="The text to put in its place; empty to remove it.")
    all: bool = Field(default=False, description="True to change every place where the old text stands.")


def _edit(desk: Desk, arguments: EditArguments) -> str:
    path = _path(desk, arguments.path)
    if not arguments.old:
        raise ToolError("`old` is empty. Give the text to replace, or use `write` for a new file.")
    raw = desk.read(path)
    text = _plain(raw)
    old, new = _plain(arguments.old), _plain(arguments.new)
    if old == new:
        raise ToolError("`old` and `new` are the same, so nothing would change.")
    places = occurrences(text, old)
    if not places:
        raise ToolError(_missed(path, text, old))
    if len(places) > 1 and not arguments.all:
        lines = [line_of(text, place) for place in places]
        listed = ", ".join(map(str, lines[:MOST_PLACES]))
        raise ToolError(
            f"`old` stands {len(places)} times in {path}, at lines {listed}. Take more of the lines around it into "
            "`old` and `new` so that it is one place, or set all=true to change every one."
        )
    after = text.replace(old, new)
    desk.write(path, _as_before(raw, after))
    return _changed(desk, path, text, after)


class WriteArguments(Arguments):
    """Arguments of `write`."""

    path: str = Field(description="The file; it is made where it is not there, else all of it is replaced.")
    text: str = Field(description="The whole new text.")


def _write(desk: Desk, arguments: WriteArguments) -> str:
    path = arguments.path.strip().removeprefix("/project/").removeprefix("./")
    is_there = path in desk.files()
    raw = desk.read(path) if is_there else ""
    before, after = _plain(raw), _plain(arguments.text)
    if is_there and before == after:
        raise ToolError(f"{path} holds this text already, so nothing would change.")
    desk.write(path, _as_before(raw, after))
    if is_there:
        return _changed(desk, path, before, after)
    made = f"Made {path}, {counted(len(lines_of(after)), 'line')}. {_undo_hint(desk)}"
    return "\n".join([made, *_fault(path, before, after)])


class UndoArguments(Arguments):
    """Arguments of `undo`: none."""


def _undo(desk: Desk, _: UndoArguments) -> str:
    now = {path: _plain(text) for path, text in desk.edits.items() if text is not None}
    paths = desk.undo()
    shown = [f"Taken back: the last edit of {', '.join(sorted(paths))}. {_undo_hint(desk)}"]
    for path in sorted(paths):
        if path not in desk.files():
            shown.append(f"{path} is no longer there.")
        elif path in now:
            shown += _region(path, now[path], _plain(desk.read(path)))
    return "\n".join(shown)


def _path(desk: Desk, path: str) -> str:
    path = path.strip().removeprefix("/project/").removeprefix("./")
    if path not in desk.files():
        raise ToolError(f"There is no file {path!r}.{near_paths(standing(desk), path)} `write` makes a new one.")
    return path


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _as_before(raw: str, after: str) -> str:
    """The new text with the line endings that the file has; those of most of its lines where it mixes them."""
    windows = raw.count("\r\n")
    return after.replace("\n", "\r\n") if windows * 2 > raw.count("\n") else after


def _missed(path: str, text: str, old: str) -> str:
    """Why the old text was not found, with the place that looks most like it."""
    hint = ""
    if has_line_numbers(old):
        bare = without_line_numbers(old)
        hint = " It seems to have the line numbers that `view` shows; leave those out."
        if len(occurrences(text, bare)) == 1:
            line = line_of(text, text.find(bare))
            return f"`old` does not stand in {path}.{hint} Without them it stands at line {line}."
        old = bare
    near = nearest(text, old)
    if near is None:
        return f"`old` does not stand in {path}, nor anything much like it.{hint} Look with view or search_code first."
    kind = "only spaces or tabs differ (· is a space, → a tab)" if near.only_space else f"{near.alike:.0%} alike"
    shown = "\n".join(near.difference[:MOST_CHANGED_LINES])
    first, last = near.first_line, near.last_line
    where = f"Nearest is line {first}" if first == last else f"Nearest are lines {first} to {last}"
    return (
        f"`old` does not stand in {path}.{hint} {where}, {kind}; "
        f"- is what you gave, + what stands there:\n{shown}\nCall edit again with the lines as they stand there."
    )


def _changed(desk: Desk, path: str, before: str, after: str) -> str:
    shown = [f"Changed {path}. {_undo_hint(desk)}", *_region(path, before, after)]
    return "\n".join([*shown, *_fault(path, before, after)])


def _region(path: str, before: str, after: str) -> list[str]:
    """The changed lines as they are now, numbered, with some around."""
    old, new = lines_of(before), lines_of(after)
    if not new:
        return [f"{path} is empty now."]
    shown: list[str] = []
    last = 0
    for tag, _, _, first, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        start = max(first + 1 - CONTEXT_LINES, last + 1)
        if last and start > last + 1:
            shown.append("...")
        shown += numbered(new, start, end + CONTEXT_LINES)
        last = max(last, min(end + CONTEXT_LINES, len(new)))
        if len(shown) > MOST_CHANGED_LINES:
            return [*shown[:MOST_CHANGED_LINES], "[more was changed below: view shows it]"]
    return shown


def _fault(path: str, before: str, after: str) -> list[str]:
    found = fault(path, after)
    if found is None or (not path.endswith(".py") and fault(path, before) is not None):
        return []
    return [f"Beware: {path} does not parse now, line {found.line}: {found.message}. Mend it, or undo."]


def _undo_hint(desk: Desk) -> str:
    return f"{counted(desk.undoable, 'edit')} can be undone."


EDIT = Tool(
    name="edit",
    description=(
        "Replaces text in a file. `old` must stand there exactly once, spaces and tabs included; where it does not, "
        "the nearest place and the difference are answered. Tests, benchmarks and build files are off limits. "
        'Example: edit(path="src/parcels/route.py", old="    if item in right:\\n", new="    if item in known:\\n").'
    ),
    arguments=EditArguments,
    run=_edit,
    manner=Manner.CHANGES,
)
WRITE = Tool(
    name="write",
    description=(
        "Makes a new file, or replaces a whole one; `edit` is better for parts. "
        'Example: write(path="src/parcels/table.py", text="STATES = {}\\n").'
    ),
    arguments=WriteArguments,
    run=_write,
    manner=Manner.CHANGES,
)
UNDO = Tool(
    name="undo",
    description=(
        "Takes the last edit or write back; again for the one before. "
        "Example: undo() after an edit that made it slower."
    ),
    arguments=UndoArguments,
    run=_undo,
    manner=Manner.CHANGES,
)
