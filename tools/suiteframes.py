"""Understands what the driver reports of a suite, frame by frame; it comes from a process that is not trusted."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tools.impact import Touched
from tools.profile.lines import Metered, Sampled, read_metered, read_sampled
from tools.profile.profile import Profile, read_functions, read_profile
from tools.profile.source import Function, SourceIndex
from tools.testreport import OUTCOMES, ImportFailure, TestCase
from tools.trace.calls import Trace, read_trace
from tools.workload.recording import RecordedCall, Recording, Wanted

MOST_TESTS = 500_000
MOST_IMPORT_FAILURES = 2000
MOST_NAME_CHARACTERS = 4000
MOST_CALLS = 64
MOST_STEPS = 64
MOST_CALL_BYTES = 256 * 1024
MOST_FUNCTION_BYTES = 8 * 1024 * 1024
MOST_TRACE_CHARACTERS = 8000
_PYTEST_EXITS = {
    2: "pytest was interrupted, or a plugin or conftest ended it",
    3: "pytest had an internal error",
    4: "pytest was called wrongly (its arguments or its configuration)",
}


class MalformedFrameError(ValueError):
    """A frame that the driver never sends."""


class Listener:
    """Gathers the frames of one run."""

    def __init__(self, sources: SourceIndex, wanted: Sequence[Wanted], *, may_be_cut: bool = False) -> None:
        """`may_be_cut` is whether the driver was told to begin no test after some time."""
        self.collected: list[str] = []
        self.uncollected: list[str] = []
        """Test files that there was no time to import."""
        self.import_failures: list[ImportFailure] = []
        self.running: str | None = None
        """The test that has begun and not ended, or the file that is being imported."""
        self.ended = False
        self.cut = False
        """Tests were left out because the time for the run was up."""
        self._may_be_cut = may_be_cut
        self._sources = sources
        self._wanted = wanted
        self._cases: dict[str, TestCase] = {}
        self._functions: list[Function | None] = []
        self._touched: dict[str, frozenset[Function]] = {}
        self._at_import: frozenset[Function] = frozenset()
        self._profile: Profile | None = None
        self._sampled: dict[int, Sampled] = {}
        self._metered: Metered | None = None
        self._trace: Trace | None = None
        self._recorded: dict[int, Recording] = {}
        self._calls: dict[int, dict[str, bytes]] = {}
        self._exit: int | None = None
        self._problem = ""
        self._import_paths: tuple[str, ...] = ()
        self._handlers: dict[str, Callable[[Mapping[str, object]], None]] = {
            "collecting": self._on_collecting,
            "collected": self._on_collected,
            "uncollected": self._on_uncollected,
            "import_error": self._on_import_error,
            "started": self._on_started,
            "outcome": self._on_outcome,
            "imported": self._on_imported,
            "stacks": self._on_stacks,
            "metered": self._on_metered,
            "trace": self._on_trace,
            "recording": self._on_recording,
            "call": self._on_call,
            "end": self._on_end,
        }

    def take(self, frame: Mapping[str, object]) -> None:
        """Take one frame; raises MalformedFrameError or MalformedStacksError where it makes no sense."""
        handler = self._handlers.get(str(frame.get("kind")))
        if handler is None:
            raise MalformedFrameError(f"a frame of kind {str(frame.get('kind'))[:40]!r}")
        handler(frame)

    def cases(self) -> tuple[TestCase, ...]:
        """Every test that came to its end, in that order."""
        return tuple(self._cases.values())

    @property
    def done(self) -> int:
        """How many tests came to their end."""
        return len(self._cases)

    def problem(self) -> str:
        """Why the suite as a whole did not do what was asked, one sentence; empty where it did."""
        if self._problem:
            return self._problem
        if self.cut:
            return ""
        if self._exit in _PYTEST_EXITS:
            return _PYTEST_EXITS[self._exit]
        if self.ended and len(self._cases) < len(set(self.collected)):
            return f"pytest stopped after {len(self._cases)} of {len(set(self.collected))} tests"
        return ""

    def touched(self) -> Touched:
        """Which functions each test ran."""
        return Touched(by_test=self._touched, at_import=self._at_import)

    def profile(self) -> Profile | None:
        """Where the time went; None where the run ended before it could say."""
        return self._profile

    def sampled(self) -> dict[int, Sampled]:
        """The lines of the function that was sampled by line."""
        return self._sampled

    def metered(self) -> Metered | None:
        """What a meter saw of a function's lines."""
        return self._metered

    def trace(self) -> Trace | None:
        """The calls that were followed."""
        return self._trace

    def recordings(self) -> tuple[Recording, ...]:
        """One for each function asked for."""
        return tuple(self._recording(number) for number in range(len(self._wanted)))

    def _on_collecting(self, frame: Mapping[str, object]) -> None:
        self.running = _text(frame, "id")[:MOST_NAME_CHARACTERS] or None

    def _on_collected(self, frame: Mapping[str, object]) -> None:
        self.collected += _texts(frame.get("ids"))
        if len(self.collected) > MOST_TESTS:
            raise MalformedFrameError("more tests than any suite has")

    def _on_uncollected(self, frame: Mapping[str, object]) -> None:
        if not self._may_be_cut:
            raise MalformedFrameError("test files were left out of a run that has the time for all")
        self.uncollected += _texts(frame.get("ids"))[:MOST_IMPORT_FAILURES]

    def _on_import_error(self, frame: Mapping[str, object]) -> None:
        if len(self.import_failures) < MOST_IMPORT_FAILURES:
            self.import_failures.append(ImportFailure(id=_text(frame, "id"), message=_text(frame, "message")[:4000]))

    def _on_started(self, frame: Mapping[str, object]) -> None:
        self.running = _text(frame, "id")

    def _on_outcome(self, frame: Mapping[str, object]) -> None:
        test, outcome = _text(frame, "id"), _text(frame, "outcome")
        if outcome not in OUTCOMES or len(self._cases) >= MOST_TESTS:
            raise MalformedFrameError("an outcome that no test has")
        self.running = None
        case = TestCase(
            id=test, outcome=outcome, duration_s=_number(frame, "duration_s"), message=_text(frame, "message")[:4000],
            trace=_text(frame, "trace", "")[:MOST_TRACE_CHARACTERS],
        )  # fmt: skip
        before = self._cases.get(test)
        # A name that comes twice counts with its worse outcome.
        if before is None or before.outcome not in ("failed", "error"):
            self._cases[test] = case
        if "touched" in frame:
            self._touched[test] = self._touched.get(test, frozenset()) | self._functions_of(frame)

    def _on_imported(self, frame: Mapping[str, object]) -> None:
        self._at_import |= self._functions_of(frame)

    def _functions_of(self, frame: Mapping[str, object]) -> frozenset[Function]:
        self._functions += read_functions(frame.get("functions"), self._sources)
        indexes = frame.get("touched")
        if not isinstance(indexes, list) or not all(
            isinstance(index, int) and 0 <= index < len(self._functions) for index in indexes
        ):
            raise MalformedFrameError("a test touched a function that was not named")
        return frozenset(function for index in indexes if (function := self._functions[index]) is not None)

    def _on_stacks(self, frame: Mapping[str, object]) -> None:
        self._profile = read_profile([frame], self._sources)
        self._sampled = read_sampled(frame)

    def _on_metered(self, frame: Mapping[str, object]) -> None:
        self._metered = read_metered(frame)

    def _on_trace(self, frame: Mapping[str, object]) -> None:
        self._trace = read_trace(frame)

    def _on_recording(self, frame: Mapping[str, object]) -> None:
        number = self._number(frame)
        self._recorded[number] = _recording(self._wanted[number], frame)

    def _on_call(self, frame: Mapping[str, object]) -> None:
        calls = self._calls.setdefault(self._number(frame), {})
        try:
            blob = base64.b64decode(_text(frame, "pickle"), validate=True)
        except binascii.Error as error:
            raise MalformedFrameError("a call is not base64") from error
        if len(calls) >= MOST_CALLS or len(blob) > MOST_CALL_BYTES:
            raise MalformedFrameError("more calls, or larger ones, than are ever kept")
        if sum(map(len, calls.values())) + len(blob) > MOST_FUNCTION_BYTES:
            raise MalformedFrameError("more bytes of calls than are ever kept")
        calls[hashlib.blake2b(blob, digest_size=16).hexdigest()] = blob

    def _on_end(self, frame: Mapping[str, object]) -> None:
        code = frame.get("exit")
        self._exit = code if isinstance(code, int) else None
        self._problem = _text(frame, "problem")[:1000]
        left = bool(self.uncollected) or self.done < len(set(self.collected))
        self.cut = self._may_be_cut and frame.get("cut") is True and left
        self._import_paths = tuple(_texts(frame.get("import_paths", [])))
        self.ended = True

    def _number(self, frame: Mapping[str, object]) -> int:
        number = frame.get("number")
        if not isinstance(number, int) or not 0 <= number < len(self._wanted):
            raise MalformedFrameError("calls of a function that was not asked for")
        return number

    def _recording(self, number: int) -> Recording:
        found = self._recorded.get(number)
        if found is None:
            found = _recording(self._wanted[number], {"problem": "the run ended before its calls were handed over"})
        calls = sorted(self._calls.get(number, {}).items())
        return replace(
            found,
            calls=tuple(RecordedCall(digest=digest, pickle=blob) for digest, blob in calls),
            import_paths=self._import_paths,
        )


