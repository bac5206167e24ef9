"""Tools that read: what a file or folder holds, its lines, text in all files, and what was done for speed before."""

from pydantic import Field

from agent.desk import Desk
from agent.toolbox.paths import file_named, is_folder
from agent.toolbox.standing import standing
from agent.toolbox.tool import Arguments, Tool
from tools.code.lines import counted, lines_of, numbered
from tools.code.outline import outline_file, outline_folder
from tools.code.search import Searched, search
from tools.code.tree import CodeTree
from tools.errors import InfrastructureError, ToolError, UserError
from tools.git.performance import PerformanceCommit, open_history, performance_commits

MOST_LINES = 250
MOST_FOUND = 60
MOST_FILES_COUNTED = 30
MOST_DIFF_LINES = 60


class OutlineArguments(Arguments):
    """Arguments of `outline`."""

    path: str = Field(default=".", description="A file, a folder or a module's dotted name; the whole root for `.`.")


def _outline(desk: Desk, arguments: OutlineArguments) -> str:
    tree = standing(desk)
    if arguments.path.strip() not in tree and is_folder(tree, arguments.path):
        return "\n".join(outline_folder(tree, arguments.path.strip().removeprefix("./")))
    return "\n".join(outline_file(tree, file_named(tree, arguments.path)))


class ViewArguments(Arguments):
    """Arguments of `view`."""

    path: str = Field(description="A file; one of a library begins with `site-packages/` or `python/`.")
    first: int = Field(default=1, description="The first line, counted from 1.", ge=1)
    last: int | None = Field(
        default=None, description=f"The last line, included; {MOST_LINES} lines are shown where it is left out."
    )


def _view(desk: Desk, arguments: ViewArguments) -> str:
    tree = standing(desk)
    path = file_named(tree, arguments.path)
    text = desk.read(path) if tree.is_own(path) else tree.text(path)
    if text is None:
        raise ToolError(f"{path} is no text that can be shown.")
    lines = lines_of(text)
    if not lines:
        return f"{path} is empty."
    if arguments.first > len(lines):
        raise ToolError(f"{path} has {counted(len(lines), 'line')}; line {arguments.first} is beyond its end.")
    wanted = len(lines) if arguments.last is None else arguments.last
    if wanted < arguments.first:
        raise ToolError(f"The last line, {wanted}, is before the first, {arguments.first}.")
    last = min(wanted, len(lines), arguments.first + MOST_LINES - 1)
    head = f"{path}, lines {arguments.first} to {last} of {len(lines):,}"
    rest = (
        f'\n[line {last + 1} follows: view(path="{path}", first={last + 1})]' if last < min(wanted, len(lines)) else ""
    )
    return "\n".join([head, *numbered(lines, arguments.first, last)]) + rest


class SearchArguments(Arguments):
    """Arguments of `search_code`."""

    pattern: str = Field(description="A regular expression of Python; ^ and $ are ends of lines.", min_length=1)
    path: str = Field(default="", description="A glob (`src/**/*.py`, `*.c`), a file or a folder; all files without.")
    regex: bool = Field(default=True, description="False to look for the pattern as plain text.")
    ignore_case: bool = Field(default=False, description="True where case does not matter.")
    context: int = Field(default=0, description="Lines to show before and after each one found.", ge=0, le=10)


def _search(desk: Desk, arguments: SearchArguments) -> str:
    tree = standing(desk)
    try:
        searched = search(
            tree, arguments.pattern, glob=arguments.path, regex=arguments.regex, ignore_case=arguments.ignore_case
        )
    except UserError as error:
        raise ToolError(str(error)) from error
    if not searched.files:
        raise ToolError(f"No file matches path={arguments.path!r}. A glob counts from the root: src/**/*.py.")
    notes = _notes(searched)
    if not searched.found:
        hint = "" if arguments.ignore_case else " ignore_case=true finds other spellings."
        return f"Nothing found in {counted(searched.files, 'file')}.{hint}{notes}"
    head = f"{counted(searched.count, 'line')} in {counted(len(searched.found), 'file')} of {searched.files:,}{notes}"
    return "\n".join([head, *_found(tree, searched, arguments.context)])


