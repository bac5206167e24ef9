"""What a verdict means and what to try next, in a sentence or two: ECCO's feedback in natural language.

Its words are ours; what a test or a file of the repository says is quoted on one line at most.
"""

from collections.abc import Iterator

from agent.domain import Outcome
from agent.evidence import Build, Compared, Counted, Glanced, Guard, Hints, Sighting, Tested, Timed, Touches
from agent.judge import FEWER, instructions
from agent.prompts.failures import classify_failure
from agent.prompts.fence import quoted
from agent.protocols import Entry
from tools.measure.guards import UNDER_OTHER_NAMES


def in_words(entry: Entry) -> str:
    """One paragraph for the next attempt."""
    return _TEACHES[entry.verdict.outcome](entry)


def _kept(entry: Entry) -> str:
    gain = f" at {entry.verdict.speedup}" if entry.verdict.speedup else ""
    return (
        f"It was kept{gain}: correct, and faster for certain. Build on its code. Its own idea is used up, so look for "
        "what costs the time now; do not undo it or write it in other words."
    )


def _off_limits(entry: Entry) -> str:
    paths = [path for seen in entry.evidence if isinstance(seen, Touches) for path in seen.forbidden]
    if not paths:  # a person said so
        reason = quoted(entry.verdict.reason)
        return (
            f"{reason[:1].upper()}{reason[1:]}. Whatever it gains, it is not wanted: save the time another "
            "way, without these edits."
        )
    return (
        f"It touches what decides the verdict or runs by itself ({quoted(paths[0], 120)}), so nothing of it was looked "
        "at. The idea may be sound: put it into the code that is timed, and leave that file as it is."
    )


def _duplicate(entry: Entry) -> str:
    number = next((seen.same_as for seen in entry.evidence if isinstance(seen, Sighting) and seen.same_as), 0)
    known = f"attempt {number}" if number else "the code it began from"
    return (
        f"But for names, comments and layout it is {known}, so it shares that verdict. Take an idea that is not on the "
        "list of attempts."
    )


def _does_not_apply(entry: Entry) -> str:
    del entry
    return "Its diff does not fit the files. Edit them with the tools, which make the diff, and view a place before."


def _build_failed(entry: Entry) -> str:
    problem = next((seen.problem for seen in entry.evidence if isinstance(seen, Build) and seen.problem), "")
    return (
        f"It does not build or import{_named(problem)} Nothing else of it was tried: the idea is neither right nor "
        "wrong yet. Mend this, and run the tests before handing in."
    )


def _tests_failed(entry: Entry) -> str:
    problems = [problem for seen in entry.evidence if isinstance(seen, Tested) for problem in seen.problems]
    count = f"{len(problems)} things go" if len(problems) > 1 else "One thing goes"
    return (
        f"{count} wrong in tests that passed before{_named(problems[0] if problems else '')} What the test asserts "
        "holds: restore it first, then keep as much of the idea as still fits. Speed was not looked at."
    )


def _not_equivalent(entry: Entry) -> str:
    differences = [seen.difference for seen in entry.evidence if isinstance(seen, Glanced | Compared)]
    while_timed = [
        seen.detail for seen in entry.evidence if isinstance(seen, Timed) and seen.decision in ("different", "broken")
    ]
    text = next(filter(None, [*differences, *while_timed]), entry.verdict.reason)
    return (
        f"The tests pass, and on an input that they do not have it does something else{_named(text)} A faster program "
        "that gives another answer is never kept. Make the counter-example come out as before, and think of its "
        "neighbours: empty, single, repeated, unsorted and wrong inputs."
    )


def _cheated(entry: Entry) -> str:
    found = [hint for seen in entry.evidence if isinstance(seen, Hints) for hint in seen.found]
    what = f"line {found[0].line} of {quoted(found[0].path, 100)} ({found[0].rule})" if found else "what it does"
    return (
        f"It was thrown away because {what} is something that only helps while it is judged, or looks so. It is not "
        "enough to hide it: leave it out, and make the work itself smaller."
    )