def _recording(wanted: Wanted, frame: Mapping[str, object]) -> Recording:
    reasons = frame.get("reasons", {})
    if not isinstance(reasons, dict) or not all(isinstance(count, int) for count in reasons.values()):
        raise MalformedFrameError("`reasons` is not a count of reasons")
    ranked = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    return Recording(
        target=wanted.name,
        path=wanted.path,
        qualname=wanted.qualname,
        steps=tuple(_texts(frame.get("steps", []))[:MOST_STEPS]),
        kind=_text(frame, "call_kind", ""),
        calls=(),
        seen_calls=int(_number(frame, "seen", 0)),
        tried=int(_number(frame, "tried", 0)),
        unpicklable=int(_number(frame, "unpicklable", 0)),
        reasons=tuple((reason[:300], count) for reason, count in ranked),
        problem=_text(frame, "problem", "")[:1000],
    )


def _text(frame: Mapping[str, object], name: str, default: str | None = None) -> str:
    value = frame.get(name, default)
    if not isinstance(value, str):
        raise MalformedFrameError(f"`{name}` is not a text")
    return value


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise MalformedFrameError("no list of names")
    return value


def _number(frame: Mapping[str, object], name: str, default: float | None = None) -> float:
    value = frame.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        raise MalformedFrameError(f"`{name}` is not a number")
    return float(value)
