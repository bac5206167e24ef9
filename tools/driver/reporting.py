"""The pytest plugin that reports every test over the line and lets an instrument look on."""

import os
import time

from .outcomes import Outcomes

IDS_PER_FRAME = 2000


class Reporter:
    """Streams what happens, as it happens, so that the last frame before a crash names the test that ran."""

    def __init__(self, channel, selection, instrument, most_s=None, collect_s=None):
        """Without `most_s` every test runs; else none begins that many seconds after collection.

        Without `collect_s` every test file is imported; else none that many seconds after the first.
        """
        self._channel = channel
        self._selection = selection
        self._instrument = instrument
        self._outcomes = Outcomes()
        self._item = None
        self._most_s = most_s
        self._begun_s = time.monotonic()
        self._left = 0
        self._collect_s = collect_s
        self._collecting_s = None
        self._uncollected = []
        self.cut = False
        """Tests were left out because the time was up."""
        self.process = os.getpid()

    def _send(self, **frame):
        # A test may fork; its children report nothing.
        if os.getpid() == self.process:
            self._channel.send(**frame)

    def ignores(self, path, config):
        """Whether a file holds nothing that is to run; None lets others decide."""
        root = getattr(config, "rootpath", None) or config.rootdir
        return True if self._selection.ignores(str(path), str(root)) else None

    def pytest_configure(self, config):
        """A test that is a benchmark runs its function once: pytest-benchmark would time each for a second."""
        options = config.option
        if hasattr(options, "benchmark_disable") and not getattr(options, "benchmark_only", False):
            options.benchmark_disable, options.benchmark_enable = True, False

    def pytest_collectstart(self, collector):
        """A file is about to be imported."""
        if _is_file(collector.nodeid):
            self._send(kind="collecting", id=collector.nodeid)

    def pytest_make_collect_report(self, collector):
        """A test file for which there is no time is passed over: nothing of it is imported."""
        if self._collect_s is None or not _is_file(collector.nodeid):
            return None
        self._collecting_s = self._collecting_s or time.monotonic()
        if time.monotonic() - self._collecting_s <= self._collect_s:
            return None
        from _pytest.reports import CollectReport

        self._uncollected.append(collector.nodeid)
        self.cut = True
        return CollectReport(nodeid=collector.nodeid, outcome="passed", longrepr=None, result=[])

    def pytest_collectreport(self, report):
        """A file or folder was collected, or failed to be."""
        if _is_file(report.nodeid):
            self._send(kind="collecting", id="")
        if report.failed:
            text = str(getattr(report, "longreprtext", "") or report.longrepr)
            self._send(kind="import_error", id=report.nodeid, message=text[-2000:])

    def pytest_collection_modifyitems(self, config, items):
        """Leave out what was not asked for, after everybody else has chosen and ordered."""
        kept, left_out = self._selection.split(items)
        if left_out:
            config.hook.pytest_deselected(items=left_out)
        items[:] = kept

    def pytest_collection_finish(self, session):
        """Name every test that will run."""
        if self._uncollected:
            self._send(kind="uncollected", ids=self._uncollected)
        ids = [item.nodeid for item in session.items]
        for first in range(0, len(ids), IDS_PER_FRAME):
            self._send(kind="collected", ids=ids[first : first + IDS_PER_FRAME])
        self._begun_s, self._left = time.monotonic(), len(ids)
        frame = self._instrument.collected(len(ids))
        if frame:
            self._send(**frame)

    def pytest_runtest_protocol(self, item):
        """Remember which test is about to run."""
        self._item = item

    def pytest_runtest_logstart(self, nodeid):
        """A test begins."""
        self._send(kind="started", id=nodeid)
        self._instrument.begin()

    def pytest_fixture_setup(self, fixturedef):
        """Tell the instrument where a fixture that outlives its test is set up."""
        if fixturedef.scope == "function":
            yield
            return
        self._instrument.enter_fixture()
        yield
        self._instrument.leave_fixture(fixturedef)

    def pytest_runtest_logreport(self, report):
        """One phase of a test is over."""
        self._outcomes.add(report)

    def pytest_runtest_logfinish(self, nodeid):
        """A test is over."""
        extra = self._instrument.end(_fixtures_of(self._item))
        merged = self._outcomes.take(nodeid)
        if merged is not None:
            self._send(kind="outcome", id=nodeid, **merged, **extra)
        self._left -= 1
        if self._most_s is not None and self._left > 0 and time.monotonic() - self._begun_s > self._most_s:
            self.cut = True
            self._item.session.shouldstop = "the time for this run is up"


def mark_hooks(pytest):
    """Give the plugin's hooks the names and order of the pytest that runs here."""
    Reporter.pytest_collection_modifyitems = pytest.hookimpl(trylast=True)(Reporter.pytest_collection_modifyitems)
    Reporter.pytest_make_collect_report = pytest.hookimpl(tryfirst=True)(Reporter.pytest_make_collect_report)
    Reporter.pytest_runtest_protocol = pytest.hookimpl(tryfirst=True)(Reporter.pytest_runtest_protocol)
    Reporter.pytest_fixture_setup = pytest.hookimpl(hookwrapper=True)(Reporter.pytest_fixture_setup)
    # pytest 7 brought the argument's name, pytest 9 took the older one away.
    if int(pytest.__version__.split(".")[0]) >= 7:

        def pytest_ignore_collect(self, collection_path, config):
            return self.ignores(collection_path, config)
    else:

        def pytest_ignore_collect(self, path, config):
            return self.ignores(path, config)

    Reporter.pytest_ignore_collect = pytest_ignore_collect


def _is_file(node_id):
    return node_id.endswith(".py") and "::" not in node_id


def _fixtures_of(item):
    """Definitions of the fixtures a test uses, named in its arguments or asked for while it ran."""
    if item is None:
        return []
    named = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", None) or {}
    fixtures = [fixture for definitions in named.values() for fixture in definitions]
    asked = getattr(getattr(item, "_request", None), "_fixture_defs", None) or {}
    return fixtures + list(asked.values())
