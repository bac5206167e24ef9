"""The `workload` mode: makes inputs, runs batches while the supervisor holds the clock, and shows what calls did.

One frame asks, one frame answers: open, prepare, run, outputs, after, observe, explore, equal, profile, trace,
lines, state. See `Session`.
"""

import gc
import json
import os
import random
import sys
from types import CoroutineType

from .batch_digests import Encoded, NotPlain, Raised, digested, encode_all, encode_output, encoded_bytes, plain
from .benchmarks import described, reach
from .inputs import Unusable, open_calls, reductions
from .leftovers import files_in_tmp, printed_lines
from .lines import LineTracer
from .looking import watch_looks
from .observing import Observer, awaited, digest_of
from .process_state import PROJECT, watch_process

PRINTED = "/tmp/.hasten-printed"
MOST_ATTEMPTS = 4
MOST_COMPARED_INPUTS = 100
"""Of a batch whose inputs only the encoder can describe: those whose sameness on both sides is checked."""


class Session:
    """Answers the supervisor's requests about one workload."""

    def __init__(self, printed=PRINTED):
        self._printed = printed
        # In a disguise nobody asks for it, and functions that tell of their calls are a sign of their own.
        self._state = watch_process() if printed == PRINTED else None
        self._calls = None
        self._groups = {}
        self._outputs = {}
        self._observer = None
        self._explorer = None
        self._tracer = None
        self._looks = []

    def watch(self, request):
        """Begin to watch what is asked for."""
        if request.get("looks"):
            self._looks = watch_looks(request.get("moved", [PROJECT])[-1])
        if request.get("lines"):
            self._tracer = LineTracer(request["lines"])
            self._tracer.start()

    def open(self, request):
        """Import the target and the workload; `lines` {path: [numbers]} are watched from here on, `looks` if asked."""
        self.watch(request)
        names = {name: request[name] for name in ("folder", "module", "moved") if name in request}
        return self.opened(open_calls(**names))

    def opened(self, calls):
        """Go on with these calls; what there is to say of them."""
        self._calls = calls
        return {
            "sizes": self._calls.sizes,
            "count": self._calls.count,
            "varied": self._calls.varied,
            "streams": self._calls.streams,
            "made": self._calls.made,
            "equal": self._calls.equal is not None,
        }

    def prepare(self, request):
        """Make a group's inputs; answers with their digest, which must be the same on both sides, and their number."""
        items = request["items"]
        inputs = [self._calls.make(item) for item in items]
        if request.get("distinct"):
            items, inputs = self._distinct(items, inputs)
        # Fixed inputs are all the same.
        most = 1 if self._calls.fixed else len(inputs)
        try:
            digest = digest_of(plain(inputs[:most]))
        except NotPlain:
            most = min(most, MOST_COMPARED_INPUTS)
            digest = digest_of(encoded_bytes([encode_all(self._calls.make(item)) for item in items[:most]]))
        self._groups[request["group"]] = (items, inputs)
        gc.collect()
        return {"digest": digest, "count": len(inputs)}

    def _distinct(self, items, inputs):
        """The same without those whose inputs came before; varied ones are tried again with other seeds first."""
        kept = {}
        for item, made in zip(items, inputs):
            name = self._name_of(item, made)
            for attempt in range(1, MOST_ATTEMPTS):
                if name not in kept or item[1] is None:
                    break
                item = [item[0], item[1] + attempt, item[2]]  # noqa: PLW2901
                made = self._calls.make(item)  # noqa: PLW2901
                name = self._name_of(item, made)
            kept.setdefault(name, (item, made))
        return [item for item, _ in kept.values()], [made for _, made in kept.values()]

    def _name_of(self, item, made):
        try:
            return digest_of(plain(made))
        except NotPlain:
            return digest_of(encoded_bytes(encode_output(self._calls.make(item))))

    def run(self, request):
        """A timed window: the group's calls from `first`, at most `most`, and the digest of everything they returned.

        With `encoded` the digest is one of the encodings, so that `outputs` can be held to it.
        """
        items, inputs = self._groups[request["group"]]
        first, most = request.get("first", 0), request.get("most", len(items))
        function = self._calls.function
        outputs = []
        for item, (args, kwargs) in zip(items[first : first + most], inputs[first : first + most]):
            random.seed(item[1])
            try:
                output = function(*args, **kwargs)
                if type(output) is CoroutineType:
                    output = awaited(output)
            except (Exception, SystemExit) as error:
                output = Raised(error)
            outputs.append(output)
        outputs, digest = digested(outputs, request.get("encoded", False))
        self._outputs[request["group"]] = (self._outputs[request["group"]] if first else []) + outputs
        return {"digest": digest}

    def outputs(self, request):
        """The encoded outputs of a group that ran, from `first`, at most `most`."""
        chosen = self._outputs[request["group"]][request["first"] : request["first"] + request["most"]]
        return {"outputs": [json.loads(o.text) if isinstance(o, Encoded) else encode_output(o) for o in chosen]}

    def after(self, request):
        """What the calls of a group that ran left behind: their arguments, lines printed, files in /tmp.

        Of arguments that only the encoder can describe, the `chosen` ones; `show` sends all of them whole.
        """
        sys.stdout.flush()
        _, inputs = self._groups[request["group"]]
        chosen = request["chosen"][:1] if self._calls.fixed else request["chosen"]
        answer = {"printed": printed_lines(self._printed), "files": files_in_tmp(os.path.basename(self._printed))}
        if request.get("show"):
            answer["shown"] = [encode_output(one) for one in inputs]
        try:
            answer["arguments"] = digest_of(plain(inputs[-1:] if self._calls.fixed else inputs))
        except NotPlain:
            answer["arguments"] = digest_of(encoded_bytes([encode_output(inputs[index]) for index in chosen]))
        return answer

    def observe(self, request):
        """One call with everything that can be seen of it (see `Observer`)."""
        if self._observer is None:
            self._observer = Observer(self._calls)
        return self._observer.observe(request)

    def explore(self, request):
        """Items of recorded calls that take the functions at {path: names} somewhere new (see `exploring.py`)."""
        if self._explorer is None:
            from .exploring import Explorer

            self._explorer = Explorer(self._calls, request["functions"], request["seed"], request["types"])
        return {"items": self._explorer.explore(request["seconds"], request["most"], request["pool"])}

    def reductions(self, request):
        """How many ways there are to make an item's input smaller (see `shrink.py`)."""
        return {"count": reductions(self._calls, request["item"], request["pool"])}

    def equal(self, request):
        """Whether the workload's own `equal(a, b)` holds for two encoded outputs; both are rebuilt from plain data."""
        from .decoding import decode

        return {"equal": bool(self._calls.equal(decode(request["before"]), decode(request["after"])))}

    def profile(self, request):
        """Run a prepared group again and again for `seconds` and look on (see `profiling.py`)."""
        from .profiling import profile

        return profile(self._calls, self._groups[request["group"]][0], request)

    def trace(self, request):
        """What one call did, block by block (see `tracing.py`)."""
        from .tracing import trace_call

        return trace_call(self._calls, request)

    def lines(self, _request):
        """Which of the watched lines ran: {path: [numbers]}."""
        return {"lines": self._tracer.ran() if self._tracer else {}}

    def looks(self, _request):
        """What code of the project looked at besides its own data."""
        return {"looks": self._looks}

    def state(self, _request):
        """What this process changed of itself, and what it looked at."""
        return dict(self._state(), looks=self._looks)


