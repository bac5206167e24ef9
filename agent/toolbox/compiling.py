"""The tool that shows what compilers make of C and C++: diagnostics, remarks by line, assembly, modelled throughput."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from agent.desk import Desk
from agent.toolbox.tool import Arguments, Tool
from tools.compiler.assembly import Listing, assembly
from tools.compiler.build import Compile, build
from tools.compiler.compilers import Answer, Place, ask
from tools.compiler.dialects import CLANG, GCC
from tools.compiler.functions import SUFFIXES, NativeFile, is_native, read_native
from tools.compiler.mca import throughput
from tools.compiler.remarks import Kind, Remark, by_line
from tools.compiler.units import Unit, find_unit
from tools.errors import ToolError
from tools.git.workspace import lay_out_side

MOST_LINES = 40
"""Source lines with remarks that are shown."""
MOST_MESSAGES = 6
"""Remarks of one line."""
MOST_DIAGNOSTICS = 30
MOST_INSTRUCTIONS = 250
MOST_LOOPS = 4
MOST_TEXT = 140

What = Literal["diagnostics", "remarks", "assembly", "mca"]


class CompileArguments(Arguments):
    """Arguments of `compile`."""

    path: str = Field(
        description="A C or C++ file, from the repository's root; a header is seen through a file using it."
    )
    function: str | None = Field(default=None, description="Only this function; `assembly` and `mca` need one.")
    first_line: int | None = Field(default=None, description="Only remarks from this line on.", ge=1)
    last_line: int | None = Field(default=None, description="Only remarks up to this line.", ge=1)
    what: list[What] = Field(
        default=["diagnostics", "remarks"], description="Any of diagnostics, remarks, assembly, mca.", min_length=1
    )


def _compile(desk: Desk, arguments: CompileArguments) -> str:
    path = arguments.path.removeprefix("./")
    if not is_native(path):
        raise ToolError(
            f"`compile` shows what gcc and clang make of C and C++ ({', '.join(sorted(SUFFIXES))}); {path} is neither. "
            "Use `profile` for Python."
        )
    text = desk.read(path)
    source = read_native(text, path)
    first, last = _range(path, source, arguments, text)
    place = _place(desk)
    unit = find_unit(path, desk.files(), desk.read, lambda: _logged(desk), desk.baseline.snapshot.subdirectory)
    parts = [_heading(path, unit)]
    wanted = dict.fromkeys(arguments.what)
    if "diagnostics" in wanted or "remarks" in wanted:
        answers = ask(place, unit)
        if "diagnostics" in wanted:
            parts.append(_diagnostics(answers))
        if "remarks" in wanted:
            parts.append(_remarks(desk, answers, path, text, source, (first, last)))
    if "assembly" in wanted or "mca" in wanted:
        parts += _machine_code(place, unit, _needed(arguments, source), source, text, wanted)
    return "\n\n".join(parts)


def _range(path: str, source: NativeFile, arguments: CompileArguments, text: str) -> tuple[int, int]:
    first, last = arguments.first_line or 1, arguments.last_line or text.count("\n") + 1
    if first > last:
        raise ToolError(f"first_line {first} is after last_line {last}.")
    if arguments.function is None:
        return first, last
    found = source.named(arguments.function)
    if found is None:
        names = ", ".join(one.name for one in source.functions[:20]) or "none"
        raise ToolError(f"{path} defines no function {arguments.function}. It defines: {names}.")
    return max(first, found.first), min(last, found.last)


def _needed(arguments: CompileArguments, source: NativeFile) -> str:
    found = source.named(arguments.function) if arguments.function else None
    if found is None:
        raise ToolError("`assembly` and `mca` are of one function: name it with function=...")
    return found.name


def _place(desk: Desk) -> Place:
    """The code as it stands, with what the build of the unchanged code left (generated headers)."""
    baseline = desk.baseline
    tree = lay_out_side(baseline.snapshot, desk.patch, baseline.environment.generated, desk.kit.home)
    return Place(sandbox=desk.kit.sandbox, environment=baseline.environment, tree=tree)


def _logged(desk: Desk) -> Sequence[Compile]:
    """How the project's build calls compilers; a build file cannot change, so the unchanged code's build tells."""
    baseline = desk.baseline
    if baseline.native is not None and baseline.native.compiles:
        return baseline.native.compiles
    if baseline.recipe.build is None:
        return ()
    tree = lay_out_side(baseline.snapshot, "", None, desk.kit.home)
    return build(desk.kit.sandbox, baseline.environment, tree, baseline.recipe.build, "compiles").compiles


def _heading(path: str, unit: Unit) -> str:
    through = "" if unit.source == path else f" through {unit.source}"
    return f"{path}{through}, compiled {unit.origin}: {unit.compiler} {' '.join(unit.flags)}"


def _diagnostics(answers: Sequence[Answer]) -> str:
    lines = ["## Diagnostics (with -Wall)"]
    for answer in answers:
        if answer.problem:
            lines.append(answer.problem)
        if answer.left_out:
            lines.append(f"{answer.dialect.name} does not know {', '.join(answer.left_out)}: left out")
        shown = [f"{one.path}:{one.line}: {one.kind} ({answer.dialect.name}): {one.text}" for one in answer.diagnostics]
        lines += shown[:MOST_DIAGNOSTICS]
        if len(shown) > MOST_DIAGNOSTICS:
            lines.append(f"[{len(shown) - MOST_DIAGNOSTICS} more of {answer.dialect.name}]")
        if not shown and not answer.problem:
            lines.append(f"{answer.dialect.name}: none")
    return "\n".join(lines)


def _remarks(
    desk: Desk, answers: Sequence[Answer], path: str, text: str, source: NativeFile, lines: tuple[int, int]
) -> str:
    parts = ["## Remarks, those on the hottest loops that were not optimised first"]
    parts += [answer.problem for answer in answers if answer.problem]
    remarks = [
        one for answer in answers for one in answer.remarks if one.path == path and lines[0] <= one.line <= lines[1]
    ]
    spent = _spent(desk, path)
    found = by_line(remarks, source, spent)
    texts = text.splitlines()
    for number, said in found[:MOST_LINES]:
        code = texts[number - 1].strip()[:MOST_TEXT] if number <= len(texts) else ""
        share = f", {spent[number]:.1%} of the command's cost" if spent.get(number, 0) >= 0.001 else ""
        depth = source.depth_at(number)
        loops = f", loop depth {depth}" if depth else ""
        parts.append(f"{path}:{number}{loops}{share}\n    {code}")
        parts[-1] += "".join(f"\n  {_said(one)}" for one in said[:MOST_MESSAGES])
        if len(said) > MOST_MESSAGES:
            parts[-1] += f"\n  [{len(said) - MOST_MESSAGES} more]"
    if len(found) > MOST_LINES:
        parts.append(f"[{len(found) - MOST_LINES} more lines: ask for a function or for lines]")
    if not found and any(not answer.problem for answer in answers):
        parts.append(f"None on lines {lines[0]} to {lines[1]}.")
    if any(one.kind is Kind.MISSED for one in remarks):
        parts.append("gcc names the loop on one line and the access that stops it on another.")
    return "\n".join(parts)


def _said(remark: Remark) -> str:
    cause = f" [{remark.cause}]" if remark.cause else ""
    times = f" ({remark.times} times)" if remark.times > 1 else ""
    return f"{remark.compiler} {remark.kind} {remark.passed}{cause}: {remark.message[: 2 * MOST_TEXT]}{times}"


def _spent(desk: Desk, path: str) -> Mapping[int, float]:
    """Each line's share of what the command costs, where the file is as it was when that was counted."""
    native = desk.baseline.native
    if native is None or path not in native.spent or desk.read(path) != desk.baseline.sources.text(path):
        return {}
    return native.spent[path]


