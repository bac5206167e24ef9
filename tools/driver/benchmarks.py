"""The repository's own benchmarks: what pytest-benchmark, pytest-codspeed and asv would time, each as a call.

None of their packages needs to be there. A fixture and a marker of the same name stand for those of the pytest
plug-ins, installed or not; asv's functions and classes are read as they stand. `Shipped` is one benchmark: its
function is what is timed, its `make` the set-up before each call. Inputs are fixed: the benchmark has them, not a seed.
"""

import importlib
import itertools
import json
import os
import re
import sys

FOLDER = "/hasten/workload"
DESCRIBED = "benchmark.json"
"""In a workload's folder: {framework: pytest, id, file, pytest_args}, or {framework: asv, folder, module, name,
index}."""
MOST_CASES = 3
"""Of the parameters of one asv benchmark: the first, one in the middle and the last."""
MOST_TESTS = 9
"""Of the parameters of one test, spread alike from the first to the last: the others wait for nobody's time."""
_TIMED = re.compile(r"(Time[A-Z_].+|time_.+)")
_PLUGINS = ("benchmark", "codspeed")
"""As pytest knows them."""
_FLAGS = (
    *("--benchmark-only", "--benchmark-skip", "--benchmark-disable", "--benchmark-enable", "--benchmark-autosave"),
    *("--benchmark-disable-gc", "--benchmark-quiet", "--benchmark-verbose", "--benchmark-save-data", "--codspeed"),
)
_VALUES = (
    *("--benchmark-min-time", "--benchmark-max-time", "--benchmark-min-rounds", "--benchmark-timer"),
    *("--benchmark-calibration-precision", "--benchmark-precision", "--benchmark-confidence", "--benchmark-sort"),
    *("--benchmark-group-by", "--benchmark-columns", "--benchmark-name", "--benchmark-time-unit"),
    *("--benchmark-storage", "--benchmark-save", "--benchmark-json", "--benchmark-warmup-iterations"),
    *("--benchmark-cprofile", "--benchmark-cprofile-loops", "--benchmark-cprofile-top"),
    *("--codspeed-mode", "--codspeed-warmup-time", "--codspeed-max-time", "--codspeed-max-rounds"),
)
_OPTIONAL = (
    *("--benchmark-warmup", "--benchmark-compare", "--benchmark-histogram", "--benchmark-csv", "--benchmark-netrc"),
    *("--benchmark-cprofile-dump",),
)
"""Those of which the value may be left out."""
_MANY = ("--benchmark-compare-fail",)

_ENDED = {0: "its tests passed, and none came to what it would time", 5: "pytest found no tests that are benchmarks"}
"""What pytest's exit codes mean here."""


class Shipped:
    """One benchmark, in the shape of `inputs.RecordedCalls`: a single call whose input does not vary."""

    fixed = True
    sizes = ()
    count = 1
    varied = (False,)
    streams = ()
    made = ()
    equal = None

    def __init__(self, function, make):
        self.function = function
        self._make = make

    def make(self, _item, _pool=()):
        """(args, kwargs) of one call, set up as the benchmark does it; what that raises goes through."""
        args, kwargs = self._make()
        return tuple(args), dict(kwargs)


def described(request):
    """What the workload's folder says of its benchmark, with the places it has here; None for another workload."""
    try:
        with open(os.path.join(request.get("folder", FOLDER), DESCRIBED), encoding="utf-8") as file:
            found = json.load(file)
    except OSError:
        return None
    usual, here = request.get("moved", ("", ""))
    return {name: value.replace(usual, here) if isinstance(value, str) else value for name, value in found.items()}


def reach(described, reached):
    """Call `reached(shipped)` where the benchmark would time its function: its fixtures stand and it has not ended.

    Returns why it was not reached, empty where it was.
    """
    if described["framework"] == "asv":
        sys.path.insert(0, os.path.dirname(described["folder"]))
        for benchmark in asv_module(described["module"]):
            if (benchmark["name"], benchmark["index"]) == (described["name"], described["index"]):
                reached(asv_shipped(benchmark))
                return ""
        return "the benchmark %s is not there" % described["name"]
    seen = []

    def first(item, shipped):
        import pytest

        seen.append(item)
        reached(shipped)
        pytest.exit("the benchmark was run")

    said = run_pytest(described["pytest_args"], [described["file"]], first, only=described["id"])
    return "" if seen else "the benchmark %s did not come to its function: %s" % (described["id"], said)


