"""The selector `distinguish`: alternatives are told apart by what they do on inputs that were made for it.

After S* (arXiv:2502.14382), with one difference: here the unchanged code is the truth. An input on which a candidate
does something else rejects it outright, and joins the comparisons of whatever comes later on this target. A model is
asked which of two results is right only where the truth is silent: floats within the project's tolerance, or calls on
which the unchanged code does not repeat itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from pydantic import Field

from agent.baseline import Baseline
from agent.bench import Bench, Plans
from agent.domain import UNCHANGED, Candidate, Job, Origin, Outcome, StepKind
from agent.evaluate import Cascade, evaluate_and_remember
from agent.evidence import Compared
from agent.kit import Kit
from agent.models.failure import ModelFailed
from agent.models.gateway import BudgetSpent, Gateway
from agent.models.messages import Message, Reply, Request
from agent.numbering import numbered
from agent.probes.equivalence import on_told, same_behaviour
from agent.prompts.distinguish import answer_of, judging, telling
from agent.protocols import Draft, Entry
from agent.selectors.clusters import Cluster, clustered, winner
from agent.selectors.fastest import Fastest, gain_of
from agent.telling import tell
from agent.toolbox.tool import Arguments, Tool
from tools.equivalence.answers import Said, answers_of
from tools.errors import ToolError
from tools.workload.expressions import MOST_CALLS, call_problem

NAME = "distinguish"
MOST_PAIRS = 3
"""Pairs of clusters that a model is asked to tell apart, for one target."""
REJECTING: Cascade = (("same behaviour?", same_behaviour),)


class TellArguments(Arguments):
    """Arguments of `tell_apart`."""

    calls: tuple[str, ...] = Field(description=f"At most {MOST_CALLS} calls of the function, as Python expressions.")


TELL_APART = Tool(
    name="tell_apart",
    description=(
        "Runs calls of the function on the unchanged code and on every edit. Example, for `merge(left, right)`: "
        'tell_apart(calls=["merge([], [1])", "merge([1, 1.0, True], [1])", "merge([float(\'nan\')], range(3))"])'
    ),
    arguments=TellArguments,
    run=lambda _desk, _arguments: "",
)


@dataclass(kw_only=True)
class _Known:
    """What was seen of the candidates so far, by their numbers."""

    examined: set[int] = field(default_factory=set)
    wrong: set[int] = field(default_factory=set)
    outputs: dict[int, dict[str, str]] = field(default_factory=dict)


class Distinguish:
    """Rejects what differs from the unchanged code; of what is left of a target, picks the cluster that wins."""

    name = NAME

    def __init__(self, job: Job, baseline: Baseline, plans: Plans, kit: Kit) -> None:
        """`kit.chat` and a model of the job must be there."""
        assert kit.chat is not None
        self._job, self._baseline, self._plans, self._kit = job, baseline, plans, kit
        self._gateway = Gateway(kit.chat, job.models, kit.journal, kit.ledger, round=0)
        self._known = _Known()
        self._silent: str | None = None
        """Why no model is asked any more."""

    def pick(self, kept: Sequence[Entry]) -> Candidate | None:
        """The next to deliver; None where none of them stands."""
        new = [entry for entry in kept if entry.candidate.number not in self._known.examined]
        for target in dict.fromkeys(entry.candidate.target for entry in new):
            self._examine(target, [entry for entry in new if entry.candidate.target == target])
        left = [entry for entry in kept if entry.candidate.number not in self._known.wrong]
        first = Fastest().pick(left)
        if first is None or first.target is None:
            return first
        rivals = [entry for entry in left if entry.candidate.target == first.target]
        clusters = clustered(rivals, lambda entry: self._known.outputs.get(entry.candidate.number, {}))
        return self._best(first.target, clusters).head.candidate

    def _examine(self, target: str | None, entries: Sequence[Entry]) -> None:
        """Have inputs made for the alternatives on one target, and try all of them on these."""
        known = self._known
        known.examined |= {entry.candidate.number for entry in entries}
        for entry in entries:
            known.outputs[entry.candidate.number] = _compared(entry)
        if target is None:
            return
        clusters = clustered(entries, lambda entry: known.outputs[entry.candidate.number])
        pairs: list[tuple[Entry, ...]] = [(one.head, other.head) for one, other in combinations(clusters, 2)]
        for shown in pairs[:MOST_PAIRS] or [tuple(entries[:2])]:
            self._make_inputs(target, [entry.candidate for entry in shown])
        for entry in sorted(entries, key=lambda one: -gain_of(one)):
            self._try(entry)

    def _make_inputs(self, target: str, shown: Sequence[Candidate]) -> None:
        """Calls that could tell these apart join the target's comparisons; those that may not be run are said."""
        title = f"inputs to tell apart {', '.join(f'candidate {one.number}' for one in shown)} on {target}"
        reply = self._ask(telling(target, self._source(target), shown), title, tools=(TELL_APART,))
        calls: list[str] = []
        problems: list[str] = []
        for call in reply.message.calls if reply else ():
            try:
                arguments = TELL_APART.parse(call.arguments)
            except ToolError as error:
                problems.append(str(error))
                continue
            assert isinstance(arguments, TellArguments)
            for text in arguments.calls[:MOST_CALLS]:
                problem = call_problem(text, target.partition(":")[2])
                (problems if problem else calls).append(f"{text[:80]}: {problem}" if problem else text.strip())
        if problems:
            note = f"{len(problems)} calls to tell candidates apart may not be run"
            self._kit.journal.append(StepKind.NOTE, note, {"problems": problems})
        tell(target, calls, self._kit, model=self._model)

    def _try(self, entry: Entry) -> None:
        """Run the made inputs; a candidate that differs is rejected for good, with the input in its verdict."""
        number = entry.candidate.number
        bench = self._bench(entry.candidate)
        seen = on_told(bench)
        self._known.outputs[number] |= {workload.folder.name: one.outputs for workload, one in seen if one.outputs}
        if not any(one.difference for _, one in seen):
            return
        draft = Draft(
            patch=entry.candidate.patch,
            summary=f"candidate {number}, on inputs made to tell it apart",
            origin=Origin.FINISH,
            target=entry.candidate.target,
            author=entry.candidate.author,
        )
        again = numbered(draft, (number,), self._kit)
        verdict = evaluate_and_remember(self._bench(again), cascade=REJECTING)
        if verdict.outcome in (Outcome.NOT_EQUIVALENT, Outcome.CHEATED):
            self._known.wrong.add(number)
            self._kit.progress.note(f"candidate {number} is not delivered: {verdict.reason}"[:300])

    def _best(self, target: str, clusters: Sequence[Cluster]) -> Cluster:
        """Of clusters that the unchanged code does not tell apart: the one that a model prefers in both orders."""
        if len(clusters) == 1:
            return clusters[0]
        said = {id(cluster.head): self._said(cluster.head) for cluster in clusters}

        def first_wins(one: Entry, other: Entry) -> bool | None:
            results = _differing(said[id(one)], said[id(other)])
            if not results:
                return None
            title = f"which is right on {target}: candidate {one.candidate.number} or {other.candidate.number}"
            reply = self._ask(judging(target, self._source(target), results), title)
            return answer_of(reply.message.text) if reply else None

        return winner(clusters, first_wins)

    def _said(self, entry: Entry) -> Mapping[tuple[str, int], Said]:
        bench = self._bench(entry.candidate)
        hash_seed = bench.shared_seed % (1 << 32)
        return {
            (workload.folder.name, number): one
            for workload in bench.told
            for number, one in answers_of(bench.challenger, workload, hash_seed=hash_seed).items()
        }

    def _ask(self, messages: tuple[Message, ...], title: str, tools: tuple[Tool, ...] = ()) -> Reply | None:
        """A reply; None where no model can be asked any more, which is said once. What was kept stays kept."""
        if self._silent is not None:
            return None
        model = self._gateway.model(self._model)
        request = Request(
            model=model.name,
            messages=messages,
            tools=tuple(tool.schema for tool in tools),
            max_output_tokens=model.max_output_tokens,
        )
        try:
            return self._gateway.ask(request, title=title)
        except (BudgetSpent, ModelFailed) as error:
            self._silent = f"candidates are not told apart any further: {error}"
            self._kit.journal.append(StepKind.NOTE, self._silent[:300])
            self._kit.progress.note(self._silent[:300])
            return None

    @property
    def _model(self) -> str:
        return self._job.models[0].name

    def _source(self, target: str) -> str:
        for found in (one for one in self._baseline.targets if one.name == target):
            lines = self._baseline.sources.text(found.path).splitlines()
            for span in self._baseline.sources.spans(found.path):
                if span.qualname == found.qualname:
                    return "\n".join(lines[span.first_line - 1 : span.last_line])
        return ""

    def _bench(self, candidate: Candidate) -> Bench:
        return Bench(
            kit=self._kit,
            job=self._job,
            baseline=self._baseline,
            parent=UNCHANGED,
            candidate=candidate,
            plans=self._plans,
        )


def _compared(entry: Entry) -> dict[str, str]:
    """What a candidate did on inputs that every one met when it was judged, by workload."""
    last = next((seen for seen in reversed(entry.evidence) if isinstance(seen, Compared)), None)
    return dict(text.split(" ", 1) for text in last.outputs) if last else {}


def _differing(
    one: Mapping[tuple[str, int], Said], other: Mapping[tuple[str, int], Said]
) -> list[tuple[str, str, str]]:
    """Inputs on which two candidates say different things, and what they say."""
    return [
        (said.call, said.outcome, other[place].outcome)
        for place, said in one.items()
        if place in other and other[place].outcome != said.outcome
    ]
