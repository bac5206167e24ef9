"""The commits of `--branch`: one for each kept diff that is delivered, with the evidence for it as its message."""

import shlex
import textwrap
from collections.abc import Iterable, Iterator

from api.legible import line
from api.report import KeptPart, Report, StackPart
from api.report_parts import EquivalencePart, TestsPart
from api.reporting import delivered_patch
from api.wording import gain_text
from tools.git.deliver import Commit
from tools.git.patch import parse_patch

WIDTH = 72


def commits_of(report: Report) -> tuple[Commit, ...]:
    """In the order in which they stack; none where nothing is delivered.

    Every commit's tree was judged and the last one's is what is delivered. A tree on the way that was not judged, or
    did not stand, is no commit: its diff is in the next one, whose message has the evidence for each.
    """
    patch = delivered_patch(report)
    if not patch:
        return ()
    steps = _steps(report, patch)
    return tuple(
        Commit(patch=parse_patch(step.patch), message=_message(report, step, number, len(steps)))
        for number, step in enumerate(steps, start=1)
    )


def _steps(report: Report, patch: str) -> tuple[StackPart, ...]:
    """As the report has them; of one that has none, the best kept diff and then the rest at once."""
    if report.combined and report.combined.stack:
        return report.combined.stack
    first, *others = report.combined.candidates if report.combined else (report.kept[0].candidate,)
    best = next((kept.patch for kept in report.kept if kept.candidate == first), patch)
    if not others or best == patch:
        return (StackPart(candidates=(first, *others), patch=patch),)
    return StackPart(candidates=(first,), patch=best), StackPart(candidates=tuple(others), patch=patch)


def _message(report: Report, step: StackPart, number: int, count: int) -> str:
    by_number = {kept.candidate: kept for kept in report.kept}
    added = [by_number[candidate] for candidate in step.candidates if candidate in by_number]
    paragraphs = [_subject(added), *(_evidence(report, kept, alone=count == 1) for kept in added)]
    if count > 1:
        paragraphs.append(_whole(report, step, number, count))
    paragraphs += [_verify(report), _trailers(report, added)]
    return "\n\n".join(paragraphs) + "\n"


def _subject(added: list[KeptPart]) -> str:
    if len(added) != 1:
        return f"Make {len(added)} functions faster"
    [kept] = added
    name = line(kept.target).partition(":")[2] if kept.target else "it"
    gain = f": {kept.speedup.point:.2f}x" if kept.speedup else ""
    for subject in (f"Make {name} faster{gain} on {line(kept.workload)}", f"Make {name} faster{gain}"):
        if len(subject) <= WIDTH:
            return subject
    return f"Make it faster{gain}"


def _evidence(report: Report, kept: KeptPart, *, alone: bool) -> str:
    """What was changed, and what was seen of this diff by itself."""
    facts = list(_facts(kept.tests, kept.equivalence))
    if kept.instructions:
        counted = kept.instructions
        facts.append(f"Instructions: {counted.change:+.0%} ({counted.before:,} before, {counted.after:,} after)")
    if kept.speedup:
        by_itself = "" if alone else ", by itself"
        facts.insert(
            0,
            f"Speedup: {gain_text(kept.speedup)} on {line(kept.workload)}{by_itself} against "
            f"{report.snapshot.commit[:17]} ({kept.speedup.level:.0%} interval, {kept.speedup.pairs} pairs)",
        )
    facts += [f"Caveat: {line(caveat)}" for caveat in kept.caveats]
    return f"{textwrap.fill(line(kept.summary), WIDTH)}\n\n{_listed(facts)}"


def _whole(report: Report, step: StackPart, number: int, count: int) -> str:
    """What was seen of this commit's tree, and of what the branch comes to."""
    says = f"This is commit {number} of {count}."
    if number == 1:
        return says
    says += f" With the {f'{number - 1} commits' if number > 2 else 'commit'} before it"
    combined = report.combined
    if number == count and combined:
        gain = f"{gain_text(combined.speedup)} on {line(combined.workload)}, measured anew against the base"
        facts = [f"Speedup: {gain}"] if combined.speedup else []
        facts += _facts(combined.tests, combined.equivalence)
    else:
        says += ", which was not timed"
        facts = [*_facts(step.tests, step.equivalence)]
    return f"{textwrap.fill(f'{says}:', WIDTH)}\n\n{_listed(facts)}" if facts else textwrap.fill(f"{says}.", WIDTH)


def _facts(tests: TestsPart | None, equivalence: EquivalencePart | None) -> Iterator[str]:
    if tests:
        yield f"Tests: {tests.passed} passed, {tests.failed} failed ({tests.scope})"
    if equivalence:
        yield f"Behaviour: the same on {equivalence.cases} inputs, {equivalence.fresh} of them fresh"


def _verify(report: Report) -> str:
    """A command that needs nothing but the repository and Hasten."""
    words = ["hasten", "judge", "."]
    if report.snapshot.subdirectory:
        words += ["--subdirectory", report.snapshot.subdirectory]
    asked = report.asked
    words += ["--min-gain", f"{asked.min_gain:g}"]
    if named := next(((o, v) for o, v in (("--workload", asked.workload), ("--bench", asked.bench)) if v), None):
        words += named
    command = f'{shlex.join(words)} --ref "$(git rev-parse HEAD~1)" --patch -'
    return (
        "To judge this commit again, check it out and run at the root:\n\n"
        f"    git diff-tree -p HEAD~1 HEAD | {line(command)}"
    )


def _trailers(report: Report, added: Iterable[KeptPart]) -> str:
    numbers = [f"Hasten-Candidate: {kept.candidate}" for kept in added]
    return "\n".join([f"Hasten-Job: {line(report.job)}", *numbers, f"Hasten-Version: {line(report.hasten)}"])


def _listed(facts: Iterable[str]) -> str:
    return "\n".join(textwrap.fill(fact, WIDTH, initial_indent="- ", subsequent_indent="  ") for fact in facts)
