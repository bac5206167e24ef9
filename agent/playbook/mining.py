"""The end of a job: what it delivered becomes plays, for the jobs after it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from textwrap import dedent

from agent.bench import Bench, texts
from agent.changes import Change, Span, spans
from agent.domain import StepKind
from agent.kit import Kit
from agent.playbook.abstract import Abstraction, form_of, imported_in
from agent.playbook.play import PYTHON, C, Play
from agent.playbook.ranking import docstring_of, words_of
from agent.playbook.tags import tags_of
from agent.protocols import Entry
from agent.result import Combined
from tools.errors import UserError
from tools.git.patch import parse_patch
from tools.recipe.build_inputs import NATIVE_SUFFIXES

MOST_LINES = 160
"""Of either side; a longer change is no recipe."""


def learn(
    kept: Sequence[Entry], combined: Combined | None, benches: Mapping[int, Bench], kit: Kit, at: datetime
) -> int:
    """Remember every kept diff that stands in the confirmed tree; how many were new.

    `benches` are those of the kept candidates beside the unchanged code, by the candidate's number.
    """
    if kit.playbook is None or combined is None or combined.speedup is None or not combined.patch:
        return 0
    proof = f"{combined.speedup} on {combined.workload}, delivered with candidates {_numbers(combined.candidates)}"
    new = 0
    for entry in kept:
        if entry.candidate.number not in combined.candidates:
            continue
        play = play_of(entry, benches[entry.candidate.number], proof, at)
        try:
            new += play is not None and kit.playbook.add(play)
        except UserError as refused:  # no reason to lose what the job delivers
            kit.journal.append(StepKind.NOTE, str(refused))
    if new:
        kit.journal.append(StepKind.NOTE, f"{new} rewrite{'s' * (new > 1)} remembered for later jobs", {"plays": new})
    return new


def play_of(entry: Entry, bench: Bench, confirmed: str, at: datetime) -> Play | None:
    """What a kept candidate did, with the names of its place generalised; None where it is too large to serve again."""
    try:
        before, after = texts(bench.before), texts(bench.after)
    except UserError:  # its patch fits no more: it was judged, so this is damage, and nothing to learn from
        return None
    native = [path for path in after if PurePosixPath(path).suffix in NATIVE_SUFFIXES]
    language = C if native and not bench.changes else PYTHON
    old, new = _hunks(entry.candidate.patch, native) if language == C else _functions(bench.changes, before, after)
    if not old.strip() or not new.strip() or max(old.count("\n"), new.count("\n")) > MOST_LINES:
        return None
    abstraction = Abstraction(language, imported_in([*before.values(), *after.values()]))
    pattern_before, pattern_after = abstraction.of(old), abstraction.of(new)
    target = entry.candidate.target or next(iter(after))
    tags = tags_of(old, language)
    return Play(
        language=language,
        target=target,
        summary=" ".join(entry.candidate.summary.split())[:300],
        before=old,
        after=new,
        pattern_before=pattern_before,
        pattern_after=pattern_after,
        form=form_of(language, pattern_before, pattern_after),
        words=words_of(f"{target.partition(':')[2]} {docstring_of(old)}"),
        tags=tags,
        gained=tuple(tag for tag in tags_of(new, language) if tag not in tags),
        speedup=entry.verdict.speedup,
        source=bench.baseline.snapshot.source,
        job=bench.job.id,
        candidate=entry.candidate.number,
        origin=entry.candidate.origin,
        author=entry.candidate.author,
        outcome=entry.verdict.outcome,
        confirmed=confirmed,
        at=at,
    )


def _functions(
    changes: Sequence[Change], before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> tuple[str, str]:
    """The changed functions on both sides; on the new one also new functions and lines outside of all."""
    old: list[str] = []
    new: list[str] = []
    for change in changes:
        ours, theirs = before.get(change.path) or "", after.get(change.path) or ""
        names = {qualname.partition(".<locals>")[0] for qualname in change.functions}
        inside = [span for span in spans(theirs) if ".<locals>" not in span.qualname]
        old += [_lines(ours, span) for span in spans(ours) if span.qualname in names]
        new += _outside(theirs, change, inside)
        new += [_lines(theirs, span) for span in inside if span.qualname in names]
    return "\n\n".join(old), "\n\n".join(new)


def _outside(source: str, change: Change, inside: Sequence[Span]) -> list[str]:
    """New lines that stand in no function, such as an import or a table made once."""
    lines = source.splitlines()
    chosen = [
        lines[number - 1]
        for number in sorted(change.lines)
        if not any(span.first <= number <= span.last for span in inside)
    ]
    text = "\n".join(line for line in chosen if line.strip())
    return [dedent(text)] if text else []


def _lines(source: str, span: Span) -> str:
    return dedent("\n".join(source.splitlines()[span.first - 1 : span.last]))


def _hunks(patch: str, paths: Sequence[str]) -> tuple[str, str]:
    """Both sides of what a patch changes in compiled code, with its context."""
    hunks = [hunk for file in parse_patch(patch).files if file.path in paths for hunk in file.hunks]
    sides = ("".join("".join(hunk.before) for hunk in hunks), "".join("".join(hunk.after) for hunk in hunks))
    old, new = (side.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for side in sides)
    return old, new


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)
