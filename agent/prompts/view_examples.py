"""The view `examples`: pairs of slow and fast code that are most like the target's, as PIE retrieves them.

PIE (Shypula et al., ICLR 2024) shows the two to four training pairs whose slow program is nearest to the target by an
embedding. Ours come from what earlier jobs kept and from a few classic pairs that ship, by the measures of
`agent/playbook/ranking.py`.
"""

from agent.desk import Desk
from agent.playbook.classics import classics
from agent.playbook.looking import query_of
from agent.playbook.play import Play, Query, Remembered
from agent.playbook.ranking import alike_in_shape, pattern_of, ranked
from agent.playbook.telling import told
from agent.protocols import Playbook

MOST = 4
LEAST = 2
NEAR = 0.6
"""How much of the first pair's likeness to the target's code a third and a fourth one must have."""


def examples(desk: Desk) -> str:
    """Two to four pairs, the nearest first."""
    pairs = nearest(query_of(desk), desk.kit.playbook)
    if not pairs:
        return ""
    source = desk.baseline.snapshot.source
    told_ones = [told(play, source, f"## Pair {place}") for place, play in enumerate(pairs, start=1)]
    head = "# Slow code and its fast form\n\nOf other places, for the idea; yours must keep what its own code does."
    return "\n\n".join([head, *told_ones])


def nearest(query: Query, playbook: Playbook | None) -> tuple[Play, ...]:
    """The pairs most like the query's code, of the playbook and the shipped ones together."""
    if not query.code.strip():
        return ()
    kept = list(playbook.search(query, MOST)) if playbook is not None else []
    shipped = [Remembered(number=-place, play=play) for place, play in enumerate(classics(), start=1)]
    found = ranked([*kept, *shipped], query, MOST, best_of_each=MOST)
    pattern = pattern_of(query)
    like = [alike_in_shape(pattern, one.play.pattern_before, query.language) for one in found]
    best = max(like, default=0.0)
    return tuple(
        one.play
        for place, (one, near) in enumerate(zip(found, like, strict=True))
        if place < LEAST or near >= NEAR * best
    )
