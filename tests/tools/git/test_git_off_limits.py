"""What no candidate may touch."""

import pytest

from tools.errors import UserError
from tools.git.off_limits import off_limits


@pytest.mark.parametrize(
    "path",
    [
        *("tests/test_x.py", "pkg/tests/data.json", "test_x.py", "pkg/x_test.py", "conftest.py", "pkg/conftest.py"),
        *(
            "Tests/x.py",
            "TEST_x.py",
            "fixtures/a.txt",
            "testing/helpers.py",
            "benchmarks/b.py",
            "bench/x.py",
            "bench_x.py",
        ),
        *(".github/workflows/ci.yml", ".gitlab-ci.yml", ".gitignore", ".gitattributes", "pkg/.gitmodules", "tox.ini"),
        *("noxfile.py", "pyproject.toml", "pkg/pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "mypy.ini"),
        *("poetry.lock", "uv.lock", "requirements.txt", "requirements-dev.txt", "requirements/test.txt", "MANIFEST.in"),
        *("sitecustomize.py", "pkg/sitecustomize.py", "usercustomize.py", "x.pth", "pkg/x.pyc", "pkg/x.so", "X.SO"),
        *(
            "pkg/__pycache__/x.py",
            "hasten.toml",
            "sub/hasten.toml",
            ".coveragerc",
            "Makefile",
            "Pipfile",
            "asv.conf.json",
        ),
        *("pkg.egg-info/PKG-INFO", "CMakeLists.txt", "Dockerfile", "pkg/lib.cpython-311-x86_64-linux-gnu.so"),
    ],
)
def test_off_limits(path: str) -> None:
    assert [found for found, _ in off_limits([path])] == [path]


@pytest.mark.parametrize(
    "path",
    ["pkg/mod.py", "src/pkg/contest.py", "pkg/latest.py", "pkg/attest.py", "pkg/setup_tools.py", "pkg/toml.py",
     "pkg/tester.py", "pkg/requirements.py", "pkg/build.py", "README.md", "docs/index.md", "pkg/benchmarking_utils.py",
     "pkg/ci/x.py", "pkg/constraints/x.py", "pkg/lock.py", "pkg/x.pyx", "pkg/_ext.c"],
)  # fmt: skip
def test_not_off_limits(path: str) -> None:
    assert off_limits([path]) == []


def test_rules_are_named_and_projects_add_their_own() -> None:
    paths = ["a.py", "tests/test_a.py", "vendored/b.py", "vendored/keep.py"]
    assert off_limits(paths, ["vendored/", "!tests/"]) == [
        ("tests/test_a.py", "tests and fixtures"),
        ("vendored/b.py", "off-limits in the project's configuration: vendored/"),
        ("vendored/keep.py", "off-limits in the project's configuration: vendored/"),
    ]
    with pytest.raises(UserError, match="not a gitignore pattern"):
        off_limits(paths, ["!"])
