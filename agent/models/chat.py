"""Asks any model that langchain can name, again with growing pauses where that helps, never longer than agreed."""

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, stop_any, stop_before_delay
from tenacity.wait import wait_random_exponential

from agent.domain import Model
from agent.models.access import Access
from agent.models.costs import estimated
from agent.models.deadline import within
from agent.models.failure import ModelFailed
from agent.models.faults import MOST_TRIES, Fault, Kind, sentence
from agent.models.messages import Message, Reply, Request, Usage
from agent.models.overflow import OVERFLOW

if TYPE_CHECKING:
    from agent.models.clients import Clients

LONGEST_PAUSE_S = 30.0
TOLD_PAUSE_S = 5.0
"""A person hears of pauses from this length on."""
TRY_SHARE = 0.7
"""Of the time left, for one try: where an endpoint hangs, another one is made."""
UNDIVIDED_S = 20.0
"""Less time than this is not divided."""

_TEMPERATURE = re.compile(r"temperature", re.IGNORECASE)


class Again(Exception):
    """A try failed, and another one may not."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.words)
        self.fault = fault


class LangchainChat:
    """A `Chat` for every `provider:NAME` that langchain knows."""

    def __init__(
        self,
        models: Sequence[Model],
        access: Access,
        *,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """`sleep` waits between tries; `tell` hears of long waits, a sentence each."""
        self._streaming = {model.name for model in models if model.streaming}
        self._access = access
        self._sleep = sleep
        self._tell = tell or (lambda _: None)
        self._clients: Clients | None = None
        self._set_temperature: set[str] = set()
        """Models that take no temperature but their own."""

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        """One answer; raises ModelFailed, with what failed tries are taken to have cost."""
        self._load()
        call = _Call(self, request, timeout_s)
        retrying = Retrying(
            sleep=self._sleep,
            wait=_pause_s,
            stop=stop_any(stop_after_attempt(MOST_TRIES), stop_before_delay(timeout_s)),
            retry=retry_if_exception_type(Again),
            before_sleep=lambda state: self._before_pause(request, state),
            reraise=True,
        )
        try:
            return retrying(call.attempt)
        except Again as again:
            late = time.monotonic() >= call.deadline
            raise call.failed(again.fault, within_s=timeout_s if late else None) from None

    def _before_pause(self, request: Request, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Again) and state.upcoming_sleep >= TOLD_PAUSE_S:
            said = f"{error.fault.status}: {error.fault.words}" if error.fault.status else error.fault.words
            self._tell(f"{request.model} is asked again in {state.upcoming_sleep:.0f} s ({said})")

    def _load(self) -> "Clients":
        """langchain takes seconds to load: not before it is needed, and not in the time that an answer may take."""
        if self._clients is None:
            from agent.models.clients import Clients  # noqa: PLC0415

            self._clients = Clients(self._access)
        return self._clients

    def ask(self, request: Request, limit_s: float) -> Callable[[Usage, float], Reply]:
        """One try; what it gives makes a reply of it."""
        from agent.models.convert import reply_from  # noqa: PLC0415

        clients = self._load()
        temperature = None if request.model in self._set_temperature else request.temperature
        streaming = request.model in self._streaming
        said = within(
            limit_s,
            lambda: clients.ask(request, temperature=temperature, streaming=streaming, limit_s=limit_s),
        )
        return lambda before, seconds: reply_from(said, request, seconds=seconds, before=before)

    def fault_of(self, request: Request, error: Exception) -> Fault:
        """What a failed try was; a model that takes no temperature is remembered."""
        from agent.models.clientfaults import fault_of  # noqa: PLC0415

        fault = fault_of(error, self._access)
        takes_none = fault.kind is Kind.DEAD and fault.status in {400, 422} and _TEMPERATURE.search(fault.words)
        if takes_none and request.temperature is not None and request.model not in self._set_temperature:
            self._set_temperature.add(request.model)
            return replace(fault, kind=Kind.AGAIN, after_s=0.0)
        return fault

    def sentence(self, request: Request, fault: Fault, *, tries: int, within_s: float | None) -> str:
        """A fault in words for a person."""
        return sentence(request.model, fault, self._access, tries=tries, within_s=within_s)


class _Call:
    """One request with its tries."""

    def __init__(self, chat: LangchainChat, request: Request, timeout_s: float) -> None:
        self._chat, self._request = chat, request
        self._started = time.monotonic()
        self.deadline = self._started + timeout_s
        self._tries = 0
        self._wasted = Usage()

    def attempt(self) -> Reply:
        left_s = self.deadline - time.monotonic()
        limit_s = left_s if left_s < UNDIVIDED_S else TRY_SHARE * left_s
        self._tries += 1
        try:
            make_reply = self._chat.ask(self._request, limit_s)
        except ImportError as error:
            raise ModelFailed(_missing(self._request.model, error)) from None
        except Exception as error:  # noqa: BLE001 - each provider's package raises its own
            fault = self._chat.fault_of(self._request, error)
        else:
            return make_reply(self._wasted, time.monotonic() - self._started)
        if fault.kind is Kind.OVERFLOW:
            return self._overflow(fault)
        if fault.paid:
            read = estimated(self._request, None)
            self._wasted = replace(read, input_tokens=self._wasted.input_tokens + read.input_tokens)
        if fault.kind is Kind.AGAIN:
            raise Again(fault)
        raise self.failed(fault)

    def failed(self, fault: Fault, *, within_s: float | None = None) -> ModelFailed:
        told = self._chat.sentence(self._request, fault, tries=self._tries, within_s=within_s)
        return ModelFailed(told, usage=self._wasted)

    def _overflow(self, fault: Fault) -> Reply:
        said = Message(role="assistant", text=fault.words)
        return Reply(message=said, usage=self._wasted, finish=OVERFLOW, seconds=time.monotonic() - self._started)


def _pause_s(state: RetryCallState) -> float:
    """What the endpoint asked for and a little more, else longer after every try; random, so that callers part."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.fault.after_s if isinstance(error, Again) else None
    if asked is None:
        return wait_random_exponential(multiplier=1, max=LONGEST_PAUSE_S)(state)
    return asked + min(1.0, asked / 4) * random.random()


def _missing(model: str, error: ImportError) -> str:
    found = re.search(r"pip install ([\w\[\]\"-]+)", str(error))
    what = found[1] if found else f"langchain-{model.partition(':')[0].replace('_', '-')}"
    return f"{model} needs a package that is not installed; pip install {what} into the environment that hasten runs in"
