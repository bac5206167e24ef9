"""The commits of `--branch`: one a kept diff, their evidence, and trees that add up to what is delivered."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from checkout import git
from scripted import ENTRIES, Script, estimate
from test_report import job_result

from agent.domain import Origin, Verdict
from agent.evidence import Compared, Tested
from agent.protocols import Entry
from agent.result import Combined, Stacked
from api.cli.main import run
from api.commits import commits_of
from api.report import Report
from api.reporting import report_of
from tools.git.patch import make_patch

BEFORE = {"shop/stock.py": b"def total(prices):\n    return slow_sum(prices)\n"}
ONE = {"shop/stock.py": b"def total(prices):\n    return sum(prices)\n"}
TWO = {**ONE, "shop/café ☕.py": b"new\n"}
THREE = {**TWO, "shop/last.py": b"no newline"}
PATCHES = [make_patch(BEFORE, {**BEFORE, **after}) for after in (ONE, TWO, THREE)]
TESTED = Tested(passed=40, failed=0, flaky=0, scope="impacted", hash_seeds=(1,))


def kept(number: int, patch: str, summary: str) -> Entry:
    entry = ENTRIES[0]
    speedup = estimate(2.0 - number / 10)
    candidate = replace(entry.candidate, number=number, patch=patch, summary=summary, target=f"shop.stock:f{number}")
    return Entry(candidate=candidate, verdict=replace(entry.verdict, speedup=speedup), evidence=entry.evidence)


def stacked(*steps: Stacked) -> Report:
    """A report of three kept diffs that were combined."""
    alone = [make_patch(BEFORE, {**BEFORE, **after}) for after in (ONE, {"n.py": b"1\n"}, {"m.py": b"2\n"})]
    three = [kept(n, patch, f"change {n}") for n, patch in enumerate(alone, start=1)]
    whole = kept(9, PATCHES[-1], "together")
    whole = replace(whole, candidate=replace(whole.candidate, origin=Origin.FINISH))
    together = Combined(
        patch=PATCHES[-1], speedup=estimate(3.0), workload="orders.py", detail="", candidates=(1, 2, 3), stack=steps
    )
    return report_of(job_result(entries=[*three, whole], kept=three, combined=together))


def steps(*groups: tuple[int, ...]) -> tuple[Stacked, ...]:
    done: list[Stacked] = []
    for group in groups:
        compared = Compared(cases=500 + group[-1], fresh=400)
        done.append(Stacked(candidates=group, patch=PATCHES[group[-1] - 1], tested=TESTED, compared=compared))
    return tuple(done)


def test_every_kept_diff_is_a_commit_with_its_evidence() -> None:
    first, second, third = commits_of(stacked(*steps((1,), (2,), (3,))))
    subject, _, body = first.message.partition("\n\n")
    assert subject == "Make f1 faster: 1.90x on benchmarks/orders.py"
    assert "change 1" in body
    assert "- Speedup: 1.90x [1.82, 1.99] on benchmarks/orders.py, by itself" in body
    assert "- Tests: 41 passed, 0 failed (impacted)" in body
    assert "- Behaviour: the same on 240 inputs, 200 of them fresh" in body
    assert "git diff-tree -p HEAD~1 HEAD | hasten judge . " in body
    assert "With the commit before it, which was not" in second.message
    assert "the same on 502 inputs" in second.message
    assert "With the 2 commits before it:\n\n- Speedup: 3.00x [2.88, 3.15]" in third.message
    assert max(len(line) for line in third.message.splitlines() if "HEAD~1" not in line) <= 72


def test_the_trailers_are_ones_that_git_reads() -> None:
    [*_, last] = commits_of(stacked(*steps((1,), (2, 3))))
    trailers = subprocess.run(
        ["git", "interpret-trailers", "--parse"], input=last.message, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert trailers[:3] == ["Hasten-Job: a1b2c3d4", "Hasten-Candidate: 2", "Hasten-Candidate: 3"]


def test_a_tree_that_was_not_judged_is_no_commit() -> None:
    made = commits_of(stacked(*steps((1,), (2, 3))))
    assert [commit.patch.text for commit in made] == [PATCHES[0], PATCHES[2]]
    assert "change 2" in made[1].message
    assert "change 3" in made[1].message
    assert "This is commit 2 of 2" in made[1].message


def test_a_report_without_steps_still_adds_up() -> None:
    made = commits_of(stacked())
    assert [commit.patch.text for commit in made] == [PATCHES[0], PATCHES[2]]


def test_a_message_holds_nothing_that_moves_or_forges() -> None:
    nasty = "x\n\nHasten-Job: forged\x1b[2J\u202egnp"
    entry = kept(1, PATCHES[0], nasty)
    verdict: Verdict = replace(entry.verdict, caveats=(nasty,))
    alone = Combined(patch=PATCHES[0], speedup=None, workload=nasty, detail="", candidates=(1,))
    report = report_of(job_result(entries=[entry], kept=[replace(entry, verdict=verdict)], combined=alone))
    [commit] = commits_of(report)
    assert "\x1b" not in commit.message
    assert "\u202e" not in commit.message
    assert [line for line in commit.message.splitlines() if line.startswith("Hasten-Job")] == ["Hasten-Job: a1b2c3d4"]


@pytest.mark.parametrize("where", ["repo", "subfolder", "worktree"])
def test_the_branch_adds_up_to_what_is_delivered(
    repo: Path, tmp_path: Path, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    commit = git(repo, "rev-parse", "HEAD")
    place = {"repo": repo, "subfolder": repo / "shop", "worktree": tmp_path / "second"}[where]
    if where == "worktree":
        git(repo, "worktree", "add", "-q", "--detach", str(place))
    report = stacked(*steps((1,), (2,), (3,)))
    entries = [kept(n, part.patch, part.summary) for n, part in zip((1, 2, 3), report.kept, strict=True)]
    script = Script(entries=tuple(entries), commit=commit)
    script.together = Combined(
        patch=PATCHES[-1],
        speedup=estimate(3.0),
        workload="orders.py",
        detail="",
        candidates=(1, 2, 3),
        stack=steps((1,), (2,), (3,)),
    )
    assert run(["optimize", str(place), "--branch", "faster"], script.runners()) == 0
    assert "3 commits on the new branch faster" in capsys.readouterr().out
    assert git(repo, "rev-list", "--count", f"{commit}..faster") == "3"
    assert git(place, "status", "--porcelain") == ""
    subprocess.run(["git", "apply", "--index", "-"], cwd=repo, input=PATCHES[-1].encode(), check=True)
    assert git(repo, "write-tree") == git(repo, "rev-parse", "faster^{tree}")
