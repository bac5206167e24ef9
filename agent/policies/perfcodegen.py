"""The strategy `perfcodegen`: sample, repair what is broken, then make what is correct faster by its costliest test."""

from agent.domain import Candidate, Directive, Outcome
from agent.policies.ask import RANKER, ask
from agent.policies.method import Method, Parameter
from agent.policies.search import Aim, Search, Tried, faster
from agent.protocols import Entry

NAME = "perfcodegen"
BROKEN = frozenset({Outcome.BUILD_FAILED, Outcome.TESTS_FAILED, Outcome.NOT_EQUIVALENT})
CORRECT = frozenset({Outcome.KEPT, Outcome.NOT_FASTER, Outcome.INCONCLUSIVE, Outcome.REGRESSED})


def plan(search: Search, tried: Tried) -> Directive | None:
    """The next phase of the first target that has one left."""
    found = (_on(search, tried, aim) for aim in search.aims)
    return next((directive for directive in found if directive), None)


def _on(search: Search, tried: Tried, aim: Aim) -> Directive | None:
    rounds = tried.on(aim.name, method=NAME)
    if not rounds:
        warm, samples = search.number("temperature"), search.count("samples")
        parent = tried.best(aim.name)
        return ask(search, tried, aim, NAME, "sample", parent=parent, temperature=warm, samples=samples)
    base = rounds[0].directive.parent
    begun = {(one.directive.phase, one.directive.begins.number): one.directive.round for one in rounds}
    found = list(tried.of_round(rounds[0].directive.round))
    for entry in tuple(found):
        if entry.verdict.outcome in BROKEN:
            number = begun.get(("repair", entry.candidate.number))
            if number is None:
                return _greedy(search, tried, aim, "repair", entry.candidate, base)
            found += tried.of_round(number)
    correct = sorted((entry for entry in found if entry.verdict.outcome in CORRECT), key=_promise)
    return _improve(search, tried, aim, correct[: search.count("survivors")], base, begun)


def _improve(
    search: Search, tried: Tried, aim: Aim, survivors: list[Entry], base: Candidate, begun: dict[tuple[str, int], int]
) -> Directive | None:
    """Ask for a faster version of each, then show its costliest test; what is not kept gives way to its parent."""
    for entry in survivors:
        current = entry.candidate
        for phase in ("faster", "costliest"):
            number = begun.get((phase, current.number))
            if number is None:
                views = ("costliest test",) if phase == "costliest" else ()
                return _greedy(search, tried, aim, phase, current, base, views)
            current = next((one.candidate for one in tried.of_round(number) if one.verdict.kept), current)
    return None


def _greedy(
    search: Search,
    tried: Tried,
    aim: Aim,
    phase: str,
    start: Candidate,
    base: Candidate,
    views: tuple[str, ...] = (),
) -> Directive:
    """One sample at temperature 0 from a candidate, judged against it where it was kept, else against the base."""
    kept = tried.entry(start.number).verdict.kept
    return ask(
        search,
        tried,
        aim,
        NAME,
        phase,
        parent=start if kept else base,
        start=start,
        show=(start.number,),
        views=views,
        temperature=0.0,
    )


def _promise(entry: Entry) -> tuple[bool, float, int]:
    return not entry.verdict.kept, -faster(entry), entry.candidate.number


METHOD = Method(
    name=NAME,
    about="Samples; the broken ones are repaired, the correct ones made faster, then faster on their costliest test.",
    sends="to repair, the failing test and its error; to refine, the test that takes longest",
    chooses="the fastest correct samples go on; a refinement that is not kept gives way to the correct code before it",
    paper="Peng et al., PerfCodeGen (2024)",
    url="https://arxiv.org/abs/2412.03578",
    parameters=(
        Parameter(name="samples", default=20, low=1, high=100, about="samples of a target"),
        Parameter(name="temperature", default=0.7, high=2, about="of the samples; repairs and refinements take 0"),
        Parameter(name="survivors", default=3, low=1, about="correct samples that are refined; the paper refines all"),
        RANKER,
    ),
    plan=plan,
)