def main(channel, arguments):
    """Answer requests until the supervisor closes the line; what the target prints is counted, not sent."""
    path = arguments[0] if arguments else PRINTED
    printed = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(printed, 1)
    os.close(printed)
    if arguments:
        os.environ.pop("PYTHONHASHSEED", None)
    answer_all(channel, Session(path))


def answer_all(channel, session):
    """Answer requests until the line is closed."""
    answers = {name: getattr(session, name) for name in dir(session) if not name.startswith("_")}
    while True:
        request = channel.receive()
        if request is None:
            return
        benchmark = described(request) if request["do"] == "open" else None
        if benchmark is not None:
            _within(benchmark, channel, session, request)
            return
        try:
            answer = answers[request["do"]](request)
        except Unusable as error:
            answer = {"failed": str(error)}
        except Exception as error:
            answer = {"failed": "%s: %s" % (type(error).__name__, error)}
        channel.send(**answer)


def _within(benchmark, channel, session, request):
    """Answer all from where the benchmark would time its function: what it has set up stands as long as that lasts."""

    def reached(shipped):
        channel.send(**session.opened(shipped))
        answer_all(channel, session)

    session.watch(request)
    try:
        problem = reach(benchmark, reached)
    except Exception as error:
        problem = "%s: %s" % (type(error).__name__, error)
    if problem:
        channel.send(failed=problem)
