"""The strategy `best_of_n`: many independent samples of one prompt, all judged; the fastest is delivered."""

from agent.domain import Directive
from agent.policies.ask import RANKER, ask
from agent.policies.method import Method, Parameter
from agent.policies.search import Search, Tried

NAME = "best_of_n"


def plan(search: Search, tried: Tried) -> Directive | None:
    """One round of samples on each target."""
    for aim in search.aims:
        if not tried.on(aim.name, method=NAME):
            return ask(
                search,
                tried,
                aim,
                NAME,
                parent=tried.best(aim.name),
                views=("profile", "examples"),
                temperature=search.number("temperature"),
                samples=search.count("n"),
            )
    return None


METHOD = Method(
    name=NAME,
    about="Independent samples of one prompt, all judged; the fastest that is kept is delivered.",
    sends="the profile, kept edits like the one that is asked for; nothing of what others tried",
    chooses="every sample is judged against the same parent; one round a target",
    paper="Chen et al., Evaluating Large Language Models Trained on Code (2021)",
    url="https://arxiv.org/abs/2107.03374",
    parameters=(
        Parameter(name="n", default=8, low=1, high=100, about="samples"),
        Parameter(name="temperature", default=0.8, high=2, about="of the model; the paper's for many samples"),
        RANKER,
    ),
    plan=plan,
)
