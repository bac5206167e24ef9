"""The strategy `profile_refine`: a few rounds, each with a profile by line of the code as it stands."""

import math
from collections.abc import Callable

from agent.domain import Directive
from agent.evidence import Timed
from agent.policies.ask import ask
from agent.policies.method import Method, Parameter
from agent.policies.search import Search, Tried, faster, numbers
from agent.protocols import Entry
from tools.measure.guards import PEAK_MEMORY

NAME = "profile_refine"


def plan(search: Search, tried: Tried) -> Directive | None:
    """The next round of the first target that has any left."""
    metric = search.text("metric")
    for aim in search.aims:
        rounds = tried.on(aim.name, method=NAME)
        if len(rounds) >= search.count("rounds"):
            continue
        parent = tried.best(aim.name, GAINS[metric])
        last = numbers(tried.of_round(rounds[-1].directive.round)) if rounds else ()
        return ask(
            search,
            tried,
            aim,
            NAME,
            metric,
            parent=parent,
            show=(parent.number, *last),
            views=VIEWS[metric],
            temperature=search.number("temperature"),
        )
    return None


def smaller(entry: Entry) -> float:
    """ln(peak memory before / peak memory after) of a kept candidate; 0 where it was not measured."""
    timed = [seen for seen in entry.evidence if isinstance(seen, Timed) and seen.stage == "confirm"]
    ratios = [guard.ratio for seen in timed for guard in seen.guards if guard.name == PEAK_MEMORY and guard.ratio]
    return -math.log(ratios[-1]) if ratios else 0.0


def _product(entry: Entry) -> float:
    return faster(entry) + smaller(entry)


GAINS: dict[str, Callable[[Entry], float]] = {"time": faster, "memory": smaller, "both": _product}
VIEWS = {"time": ("lines",), "memory": ("memory",), "both": ("lines", "memory")}

METHOD = Method(
    name=NAME,
    about="A few rounds, each shown a profile by line, of time or memory, of the code as it stands.",
    sends="the profile by line, the costliest line first; the attempt before with its verdict",
    chooses="the best of the target by `metric` as parent; the next target after `rounds`",
    paper="Huang et al., EffiLearner (2024), which is SOAP in Effi-Code (2024)",
    url="https://arxiv.org/abs/2405.15189",
    parameters=(
        Parameter(name="rounds", default=5, low=1, about="rounds of a target; the paper's"),
        Parameter(
            name="metric",
            default="time",
            words=tuple(GAINS),
            about="what is profiled and what the best is best in: `time`, `memory`, or `both`: their product",
        ),
        Parameter(name="temperature", default=0.0, high=2, about="of the model"),
    ),
    plan=plan,
)
