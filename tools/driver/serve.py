"""The `workload` mode: makes inputs, runs batches while the supervisor holds the clock, and shows what calls did.

One frame asks, one frame answers: open, prepare, run, outputs, observe, equal, profile, lines, state. See `Session`.
"""

import gc
import hashlib
import io
import json
import pickle
import random
import struct
import time
from types import CoroutineType, GeneratorType

from .effects import Effects, ProcessState
from .encoding import Encoder
from .inputs import Unusable, open_calls
from .lines import LineTracer
from .mutation import spoil

MOST_COMPARED_INPUTS = 100
"""Of a batch whose inputs only the encoder can describe: those whose sameness on both sides is checked."""


class _OutOfTime(BaseException):
    """A call took longer than the supervisor allows."""


class _NotPlain(Exception):
    """A value that only the encoder can describe."""


class _PlainPickler(pickle.Pickler):
    """Plain values to bytes at C speed; without a memo, so that only values count, not which objects are shared."""

    def reducer_override(self, value):
        raise _NotPlain(type(value))


class Session:
    """Answers the supervisor's requests about one workload."""

    def __init__(self):
        self._state = ProcessState()
        self._calls = None
        self._groups = {}
        self._outputs = {}
        self._effects = None
        self._tracer = None

    def open(self, request):
        """Import the target and the workload; `lines` {path: [numbers]} are watched from here on."""
        if request.get("lines"):
            self._tracer = LineTracer(request["lines"])
            self._tracer.start()
        self._calls = open_calls()
        return {
            "sizes": self._calls.sizes,
            "count": self._calls.count,
            "varied": self._calls.varied,
            "equal": self._calls.equal is not None,
        }

    def prepare(self, request):
        """Make a group's inputs; answers with their digest, which must be the same on both sides."""
        items = request["items"]
        inputs = [self._calls.make(item) for item in items]
        try:
            digest = _digest(_plain(inputs))
        except _NotPlain:
            digest = _digest(_encoded([_encode_all(self._calls.make(item)) for item in items[:MOST_COMPARED_INPUTS]]))
        self._groups[request["group"]] = (items, inputs)
        gc.collect()
        return {"digest": digest}

    def run(self, request):
        """The timed window: every call of the group, and the digest of everything they returned."""
        items, inputs = self._groups[request["group"]]
        function = self._calls.function
        outputs = []
        for item, (args, kwargs) in zip(items, inputs):
            random.seed(item[1])
            try:
                output = function(*args, **kwargs)
                if type(output) is CoroutineType:
                    output = _awaited(output)
            except (Exception, SystemExit) as error:
                output = _Raised(error)
            outputs.append(output)
        try:
            digest = _digest(_plain(outputs))
        except _NotPlain:
            outputs = [_Encoded(_encode_output(output)) for output in outputs]
            digest = _digest(_encoded([output.text for output in outputs]))
        self._outputs[request["group"]] = outputs
        return {"digest": digest}

    def outputs(self, request):
        """The encoded outputs of a group that ran, from `first`, at most `most`."""
        chosen = self._outputs[request["group"]][request["first"] : request["first"] + request["most"]]
        return {"outputs": [json.loads(o.text) if isinstance(o, _Encoded) else _encode_output(o) for o in chosen]}

    def observe(self, request):
        """One call with everything that can be seen of it; `manner` says what is done besides (see `_observe`)."""
        if self._effects is None:
            self._effects = Effects()
        import signal

        signal.signal(signal.SIGALRM, _out_of_time)
        signal.setitimer(signal.ITIMER_REAL, request["limit_s"])
        started = time.perf_counter()
        try:
            seen, opaque = self._observe(request["item"], request["manner"])
        except _OutOfTime:
            return {"slow": True}
        except (RecursionError, MemoryError) as error:
            return {"unseen": type(error).__name__}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        text = json.dumps(seen, separators=(",", ":"))
        answer = {"digest": _digest(text.encode()), "opaque": opaque, "seconds": time.perf_counter() - started}
        answer["raised"] = isinstance(seen[0]["returned"], list) and seen[0]["returned"][:1] == ["raised"]
        if request.get("show") or len(text) < 4096:
            answer["seen"] = seen
        if request.get("show"):
            answer["input"] = self._input(request["item"])
        return answer

    def _observe(self, item, manner):
        """`once`: the call. `spoiled`: its result changed in place by the caller, then the same call with fresh inputs.
        `changed`: its arguments changed in place by the caller, then called again with the same objects."""
        args, kwargs = self._calls.make(item)
        seen, result, opaque = self._call(item, args, kwargs)
        if manner == "spoiled" and spoil(result):
            args, kwargs = self._calls.make(item)
            again, _, _ = self._call(item, args, kwargs)
            return [seen, again], opaque
        if manner == "changed" and sum(spoil(value) for value in args):
            again, _, _ = self._call(item, args, kwargs)
            return [seen, again], opaque
        return [seen], opaque

    def _call(self, item, args, kwargs):
        encoder = Encoder()
        random.seed(item[1])
        result = None
        with self._effects:
            try:
                result = self._calls.function(*args, **kwargs)
                if type(result) is CoroutineType:
                    result = _awaited(result)
                returned = ["returned", encoder.encode(result)]
            except Exception as error:
                returned = ["raised", encoder.exception(error)]
        after = [encoder.encode(value) for value in args], {k: encoder.encode(v) for k, v in sorted(kwargs.items())}
        effects = self._effects.observed()
        return {"returned": returned, "arguments": after, "effects": effects}, result, encoder.opaque

    def _input(self, item):
        args, kwargs = self._calls.make(item)
        encoder = Encoder()
        return [[encoder.encode(value) for value in args], {k: encoder.encode(v) for k, v in sorted(kwargs.items())}]

    def equal(self, request):
        """Whether the workload's own `equal(a, b)` holds for two encoded outputs; both are rebuilt from plain data."""
        from .decoding import decode

        return {"equal": bool(self._calls.equal(decode(request["before"]), decode(request["after"])))}

    def profile(self, request):
        """Run a prepared group again and again for `seconds`; answers with folded stacks."""
        from .sampling import Sampler

        sampler = Sampler()
        items, _ = self._groups[request["group"]]
        deadline = time.perf_counter() + request["seconds"]
        while True:
            inputs = [self._calls.make(item) for item in items]
            sampler.start()
            for args, kwargs in inputs:
                try:
                    output = self._calls.function(*args, **kwargs)
                    if type(output) is CoroutineType:
                        _awaited(output)
                    elif type(output) is GeneratorType:
                        for _ in output:
                            pass
                except Exception:
                    pass
            stopped = sampler.stop()
            if time.perf_counter() > deadline:
                return stopped

    def lines(self, _request):
        """Which of the watched lines ran: {path: [numbers]}."""
        return {"lines": self._tracer.ran() if self._tracer else {}}

    def state(self, _request):
        """What this process changed of itself."""
        return {"changes": self._state.changes(), "settings": self._state.settings()}


