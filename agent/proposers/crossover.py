"""The proposer `crossover`: hunks of two candidates that go together, put into one patch without a model."""

from collections.abc import Iterable, Sequence
from random import Random

from agent.baseline import Baseline
from agent.bench import texts
from agent.domain import Directive, Job, Origin, Outcome
from agent.kit import Kit
from agent.ledger import Ledger
from agent.protocols import Draft
from tools.git.patch import Conflict, Patch, apply_patch, combine, parse_patch, split_hunks
from tools.normal_form import normal_digest


class CrossoverProposer:
    """Drafts children of `directive.parent` and `directive.partner`: each has hunks of both, and is new."""

    name = "crossover"

    def __init__(self, job: Job, baseline: Baseline, kit: Kit) -> None:
        self._job, self._tree, self._kit = job, baseline.snapshot.tree, kit

    def propose(self, directive: Directive, ledger: Ledger) -> Iterable[Draft]:
        """At most `directive.samples` drafts: all of one parent with what fits of the other, in either order.

        Then some of one, drawn from the job's seed, with what fits of the other.
        """
        if ledger.exhausted or directive.partner is None:
            return
        known = self._known(directive)
        made = 0
        for taken, offered in self._orders(directive):
            child, added = self._join(taken, offered)
            digest = self._digest(child)
            if made < directive.samples and added and digest not in known:
                known.add(digest)
                made += 1
                yield self._draft(directive, child, added, len(offered))

    def _known(self, directive: Directive) -> set[str]:
        """Both parents and what was judged in earlier rounds; drafts of this one were made before it was killed."""
        parents = [one for one in (directive.parent, directive.partner) if one]
        found = {self._digest(parse_patch(one.patch)) for one in parents}
        for entry in self._kit.archive.entries():
            applies = entry.verdict.outcome not in (Outcome.DOES_NOT_APPLY, Outcome.OFF_LIMITS)
            if applies and entry.candidate.round != directive.round:
                found.add(self._digest(parse_patch(entry.candidate.patch)))
        return found

    def _orders(self, directive: Directive) -> Iterable[tuple[Sequence[Patch], Sequence[Patch]]]:
        """What is taken of one parent, and what of the other may join it: hunks that both have are no news."""
        assert directive.partner is not None
        first, second = (split_hunks(parse_patch(one.patch)) for one in (directive.parent, directive.partner))
        shared = {piece.text for piece in first} & {piece.text for piece in second}
        both = [[piece for piece in own if piece.text not in shared] for own in (first, second)]
        yield first, both[1]
        yield second, both[0]
        common = [piece for piece in first if piece.text in shared]
        drawn = Random(f"{self._job.seed} crossover {directive.round}").getrandbits(48)
        for own, other in (both, both[::-1]):
            half = [piece for index, piece in enumerate(own) if (drawn >> index % 48) & 1] or own[:1]
            yield [*common, *half], other if half else []

    def _join(self, taken: Sequence[Patch], offered: Sequence[Patch]) -> tuple[Patch, int]:
        """The taken hunks with each offered one that conflicts with none so far, and how many those are."""
        joined = self._combined(taken)
        chosen, added = list(taken), 0
        for piece in offered:
            tried = combine(self._tree, [*chosen, piece])
            if not isinstance(tried, Conflict) and tried.text != joined.text:
                joined, added = tried, added + 1
                chosen.append(piece)
        return joined, added

    def _combined(self, pieces: Sequence[Patch]) -> Patch:
        joined = combine(self._tree, pieces)
        assert not isinstance(joined, Conflict)  # they come from one patch
        return joined

    def _digest(self, patch: Patch) -> str:
        """The same for patches that say the same but for names of locals, comments and layout."""
        return normal_digest(texts(apply_patch(self._tree, patch)))

    def _draft(self, directive: Directive, child: Patch, added: int, offered: int) -> Draft:
        assert directive.partner is not None
        pair = f"{directive.parent.number} and {directive.partner.number}"
        summary = f"hunks of candidates {pair} together ({added} of {offered} joined)"
        return Draft(patch=child.text, summary=summary, origin=Origin.CROSSOVER, target=directive.target)
