"""Environments built for real: in the sandbox, from the package index this machine is set up to use."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tools.errors import InfrastructureError, UserError
from tools.git.snapshot import Snapshot
from tools.recipe.build_inputs import environment_digest
from tools.recipe.environment import BOOTSTRAP, Environment, build_environment, sweep_builds
from tools.recipe.hasten_toml import read_recipe
from tools.recipe.interpreter import find_interpreter
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Finished, Sandbox
from tools.sandbox.select import open_sandbox
from workers.settings import read_settings

SCM_PROJECT = {
    "pyproject.toml": """
        [build-system]
        requires = ["setuptools>=77", "setuptools-scm>=8"]
        build-backend = "setuptools.build_meta"
        [project]
        name = "thing"
        dynamic = ["version"]
        [tool.setuptools_scm]
        version_file = "src/thing/_version.py"
    """,
    "src/thing/__init__.py": "from thing._version import version\n",
    "tests/test_thing.py": "import thing\ndef test_version(): assert thing.version == '3.2.1'\n",
}
BARE_PROJECT = {"thing.py": "where = __file__\n", "test_thing.py": "import thing\ndef test_it(): pass\n"}
SHOWING_PROJECT = {**BARE_PROJECT, "conftest.py": "import json, sys\nprint('PATH', json.dumps(sys.path))\n"}
BROKEN_SETUP = {
    **BARE_PROJECT,
    "setup.py": "from setuptools import setup\nraise SystemExit('no setup today')\nsetup()\n",
}


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return open_sandbox("bubblewrap")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def snapshot_of(folder: Path, files: dict[str, str]) -> Snapshot:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Snapshot(source="thing", commit="0" * 40, tree=folder, version="3.2.1")


def build(
    snapshot: Snapshot, sandbox: Sandbox, home: Path, *,
    recipe: Recipe | None = None, report: Callable[[str], None] = lambda _: None, **index: str,
) -> Environment:  # fmt: skip
    settings = {**read_settings().index_environment(), **index}
    return build_environment(snapshot, recipe or read_recipe(snapshot.project), sandbox, home, settings, report)


def side(environment: Environment, snapshot: Snapshot, folder: Path) -> Path:
    """The tree of one side: the snapshot's with what the build left laid over it."""
    tree = shutil.copytree(snapshot.tree, folder)
    return Path(shutil.copytree(environment.generated, tree, dirs_exist_ok=True))


def run(sandbox: Sandbox, environment: Environment, tree: Path, *args: str) -> Finished:
    return sandbox.run(environment.python_command(args, tree, hash_seed=7))


def test_a_project_with_a_version_tool_is_built_once_and_tested(sandbox: Sandbox, home: Path, tmp_path: Path) -> None:
    files, steps = {f"packages/thing/{name}": text for name, text in SCM_PROJECT.items()}, list[str]()
    snapshot = replace(snapshot_of(tmp_path / "tree", files), subdirectory="packages/thing")
    environment = build(snapshot, sandbox, home, report=steps.append)
    assert (environment.generated / "packages/thing/src/thing/_version.py").is_file()
    tree = side(environment, snapshot, tmp_path / "side")
    tests = run(sandbox, environment, tree, "-m", "pytest", "-q", *read_recipe(snapshot.project).pytest_args)
    assert tests.ok, tests.tail()
    origin = run(sandbox, environment, tree, "-c", "import thing; print(thing.__file__)")
    assert origin.stdout == b"/project/packages/thing/src/thing/__init__.py\n"

    done = len(steps)
    assert done >= 4
    assert build(snapshot, sandbox, home, report=steps.append) == environment
    assert len(steps) == done  # nothing was built again


def test_bytecode_is_compiled_and_never_checked(sandbox: Sandbox, home: Path, tmp_path: Path) -> None:
    environment = build(snapshot_of(tmp_path / "tree", SHOWING_PROJECT), sandbox, home)
    [compiled] = environment.venv.glob("lib/python3*/site-packages/_pytest/__pycache__/main.cpython-*[0-9].pyc")
    assert compiled.read_bytes()[4:8] == b"\x01\x00\x00\x00"  # PEP 552: by hash, unchecked
    assert {path.lstat().st_uid for path in environment.venv.rglob("*")} == {os.geteuid()}