class _Raised:
    """An exception in the place of an output."""

    def __init__(self, error):
        self.error = error


class _Encoded:
    """An output that was encoded inside the window."""

    def __init__(self, encoding):
        self.text = json.dumps(encoding, separators=(",", ":"))


def _awaited(coroutine):
    # Imported when first needed: every process would pay for it otherwise.
    import asyncio

    return asyncio.run(coroutine)


def _out_of_time(_signal, _frame):
    raise _OutOfTime


def _plain(values):
    buffer = io.BytesIO()
    pickler = _PlainPickler(buffer, 4)
    pickler.fast = True
    try:
        pickler.dump(values)
    except (RecursionError, ValueError, struct.error) as error:
        raise _NotPlain(str(error)) from error
    return buffer.getvalue()


def _encode_output(output):
    encoder = Encoder()
    if isinstance(output, _Raised):
        return ["raised", encoder.exception(output.error)]
    try:
        return ["returned", encoder.encode(output)]
    except Exception as error:
        return ["raised", encoder.exception(error)]


def _encode_all(arguments):
    encoder = Encoder()
    args, kwargs = arguments
    return [[encoder.encode(value) for value in args], {k: encoder.encode(v) for k, v in sorted(kwargs.items())}]


def _encoded(encodings):
    return json.dumps(encodings, separators=(",", ":")).encode()


def _digest(data):
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def main(channel, _arguments):
    """Answer requests until the supervisor closes the line."""
    session = Session()
    while True:
        request = channel.receive()
        if request is None:
            return
        try:
            answer = getattr(session, request["do"])(request)
        except Unusable as error:
            answer = {"failed": str(error)}
        except Exception as error:
            answer = {"failed": "%s: %s" % (type(error).__name__, error)}
        channel.send(**answer)
