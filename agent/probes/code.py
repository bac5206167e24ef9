"""Probes of the patch itself: nothing of the candidate runs here but, last, its imports."""

from dataclasses import replace

from agent.bench import Bench, texts
from agent.domain import Origin
from agent.evidence import Application, Build, Hints, Sighting, Touches
from agent.probes import hints
from agent.probes.native_hints import look_native
from agent.probes.shadows import shadows
from tools.errors import UserError
from tools.git.off_limits import off_limits as protected
from tools.git.patch import parse_patch
from tools.normal_form import normal_digest
from tools.sandbox.contract import Limits

IMPORT_LIMITS = Limits(wall_s=60.0)
_IMPORT = """
import importlib, sys, traceback
for path in sys.argv[1::2]:
    with open(path, "rb") as file:
        compile(file.read(), path, "exec", dont_inherit=True)
for module in filter(None, sys.argv[2::2]):
    importlib.import_module(module)
"""


def off_limits(bench: Bench) -> Touches:
    """Which paths the patch touches that no candidate may: tests, configuration, what decides about the measuring."""
    found = protected(parse_patch(bench.candidate.patch).paths, bench.baseline.recipe.off_limits)
    return Touches(forbidden=tuple(f"{path} ({rule})" for path, rule in (*found, *shadows(bench))))


def seen_before(bench: Bench) -> Sighting:
    """Whether the code, but for names of locals, comments and layout, is the parent's or an earlier candidate's."""
    try:
        before, after = bench.before, bench.after
    except UserError:
        return Sighting()
    digest = normal_digest(texts(after))
    if bench.candidate.origin is Origin.FINISH:
        return Sighting()  # made of what was kept, and judged anew on purpose
    if digest == normal_digest(texts(before)):
        return Sighting(same_as=bench.parent.number)
    for entry in bench.kit.archive.entries():
        earlier = entry.candidate
        same_paths = bool(earlier.patch) and set(parse_patch(earlier.patch).paths) == set(after)
        if same_paths and digest == normal_digest(texts(bench.files_of(earlier))):
            return Sighting(same_as=earlier.number)
    return Sighting()


def applies(bench: Bench) -> Application:
    """Whether the patch fits the snapshot."""
    try:
        _ = bench.after
    except UserError as error:
        return Application(problem=str(error))
    return Application()


def honest(bench: Bench) -> Hints:
    """Static hints of a cheat on the added lines."""
    found = hints.look(bench.changes, texts(bench.after), texts(bench.before))
    return replace(found, found=(*found.found, *look_native(texts(bench.after), texts(bench.before))))


def builds(bench: Bench) -> Build:
    """Whether the changed files compile, what they are built into builds, and the changed modules import."""
    try:
        side = bench.challenger
    except UserError as error:
        return Build(problem=str(error))
    arguments: list[str] = []
    for path, data in bench.after.items():
        if path.endswith(".py") and data is not None:
            arguments += [f"/project/{path}", bench.baseline.sources.module(path) or ""]
    if not arguments:
        return Build()
    command = side.environment.python_command(("-c", _IMPORT, *arguments), side.tree, hash_seed=0, limits=IMPORT_LIMITS)
    finished = bench.kit.sandbox.run(command)
    if finished.ok:
        return Build()
    lines = finished.tail(3).splitlines() or [f"ended by {finished.ended}"]
    return Build(problem=f"the changed files do not compile and import: {lines[-1]}")
