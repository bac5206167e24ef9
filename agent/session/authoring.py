"""A model writes the workload of a target that has none worth measuring.

Nothing that it writes is trusted. The text is read before it is run (`tools/workload/unsafe.py`), it runs in sandboxes
alone, and it is accepted where it holds on the unchanged code what `tools/workload/acceptance.py` asks.
"""

from dataclasses import dataclass, replace
from typing import Any

from pydantic import Field

from agent.baseline import Baseline
from agent.bench import Bench, Plans
from agent.choice import Planning, is_measurable, why_not
from agent.desk import UNNUMBERED, Desk
from agent.domain import UNCHANGED, Candidate, Directive, Job, Origin, StepKind
from agent.kit import Kit
from agent.models.gateway import Gateway
from agent.models.messages import Message
from agent.prompts.authoring import authoring
from agent.session.answers import Answerer
from agent.session.session import Ended, Session
from agent.toolbox.tool import Arguments, Manner, Tool
from agent.toolbox.tools import TOOLS
from agent.written import Attempt, asked_before, attempts_in, remember_asked, remember_attempt, workload_of, written_in
from tools.errors import ToolError, UserError
from tools.git.patch import make_patch
from tools.profile.source import Function
from tools.recipe.environment import PROJECT
from tools.workload.acceptance import rejection
from tools.workload.hollow import hollow_source, hollow_text
from tools.workload.session import Side
from tools.workload.trial import try_workload
from tools.workload.unsafe import unsafe
from tools.workload.workload import Workload, text_of

TRIES = 3
HASH_SEEDS = (1, 2)
READING = frozenset({"outline", "definition", "references", "search_code", "view", "history", "find_api", "more"})
"""Tools that change nothing and run nothing."""
GO_ON = "Nothing was called. Call `write_workload` with the text of the file, or a tool that reads."
REFUSED = "This is ordinary work on the speed of a program that its owner asked for. Call `write_workload`."
ACCEPTED = "accepted"


class WriteArguments(Arguments):
    """Arguments of `write_workload`."""

    text: str = Field(description="The whole text of the workload file.", min_length=1)


@dataclass(kw_only=True)
class Author:
    """Asks a model for the workload of a directive's target, once in a job."""

    job: Job
    baseline: Baseline
    plans: Plans
    kit: Kit
    directive: Directive

    def __post_init__(self) -> None:
        self._bench = Bench(
            kit=self.kit,
            job=self.job,
            baseline=self.baseline,
            parent=UNCHANGED,
            candidate=UNCHANGED,
            plans=self.plans,
        )
        self._known = attempts_in(self.kit, self.target, round_number=self.directive.round)
        self._tries = 0

    @property
    def target(self) -> str:
        """`module:function`."""
        return self.directive.target

    @property
    def wanted(self) -> bool:
        """Whether the target has nothing worth measuring, and no model was asked for it in an earlier round."""
        function = self._function()
        if function is None or asked_before(self.target, self.kit, round_number=self.directive.round):
            return False
        planning = Planning(plan=self._bench.usable, home=self.kit.home)
        return not is_measurable(self.baseline, function, self.job.target, planning)

    def write(self, gateway: Gateway) -> Ended:
        """Converse until a file is accepted or the tries are used up; raises ModelFailed where the endpoint is dead."""
        desk = Desk(
            job=self.job,
            baseline=self.baseline,
            directive=replace(self.directive, parent=UNCHANGED, start=None),
            kit=self.kit,
            plans=self.plans,
        )
        tools = (*(tool for tool in TOOLS if tool.name in READING), self._tool())
        answerer = Answerer(tools=tools, desk=desk, journal=self.kit.journal, round=self.directive.round)
        self.kit.progress.phase("workload", f"{self.directive.model} writes one for {self.target}")
        session = Session(
            desk=desk,
            gateway=gateway,
            answerer=answerer,
            tools=tools,
            opening=self._opening(desk),
            go_on=GO_ON,
            refused=REFUSED,
        )
        try:
            ended = session.run()
        finally:
            self.kit.progress.spent(self.kit.ledger.spend)
        how = ended.summary or ended.detail
        remember_asked(self.target, how, self.kit, round_number=self.directive.round)
        return ended

    def _opening(self, desk: Desk) -> tuple[Message, ...]:
        """What the model is told; a round that begins again tells the same."""
        journal, number = self.kit.journal, self.directive.round
        for step in journal.steps(StepKind.WORKLOAD, round=number):
            if step.data.get("told for") == self.target:
                messages: Any = step.data["messages"]
                return tuple(Message(role=one["role"], text=one["text"]) for one in messages)
        function = self._function()
        told = authoring(desk, why_not(self.baseline, [function] if function else []))
        messages = [{"role": one.role, "text": one.text} for one in told]
        data = {"told for": self.target, "messages": messages}
        journal.append(StepKind.WORKLOAD, f"a model is to write a workload for {self.target}", data, round=number)
        return told

    def _tool(self) -> Tool:
        return Tool(
            name="write_workload",
            description=DESCRIPTION,
            arguments=WriteArguments,
            run=self._write,
            manner=Manner.CHANGES,
        )

    def _write(self, desk: Desk, arguments: WriteArguments) -> str:
        self._tries += 1
        reason = self.judged(arguments.text)
        if reason is None:
            desk.notes["submit"] = ACCEPTED
            return "Accepted. The target is measured and compared on it from now on."
        left = TRIES - self._tries
        if left <= 0:
            desk.notes["submit"] = f"none of {TRIES} files was accepted; the last one: {reason}"
            raise ToolError(f"Rejected: {reason}. That was the last try.")
        raise ToolError(f"Rejected: {reason}. {left} {'tries are' if left > 1 else 'try is'} left.")

    def judged(self, text: str) -> str | None:
        """Why a text is not accepted; as it was before where a round that was killed asked the same."""
        for attempt in self._known:
            if attempt.text == text:
                return attempt.reason
        attempt = Attempt(target=self.target, text=text, model=self.directive.model or "", reason=None)
        attempt = replace(attempt, reason=unsafe(text) or self._tried(attempt))
        remember_attempt(attempt, self.kit, round_number=self.directive.round)
        return attempt.reason

    def _tried(self, attempt: Attempt) -> str | None:
        function = self._function()
        assert function is not None
        workload = workload_of(attempt, self.kit)
        tried = try_workload(
            self._bench.reference,
            workload,
            target_lines(self.baseline, function),
            self._bench.plan,
            hash_seeds=HASH_SEEDS,
            hollow=self._hollow(function, attempt),
        )
        return rejection(tried, self.target)

    def _hollow(self, function: Function, attempt: Attempt) -> tuple[Side, Workload] | None:
        """The project with a target that does nothing; None where no such one can be made."""
        source = self.baseline.sources.text(function.path)
        emptied = hollow_source(source, function.qualname)
        if emptied is None:
            return None
        patch = make_patch({function.path: source.encode()}, {function.path: emptied.encode()})
        candidate = Candidate(number=UNNUMBERED, patch=patch, origin=Origin.MODEL, summary="the target does nothing")
        try:
            side = self._bench.side(candidate)
        except UserError:
            return None
        return side, workload_of(replace(attempt, text=hollow_text(attempt.text)), self.kit)

    def _function(self) -> Function | None:
        found = [one for one in self.baseline.targets if one.name == self.target]
        return Function(path=found[0].path, qualname=found[0].qualname) if found else None


