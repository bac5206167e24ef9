"""The tool that looks up what was kept before: proven rewrites of code like the target."""

from pydantic import Field

from agent.desk import Desk
from agent.playbook.looking import query_of
from agent.playbook.telling import told
from agent.toolbox.tool import Arguments, Tool

MOST = 5
NOTHING = (
    "Nothing like it was kept by an earlier job. Go on without: profile the function, and look for work that need not "
    "be done."
)


class RecallArguments(Arguments):
    """Arguments of `recall`."""

    target: str = Field(
        default="", description="`module:function` or a file to find rewrites for; empty for the session's own target."
    )
    words: str = Field(default="", description="What it does, in a few words, where its name does not say it.")
    most: int = Field(default=3, description="At most this many.", ge=1, le=MOST)


def _recall(desk: Desk, arguments: RecallArguments) -> str:
    query = query_of(desk, arguments.target, arguments.words)
    playbook = desk.kit.playbook
    found = playbook.search(query, arguments.most) if playbook is not None else ()
    if not found:
        return NOTHING
    source = desk.baseline.snapshot.source
    plays = [told(one.play, source, f"## {place}") for place, one in enumerate(found, start=1)]
    head = (
        "Rewrites that earlier jobs kept, the most alike first. Each was proven where it stood, not here: take the "
        "idea where it fits, and check that what it relies on holds for this code."
    )
    return "\n\n".join([head, *plays])


RECALL = Tool(
    name="recall",
    description=(
        "Finds rewrites that earlier jobs kept, tested and timed, of code like a function: by its name and words, the "
        "shape of its code and its constructs. Answers with before, after and what was gained. "
        'Examples: recall() for the target; recall(target="shop.stock:match", words="join two lists by key", most=2)'
    ),
    arguments=RecallArguments,
    run=_recall,
)
