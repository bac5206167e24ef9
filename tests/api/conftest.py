"""Every command runs in a home of its own, and leaves the signals of pytest alone."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import git


@pytest.fixture(autouse=True)
def signals_as_they_were() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HASTEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path / "home"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A git checkout with one commit that the scripted patch fits."""
    folder = tmp_path / "repo"
    (folder / "shop").mkdir(parents=True)
    (folder / "shop/stock.py").write_text("def total(prices):\n    return slow_sum(prices)\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder
