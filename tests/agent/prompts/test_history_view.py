"""The repository's own commits about speed stand in the prompt, and nothing that came later."""

import subprocess
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from paper_desk import paper_baseline, paper_desk, paper_job, paper_kit

from agent.policies.choose import METHODS
from agent.prompts.view_history import history
from agent.prompts.views import VIEWS
from tools.git.take import take_snapshot


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, text: str, message: str) -> None:
    (folder / "shop.py").write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


def shown(tmp_path: Path, ref: str) -> str:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    repository = tmp_path / "repository"
    if not repository.exists():
        repository.mkdir()
        git(repository, "init", "-q", "-b", "main")
        commit(repository, "def match(a):\n    return [x for x in a if x in list(a)]\n", "Match")
        commit(repository, "def match(a):\n    return [x for x in a if x in set(a)]\n", "Speed up match by a set ```")
        git(repository, "tag", "now")
        commit(repository, "def match(a):\n    return list(a)\n", "Make match much faster")
    snapshot = take_snapshot(str(repository), ref=ref, home=home)
    desk = paper_desk(tmp_path / f"paper-{ref}", {"shop.py": "def match(a):\n    return a\n"})
    kit = replace(paper_kit(paper_job()), home=home)
    baseline = paper_baseline(tmp_path / f"tree-{ref}", {"shop.py": "def match(a):\n    return a\n"})
    told = SimpleNamespace(**{**vars(baseline), "snapshot": replace(baseline.snapshot, **_place(snapshot))})
    desk.baseline, desk.kit = told, kit  # type: ignore[assignment]
    return history(desk)


def _place(snapshot: object) -> dict[str, object]:
    return {"source": snapshot.source, "commit": snapshot.commit}  # type: ignore[attr-defined]


def test_commits_before_this_one_are_shown_and_none_after_it(tmp_path: Path) -> None:
    text = shown(tmp_path, "now")
    assert "Speed up match by a set '''" in text
    assert "-    return [x for x in a if x in list(a)]" in text
    assert "much faster" not in text
    assert "much faster" in shown(tmp_path, "main")


def test_without_a_history_nothing_is_shown(tmp_path: Path) -> None:
    desk = paper_desk(tmp_path / "files", {"shop.py": "def match(a):\n    return a\n"})
    desk.kit = replace(desk.kit, home=tmp_path / "home")
    assert history(desk) == ""


def test_every_view_that_a_strategy_names_is_there() -> None:
    import ast  # noqa: PLC0415

    named = set()
    for method in METHODS.values():
        source = Path(__import__(method.plan.__module__, fromlist=["x"]).__file__).read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.keyword) and node.arg == "views":
                named |= {one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)}
    assert named
    assert named <= set(VIEWS)
