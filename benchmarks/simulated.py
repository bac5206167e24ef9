"""A search without code or models: a world answers directives with drafts and verdicts, in no time at all.

`drive` runs a strategy's rounds as `agent/optimizer.py` does. `Basins` is a landscape with two valleys, of which only
the farther one is deep; `Dice` answers anything at all.
"""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agent.domain import Candidate, Directive, Model, Origin, Outcome, Spend, Verdict
from agent.ledger import Ledger
from agent.policies.search import Aim
from agent.protocols import Archive, Draft, Policy
from agent.rounds import DIRECTION
from tools.git.patch import make_patch
from tools.measure.estimate import Estimate

MODEL = Model(name="openai:small")
CALLS = 5
"""Model calls of one simulated session."""
TOKENS = 20_000


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of one round."""

    judged: Sequence[tuple[Draft, Verdict]]
    note: str = ""


World = Callable[[Directive], Answer]


def drive(policy: Policy, archive: Archive, ledger: Ledger, world: World, *, on_step: Callable[[], None]) -> None:
    """Round by round to the end; `on_step` is called after everything that is remembered, and may raise."""
    while True:
        directive = _unfinished(archive)
        if directive is None:
            directive = policy.next(archive, ledger)
            if directive is None:
                return
            archive.begin(directive)
            on_step()
        answer = world(directive)
        known = {
            one.candidate.patch: one.verdict for one in archive.entries() if one.candidate.round == directive.round
        }
        sessions = 0
        for draft, verdict in answer.judged:
            if ledger.spend.candidates >= ledger.budget.candidates:
                break
            sessions += 1
            if draft.patch not in known:
                archive.add(candidate_of(draft, directive, len(archive.entries()) + 1), verdict, ())
                ledger.charge_candidate()
                on_step()
            if verdict.kept and not directive.every:
                break
        archive.end(directive.round, _spend(directive, ledger, max(1, sessions)), answer.note)
        on_step()


def candidate_of(draft: Draft, directive: Directive, number: int) -> Candidate:
    """A draft of a round with its number."""
    parents = tuple(one.number for one in (directive.parent, directive.partner) if one)
    return Candidate(
        number=number,
        patch=draft.patch,
        parents=parents,
        origin=draft.origin,
        summary=draft.summary,
        target=draft.target,
        round=directive.round,
        author=draft.author,
    )


def _unfinished(archive: Archive) -> Directive | None:
    return next((one.directive for one in archive.rounds() if not one.ended), None)


def _spend(directive: Directive, ledger: Ledger, sessions: int) -> Spend:
    """Of a round: sessions cost calls, the rest is free."""
    if directive.proposer != "session":
        return Spend()
    for _ in range(sessions * CALLS):
        ledger.charge_call(TOKENS, None)
    return Spend(model_calls=sessions * CALLS, tokens=sessions * CALLS * TOKENS)


def draft_of(directive: Directive, changes: dict[str, str], summary: str) -> Draft:
    """A draft that changes a line of some files."""
    before = {f"{path}.py": b"start\n" for path in changes}
    after = {f"{path}.py": f"{text}\n".encode() for path, text in changes.items()}
    origin = {"rewrite": Origin.REWRITE, "crossover": Origin.CROSSOVER}.get(directive.proposer, Origin.MODEL)
    return Draft(
        patch=make_patch(before, after),
        summary=summary,
        origin=origin,
        target=directive.target,
        author=directive.model or "",
    )


def kept(point: float) -> Verdict:
    """A verdict of a speedup."""
    speedup = Estimate(point=point, low=point * 0.97, high=point * 1.03, level=0.95, pairs=15)
    return Verdict(outcome=Outcome.KEPT, reason=f"{speedup} on the landscape", speedup=speedup)


@dataclass(frozen=True, kw_only=True)
class Basins:
    """Code is a place on a line, and its time the height there: a shallow valley near the start, a deep one far off.

    A model takes a small step downhill from where it starts; a preamble makes it begin elsewhere, a direction makes it
    go there. Nothing else tells it of the deep valley.
    """

    shallow: int = 6
    deep: int = 30
    preambles: tuple[str, ...] = ()
    """Where each leads to: its position here times `spread`."""
    spread: int = 6

    def time_s(self, place: int) -> float:
        """How long the code at a place takes."""
        near, far = abs(place - self.shallow), abs(place - self.deep)
        return min(0.7 + 0.05 * near, 0.15 + 0.09 * far, 1.3)

    def __call__(self, directive: Directive) -> Answer:
        """What comes of a directive."""
        here = self.place(directive.begins)
        if directive.phase == "directions":
            return Answer(judged=(), note=f"two ways\n{DIRECTION}go right\n{DIRECTION}go left")
        if directive.proposer != "session":
            return Answer(judged=())
        place = self._next(directive, here)
        verdict = self._verdict(self.place(directive.parent), place)
        draft = draft_of(directive, {"place": str(place)}, f"to {place}")
        return Answer(judged=((draft, verdict),))

    def place(self, candidate: Candidate) -> int:
        """Where a candidate's code is."""
        return int(candidate.patch.rpartition("\n+")[2]) if candidate.patch else 0

    def _next(self, directive: Directive, here: int) -> int:
        for position, words in enumerate(self.preambles):
            if words in directive.instruction:
                return here + position * self.spread + 1
        if directive.idea:
            return here + (4 if "right" in directive.idea else -4)
        step = 1 if self.time_s(here + 1) <= self.time_s(here - 1) else -1
        return here + step

    def _verdict(self, before: int, after: int) -> Verdict:
        speedup = self.time_s(before) / self.time_s(after)
        if speedup >= 1.02:
            return kept(speedup)
        return Verdict(outcome=Outcome.NOT_FASTER, reason=f"{speedup:.2f}x: gains of 5% are ruled out")


@dataclass(frozen=True, kw_only=True)
class Dice:
    """Answers at random, the same for the same directive."""

    seed: int
    luck: float = 0.25
    """The share of candidates that are kept."""

    def __call__(self, directive: Directive) -> Answer:
        """Up to as many drafts as were asked for, with any verdict."""
        chance = random.Random(f"{self.seed} {directive}")
        drafts = [self._draft(directive, chance, index) for index in range(chance.randint(0, directive.samples))]
        note = "\n".join(f"{DIRECTION}way {index}" for index in range(chance.randint(0, 3)))
        return Answer(judged=tuple(drafts), note=note)

    def _draft(self, directive: Directive, chance: random.Random, index: int) -> tuple[Draft, Verdict]:
        path = directive.target.partition(":")[0]
        changes = {path: f"{directive.round} {index} {chance.random()}"}
        if chance.random() < 0.3:
            changes["shared"] = str(chance.random())
        draft = draft_of(directive, changes, f"attempt {index} of round {directive.round}")
        if chance.random() < self.luck:
            return draft, kept(1.02 + 3 * chance.random() ** 3)
        outcome = chance.choice([one for one in Outcome if one is not Outcome.KEPT])
        return draft, Verdict(outcome=outcome, reason="the dice say so")


def aims_of(names: Iterable[str]) -> tuple[Aim, ...]:
    """Targets with shares of the time that halve from one to the next."""
    return tuple(Aim(name=name, share=0.5**position) for position, name in enumerate(names, start=1))


def total_speedup(archive: Archive, gain: Callable[[Candidate], float]) -> float:
    """Of the best candidate."""
    gains = [gain(entry.candidate) for entry in archive.entries() if entry.verdict.kept]
    return math.exp(max(gains, default=0.0))
