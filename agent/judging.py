"""Anybody's patch, judged as a candidate is: the same cascade against the unchanged code."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agent.baseline import changed_names, prepare
from agent.bench import Bench, Plans, texts
from agent.calibration import calibrate, remembered
from agent.changes import changes_of
from agent.chosen import chosen_in
from agent.domain import UNCHANGED, Job, Origin, Outcome, Verdict
from agent.evaluate import DELIVERY, evaluate_and_remember
from agent.kit import Kit
from agent.numbering import is_text, numbered
from agent.protocols import Draft, Entry
from agent.result import JudgeResult
from tools.errors import UserError
from tools.git.patch import Patch, PatchError, apply_patch, below, parse_patch
from tools.profile.source import Function, SourceIndex


def judge_patch(job: Job, text: str, kit: Kit) -> JudgeResult:
    """The verdict on one patch; its default workload is whatever recorded calls reach the functions it changes.

    Raises UserError where the patch cannot be read or the repository cannot be prepared.
    """
    patch = parse_patch(text)
    if not is_text(text):
        raise UserError("the patch changes lines that are not UTF-8; Hasten judges sources in UTF-8", status=422)

    def touched(sources: SourceIndex) -> Sequence[Function]:
        return _patched_functions(sources, from_root(patch, sources.tree, sources.subdirectory))

    baseline = prepare(job, kit, touched, needs_python=False)
    whole = from_root(patch, baseline.snapshot.tree, baseline.snapshot.subdirectory)
    draft = Draft(patch=whole.text, summary="a patch from outside", origin=Origin.PERSON, target=job.target)
    candidate = numbered(draft, (UNCHANGED.number,), kit)
    plans: Plans = {}
    if problem := calibrate(job, baseline, plans, kit):
        kit.archive.add(candidate, Verdict(outcome=Outcome.INCONCLUSIVE, reason=problem), ())
    else:
        bench = Bench(kit=kit, job=job, baseline=baseline, parent=UNCHANGED, candidate=candidate, plans=plans)
        evaluate_and_remember(bench, cascade=DELIVERY)
    entry: Entry = kit.archive.entries()[-1]
    return JudgeResult(
        job=replace(job, goal=baseline.goal),
        entry=entry,
        snapshot=baseline.snapshot,
        machine=kit.machine(),
        baseline=baseline.summary(),
        spend=kit.ledger.spend,
        calibration=remembered(kit.journal),
        chosen=chosen_in(kit.journal),
    )


def from_root(patch: Patch, tree: Path, subdirectory: str) -> Patch:
    """A patch made inside the project's folder as one from the repository's root; others as they are."""
    named = [file.source for file in patch.files if file.source]
    if not subdirectory or any((tree / path).is_file() for path in named):
        return patch
    inside = named and all((tree / subdirectory / path).is_file() for path in named)
    return below(patch, subdirectory) if inside else patch


def _patched_functions(sources: SourceIndex, patch: Patch) -> Sequence[Function]:
    """The functions that a patch changes; where it changes a module outside of them, all that the module has."""
    try:
        after = apply_patch(sources.tree, patch)
    except PatchError:
        return ()  # the cascade says so
    before = {path: _read(sources, path) for path in after}
    found: list[Function] = []
    for change in changes_of(texts(before), texts(after)):
        found += changed_names(change)
        if change.module_level and not change.functions:
            found += [Function(path=change.path, qualname=span.qualname) for span in sources.spans(change.path)]
    return found


def _read(sources: SourceIndex, path: str) -> bytes | None:
    file = sources.tree / path
    return file.read_bytes() if file.is_file() and not file.is_symlink() else None