def test_imports_resolve_for_the_driver_as_for_pytest(sandbox: Sandbox, home: Path, tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path / "tree", SHOWING_PROJECT)
    environment = build(snapshot, sandbox, home)
    shown = run(sandbox, environment, snapshot.tree, "-m", "pytest", "-s", "-q", "-p", "no:cacheprovider")
    [line] = [line for line in shown.stdout.decode().splitlines() if line.startswith("PATH ")]
    through_pytest = list(dict.fromkeys(json.loads(line.removeprefix("PATH "))))
    bootstrap = BOOTSTRAP.removesuffix("main()") + "import json; print(json.dumps(sys.path))"
    through_driver = list(dict.fromkeys(json.loads(run(sandbox, environment, snapshot.tree, "-c", bootstrap).stdout)))
    assert through_driver == through_pytest
    assert through_driver[0] == "/project"


def test_a_release_of_the_project_never_hides_its_tree(sandbox: Sandbox, home: Path, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    write_wheel(wheels, "thing", {"thing/__init__.py": ""})
    write_wheel(wheels, "friend", {"friend.py": ""}, requires="thing")
    files = {
        "src/thing/__init__.py": "",
        "tests/test_thing.py": "import friend, thing\ndef test_it(): assert thing.__file__.startswith('/project/')\n",
        "pyproject.toml": '[project]\nname = "thing"\nversion = "1"\n[dependency-groups]\ntest = ["friend"]\n',
    }
    snapshot = snapshot_of(tmp_path / "tree", files)
    recipe = replace(read_recipe(snapshot.tree), editable=False)
    environment = build(snapshot, sandbox, home, recipe=recipe, UV_FIND_LINKS=str(wheels))
    assert environment.notes == ("A dependency brought a release of thing; it was removed.",)
    tests = run(sandbox, environment, snapshot.tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert tests.ok, tests.tail()


def write_wheel(folder: Path, name: str, files: dict[str, str], requires: str = "") -> None:
    info = f"{name}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n" + (
        f"Requires-Dist: {requires}\n" if requires else ""
    )
    wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    contents = {**files, f"{info}/METADATA": metadata, f"{info}/WHEEL": wheel}
    contents[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*contents, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)


def test_a_pure_project_that_cannot_be_installed_is_put_on_the_path(
    sandbox: Sandbox, home: Path, tmp_path: Path
) -> None:
    computed = BROKEN_SETUP["setup.py"].replace("setup()", "setup(install_requires=needed())")
    files = {**BROKEN_SETUP, "setup.py": computed, "requirements.txt": "-e .[fast]\npytest\n"}
    snapshot = snapshot_of(tmp_path / "tree", files)
    environment = build(snapshot, sandbox, home)
    assert environment.notes[0].startswith("The project could not be installed (`uv pip install --editable /project`)")
    origin = run(sandbox, environment, snapshot.tree, "-P", "-c", "import thing; print(thing.where)")
    assert origin.stdout == b"/project/thing.py\n"


def test_a_failure_says_the_command_its_last_lines_and_what_to_write(
    sandbox: Sandbox, home: Path, tmp_path: Path
) -> None:
    snapshot = snapshot_of(tmp_path / "tree", {**BROKEN_SETUP, "fast.c": "int x;\n"})
    with pytest.raises(UserError, match=r"at `uv pip install --editable /project`; .*hasten\.toml") as caught:
        build(snapshot, sandbox, home)
    assert "no setup today" in caught.value.detail
    assert not list(home.glob("environments/.building-*"))


def test_a_requirement_nobody_offers_is_named(sandbox: Sandbox, home: Path, tmp_path: Path) -> None:
    recipe = Recipe(install=("pytest>=9999",), editable=False)
    with pytest.raises(
        UserError, match=r"at `uv pip install 'pytest>=9999'`: only pytest<=\S+ is available; write the packages"
    ) as caught:
        build(snapshot_of(tmp_path / "tree", BARE_PROJECT), sandbox, home, recipe=recipe)
    assert "pytest" in caught.value.detail


def test_an_index_out_of_reach_is_not_the_users_fault(sandbox: Sandbox, tmp_path: Path) -> None:
    recipe = Recipe(install=("pytest",), editable=False)
    closed = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_INDEX": "", "UV_HTTP_RETRIES": "0"}
    with pytest.raises(InfrastructureError, match="could not be reached") as caught:
        build_environment(snapshot_of(tmp_path / "tree", BARE_PROJECT), recipe, sandbox, tmp_path, closed, print)
    assert caught.value.retryable


def test_two_jobs_at_once_build_once(sandbox: Sandbox, tmp_path: Path) -> None:
    snapshot, steps = snapshot_of(tmp_path / "tree", BARE_PROJECT), list[str]()
    found: list[Environment] = []
    threads = [
        threading.Thread(target=lambda: found.append(build(snapshot, sandbox, tmp_path, report=steps.append)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert len([step for step in steps if step.startswith("Making")]) == 1


KILLED = """
import sys
from pathlib import Path
from tools.git.snapshot import Snapshot
from tools.recipe.environment import build_environment
from tools.recipe.recipe import Recipe
from tools.sandbox.select import open_sandbox
snapshot = Snapshot(source="thing", commit="0" * 40, tree=Path(sys.argv[1]))
recipe = Recipe(install=("pytest",), editable=False)
home, sandbox = Path(sys.argv[2]), open_sandbox("bubblewrap")
build_environment(snapshot, recipe, sandbox, home, {}, lambda step: print(step, flush=True))
"""


def test_a_killed_build_leaves_nothing_usable_and_is_swept(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path / "tree", BARE_PROJECT)
    arguments = [sys.executable, "-c", KILLED, str(snapshot.tree), str(tmp_path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert sweep_builds(tmp_path) == 0  # one under way is left alone
        process.send_signal(signal.SIGKILL)
    environments = tmp_path / "environments"
    assert [path.name[:10] for path in environments.iterdir() if path.is_dir()] == [".building-"]
    assert sweep_builds(tmp_path) == 1
    assert [path for path in environments.iterdir() if path.is_dir()] == []


def test_the_digest_covers_what_the_environment_is_built_from(tmp_path: Path) -> None:
    snapshot, recipe = snapshot_of(tmp_path / "tree", SCM_PROJECT), Recipe(install=("pytest",))
    interpreter = find_interpreter(None)

    def digest(snapshot: Snapshot = snapshot, recipe: Recipe = recipe) -> str:
        return environment_digest(snapshot, recipe, interpreter)

    first = digest()
    (tmp_path / "tree/src/thing/__init__.py").write_text("changed = 1\n")
    assert digest() == first
    assert digest(recipe=replace(recipe, pytest_args=("-q",), notes=("x",))) == first
    assert digest(recipe=replace(recipe, extras=("x",))) != first
    assert digest(snapshot=replace(snapshot, version="4")) != first
    assert environment_digest(snapshot, recipe, replace(interpreter, version="3.99.0")) != first
    for name in ("pyproject.toml", "src/thing/fast.c", "requirements-test.txt", "src/thing/more/__init__.py"):
        before = digest()
        path = tmp_path / "tree" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("# changed\n")
        changed = digest()
        assert (changed != before) == (name != "src/thing/more/__init__.py"), name


def test_an_interpreter_is_never_a_path_and_a_missing_one_is_named() -> None:
    own = find_interpreter(None)
    assert find_interpreter(f"{sys.version_info.major}.{sys.version_info.minor}").version.startswith(own.version[:4])
    assert own.executable.is_relative_to(own.prefix)
    with pytest.raises(UserError, match="is not a version"):
        find_interpreter("/tmp/evil")
    with pytest.raises(UserError, match=r"asks for Python >=3\.98, which this machine does not have"):
        find_interpreter(">=3.98")