def run_pytest(arguments, files, reached, only=None):
    """Run the benchmarks of these files; `reached(item, shipped)` is called for each, and is what stands for timing.

    `only` is the one to run. Returns pytest's last problem, in words.
    """
    # The first entry is what `-c` put there; `-m` puts the working directory.
    sys.path[0] = os.getcwd()
    import pytest

    sys.argv = [os.path.join(os.path.dirname(pytest.__file__), "__main__.py"), *arguments]
    plugin = _plugin(pytest, reached, only)
    quiet = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:faulthandler", "--continue-on-collection-errors"]
    # Installed or not, the plug-ins stay out: they accept no fixture but their own.
    alone = [word for name in _PLUGINS for word in ("-p", "no:" + name)]
    code = pytest.main([*arguments, *quiet, *alone, *files], plugins=[plugin])
    return plugin.problem or _ENDED.get(int(code), "pytest ended with code %d" % int(code))


def _plugin(pytest, reached, only):
    class Plugin:
        """Stands for the plug-ins that run benchmarks."""

        problem = ""

        @staticmethod
        def pytest_addoption(parser):
            """The options of plug-ins that are not loaded are taken and left alone."""
            group = parser.getgroup("benchmark")
            for flag in _FLAGS:
                group.addoption(flag, action="store_true", default=False)
            for value in _VALUES:
                group.addoption(value, action="append", default=[])
            for names, count in ((_OPTIONAL, "?"), (_MANY, "+")):
                for name in names:
                    group.addoption(name, action="append", nargs=count, default=[])

        @staticmethod
        def pytest_addhooks(pluginmanager):
            """A conftest file may have hooks of the plug-in; they are never called."""
            try:
                from pytest_benchmark import hookspec
            except ImportError:
                return
            pluginmanager.add_hookspecs(hookspec)

        @staticmethod
        def pytest_configure(config):
            config.addinivalue_line("markers", "benchmark: this test is a benchmark")

        @pytest.fixture
        def benchmark(self, request):
            """As that of pytest-benchmark and of pytest-codspeed."""
            return _Fixture(request.node, reached)

        @pytest.hookimpl(hookwrapper=True)
        def pytest_fixture_setup(self, fixturedef, request):
            """Ours in the place of a stand-in that the project has where a plug-in is missing.

            A fixture of the project's that is built on another `benchmark`, or that cannot be called, stays.
            """
            done = yield
            if fixturedef.argname != "benchmark" or "benchmark" in fixturedef.argnames or done.excinfo is not None:
                return
            made = done.get_result()
            if callable(made) and not isinstance(made, _Fixture):
                ours = _Fixture(request._pyfuncitem, reached)
                fixturedef.cached_result = (ours, *fixturedef.cached_result[1:])
                done.force_result(ours)

        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(self, items):
            """Benchmarks alone, and of these the one asked for."""
            found = [item for item in items if is_benchmark(item) and only in (None, item.nodeid)]
            items[:] = _spread(found)

        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(self, pyfuncitem):
            """A test that is marked as a benchmark is timed as a whole."""
            if "benchmark" in pyfuncitem.fixturenames:
                return None
            names = pyfuncitem._fixtureinfo.argnames
            arguments = {name: pyfuncitem.funcargs[name] for name in names}
            reached(pyfuncitem, Shipped(pyfuncitem.obj, lambda: ((), arguments)))
            return True

        def pytest_runtest_logreport(self, report):
            """Remember why a benchmark failed."""
            if report.failed:
                self.problem = _last_line(report)

        def pytest_collectreport(self, report):
            """Remember why a file could not be imported."""
            if report.failed:
                self.problem = _last_line(report)

        def pytest_internalerror(self, excinfo):
            """Remember what pytest or a plug-in stumbled over."""
            self.problem = ("pytest broke off: %s: %s" % (excinfo.typename, excinfo.value))[:300]

    return Plugin()