def _not_faster(entry: Entry) -> str:
    counts = [one for one in entry.evidence if isinstance(one, Counted) and one.change is not None]
    change = counts[-1].change if counts else None
    if change is not None and change < -FEWER:
        return (
            f"It is correct and executes {instructions(change)}, and yet takes no less time: what it saves was cheap. "
            "The time goes elsewhere, into memory, allocations, library calls or input and output. Profile its code by "
            "lines and go for what is slow rather than for what is long."
        )
    if change is not None:
        return (
            f"It is correct and executes {instructions(change)}: the same work in other words. Rewording does not pay "
            "here. Find work that need not be done at all, or that grows faster than the input."
        )
    where = " at a glance" if not any(_confirms(one) for one in entry.evidence) else ""
    return (
        f"Nothing is wrong with it, and{where} it is no faster. Either the changed lines take little of the time, or "
        "the new way costs as much as the old. Measure where the time goes first, and aim at the largest "
        "share."
    )


def _regressed(entry: Entry) -> str:
    guards = [one for seen in entry.evidence if isinstance(seen, Timed) for one in seen.guards if not one.passed]
    if not guards:
        return (
            "It is correct and slower than before, for certain. Its idea costs more than it saves on these inputs: "
            "set-up for a few items, copies, or a call for each item. Go back to the code before it."
        )
    return f"It is correct and faster in the mean, at a price that is not paid: {_of_guard(guards[0])}"


def _of_guard(guard: Guard) -> str:
    advice = {
        "peak memory": "Hold less at once: iterate instead of building, reuse a buffer, keep a table small or bounded.",
        "first call": "What is built on the first call is not earned back: build less, or only when it is needed.",
        "worst inputs": "Some inputs are slower now: choose the way by size or kind, and leave the old one for those.",
        "total time": "Small inputs gain and large ones lose: look at how the new way grows.",
        "outside the window": "Work moved out of the calls that are timed into start-up; make it smaller instead.",
        UNDER_OTHER_NAMES: "It gains only in the processes that are timed; it must gain in any.",
    }.get(guard.name, "One size of input is slower now: choose the way by size, or make the new one cheap to set up.")
    return f"{guard.name}, {quoted(guard.detail, 160)}. {advice}"


def _inconclusive(entry: Entry) -> str:
    return next(_doubts(entry), "Nothing certain can be said of it. Make the gain larger and the change smaller.")


def _doubts(entry: Entry) -> Iterator[str]:
    for seen in entry.evidence:
        match seen:
            case Compared(not_reached=[name, *_]):
                yield (
                    f"No input at hand runs the lines that changed in {quoted(name, 120)}, so nothing shows that they "
                    "are right. Keep the change to code that tests or the workload reach."
                )
            case Compared(never_timed=True):
                yield (
                    "What is timed runs none of the changed lines: the gain, if any, is where nobody looks. Change "
                    "what the target really does when it is called."
                )
            case Compared(tests_only=str()):
                yield (
                    "Only tests reach it, and they compare too little to prove it the same. Change a function whose "
                    "calls can be recorded or that a workload runs."
                )
            case Compared(unproven=str(why)):
                yield f"It could not be proven the same: {quoted(why)}. Do the same in code that inputs reach."
            case Compared(cases=0):
                yield "No input gives the same result twice on the old code, so nothing can be compared here."
            case Timed(stage="confirm", decision="undecided"):
                yield (
                    f"It is correct, and the measurement did not decide ({quoted(seen.detail, 160)}): the gain lies "
                    "within the noise. The direction may be right: save more of the same, or join it with a "
                    "second saving."
                )


def _confirms(seen: object) -> bool:
    return isinstance(seen, Timed) and seen.stage == "confirm"


def _named(problem: str) -> str:
    """The kind of a failure and what to look at, as a sentence goes on."""
    failure = classify_failure(problem)
    return f" ({failure}). {failure.advice}" if failure else "."


_TEACHES = {
    Outcome.KEPT: _kept,
    Outcome.OFF_LIMITS: _off_limits,
    Outcome.DUPLICATE: _duplicate,
    Outcome.DOES_NOT_APPLY: _does_not_apply,
    Outcome.BUILD_FAILED: _build_failed,
    Outcome.TESTS_FAILED: _tests_failed,
    Outcome.NOT_EQUIVALENT: _not_equivalent,
    Outcome.CHEATED: _cheated,
    Outcome.NOT_FASTER: _not_faster,
    Outcome.REGRESSED: _regressed,
    Outcome.INCONCLUSIVE: _inconclusive,
}