def _machine_code(
    place: Place, unit: Unit, function: str, source: NativeFile, text: str, wanted: Mapping[What, None]
) -> list[str]:
    dialect = CLANG if "clang" in unit.compiler else GCC
    parts: list[str] = []
    for listing in assembly(place, unit, dialect, function):
        if "assembly" in wanted:
            parts.append(_shown(listing, dialect.name, text))
        if "mca" in wanted:
            parts.append(_modelled(place, listing, source, text))
    return parts


def _shown(listing: Listing, compiler: str, text: str) -> str:
    """The listing, with each source line before what it became."""
    texts = text.splitlines()
    out = [f"## Assembly of {listing.name} by {compiler}, {listing.instructions} instructions"]
    before: int | None = None
    for line in listing.lines[:MOST_INSTRUCTIONS]:
        if line.source != before and line.source is not None and line.source <= len(texts):
            out.append(f"# {line.source}: {texts[line.source - 1].strip()[:MOST_TEXT]}")
        before = line.source
        out.append(line.shown.expandtabs(8))
    if len(listing.lines) > MOST_INSTRUCTIONS:
        out.append(f"[{len(listing.lines) - MOST_INSTRUCTIONS} more lines]")
    return "\n".join(out)


def _modelled(place: Place, listing: Listing, source: NativeFile, text: str) -> str:
    """llvm-mca on each innermost loop; on the whole function where it has none."""
    texts = text.splitlines()
    loops = listing.innermost_loops()
    out = [f"## llvm-mca on {listing.name}" + ("" if loops else ", which has no loop: run over and over")]
    for stretch in loops[:MOST_LOOPS] or (listing.lines,):
        own = {line.source for line in stretch if line.source is not None and line.source <= len(texts)}
        lines = sorted(number for number in own if source.depth_at(number)) or sorted(own)
        about = f"lines {lines[0]} to {lines[-1]}: {texts[lines[0] - 1].strip()[:MOST_TEXT]}" if lines else "no lines"
        out.append(f"### {len(stretch)} labels and instructions of {about}\n{throughput(place, stretch)}")
    if len(loops) > MOST_LOOPS:
        out.append(f"[{len(loops) - MOST_LOOPS} more innermost loops]")
    return "\n\n".join(out)


COMPILE = Tool(
    name="compile",
    description=(
        "Shows what gcc and clang, whichever are installed, make of a C or C++ file as it stands, with the flags of "
        "the project's own build: diagnostics; remarks by line of what was vectorised, inlined or unrolled and what "
        "was not and why (loop-carried dependence, may alias, non-affine or strided access, early exit, call, cost "
        "model); a function's assembly; llvm-mca's cycles and bottleneck of its innermost loops. It runs nothing of "
        "the project and says nothing about Python. "
        'Example: compile(path="src/blur.c", function="blur", what=["remarks"]) answers "src/blur.c:12, loop depth 2 '
        '... gcc missed vectorise [may alias]: ...": then `restrict` or a local copy is worth a try.'
    ),
    arguments=CompileArguments,
    run=_compile,
)