def ensure_workload(
    directive: Directive, job: Job, baseline: Baseline, plans: Plans, kit: Kit, gateway: Gateway
) -> None:
    """Have a model write the workload of a directive's target where it needs one and none was asked for it."""
    author = Author(job=job, baseline=baseline, plans=plans, kit=kit, directive=directive)
    if author.wanted:
        ended = author.write(gateway)
        note = f"the workload of {directive.target}: {ended.summary or ended.detail}"
        kit.journal.append(StepKind.NOTE, note[:300], {"accepted": ended.summary == ACCEPTED}, round=directive.round)


def write_for(job: Job, baseline: Baseline, kit: Kit, model: str) -> str | None:
    """What a model of the job writes for its first target, outside of a search; None where nothing is accepted."""
    assert kit.chat is not None
    directive = Directive(
        round=0,
        parent=UNCHANGED,
        proposer="session",
        target=baseline.targets[0].name,
        method="workload",
        model=model,
    )
    author = Author(job=job, baseline=baseline, plans={}, kit=kit, directive=directive)
    author.write(Gateway(kit.chat, job.models, kit.journal, kit.ledger, round=0))
    found = written_in(kit).get(directive.target)
    return text_of(found.workload) if found else None


def target_lines(baseline: Baseline, function: Function) -> dict[str, list[int]]:
    """The lines of a function's body, by path in the sandbox."""
    for span in baseline.sources.spans(function.path):
        if span.qualname == function.qualname:
            return {f"{PROJECT}/{function.path}": list(range(span.first_line + 1, span.last_line + 1))}
    return {f"{PROJECT}/{function.path}": []}


DESCRIPTION = '''Hands in a workload file for the target. It is run on the unchanged code; the answer is that it is
accepted, or why not. Three tries. Example, for a function `merge(left, right)` of the module `shop.stock`:
write_workload(text="""import random

from shop.stock import merge

sizes = (200, 5000)


def make_input(seed, size):
    rng = random.Random(seed)
    left = [rng.randrange(size) for _ in range(size)]
    right = rng.sample(left, size // 2) + [rng.randrange(10 * size) for _ in range(size // 2)]
    return left, right


def run(made):
    left, right = made
    return merge(left, right)
""")'''