def _spread(items):
    """The items in their order, of one test's parameters MOST_TESTS at most."""
    by_test = {}
    for item in items:
        by_test.setdefault(item.nodeid.split("[")[0], []).append(item)
    chosen = set()
    for cases in by_test.values():
        count = min(MOST_TESTS, len(cases))
        chosen.update(id(cases[number * (len(cases) - 1) // max(count - 1, 1)]) for number in range(count))
    return [item for item in items if id(item) in chosen]


def is_benchmark(item):
    """Whether a test uses the fixture or bears the mark."""
    return "benchmark" in getattr(item, "fixturenames", ()) or item.get_closest_marker("benchmark") is not None


def _last_line(report):
    lines = str(getattr(report, "longreprtext", "") or report.longrepr).strip().splitlines()
    told = [line[1:].strip() for line in lines if line.startswith("E ")]
    return (told or lines or ["it failed"])[0][:300]


class _Fixture:
    """The fixture `benchmark`, as far as tests use it; only what would be timed is taken over."""

    enabled = True
    disabled = False
    stats = None
    group = None
    param = None

    def __init__(self, item, reached):
        self._item = item
        self._reached = reached
        self.name, self.fullname = item.name, item.nodeid
        self.extra_info, self.params, self.options = {}, None, {}

    def __call__(self, function, *args, **kwargs):
        """Time `function(*args, **kwargs)`; gives its result back."""
        return self._reached(self._item, Shipped(function, lambda: (args, kwargs)))

    def pedantic(self, target, args=(), kwargs=None, setup=None, teardown=None, **_rounds):
        """The same, with a set-up before each call that may give its arguments."""
        del teardown

        def make():
            made = setup() if setup is not None else None
            return made if made is not None else (args, kwargs or {})

        return self._reached(self._item, Shipped(target, make))

    def weave(self, target, **_options):
        """Timing a function from within another one is not done here."""
        raise NotImplementedError("benchmark.weave(%r) cannot be timed apart" % (target,))

    patch = weave


def asv_module(name):
    """The `time_*` benchmarks of one of asv's modules, with at most MOST_CASES parameters each."""
    module = importlib.import_module(name)
    for attribute in sorted(vars(module)):
        value = vars(module)[attribute]
        if isinstance(value, type) and value.__module__ == module.__name__ and not attribute.startswith("_"):
            for method in sorted(dir(value)):
                if _TIMED.fullmatch(method):
                    yield from _cases(module, value, method, "%s.%s.%s" % (name, attribute, method))
        elif _TIMED.fullmatch(attribute) and callable(value) and not isinstance(value, type):
            yield from _cases(module, None, attribute, "%s.%s" % (name, attribute))


def _cases(module, owner, attribute, name):
    function = getattr(owner or module, attribute)
    places = [function, *([owner] if owner else []), module]
    params = _first(places, "params") or []
    if params and not isinstance(params[0], (list, tuple)):
        params = [params]
    cases = list(itertools.product(*params))
    for index in sorted({0, len(cases) // 2, len(cases) - 1})[:MOST_CASES]:
        yield {
            "name": name,
            "index": index,
            "params": cases[index],
            "module": module,
            "owner": owner,
            "function": function,
            "places": places,
            "afresh": _first(places, "number") == 1,
        }


def _first(places, name):
    return next((getattr(place, name) for place in places if getattr(place, name, None) is not None), None)


def asv_shipped(benchmark):
    """One of asv's benchmarks; its set-up runs before each call where `number` is 1, and once otherwise, as in asv."""
    cached = []

    def fresh():
        params = tuple(benchmark["params"])
        instance = benchmark["owner"]() if benchmark["owner"] else None
        keep = getattr(instance or benchmark["function"], "setup_cache", None)
        if keep is not None:
            params = (keep(), *params)
        places = (benchmark["module"], instance, benchmark["function"])
        for setup in [getattr(place, "setup", None) for place in places if place is not None]:
            if setup is not None:
                setup(*params)
        return ((instance, *params) if benchmark["owner"] else params), {}

    def make():
        if not benchmark["afresh"] and not cached:
            cached.append(fresh())
        return fresh() if benchmark["afresh"] else cached[0]

    return Shipped(benchmark["function"], make)
