"""The cascade for many strategies that propose the same edits: what was seen of an edit is not measured again."""

from agent.bench import Bench
from agent.evaluate import CASCADE, Cascade, Probe
from agent.evidence import Evidence

THEIR_OWN = {"off limits?", "seen before?", "applies?", "honest?", "builds?", "impacted tests"}
"""Questions that every strategy's own candidates are asked."""


def asked_once(activity: str, probe: Probe, seen: dict[tuple[str, str, str], Evidence]) -> Probe:
    """The probe, which looks at each edit of a parent once."""

    def look(bench: Bench) -> Evidence:
        key = (activity, bench.parent.patch, bench.candidate.patch)
        if key not in seen:
            seen[key] = probe(bench)
        return seen[key]

    return look


def asking_once() -> Cascade:
    """What every candidate faces, with a memory of its own."""
    seen: dict[tuple[str, str, str], Evidence] = {}
    return tuple((name, probe if name in THEIR_OWN else asked_once(name, probe, seen)) for name, probe in CASCADE)
