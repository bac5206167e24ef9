"""The strategy `refine`: profile, propose, judge, and tell what became of it, from the best so far."""

from agent.domain import Candidate, Directive
from agent.policies.ask import ask
from agent.policies.method import Method, Parameter
from agent.policies.search import Search, Tried, numbers

NAME = "refine"


def plan(search: Search, tried: Tried) -> Directive | None:
    """The next attempt on the first target that is not given up, with the last ones and their verdicts."""
    for aim in search.aims:
        rounds = tried.on(aim.name, method=NAME)
        if tried.fruitless(rounds) >= search.count("patience"):
            continue
        parent = tried.best(aim.name)
        return ask(
            search,
            tried,
            aim,
            NAME,
            parent=parent,
            show=(parent.number, *_last(tried, parent, aim.name, search.count("shown"))),
            views=("profile", "lessons", "examples", "history"),
            temperature=search.number("temperature"),
        )
    return None


def _last(tried: Tried, parent: Candidate, target: str, most: int) -> tuple[int, ...]:
    """The latest attempts on this target that were judged against this parent."""
    found = [
        entry
        for entry in tried.entries
        if entry.candidate.target == target and entry.candidate.parents[:1] == (parent.number,)
    ]
    return numbers(found[-most:] if most else ())


METHOD = Method(
    name=NAME,
    about="One attempt after the other, each told what became of the last ones, from the best so far.",
    sends="the profile, what earlier jobs learned, the last attempts on the same code with diff, verdict and numbers",
    chooses="the best of the target as parent; the next target after `patience` attempts that kept nothing",
    paper="Madaan et al., Self-Refine (2023); feedback from execution as in Waghjale et al., ECCO (2024)",
    url="https://arxiv.org/abs/2303.17651",
    parameters=(
        Parameter(name="patience", default=3, low=1, about="attempts in a row that keep nothing before a target ends"),
        Parameter(name="shown", default=3, about="earlier attempts that are shown"),
        Parameter(name="temperature", default=0.4, high=2, about="of the model; ECCO's"),
    ),
    plan=plan,
)
