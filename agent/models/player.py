"""Plays a script to whoever asks: entry by entry, and never past a request that is not what the script expects."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from agent.models.access import Access
from agent.models.costs import estimated
from agent.models.failure import ModelFailed
from agent.models.faults import MOST_TRIES, Fault, Kind, kind_of, sentence, short, words_in
from agent.models.matching import difference
from agent.models.messages import Message, Reply, Request, ToolCall
from agent.models.overflow import OVERFLOW
from agent.models.script import Entry, Failure, finish_of, message_of, read_script, usage_of
from agent.models.wire import clean, tidy
from tools.errors import HastenError


class ScriptDiffers(HastenError):
    """The script ran out, or a request was not what it expects next."""


class Player:
    """A script and how far it was played; safe for several threads."""

    def __init__(self, entries: Sequence[Entry], name: str) -> None:
        self._entries = tuple(entries)
        self._name = name
        self._played = 0
        self._problem = ""
        self._lock = Lock()

    def take(self, request: Request) -> tuple[int, Entry]:
        """The next entry with its number; raises ScriptDiffers where the request is not for it."""
        with self._lock:
            try:
                number, entry = self._next()
                if differs := difference(entry.expect, request):
                    raise ScriptDiffers(f"entry {number} of {self._name}: {differs}")
            except ScriptDiffers as error:
                self._problem = self._problem or str(error)
                raise
            self._played = number
            return number, entry

    def skip(self, replies: int) -> None:
        """Go on after so many replies, for a job that has them already; faults before them are past, too."""
        for index, entry in enumerate(self._entries):
            if not replies:
                return
            replies -= entry.reply is not None or _overflows(entry)
            self._played = index + 1

    def problem(self) -> str:
        """Why the script was not played as it stands, in a sentence; empty where it was."""
        left = len(self._entries) - self._played
        if self._problem or not left:
            return self._problem
        number = self._played + 1
        return f"{self._name} was not played to its end: entry {number} of {len(self._entries)} was never asked for"

    def _next(self) -> tuple[int, Entry]:
        if self._played == len(self._entries):
            raise ScriptDiffers(f"{self._name} has run out: all its {self._played} entries were played already")
        return self._played + 1, self._entries[self._played]


class ScriptedChat:
    """A `Chat` that plays a script in this process, for `--model replay:FILE`.

    Faults mean what they mean to a `LangchainChat`, but nobody waits before the next try.
    """

    def __init__(self, player: Player, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """`sleep` waits for what the script delays."""
        self.player = player
        self._sleep = sleep

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        """The script's next answer; raises ModelFailed where it has none for this request."""
        left_s, waited_s, fault = timeout_s, 0.0, Fault(kind=Kind.AGAIN, words="")
        for _ in range(MOST_TRIES):
            try:
                number, entry = self.player.take(request)
            except ScriptDiffers as error:
                raise ModelFailed(f"{request.model} has no answer: {error}") from None
            self._sleep(min(entry.delay_s, left_s))
            if entry.delay_s > left_s:
                late = Fault(kind=Kind.AGAIN, words=f"entry {number} comes after {entry.delay_s:g} s")
                told = sentence(request.model, late, Access(), within_s=timeout_s)
                raise ModelFailed(told, usage=estimated(request, None))
            left_s, waited_s = left_s - entry.delay_s, waited_s + entry.delay_s
            if entry.reply is not None:
                return _reply(number, entry, request, waited_s)
            assert entry.fault is not None
            fault = _fault(entry.fault)
            if fault.kind is Kind.OVERFLOW:
                said = Message(role="assistant", text=fault.words)
                return Reply(message=said, finish=OVERFLOW, seconds=waited_s)
            if fault.kind is Kind.DEAD:
                break
        tries = MOST_TRIES if fault.kind is Kind.AGAIN else 1
        raise ModelFailed(sentence(request.model, fault, Access(), tries=tries))


def scripted(path: Path) -> ScriptedChat:
    """The chat of a script's file; raises UserError for one that cannot be read."""
    return ScriptedChat(Player(read_script(path), f"the script {path}"))


def words_of(fault: Failure) -> str:
    """What a fault says."""
    if isinstance(fault.body, str):
        return fault.body or ("the connection was dropped" if fault.dropped else f"HTTP {fault.status}")
    return words_in(fault.body) or f"HTTP {fault.status}"


def _fault(fault: Failure) -> Fault:
    words, status = short(words_of(fault), Access()), None if fault.dropped else fault.status
    return Fault(kind=kind_of(status, words), words=words, status=status)


def _overflows(entry: Entry) -> bool:
    return entry.fault is not None and _fault(entry.fault).kind is Kind.OVERFLOW


def _reply(number: int, entry: Entry, request: Request, waited_s: float) -> Reply:
    assert entry.reply is not None
    made = message_of(entry.reply, number)
    calls = tuple(ToolCall(id=one.id, name=clean(one.name), arguments=tidy(one.arguments)) for one in made.calls)
    message = Message(role="assistant", text=clean(made.text), calls=calls)
    usage = usage_of(entry.reply) or estimated(request, message)
    return Reply(message=message, usage=usage, finish=finish_of(entry.reply), seconds=waited_s)
