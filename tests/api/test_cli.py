"""The command line, as a person or a script uses it; the runners behind it play a script."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from checkout import git, last_job
from scripted import COMMIT, ENTRIES, PATCH, Script, rejected

from agent.domain import Outcome
from api.cli.main import run
from tools.errors import UserError

ROOT = Path(__file__).parents[2]
Run = Callable[..., int]


def test_optimize_shows_what_was_kept_and_how_to_get_it(
    home: Path, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["optimize", str(repo)], Script().runners()) == 0
    shown = capsys.readouterr()
    assert "Kept 2 of 6 candidates" in shown.out
    assert "2.10x [2.02, ?]" in shown.out
    assert "Together  2.95x [2.83, 3.10]" in shown.out
    assert "1  NOT_EQUIVALENT  #2 newest(" in shown.out
    assert f"hasten show {last_job(home)} --patch | git -C {repo} apply" in " ".join(shown.out.split())
    assert "#4    KEPT" in shown.err
    assert "\x1b" not in shown.out + shown.err


def test_a_job_that_keeps_nothing_is_no_failure(repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = Script(entries=(rejected(1, Outcome.NOT_FASTER, "no gain", "m:f"),))
    report = tmp_path / "report.json"
    assert run(["optimize", str(repo), "--json", str(report), "--apply"], script.runners()) == 0
    data = json.loads(report.read_text())
    assert (data["kept"], data["combined"], data["rejected"]) == ([], None, {"NOT_FASTER": 1})
    out = capsys.readouterr().out
    assert "Nothing kept of 1 candidate" in out
    assert "the checkout stays as it is" in out
    assert git(repo, "status", "--porcelain") == ""


def test_json_to_standard_output_stands_alone(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["optimize", str(repo), "--json", "-"], Script().runners()) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["schema_version"] == 1
    assert "Kept 2 of 6" in shown.err


def test_options_reach_the_job(repo: Path, tmp_path: Path) -> None:
    workload = tmp_path / "w.py"
    workload.touch()
    script = Script()
    words = "--ref v1 --subdirectory py --target m:C.f --min-gain 0.05 --max-candidates 7 --budget-s 30 --seed 3"
    run(["optimize", str(repo), *words.split(), "--workload", str(workload), "--sandbox", "none"], script.runners())
    [job] = script.jobs
    assert (job.source, job.ref, job.subdirectory, job.target) == (str(repo), "v1", "py", "m:C.f")
    assert (job.goal.min_gain, job.budget.candidates, job.budget.wall_s, job.seed) == (0.05, 7, 30.0, 3)
    assert (job.workload, job.sandbox) == (str(workload), "none")


def test_a_relative_path_is_kept_absolute(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo)
    script = Script()
    run(["optimize", "."], script.runners())
    assert script.jobs[0].source == str(repo)


def test_apply_writes_the_checkout_and_branch_does_not(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit = git(repo, "rev-parse", "HEAD")
    script = Script(commit=commit)
    assert run(["optimize", str(repo), "--branch", "faster"], script.runners()) == 0
    assert script.stacked
    assert git(repo, "status", "--porcelain") == ""
    assert git(repo, "rev-parse", "faster~1") == commit
    assert "return sum(prices)" in git(repo, "show", "faster:shop/stock.py")
    assert "Hasten-Candidate: 4" in git(repo, "log", "-1", "--format=%b", "faster")
    assert run(["optimize", str(repo), "--apply"], script.runners()) == 0
    assert "return sum(prices)" in (repo / "shop/stock.py").read_text()
    assert "Applied: shop/stock.py" in capsys.readouterr().out


def test_a_branch_that_exists_is_refused_before_the_job(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(repo, "branch", "taken")
    script = Script()
    assert run(["optimize", str(repo), "--branch", "taken"], script.runners()) == 1
    assert "exists already" in capsys.readouterr().err
    assert script.jobs == []


@pytest.mark.parametrize(("entry", "code"), [(ENTRIES[0], 0), (ENTRIES[1], 3), (None, 4)])
def test_judge_says_the_verdict_by_its_exit_code(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], entry: object, code: int
) -> None:
    judged = entry or rejected(1, Outcome.INCONCLUSIVE, "this host sees gains where there are none", "m:f")
    patch, report = tmp_path / "p.diff", tmp_path / "r.json"
    patch.write_text(PATCH)
    script = Script(judged=judged)  # type: ignore[arg-type]
    assert run(["judge", str(repo), "--patch", str(patch), "--json", str(report)], script.runners()) == code
    assert script.patches == [PATCH]
    data = json.loads(report.read_text())
    assert capsys.readouterr().out.strip().startswith(data["verdict"])
    assert (data["speedup"] is not None) == (code == 0)


def test_show_repeats_what_optimize_said(home: Path, repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["optimize", str(repo)], Script().runners())
    said = capsys.readouterr().out
    job = last_job(home)
    assert run(["show", job[:6]]) == 0
    assert said in capsys.readouterr().out


def test_the_shown_patch_applies(home: Path, repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["optimize", str(repo)], Script().runners())
    capsys.readouterr()
    assert run(["show", last_job(home), "--patch"]) == 0
    subprocess.run(["git", "apply"], cwd=repo, input=capsys.readouterr().out, text=True, check=True)
    assert "return sum(prices)" in (repo / "shop/stock.py").read_text()


def test_steps_candidates_and_the_report_can_be_shown(
    home: Path, repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["optimize", str(repo), "--json", str(tmp_path / "one.json")], Script().runners())
    job = last_job(home)
    capsys.readouterr()
    assert run(["show", job, "--steps"]) == 0
    assert "3 targets" in capsys.readouterr().out
    assert run(["show", job, "--candidate", "2"]) == 0
    assert "NOT_EQUIVALENT" in capsys.readouterr().out
    assert run(["show", job, "--candidate", "99"]) == 2
    assert run(["show", job, "--json", str(tmp_path / "two.json")]) == 0
    assert (tmp_path / "two.json").read_text() == (tmp_path / "one.json").read_text()


def test_list_names_jobs_and_how_they_ended(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list"]) == 0
    assert "No jobs yet" in capsys.readouterr().out
    run(["optimize", str(repo)], Script().runners())
    run(["optimize", str(repo)], Script(problem=UserError("no tests", status=422)).runners())
    capsys.readouterr()
    assert run(["list"]) == 0
    out = capsys.readouterr().out
    assert out.index("failed") < out.index("finished")
    assert "2 kept, 2.95x" in out


def test_profile_shows_shares(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profile", str(repo), "--top", "1"], Script().runners()) == 0
    out = capsys.readouterr().out
    assert "31.0%" in out
    assert "shop.queues:OrderQueue.drain" in out
    assert "and 1 more" in out


def test_profile_says_what_is_left_out(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profile", str(repo)], Script().runners()) == 0
    out = capsys.readouterr().out
    assert "left out: generated code, 2 functions, 12.0% of the time (shop/tables.py)" in out


def test_what_was_measured_and_why_is_shown_and_written(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "r.json"
    run(["optimize", str(repo), "--json", str(report)], Script().runners())
    assert "shop.stock:allocate  benchmark test_parse · the repository's own" in capsys.readouterr().out
    assert json.loads(report.read_text())["chosen"][0]["workload"] == "benchmark test_parse"


def test_workload_writes_a_file_says_what_became_of_it_and_overwrites_none(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "w.py"
    words = ["workload", str(repo), "--target", "shop.stock:allocate", "--out", str(file)]
    assert run(words, Script().runners()) == 0
    assert file.read_text() == "def run(made): ...\n"
    told = " ".join(capsys.readouterr().err.split())
    assert "✗ it reaches the target: not run by it" in told
    assert "--workload" in told
    assert run(words, Script().runners()) == 2
    assert "exists already" in capsys.readouterr().err
    assert run(words[:-2], Script().runners()) == 0
    assert capsys.readouterr().out == "def run(made): ...\n"


def test_verify_judges_every_claim_again(repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "r.json"
    run(["optimize", str(repo), "--json", str(report), "--min-gain", "0.05"], Script().runners())
    script = Script()
    assert run(["verify", str(report), "--candidate", "4"], script.runners()) == 0
    [job] = script.jobs
    assert (job.source, job.ref, job.goal.min_gain) == (str(repo), COMMIT, 0.05)
    assert script.patches == [PATCH]
    script = Script(judged=ENTRIES[1])
    assert run(["verify", str(report)], script.runners()) == 3
    assert "NOT_EQUIVALENT" in capsys.readouterr().out
    assert run(["verify", str(report), "--candidate", "2"], script.runners()) == 2
    assert "keeps no candidate 2" in capsys.readouterr().err


def test_the_reproduce_command_works_when_pasted(repo: Path, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    entries = tuple(replace(entry, candidate=replace(entry.candidate, patch=PATCH)) for entry in ENTRIES)
    run(
        ["optimize", str(repo), "--json", str(report), "--bench", "python b.py 'x y'"],
        Script(entries=entries).runners(),
    )
    command = json.loads(report.read_text())["kept"][0]["reproduce"]
    stand_in = tmp_path / "bin/hasten"
    stand_in.parent.mkdir()
    stand_in.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\necho ---\ncat\n')
    stand_in.chmod(0o755)
    done = subprocess.run(
        ["sh", "-c", command],
        env={"PATH": f"{stand_in.parent}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    words, _, patch = done.stdout.partition("---\n")
    assert patch == PATCH
    assert words.splitlines() == ["judge", str(repo), "--ref", COMMIT, "--bench", "python b.py 'x y'", "--patch", "-"]


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("hasten ")
    assert run(["--help"]) == 0
    assert "optimize" in capsys.readouterr().out
    assert run([]) == 2


def test_asked_for_nothing_it_shows_its_help_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    shown = capsys.readouterr()
    assert "Makes a repository faster" in shown.out + shown.err
    assert "hasten:" not in shown.out + shown.err


def test_no_line_of_a_table_ends_in_blanks_where_it_goes_to_a_file(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["optimize", str(repo)], Script().runners()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Kept 2 of 6 candidates" in lines
    assert [text for text in lines if text != text.rstrip()] == []
