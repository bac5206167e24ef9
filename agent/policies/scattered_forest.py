"""The strategy `scattered_forest`: seeds from different preambles, textual directions as actions of a tree search."""

from agent.domain import Candidate, Directive, Round
from agent.policies.ask import ask
from agent.policies.forest import Node, grown, walk
from agent.policies.method import Method, Parameter
from agent.policies.search import Aim, Search, Tried
from agent.prompts.fence import quoted

NAME = "scattered_forest"
PREAMBLES = (
    "You know the literature on algorithms. Ask first which problem this is, and what its best known algorithm is.",
    "You think in data: what is looked up, walked through, copied, kept. Choose the structures, and the code follows.",
    "You believe that the fastest work is none: find what is computed again, computed early, or computed for nothing.",
    "You know the interpreter: what a call, a name, an object costs, and which built-ins do a whole loop at once.",
    "You look at the callers: what they really need, how often, in which order, and what can be done for all at once.",
)
"""Ways to begin that lead to different places; a sixth seed begins as the first."""
COMMON = (
    "Use an algorithm of a lower order.",
    "Index what is searched for by a dictionary or a set that is built once.",
    "Move work that does not change out of the innermost loop.",
    "Replace a loop by a built-in or a library call that does all of it at once.",
    "Stop early, or skip inputs for which nothing is to be done.",
    "Avoid copies and temporary objects; work in place or lazily.",
)
"""Directions where a model named none."""
MOST_INSIGHTS = 8


def plan(search: Search, tried: Tried) -> Directive | None:
    """A seed while there are too few, then the next step of the tree search, target by target."""
    for aim in search.aims:
        rounds = tried.on(aim.name, method=NAME)
        seeds = [one for one in rounds if one.directive.phase == "seed"]
        base = rounds[0].directive.parent if rounds else tried.best(aim.name)
        warm = search.number("temperature")
        if len(seeds) < search.count("seeds"):
            words = PREAMBLES[len(seeds) % len(PREAMBLES)]
            return ask(search, tried, aim, NAME, "seed", parent=base, temperature=warm, preamble=words)
        grows = [one for one in rounds if one.directive.phase == "grow"]
        if len(grows) < search.count("iterations") and (found := _grow(search, tried, aim, rounds, base)):
            return found
    return None


def _grow(search: Search, tried: Tried, aim: Aim, rounds: tuple[Round, ...], base: Candidate) -> Directive | None:
    def fallback(round_number: int) -> tuple[str, ...]:
        return tuple(search.chance(round_number).sample(COMMON, min(len(COMMON), search.count("directions"))))

    place = walk(grown(rounds, tried, fallback))
    if place is None or place[0].entry is None:
        return None
    node, direction = place
    start, kept = place[0].entry.candidate, place[0].entry.verdict.kept
    return ask(
        search,
        tried,
        aim,
        NAME,
        "grow" if direction else "directions",
        parent=start if kept else base,
        start=start,
        show=(start.number,),
        temperature=search.number("temperature"),
        idea=direction or "",
        insights=_insights(tried, rounds, node),
        count=search.count("directions"),
    )


def _insights(tried: Tried, rounds: tuple[Round, ...], here: Node) -> str:
    """What directions led to in other branches, what was kept first."""
    found: list[tuple[bool, int, str]] = []
    for one in rounds:
        for entry in tried.of_round(one.directive.round) if one.directive.idea else ():
            if here.entry and one.directive.begins != here.entry.candidate:
                verdict = entry.verdict
                gain = f" {verdict.speedup}" if verdict.speedup else ""
                text = f"- {quoted(one.directive.idea)} {verdict.outcome}{gain}: {quoted(verdict.reason, 160)}"
                found.append((not verdict.kept, -entry.candidate.number, text))
    lines = "\n".join(text for *_, text in sorted(found)[:MOST_INSIGHTS])
    return f"\nWhat other directions came to elsewhere:\n\n{lines}\n" if lines else ""


METHOD = Method(
    name=NAME,
    about="Seeds from different preambles; a tree search whose steps are directions in words.",
    sends="a preamble; then one direction, the attempt it starts from, and what other directions came to",
    chooses="by UCT: v + sqrt(2) * sqrt(ln N / n), also on from what was not kept",
    paper="Light et al., Scattered Forest Search (2024)",
    url="https://arxiv.org/abs/2411.05010",
    parameters=(
        Parameter(name="seeds", default=5, low=1, high=20, about="first attempts of a target"),
        Parameter(name="iterations", default=5, low=0, about="attempts of a target after its seeds"),
        Parameter(name="directions", default=2, low=1, high=6, about="ways to go on from an attempt"),
        Parameter(name="temperature", default=0.8, high=2, about="of the model"),
    ),
    plan=plan,
)
