"""A repository's own benchmarks: found without their plug-ins, measured as they time, never enough by themselves."""

from dataclasses import replace
from pathlib import Path

import pytest
from parcels import MODULE, Court, open_court, write_project

from agent.baseline import Baseline, prepare
from agent.bench import Bench
from agent.chosen import chosen_in
from agent.domain import UNCHANGED, Candidate, Origin, Outcome
from agent.evidence import Compared, Timed
from agent.judge import judge
from agent.probes.equivalence import same_behaviour
from agent.probes.timing import sampler_of
from tools.git.patch import make_patch
from tools.measure.sampler import OutputsDiffer
from workers.settings import read_settings

LOOP = (
    "    found = []\n    for item in left:\n        if item in right:\n            found.append(item)\n    return found"
)
FASTER = "    known = set(right)\n    return [item for item in left if item in known]"
RACKS = """def ordered(weights):
    if not weights:
        return []
    found = []
    for weight in sorted(weights):
        for _ in range(20):
            pass
        found.append(weight)
    return found
"""
QUICK_RACKS = """def ordered(weights):
    if not weights:
        return []
    return sorted(weights)
"""
RACK_TESTS = """import pytest

from racks import ordered

@pytest.mark.parametrize("count", [0, 1, 8, 200])
def test_ordered(count):
    assert ordered(list(range(count))[::-1]) == list(range(count))
"""
BENCH = """import pytest

from parcels import common, label, raise_all, zone

@pytest.fixture
def weights(size, tmp_path):
    (tmp_path / "stands").write_text("while the benchmark runs")
    return list(range(size))

@pytest.mark.benchmark(group="label")
@pytest.mark.parametrize("size", [50, 300])
def test_label(benchmark, weights, tmp_path):
    def made(weights, unit):
        assert (tmp_path / "stands").exists()
        return label(weights, unit)
    assert benchmark(made, weights, unit="lb").count("lb") == len(weights)

def test_raise_all(benchmark):
    benchmark.extra_info["kind"] = "in place"
    assert benchmark.pedantic(raise_all, setup=lambda: (([1, 2] * 400,), {"by": 1}), rounds=5) == 800

@pytest.mark.benchmark
def test_zones():
    for number in range(20):
        zone(number)

def test_broken(benchmark):
    benchmark(common, None, None)

def test_no_benchmark():
    raise AssertionError("an ordinary test is not run here")
"""
STAND_IN = """import pytest

try:
    import pytest_codspeed
except ImportError:
    @pytest.fixture
    def benchmark():
        def called(function, *args, **kwargs):
            return function(*args, **kwargs)
        return called
"""
PLUGIN = """import pytest

class Own:
    def __call__(self, function, *args, **kwargs):
        return function(*args, **kwargs)

    pedantic = __call__
    extra_info = {}

@pytest.fixture
def benchmark():
    return Own()

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    value = item.funcargs.get("benchmark")
    if value is not None and not isinstance(value, Own) and not hasattr(value, "__code__"):
        raise TypeError("this plug-in takes no fixture but its own")
    yield
"""
ASV = """from parcels import common, raise_all
from racks import ordered

class Raising:
    params = ([10, 200], ["up", "down"])
    number = 1
    def setup(self, count, way):
        self.weights, self.by = list(range(count)), {"up": 1, "down": -1}[way]
    def time_raise_all(self, count, way):
        raise_all(self.weights, self.by)
    def peakmem_nothing(self, count, way):
        raise AssertionError("memory is not timed")

def time_common():
    common(list("abcdefgh") * 20, list("aceg") * 20)

def time_nothing_ordered():
    for _ in range(100):
        ordered([])

def time_ordered():
    ordered(list(range(300))[::-1])
"""


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Court:
    folder = tmp_path_factory.mktemp("shipped")
    project = write_project(folder / "project")
    for path, text in {
        "racks.py": RACKS,
        "test_racks.py": RACK_TESTS,
        "bench/test_speed.py": BENCH,
        "benchmark.py": PLUGIN,
        "conftest.py": "pytest_plugins = ['benchmark']\n",
        "bench/alone/conftest.py": STAND_IN,
        "bench/alone/test_zone.py": "from parcels import zone\n\ndef test_zone(benchmark):\n    benchmark(zone, 7)\n",
        "asv.conf.json": '{\n  // asv\n  "version": 1, "benchmark_dir": "times",\n}',
        "times/__init__.py": "",
        "times/raising.py": ASV,
    }.items():
        place: Path = project / path
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
    return open_court(project, folder / "home", dict(read_settings().index_environment()))


