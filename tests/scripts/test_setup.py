"""Set-up: what it says where it cannot go on, and whose index settings it uses."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
UV_INDEX_NAMES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX")


def load(checkout: Path = ROOT) -> ModuleType:
    """A checkout's scripts/environment.py, which is no package because it runs before there are any."""
    spec = importlib.util.spec_from_file_location("environment", checkout / "scripts/environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What set-up reads, in a folder of its own with a space in its name."""
    folder = tmp_path / "a checkout"
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    for name in ("pyproject.toml", "requirements.lock", "requirements-dev.lock", "Makefile"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def set_up(checkout: Path, *arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(checkout / "scripts/setup"), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def no_tools(tmp_path: Path) -> str:
    """A PATH that has what the shell script itself needs, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "dirname").symlink_to(shutil.which("dirname") or "/usr/bin/dirname")
    return str(folder)


def test_a_missing_python_is_named_in_one_line(checkout: Path, no_tools: str) -> None:
    done = set_up(checkout, env={"PATH": no_tools})
    assert done.returncode == 1
    assert done.stderr.startswith("setup: Python 3.11 or newer is missing; install it")
    assert len(done.stderr.splitlines()) == 1


def test_an_unusable_python_is_named_in_one_line(checkout: Path, no_tools: str) -> None:
    done = set_up(checkout, env={"PATH": no_tools, "PYTHON": "/no/such python"})
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "setup: PYTHON=/no/such python is no Python 3.11 or newer; name one that is, or leave PYTHON out"
    ]


def test_an_index_out_of_reach_leaves_nothing_that_counts_as_done(checkout: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(checkout)}
    done = set_up(checkout, env={**kept, **nowhere, "PYTHON": sys.executable})
    assert done.returncode == 1
    assert "uv could not be installed; check the network, or the index settings of pip and uv" in done.stderr
    assert load(checkout).read_stamp() == {}


def test_a_half_made_environment_does_not_count(checkout: Path) -> None:
    module = load(checkout)
    (checkout / ".venv/bin").mkdir(parents=True)
    module.STAMP.write_text(json.dumps({"lock": "dev"}))
    assert module.read_stamp() == {}, "no interpreter"
    (checkout / ".venv/bin/python").symlink_to(sys.executable)
    assert module.read_stamp() == {"lock": "dev"}
    module.STAMP.write_text('{"lock":')
    assert module.read_stamp() == {}, "a torn stamp"


def test_a_changed_lock_or_project_is_noticed(checkout: Path) -> None:
    module = load(checkout)
    before = module.digest("runtime")
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    changed = module.digest("runtime")
    with (checkout / "pyproject.toml").open("a") as project:
        project.write("# changed\n")
    assert len({before, changed, module.digest("runtime")}) == 3


def test_a_package_is_cut_out_of_the_lock_with_its_hashes() -> None:
    pin = load().pin_of("uv", ROOT / "requirements.lock")
    assert pin.startswith("uv==")
    assert all(line.lstrip().startswith("--hash=sha256:") for line in pin.strip().splitlines()[1:])


def test_pip_settings_reach_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://one.example/simple\nextra-index-url =\n  https://two.example/simple\n"
        "  https://three.example/simple\nfind-links = /wheels /more\n[install]\nindex-url = https://four.example/simple\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    for name in (*UV_INDEX_NAMES, "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    settings = load().uv_settings(sys.executable)
    assert settings["UV_DEFAULT_INDEX"] == "https://four.example/simple"
    assert settings["UV_INDEX"] == "https://two.example/simple https://three.example/simple"
    assert settings["UV_FIND_LINKS"] == "/wheels,/more"

    monkeypatch.setenv("PIP_INDEX_URL", "https://five.example/simple")
    assert load().uv_settings(sys.executable)["UV_DEFAULT_INDEX"] == "https://five.example/simple", "environment first"

    monkeypatch.setenv("UV_INDEX_URL", "https://six.example/simple")
    assert "UV_DEFAULT_INDEX" not in load().uv_settings(sys.executable), "uv's own setting stands"
