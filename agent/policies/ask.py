"""How policies ask a model: one session's directive, in the words of the method's own page of prompts."""

from agent.domain import Candidate, Directive
from agent.policies.method import Parameter
from agent.policies.search import Aim, Search, Tried
from agent.prompts.methods import told
from agent.ranking import RANKERS

RANKER = Parameter(
    name="ranker",
    default="as_they_come",
    words=tuple(RANKERS),
    about="which sample is judged first: `as_they_come`, or `small_first`: fewer nested loops, then fewer lines",
)
"""For methods that judge every sample of a round."""


def ask(  # noqa: PLR0913 - one parameter a field of the directive
    search: Search,
    tried: Tried,
    aim: Aim,
    method: str,
    phase: str = "",
    *,
    parent: Candidate,
    start: Candidate | None = None,
    partner: Candidate | None = None,
    show: tuple[int, ...] = (),
    views: tuple[str, ...] = (),
    temperature: float | None = None,
    samples: int = 1,
    idea: str = "",
    **words: object,
) -> Directive:
    """A session on a target, by a model drawn by weight; `words` fill in what the prompt leaves open.

    A `start` that is the parent is none.
    """
    number = tried.next_round
    weights = [model.weight for model in search.models]
    return Directive(
        round=number,
        parent=parent,
        start=None if start == parent else start,
        partner=partner,
        proposer="session",
        target=aim.name,
        method=method,
        phase=phase,
        idea=idea,
        model=search.chance(number).choices(search.models, weights)[0].name,
        temperature=temperature,
        instruction=told(method, phase, idea=idea, target=aim.name, **words),
        show=tuple(one for one in dict.fromkeys(show) if one),
        views=views,
        samples=samples,
        every=samples > 1,
    )
