"""What no candidate may touch: whatever decides the verdict, or runs without being asked."""

from collections.abc import Iterable, Sequence
from functools import cache

from pathspec import GitIgnoreSpec

from tools.errors import UserError

RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "git and Hasten's own files",
        (".git*", "hasten.toml"),
    ),
    (
        "continuous integration",
        (
            *(".circleci/", ".buildkite/", ".ci/", "/ci/", ".travis.yml", ".travis/", ".appveyor.yml", "appveyor.yml"),
            *(".cirrus.yml", "azure-pipelines*", "jenkinsfile*", ".drone.yml", ".woodpecker*", "tox.*", "noxfile.py"),
            *(".pre-commit-config.yaml", "dockerfile*", "*.dockerfile", "docker-compose*", "makefile", "justfile"),
        ),
    ),
    (
        "tests and fixtures",
        (
            *("test/", "tests/", "testing/", "_testing/", "testsuite/", "test.py", "tests.py", "testing.py"),
            *(
                "test_*.py",
                "*_test.py",
                "*_tests.py",
                "conftest.py",
                "fixture/",
                "fixtures/",
                "testdata/",
                "test_data/",
            ),
            *("_testing.py", "testutils*", "test_utils/", "__snapshots__/"),
        ),
    ),
    (
        "benchmarks",
        (
            *("bench/", "benches/", "benchmark/", "benchmarks/", "asv_bench/", "/perf/", "asv.conf*", "codspeed*"),
            *("bench_*.py", "*_bench.py", "benchmark.py", "benchmarks.py", "benchmark_*.py", "*_benchmark.py"),
        ),
    ),
    (
        "packaging and configuration",
        (
            *(
                "setup.*",
                "*.cfg",
                "*.ini",
                "*.toml",
                "*.lock",
                "manifest.in",
                "pkg-info",
                "*.egg-info/",
                "*.dist-info/",
            ),
            *("requirements*.txt", "requirements*.in", "requirements/", "constraints*.txt"),
            *("pipfile*", "environment*.yml", "environment*.yaml", "meson.build", "meson_options.txt"),
            *("meson.options", "cmakelists.txt", "*.cmake", "_build_backend.py", "/build.py", ".coveragerc"),
            *(".python-version", ".env*", "package.json", "package-lock.json", "*.bzl", "build.bazel"),
        ),
    ),
    (
        "what Python runs or loads by itself",
        (
            *("sitecustomize.py", "sitecustomize/", "usercustomize.py", "usercustomize/", "*.pth", "__pycache__/"),
            *("*.pyc", "*.pyo", "*.so", "*.so.*", "*.pyd", "*.dll", "*.dylib", "*.a", "*.o", "*.whl", "*.egg"),
        ),
    ),
)
"""Rules by name, as gitignore patterns in lower case; a path matches whatever its case."""


def off_limits(paths: Iterable[str], extra_patterns: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Those of the paths that may not be touched, each with the rule it breaks.

    `extra_patterns` are gitignore patterns of the project's own; they add to the rules and cannot lift one. Raises
    UserError where one of them is no pattern.
    """
    own = [(f"off-limits in the project's configuration: {text}", _own(text)) for text in extra_patterns]
    found = []
    for path in paths:
        folded = path.casefold()
        names = [name for name, spec in _specs() if spec.match_file(folded)]
        names += [name for name, spec in own if spec.match_file(path)]
        if names:
            found.append((path, names[0]))
    return found


@cache
def _specs() -> tuple[tuple[str, GitIgnoreSpec], ...]:
    return tuple((name, GitIgnoreSpec.from_lines(patterns)) for name, patterns in RULES)


def _own(pattern: str) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines([pattern])
    except ValueError as error:
        raise UserError(f"off-limits: {pattern!r} is not a gitignore pattern.") from error
