"""What looks on while a suite runs, one class for each mode; `Plain` looks at nothing."""

import base64


class Plain:
    """Nothing is added to the run."""

    def start(self):
        """The run is about to begin."""

    def stop(self):
        """The run is over."""

    def collected(self, tests):
        """Every test is known, so many of them; a frame to send, or None."""

    def begin(self):
        """A test begins."""

    def enter_fixture(self):
        """A fixture that outlives its test is about to be set up."""

    def leave_fixture(self, fixture):
        """It is set up."""

    def end(self, _fixtures):
        """A test is over; what to add to its outcome."""
        return {}

    def results(self):
        """Frames to send after the last test."""
        return []


class Touch(Plain):
    """Adds to each outcome which of the project's functions ran."""

    def __init__(self, root):
        from .touching import TouchedByTest

        self._touched = TouchedByTest(root)

    def start(self):
        self._touched.start()

    def stop(self):
        self._touched.stop()

    def collected(self, _tests):
        touched = self._touched.begin()
        return {"kind": "imported", "touched": touched, "functions": self._touched.fresh_functions()}

    def enter_fixture(self):
        self._touched.enter_fixture()

    def leave_fixture(self, fixture):
        self._touched.leave_fixture(fixture)

    def end(self, fixtures):
        touched = self._touched.end(fixtures)
        return {"touched": touched, "functions": self._touched.fresh_functions()}


class Sample(Plain):
    """Samples stacks from the first import to the last test; of the function at `place` by line, where there is one."""

    def __init__(self, root, place):
        from .sampling import Sampler

        self._sampler = Sampler(root, place)
        self._found = {}

    def start(self):
        self._sampler.start()

    def stop(self):
        self._found = self._sampler.stop()

    def begin(self):
        self._sampler.resume()

    def results(self):
        return [{"kind": "stacks", **self._found}]


class Meter(Plain):
    """Meters the lines of one function while tests run: `what` is time or memory."""

    def __init__(self, what, place, most_s):
        from .line_meter import MemoryMeter, TimeMeter

        self._meter = {"time": TimeMeter, "memory": MemoryMeter}[what](place, most_s)
        self._found = {"lines": [], "calls": 0, "cut": False}

    def begin(self):
        self._meter.start()

    def end(self, _fixtures):
        self._found = self._meter.stop()
        return {}

    def results(self):
        return [{"kind": "metered", **self._found}]


class Trace(Plain):
    """Follows calls of some functions block by block while tests run."""

    def __init__(self, functions):
        from .tracing import BlockTracer

        self._tracer = BlockTracer(functions)

    def begin(self):
        self._tracer.start()

    def end(self, _fixtures):
        self._tracer.stop()
        return {}

    def results(self):
        return [{"kind": "trace", **self._tracer.found()}]


class Record(Plain):
    """Records arguments of the named functions' calls."""

    def __init__(self, wanted, seed, root, budget_s):
        from .recording import Recorder

        self._recorder = Recorder(wanted, seed, root, budget_s)

    def collected(self, tests):
        self._recorder.share(tests)

    def stop(self):
        self._recorder.stop()

    def begin(self):
        self._recorder.look()
        self._recorder.begin_test()

    def results(self):
        frames = []
        for number, recorded in enumerate(self._recorder.recorded()):
            calls = recorded.pop("calls")
            frames.append({"kind": "recording", "number": number, **recorded})
            frames += [
                {"kind": "call", "number": number, "pickle": base64.b64encode(blob).decode("ascii")} for blob in calls
            ]
        return frames
