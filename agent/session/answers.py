"""Answers the tool calls of one reply: what is independent at once, what depends on each other in order."""

import hashlib
import json
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from agent.desk import Desk
from agent.domain import Step, StepKind
from agent.models.messages import Message, ToolCall
from agent.protocols import Journal
from agent.toolbox.cut import cut
from agent.toolbox.tool import Manner, Tool, named
from tools.errors import InfrastructureError, ToolError, UserError

AT_ONCE = 8
"""Calls that run at the same time at most."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a tool answered."""

    text: str
    failed: bool = False
    crash: str = ""
    """The traceback of a mistake of the tool's own."""


@dataclass(kw_only=True)
class Answerer:
    """Calls the tools of one session and writes down each call and each answer."""

    tools: Sequence[Tool]
    desk: Desk
    journal: Journal
    round: int

    def __post_init__(self) -> None:
        steps = self.journal.steps(StepKind.RESULT, round=self.round)
        self._remembered: list[Step] = [step for step in steps if step.data.get("keeps") and not step.data["repeated"]]
        """Measurements of attempts at this round that were killed: they would come out differently now."""

    def answer(self, calls: Sequence[ToolCall]) -> list[Message]:
        """One message for each call, in their order; a tool's error is an answer too."""
        messages: list[Message] = []
        for group in groups(calls, self.tools):
            keys = [self._key(call) for call in group]
            for call in group:
                data = {"id": call.id, "name": call.name, "arguments": call.arguments}
                self.journal.append(StepKind.CALL, f"{call.name} {call.arguments}"[:200], data, round=self.round)
            known = [self._known(call, key) for call, key in zip(group, keys, strict=True)]
            with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="tool") as pool:
                running = [
                    None if seen is not None else pool.submit(self._call, call)
                    for call, seen in zip(group, known, strict=True)
                ]
                for call, key, seen, future in zip(group, keys, known, running, strict=True):
                    answer = future.result() if future else seen
                    assert answer is not None
                    self._write(call, key, answer, repeated=seen is not None)
                    messages.append(Message(role="tool", text=cut(self.desk, answer.text), answers=call.id))
        return messages

    def _call(self, call: ToolCall) -> Answer:
        try:
            tool = named(self.tools, call.name)
            return Answer(text=tool.run(self.desk, tool.parse(call.arguments)))
        except (ToolError, UserError) as error:
            return Answer(text=f"Error: {error}", failed=True)
        except InfrastructureError as error:
            return Answer(text=f"Error: the sandbox failed ({error}). Try once more, or go on without.", failed=True)
        except Exception as error:  # noqa: BLE001 - a mistake of ours in one tool may not cost the job; it is kept
            said = f"Error: {call.name} failed by a mistake of its own ({type(error).__name__}). Go on without it."
            return Answer(text=said, failed=True, crash=traceback.format_exc())

    def _known(self, call: ToolCall, key: str) -> Answer | None:
        for index, step in enumerate(self._remembered):
            if step.data["key"] == key and step.data["name"] == call.name:
                del self._remembered[: index + 1]
                return Answer(text=str(step.data["answer"]), failed=bool(step.data["failed"]))
        return None

    def _write(self, call: ToolCall, key: str, answer: Answer, *, repeated: bool) -> None:
        keeps = any(tool.name == call.name and not tool.repeatable for tool in self.tools)
        data: dict[str, object] = {"id": call.id, "name": call.name, "key": key}
        data |= {"answer": answer.text, "failed": answer.failed, "crash": answer.crash}
        title = f"{call.name}: {answer.text.partition(chr(10))[0][:160]}"
        self.journal.append(StepKind.RESULT, title, {**data, "keeps": keeps, "repeated": repeated}, round=self.round)

    def _key(self, call: ToolCall) -> str:
        """The same for the same call on the same code."""
        text = json.dumps([call.name, call.arguments, self.desk.patch])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def groups(calls: Sequence[ToolCall], tools: Sequence[Tool]) -> Iterator[list[ToolCall]]:
    """The calls in their order, in groups that may run at once."""
    group: list[ToolCall] = []
    for call in calls:
        manner = next((tool.manner for tool in tools if tool.name == call.name), Manner.LOOKS)
        if manner is Manner.LOOKS:
            group.append(call)
            continue
        if group:
            yield group
        yield [call]
        group = []
    if group:
        yield group