def _found(tree: CodeTree, searched: Searched, context: int) -> list[str]:
    """The lines, shared out so that no one file takes all the room; what is left out is counted by file."""
    share = max(3, MOST_FOUND // len(searched.found))
    room = MOST_FOUND
    shown: list[str] = []
    rest: list[str] = []
    for one in searched.found:
        most = min(room, max(share, MOST_FOUND if len(searched.found) == 1 else 0))
        chosen = one.lines[:most]
        room -= len(chosen)
        if chosen:
            more = f" ({one.count - len(chosen)} more)" if one.count > len(chosen) else ""
            shown += [f"{one.path}{more}", *_with_context(lines_of(tree.text(one.path) or ""), chosen, context)]
        else:
            rest.append(f"{one.path} {one.count}")
    if rest:
        shown.append(f"[in {len(rest)} more files: {', '.join(rest[:MOST_FILES_COUNTED])}; name some by `path`]")
    elif any(one.count > share for one in searched.found) and room < len(searched.found):
        shown.append("[name a file by `path` to see the rest of its lines]")
    return shown


def _with_context(lines: list[str], chosen: tuple[int, ...], context: int) -> list[str]:
    shown: list[str] = []
    last = 0
    for line in chosen:
        first = max(line - context, last + 1)
        if context and last and first > last + 1:
            shown.append("...")
        shown += numbered(lines, first, line + context) if first <= line + context else []
        last = max(last, line + context)
    return shown


def _notes(searched: Searched) -> str:
    notes = ""
    if searched.left_out:
        notes += f"; {counted(len(searched.left_out), 'file')} that are binary or over 1 MB left out"
    if searched.aside:
        notes += f"; {counted(searched.aside, 'vendored or generated file')} left out, `path` can name them"
    return notes


class HistoryArguments(Arguments):
    """Arguments of `history`."""

    path: str = Field(default="", description="A file or folder; the whole repository without.")
    most: int = Field(default=5, description="How many commits at most.", ge=1, le=20)


def _history(desk: Desk, arguments: HistoryArguments) -> str:
    tree, snapshot = standing(desk), desk.baseline.snapshot
    path = arguments.path.strip().strip("/")
    if not is_folder(tree, path):
        path = file_named(tree, path)
    paths = [] if path in ("", ".") else [path]
    try:
        kit = desk.kit
        with open_history(snapshot, home=kit.home, extra_env=kit.git_env, admission=kit.admission) as repository:
            found = performance_commits(repository, snapshot.commit, paths, arguments.most)
    except (UserError, InfrastructureError) as error:
        raise ToolError(f"There is no history to read: {error} Go on without.") from error
    where = path or "the repository"
    if not found:
        return f"No commit before this one speaks of speed in {where}. A folder, or no path at all, shows more."
    return "\n\n".join([f"Commits about speed in {where}, newest first:", *(_commit(one) for one in found)])


def _commit(one: PerformanceCommit) -> str:
    lines = one.diff.split("\n")
    more = f"\n[{len(lines) - MOST_DIFF_LINES} more lines]" if len(lines) > MOST_DIFF_LINES else ""
    body = "\n".join(f"  {line}" for line in one.body.splitlines()[:8])
    diff = "\n".join(lines[:MOST_DIFF_LINES])
    return f"{one.commit[:12]} {one.date} {one.subject}\n{body}{chr(10) if body else ''}{diff}{more}"


OUTLINE = Tool(
    name="outline",
    description=(
        "Shows what a file holds (classes with their bases and what they inherit, functions with signature, lines and "
        "first sentence of documentation), or what a folder holds (files with sizes and top-level names). Python, C "
        "and C++; headings of other text. "
        'Example: outline(path="src/parcels/route.py") answers lines such as `12-40 def common(left, right)  # What '
        "stands in both.`; then view or definition show the code."
    ),
    arguments=OutlineArguments,
    run=_outline,
)
VIEW = Tool(
    name="view",
    description=(
        "Shows lines of a file behind their numbers (the numbers are not part of the file). "
        'Example: view(path="src/parcels/route.py", first=120, last=160).'
    ),
    arguments=ViewArguments,
    run=_view,
)
SEARCH_CODE = Tool(
    name="search_code",
    description=(
        "Finds lines in all text files by a regular expression or as plain text, with counts by file. For uses of a "
        "function or class, references is exact and better. "
        r'Example: search_code(pattern="def \w+_cache\(", path="src/**/*.py", context=2).'
    ),
    arguments=SearchArguments,
    run=_search,
)
HISTORY = Tool(
    name="history",
    description=(
        "Shows the repository's own earlier commits about speed that touched a file or folder: date, message, diff. "
        "They tell what its maintainers accept and what was tried before. "
        'Example: history(path="src/parcels/route.py").'
    ),
    arguments=HistoryArguments,
    run=_history,
)
