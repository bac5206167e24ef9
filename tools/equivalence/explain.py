"""Of the cases that look different on two sides: which really are, and the best one to show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tools.equivalence.calls import Answer, Comparison, manner_in_words
from tools.equivalence.cases import Case
from tools.equivalence.compare import PRIVATE_STATE
from tools.equivalence.minimise import minimise
from tools.equivalence.observe import Observed, Watch, can_take, observe
from tools.equivalence.render import render_call
from tools.workload.session import Side
from tools.workload.workload import Workload

MOST_SHOWN = 24
"""Cases shown whole at a time."""
MOST_ROUNDS = 6
EXPLAINING_BUDGET_S = 18.0
MOST_MINIMISED = 3
MOST_ALONE = 4


@dataclass(frozen=True)
class Trial:
    """Both sides and what they were asked."""

    reference: Side
    candidate: Side
    workload: Workload
    cases: Sequence[Case]
    watch: Watch
    comparison: Comparison


@dataclass(kw_only=True)
class Explained:
    """What came of the suspects."""

    text: str | None = None
    """The smallest real difference."""
    case: Case | None = None
    """The one that it shows on."""
    dropped: set[int] = field(default_factory=set)
    """Cases on which the reference does not repeat itself, or that there was no time to look into."""


@dataclass(frozen=True, kw_only=True)
class _Found:
    number: int
    text: str
    call: str
    of_state: bool

    @property
    def rank(self) -> tuple[bool, bool, bool, int]:
        """What users see comes first; then where the unchanged code returns; then the shortest."""
        hidden = PRIVATE_STATE in self.text
        return (hidden, "before raises" in self.text, self.of_state, len(self.text) + len(self.call))


def explain(trial: Trial, before: Observed, after: Observed) -> Explained:
    """Look into every suspect, a few at a time, until one is a difference that the reference repeats."""
    explained = Explained()
    suspects = sorted(_suspects(trial, before, after), key=lambda number: bool(before.answers[number].get("raised")))
    if not suspects:
        return explained
    again = _again(trial, max(suspects))
    steady = [n for n in suspects if again.answers.get(n, {}).get("digest") == before.answers[n]["digest"]]
    explained.dropped.update(set(suspects) - set(steady))
    for start in range(0, MOST_SHOWN * MOST_ROUNDS, MOST_SHOWN):
        found = _look(trial, steady[start : start + MOST_SHOWN], again, after) if steady[start:] else []
        if standing := _standing(trial, sorted(found, key=lambda one: one.rank)):
            explained.text, explained.case = _smallest(trial, standing)
            return explained
    explained.dropped.update(steady[MOST_SHOWN * MOST_ROUNDS :])
    return explained


def _again(trial: Trial, last: int, shown: Sequence[int] = ()) -> Observed:
    """The reference once more, up to a case."""
    watch = replace(trial.watch, limits_s={}, budget_s=EXPLAINING_BUDGET_S, show=frozenset(shown))
    return observe(trial.reference, trial.workload, trial.cases[: last + 1], watch)


def _suspects(trial: Trial, before: Observed, after: Observed) -> Iterator[int]:
    """Cases that differ as far as the first look shows: a private attribute more is no difference, for one."""
    unbroken = min(before.unbroken, after.unbroken)
    # A function that once gave another result for an iterator than for a container does not take any iterable.
    picky = {_how(trial.cases[n]) for n, answer in before.answers.items() if not answer.get("any_iterable", True)}
    for number, answer in before.answers.items():
        other = after.answer(number)
        if "digest" not in answer or other.nothing or _how(trial.cases[number]) in picky:
            continue
        # Which operation meets a value of a wrong type first is free, and whether any does.
        if trial.cases[number].retyped and other.seen and not can_take(other.seen):
            continue
        state = other.seen.get("state", {}) if other.seen and number < unbroken else answer["state"]
        if trial.comparison.states(answer["state"], state, before.watched) or _calls_differ(trial, answer, other):
            yield number


def _how(case: Case) -> str:
    """The manner in which its input is varied, whatever is done to it besides."""
    return str(case.item[2]).partition(">")[0]


def _calls_differ(trial: Trial, answer: dict[str, Any], other: Answer) -> bool:
    """Whether they do as far as the answers show; large ones are shown only when asked for."""
    if other.seen and other.seen.get("digest") == answer["digest"]:
        return False
    hidden = "seen" not in answer or (other.seen and "digest" in other.seen and "seen" not in other.seen)
    return bool(hidden or trial.comparison.equal or trial.comparison.calls(answer, other))


def _look(trial: Trial, chosen: Sequence[int], again: Observed, after: Observed) -> list[_Found]:
    """Run both sides again with these cases shown whole; what the reference does not repeat is passed over."""
    last = max(chosen)
    ours = _again(trial, last, chosen)
    shown = replace(trial.watch, show=frozenset(chosen))
    theirs = observe(trial.candidate, trial.workload, trial.cases[: last + 1], shown)
    unbroken = min(ours.unbroken, again.unbroken, theirs.unbroken)
    found = []
    for number in chosen:
        mine, repeated = ours.answers.get(number, {}), again.answers[number]
        if mine.get("digest") != repeated["digest"]:
            continue
        other = after.answer(number) if number in after.deaths else theirs.answer(number)
        text = trial.comparison.calls(mine, other)
        of_state = False
        if text is None and number < unbroken and other.seen and mine["state"] == repeated["state"]:
            text = trial.comparison.states(mine["state"], other.seen.get("state", {}), ours.watched)
            of_state = text is not None
        if text:
            found.append(_Found(number=number, text=text, call=render_call(mine["input"]), of_state=of_state))
    return found


def _standing(trial: Trial, found: Sequence[_Found]) -> list[_Found]:
    """Those on values of the types that tests give; where there are none, those that show in a process of their own.

    A table of results takes 0 for 0.0: a caller that gives both meets the one's result for the other. Tests that give
    one type do not say that there is such a caller, and a cache may well be made for theirs.
    """
    usual = [one for one in found if not trial.cases[one.number].retyped]
    return usual or [one for one in found[:MOST_ALONE] if _shows_alone(trial, one.number)]


def _shows_alone(trial: Trial, number: int) -> bool:
    alone = replace(trial, cases=[trial.cases[number]], watch=replace(trial.watch, limits_s={}))
    again = _again(alone, 0)
    after = observe(alone.candidate, alone.workload, alone.cases, alone.watch)
    return "digest" in again.answers.get(0, {}) and bool(_look(alone, [0], again, after))


def _smallest(trial: Trial, found: Sequence[_Found]) -> tuple[str, Case]:
    """The best of the differences, its input made as small as it gets, in words and as a case."""
    for one in [one for one in found if not one.of_state][:MOST_MINIMISED]:
        case = trial.cases[one.number]
        smallest = minimise(
            trial.reference, trial.candidate, trial.workload, case, trial.comparison,
            trial.watch.pool, trial.watch.hash_seed,
        )  # fmt: skip
        if smallest is not None:
            text = f"for input ({render_call(smallest.input)}){manner_in_words(case.manner)}: {smallest.text}"
            return text, smallest.case
    best = found[0]
    case = trial.cases[best.number]
    return f"for input ({best.call}){manner_in_words(case.manner)}: {best.text}", case
