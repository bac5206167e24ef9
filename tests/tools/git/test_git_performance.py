"""What a repository's own history says of speed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from checkouts import Checkout

from tools.errors import UserError
from tools.git.performance import open_history, performance_commits
from tools.git.take import take_snapshot

SUBJECTS = (
    "Make f faster by a table",
    "Rename things\n\nThis has nothing to do with the case.",
    "PERF: avoid quadratic concatenation in g",
    'Revert "Make f faster by a table"',
    "Tidy up\n\nAlso speeds up the lookup a little.",
    "Optimise loading",
)


@pytest.fixture
def history(make_checkout: Callable[[str], Checkout]) -> tuple[Checkout, dict[str, str]]:
    checkout = make_checkout("repository")
    commits = {}
    for number, message in enumerate(SUBJECTS):
        path = "pkg/g.py" if "in g" in message else "pkg/f.py"
        checkout.write(path, f"def f():\n    return {number}\n")
        checkout.git("add", "-A")
        checkout.git("commit", "-q", "-m", message)
        commits[message.partition("\n")[0]] = checkout.git("rev-parse", "HEAD")
    return checkout, commits


def subjects(checkout: Checkout, home: Path, paths: list[str], ref: str | None = None, most: int = 10) -> list[str]:
    snapshot = take_snapshot(str(checkout.path), ref=ref, home=home)
    with open_history(snapshot, home=home) as repository:
        return [one.subject for one in performance_commits(repository, snapshot.commit, paths, most)]


def test_commits_about_speed_come_newest_first(history: tuple[Checkout, dict[str, str]], home: Path) -> None:
    checkout, _ = history
    assert subjects(checkout, home, []) == [
        "Optimise loading",
        "Tidy up",
        "PERF: avoid quadratic concatenation in g",
        "Make f faster by a table",
    ]
    assert subjects(checkout, home, ["pkg/g.py"]) == ["PERF: avoid quadratic concatenation in g"]
    assert subjects(checkout, home, ["pkg"], most=1) == ["Optimise loading"]
    # What says it in its subject goes before what only mentions it.
    assert "Tidy up" not in subjects(checkout, home, ["pkg"], most=3)


def test_what_came_after_the_snapshot_is_not_seen(history: tuple[Checkout, dict[str, str]], home: Path) -> None:
    checkout, commits = history
    checkout.git("checkout", "-q", "-b", "side", commits["Rename things"])
    checkout.write("pkg/f.py", "def f():\n    return 99\n")
    checkout.git("commit", "-q", "-a", "-m", "Much faster f on a side branch")
    checkout.git("checkout", "-q", "main")
    assert subjects(checkout, home, [], ref=commits["Rename things"]) == ["Make f faster by a table"]


def test_a_commit_has_its_date_message_and_diff(history: tuple[Checkout, dict[str, str]], home: Path) -> None:
    checkout, commits = history
    snapshot = take_snapshot(str(checkout.path), home=home)
    with open_history(snapshot, home=home) as repository:
        one = performance_commits(repository, snapshot.commit, ["pkg/f.py"], 10)[1]
    assert (one.commit, one.date) == (commits["Tidy up"], "2024-01-01")
    assert one.body == "Also speeds up the lookup a little."
    assert "-    return 3\n+    return 4" in one.diff


def test_a_folder_without_git_has_none(tmp_path: Path, home: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "a.py").write_text("")
    snapshot = take_snapshot(str(tmp_path / "plain"), home=home)
    with (
        pytest.raises(UserError, match="has no git history: it is an archive or a folder"),
        open_history(snapshot, home=home),
    ):
        pass


def test_names_in_a_message_or_a_path_are_no_options(make_checkout: Callable[[str], Checkout], home: Path) -> None:
    checkout = make_checkout("odd")
    checkout.commit({"--all": "x\n", ":(top)a": "y\n"})
    checkout.write("--all", "z\n")
    checkout.git("commit", "-q", "-a", "-m", "--output=/tmp/none makes it fast\n\n\x1b[31mbody")
    assert subjects(checkout, home, ["--all"]) == ["--output=/tmp/none makes it fast"]
    assert subjects(checkout, home, [":(top)a"]) == []