def bench_of(court: Court, text: str, baseline: Baseline) -> Bench:
    """A candidate that makes the module say `text`."""
    before = (baseline.snapshot.tree / "parcels.py").read_bytes()
    patch = make_patch({"parcels.py": before}, {"parcels.py": text.encode()})
    candidate = Candidate(number=99, patch=patch, parents=(0,), origin=Origin.PERSON, summary="a test's patch")
    return Bench(kit=court.kit, job=court.job, baseline=baseline, parent=UNCHANGED, candidate=candidate)


def test_every_benchmark_that_runs_is_found_with_its_sizes(court: Court) -> None:
    names = [one.workload.name for one in court.baseline.benchmarks]
    assert names == [
        "asv times.raising.Raising.time_raise_all(10, 'up')",
        "asv times.raising.Raising.time_raise_all(200, 'up')",
        "asv times.raising.Raising.time_raise_all(200, 'down')",
        "asv times.raising.time_common",
        "asv times.raising.time_nothing_ordered",
        "asv times.raising.time_ordered",
        "benchmark bench/alone/test_zone.py::test_zone",
        "benchmark bench/test_speed.py::test_label[50]",
        "benchmark bench/test_speed.py::test_label[300]",
        "benchmark bench/test_speed.py::test_raise_all",
        "benchmark bench/test_speed.py::test_zones",
    ]
    notes = [step.title for step in court.kit.journal.steps() if "own benchmarks" in step.title]
    assert len(notes) == 1
    assert "test_broken: TypeError" in notes[0]


def test_a_commit_that_is_known_is_not_run_again_but_for_asking(court: Court) -> None:
    again = prepare(court.job, court.kit)
    assert again.reused == ("run 1 of the tests", "run 2 of the tests", "benchmarks", "run 3 of the tests")
    assert again.suite == court.baseline.suite
    assert again.touched == court.baseline.touched
    assert again.targets == court.baseline.targets
    assert again.recorded == court.baseline.recorded
    assert again.benchmarks == court.baseline.benchmarks
    assert any("known of this commit" in step.title for step in court.kit.journal.steps())
    assert prepare(replace(court.job, fresh=True), court.kit).reused == ()
    assert prepare(replace(court.job, target="parcels:zone"), court.kit).reused[:3] == again.reused[:3]


def test_a_gain_is_measured_on_the_benchmark_that_runs_what_changes_and_says_that_its_inputs_are_fixed(
    court: Court,
) -> None:
    verdict = court.judge_files({"racks.py": QUICK_RACKS.encode()})
    assert verdict.outcome is Outcome.KEPT, verdict.reason
    assert "asv times.raising.time_ordered" in verdict.reason
    assert any("has fixed inputs" in caveat for caveat in verdict.caveats)
    chosen = chosen_in(court.kit.journal)[-1]
    assert "the repository's own; it spends" in chosen.why


def test_a_pytest_benchmark_is_measured_at_all_its_sizes_with_its_fixtures_standing(court: Court) -> None:
    text = MODULE.replace('text = text + f"{weight} {unit};"', 'text += f"{weight} {unit};"')
    bench = bench_of(court, text, court.baseline)
    assert sorted(plan.workload.name for plan in bench.timed) == [
        "benchmark bench/test_speed.py::test_label[300]",
        "benchmark bench/test_speed.py::test_label[50]",
    ]
    pair = next(sampler_of(bench, bench.timed).pairs(seed=1))
    assert pair.reference.outputs == pair.candidate.outputs
    wrong = bench_of(court, text.replace("{weight} {unit}", "{weight}  {unit}"), court.baseline)
    with pytest.raises(OutputsDiffer):
        next(sampler_of(wrong, wrong.timed).pairs(seed=1))


def test_behaviour_is_still_compared_on_varied_recorded_calls(court: Court) -> None:
    verdict = court.judge(LOOP, FASTER.replace("in known]", "in known and item]"))
    assert verdict.outcome is Outcome.NOT_EQUIVALENT, verdict.reason


def test_fixed_inputs_alone_never_keep_anything(court: Court) -> None:
    alone = replace(court, baseline=replace(court.baseline, recorded={}))
    verdict = alone.judge(LOOP, FASTER)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "fixed inputs of" in verdict.reason


def test_where_only_tests_reach_a_change_they_are_measured_and_never_keep_it(court: Court) -> None:
    baseline = replace(court.baseline, recorded={}, benchmarks=())
    bench = bench_of(court, MODULE.replace(LOOP, FASTER), baseline)
    assert bench.choice.tests
    assert "nothing smaller can be replayed: no call of common was recorded" in bench.choice.why
    assert "test_parcels.py::test_common" in bench.timed[0].workload.name
    seen = same_behaviour(bench)
    assert isinstance(seen, Compared)
    assert seen.unproven is None
    faster = Timed(
        stage="screen", decision="passed", detail="", speedup=None, clock="cpu", workload="the tests", fresh=False
    )
    verdict = judge([seen, faster])
    assert verdict is not None
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "only tests reach it" in verdict.reason
