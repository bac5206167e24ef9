"""From a sampler's stacks to functions with shares, and to targets."""

import pytest

from tools.impact import Touched
from tools.profile.profile import FunctionTime, MalformedStacksError, Profile, merged, read_profile
from tools.profile.source import MODULE_LEVEL, Function, SourceIndex
from tools.profile.targets import rank_targets
from tools.recipe.recipe import Recipe

CORE = """
import functools

if True:
    @functools.lru_cache
    @functools.wraps(print)
    def f(x):
        return [y for y in x]

class C:
    class D:
        def m(self):
            def nested():
                return 1
            return nested()
"""


@pytest.fixture
def sources(tmp_path, tmp_path_factory):
    files = {
        "src/pkg/core.py": CORE,
        "src/pkg/_vendor/copy.py": "def v(): pass\n",
        "src/pkg/generated.py": "def g(): pass\n",
        "tests/test_core.py": "def test_f(): pass\n",
        "tests/support.py": "def s(): pass\n",
        "bad-name.py": "def b(): pass\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    outside = tmp_path_factory.mktemp("outside") / "host.py"
    outside.write_text("def secret(): pass\n")
    (tmp_path / "src" / "pkg" / "out.py").symlink_to(outside)
    return SourceIndex(tmp_path, ("src", "."))


def test_places_have_names(sources):
    assert sources.function_at("src/pkg/core.py", 5).qualname == "f"
    assert sources.function_at("src/pkg/core.py", 8).qualname == "f"
    assert sources.function_at("src/pkg/core.py", 14).qualname == "C.D.m"
    assert sources.function_at("src/pkg/core.py", 10).qualname == MODULE_LEVEL
    assert sources.function_at("src/pkg/out.py", 1).qualname == MODULE_LEVEL
    assert sources.first_line(Function(path="src/pkg/core.py", qualname="f")) == 5
    assert sources.module("src/pkg/core.py") == "pkg.core"
    assert sources.module("tests/support.py") == "tests.support"
    assert sources.module("bad-name.py") is None
    assert sources.relative("/project/a/../../etc/passwd") is None
    assert sources.relative("/env/lib/x.py") is None


def functions():
    names = [
        ("src/pkg/core.py", 5, "f"),
        ("src/pkg/core.py", 12, "m"),
        ("src/pkg/core.py", 13, "nested"),
        ("src/pkg/_vendor/copy.py", 1, "v"),
        ("tests/test_core.py", 1, "test_f"),
        ("src/pkg/core.py", 1, "<module>"),
        ("src/pkg/generated.py", 1, "g"),
        ("tests/support.py", 1, "s"),
        ("bad-name.py", 1, "b"),
    ]
    return [[f"/project/{path}", line, name] for path, line, name in names]


F, M, NESTED, V, TEST, MODULE, G, S, B = range(9)
FOLDED = [
    [[TEST, F, M, -1], 300, 3],
    [[TEST, F, F], 100, 1],
    [[TEST, M, NESTED], 200, 2],
    [[TEST, V], 100, 1],
    [[MODULE], 100, 1],
    [[TEST, G], 100, 1],
    [[TEST, S], 50, 1],
    [[TEST, B], 50, 1],
    [[-1], 5000, 9],
]


def answer(**changes):
    return {"functions": functions(), "folded": FOLDED, "samples": 19, "cpu_s": 0.006, "lost": 0, **changes}


def test_shares_are_of_the_time_in_and_below_the_project(sources):
    profile = read_profile([answer()], sources)
    found = {one.qualname: (round(one.own_share, 3), round(one.cumulative_share, 3)) for one in profile.functions}
    assert found["C.D.m"] == (0.5, 0.5)
    assert found["f"] == (0.1, 0.4)
    assert found["test_f"] == (0.0, 0.9)
    assert (profile.samples, profile.cpu_s, profile.project_cpu_s) == (19, 0.006, 0.001)
    assert "tests/test_core.py:test_f;src/pkg/core.py:f;src/pkg/core.py:C.D.m;[outside] 300\n" in profile.folded
    twice = read_profile([answer(), answer()], sources)
    assert twice.functions == profile.functions
    assert twice.samples == 38


@pytest.mark.parametrize(
    "changes",
    [
        {"functions": None},
        {"functions": [["/project/x.py", "1", "f"]]},
        {"folded": [[[99], 1, 1]]},
        {"folded": [[[-2], 1, 1]]},
        {"folded": [[[0], -1, 1]]},
        {"folded": [[[True], 1, 1]]},
        {"folded": [[0, 1, 1]]},
        {"samples": "many"},
        {"cpu_s": float("nan")},
    ],
)
def test_nonsense_from_the_sandbox_is_refused(sources, changes):
    with pytest.raises(MalformedStacksError):
        read_profile([answer(**changes)], sources)


def test_targets_are_hot_covered_and_the_projects_own(sources):
    profile = read_profile([answer()], sources)
    m, f = Function(path="src/pkg/core.py", qualname="C.D.m"), Function(path="src/pkg/core.py", qualname="f")
    touched = Touched(by_test={"tests/test_core.py::test_f": frozenset({m, f})}, at_import=frozenset())
    targets = rank_targets(profile, touched, Recipe(sources=("src", "."))).targets
    assert [(one.name, one.covered_by, one.line) for one in targets] == [
        ("pkg.core:C.D.m", 1, 12),
        ("pkg.core:f", 1, 5),
    ]

    uncovered = rank_targets(profile, None, Recipe(sources=("src", "."))).targets
    assert [one.name for one in uncovered] == ["pkg.core:C.D.m", "pkg.core:f", "pkg.generated:g"]
    recipe = Recipe(sources=("src", "."), off_limits=("generated.py",))
    assert len(rank_targets(profile, None, recipe).targets) == 2
    assert rank_targets(profile, None, recipe, off_limits=lambda path: path.endswith("core.py")).targets == ()


def test_profiles_of_the_same_work_count_by_the_time_that_they_saw() -> None:
    def profile(hot: float, cold: float, project_cpu_s: float) -> Profile:
        times = tuple(
            FunctionTime(path="m.py", module="m", qualname=name, line=1, own_share=share, cumulative_share=share)
            for name, share in (("hot", hot), ("cold", cold))
            if share
        )
        folded = "".join(f"m.py:{time.qualname} {round(1e6 * project_cpu_s * time.own_share)}\n" for time in times)
        return Profile(functions=times, folded=folded, samples=10, cpu_s=2.0, project_cpu_s=project_cpu_s)

    whole = merged([profile(1.0, 0.0, 1.0), profile(0.5, 0.5, 3.0)])
    assert [(time.qualname, time.own_share) for time in whole.functions] == [("hot", 0.625), ("cold", 0.375)]
    assert whole.folded == "m.py:cold 1500000\nm.py:hot 2500000\n"
    assert (whole.samples, whole.cpu_s, whole.project_cpu_s) == (20, 4.0, 4.0)
