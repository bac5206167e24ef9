"""The proposer `session`: a model at a desk, with tools, for each sample that is asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from agent.baseline import Baseline
from agent.bench import Plans
from agent.desk import Desk
from agent.domain import Directive, Job, StepKind
from agent.kit import Kit
from agent.ledger import Ledger
from agent.models.gateway import Gateway
from agent.models.messages import Message
from agent.prompts.opening import opening
from agent.protocols import Draft
from agent.session.answers import Answerer
from agent.session.authoring import ensure_workload
from agent.session.session import Ended, Session, Why
from agent.toolbox.tool import Tool
from agent.toolbox.tools import TOOLS


class SessionProposer:
    """Converses once for each sample; the code as it stands at the end of a session is the draft."""

    name = "session"

    def __init__(self, job: Job, baseline: Baseline, plans: Plans, kit: Kit, tools: Sequence[Tool] = TOOLS) -> None:
        """`kit.chat` must be there."""
        self._job, self._baseline, self._plans, self._kit, self._tools = job, baseline, plans, kit, tools

    def propose(self, directive: Directive, ledger: Ledger) -> Iterable[Draft]:
        """At most `directive.samples` drafts; raises ModelFailed where the model's endpoint is dead."""
        kit = self._kit
        assert kit.chat is not None
        gateway = Gateway(kit.chat, self._job.models, kit.journal, ledger, round=directive.round)
        ensure_workload(directive, self._job, self._baseline, self._plans, kit, gateway)
        desk = Desk(job=self._job, baseline=self._baseline, directive=directive, kit=kit, plans=self._plans)
        answerer = Answerer(tools=self._tools, desk=desk, journal=kit.journal, round=directive.round)
        told = self._opening(desk)
        for sample in range(1, directive.samples + 1):
            fresh = Desk(job=self._job, baseline=self._baseline, directive=directive, kit=kit, plans=self._plans)
            answerer.desk = fresh
            session = Session(desk=fresh, gateway=gateway, answerer=answerer, tools=self._tools, opening=told)
            kit.progress.phase("search", f"{directive.model} on {directive.target}, {sample} of {directive.samples}")
            try:
                ended = session.run()
            finally:
                kit.progress.spent(ledger.spend)
            note = f"session {sample} of {directive.samples} ended: {ended.detail}"
            kit.journal.append(StepKind.NOTE, note, {"session": sample, **asdict(ended)}, round=directive.round)
            if draft := _draft(fresh, ended):
                yield draft
            if ended.why is Why.BUDGET:
                return

    def _opening(self, desk: Desk) -> tuple[Message, ...]:
        """What the round's sessions are told; a round that begins again is told the same, whatever is measured now."""
        journal, number = self._kit.journal, desk.directive.round
        for step in journal.steps(StepKind.PROMPT, round=number):
            messages: Any = step.data["messages"]
            return tuple(Message(role=one["role"], text=one["text"]) for one in messages)
        told = opening(desk, self._kit.archive.entries())
        data = {"messages": [{"role": one.role, "text": one.text} for one in told]}
        journal.append(StepKind.PROMPT, f"the task: {desk.target}", data, round=number)
        return told


def _draft(desk: Desk, ended: Ended) -> Draft | None:
    """What is judged: also edits that were never handed in, for only the diff counts."""
    if not desk.edits or not desk.patch:
        return None
    summary = ended.summary or f"edits to {', '.join(sorted(desk.edits))} (the session ended before it handed in)"
    return desk.draft(summary)
