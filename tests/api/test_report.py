"""Reports: their schemas, their fields, what becomes of infinite ends, and that they read back."""

import json
import math
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from scripted import COMMIT, ENTRIES, MACHINE, PATCH, WORKLOAD, baseline, combined, rejected, snapshot

from agent.domain import Goal, Job, Outcome, Spend
from agent.result import JobResult, JudgeResult
from api.judgement import Judgement
from api.report import Report
from api.report_parts import Part
from api.reporting import delivered_patch, judgement_of, report_of
from api.reproduce import judge_command
from api.schema import FILES, text_of

ROOT = Path(__file__).parents[2]
JOB = Job(id="a1b2c3d4", source="/src", created=datetime(2026, 11, 22, tzinfo=UTC))


def job_result(**more: object) -> JobResult:
    values = {
        "job": JOB,
        "snapshot": snapshot(JOB, COMMIT),
        "machine": MACHINE,
        "recipe_notes": ("pytest from pyproject.toml",),
        "baseline": baseline(),
        "entries": ENTRIES,
        "kept": [entry for entry in ENTRIES if entry.verdict.kept],
        "combined": combined([entry for entry in ENTRIES if entry.verdict.kept]),
        "spend": Spend(wall_s=186.5, candidates=6),
        "ended": "every target was tried",
    }
    return JobResult(**{**values, **more})  # type: ignore[arg-type]


def judge_result(number: int) -> JudgeResult:
    return JudgeResult(
        job=JOB,
        entry=ENTRIES[number],
        snapshot=snapshot(JOB, COMMIT),
        machine=MACHINE,
        baseline=baseline(),
        spend=Spend(wall_s=3.0),
    )


def validate(part: Part) -> dict[str, object]:
    [path] = [path for path, model in FILES.items() if isinstance(part, model)]
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)
    data: dict[str, object] = json.loads(part.model_dump_json())
    Draft202012Validator(schema).validate(data)
    return data


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_shipped_schema_is_the_one_of_the_models(path: Path) -> None:
    assert path.read_text() == text_of(FILES[path]), "run `python -m api.schema`"


def test_a_report_has_everything_that_was_promised() -> None:
    data = validate(report_of(job_result()))
    files = {"shop/stock.py": None}  # the scripted tree is empty
    where = {"source": "/src", "commit": COMMIT, "subdirectory": ""}
    assert data["snapshot"] == {**where, "uncommitted": ["notes.txt"], "files": files}
    assert data["rejected"] == {"NOT_EQUIVALENT": 1, "NOT_FASTER": 2, "TESTS_FAILED": 1}
    models = {"model_calls": 0, "tokens": 0, "usd": 0.0, "unpriced_tokens": 0}
    assert data["spend"] == {"wall_s": 186.5, "candidates": 6, **models}
    kept = data["kept"]
    assert isinstance(kept, list)
    assert [part["candidate"] for part in kept] == [4, 1]  # the best first
    assert kept[1]["tests"] == {"passed": 41, "failed": 0, "flaky": 1, "scope": "impacted"}
    assert kept[1]["equivalence"] == {"cases": 240, "fresh": 200}
    assert (kept[1]["workload"], kept[1]["patch"]) == (WORKLOAD, PATCH)


def test_an_infinite_end_becomes_null() -> None:
    report = report_of(job_result())
    assert report.kept[0].speedup is not None
    assert report.kept[0].speedup.high is None
    assert math.isfinite(report.kept[0].speedup.low or math.nan)
    assert "Infinity" not in report.model_dump_json()


def test_a_report_that_keeps_nothing_is_whole() -> None:
    entries = [rejected(1, Outcome.CHEATED, "a patched clock", "m:f")]
    report = report_of(job_result(entries=entries, kept=[], combined=None))
    validate(report)
    assert (report.kept, report.combined, report.rejected) == ((), None, {Outcome.CHEATED: 1})
    assert delivered_patch(report) is None


def test_a_judgement_lists_every_check() -> None:
    data = validate(judgement_of(judge_result(0)))
    checks = data["checks"]
    assert isinstance(checks, list)
    assert [check["name"] for check in checks][-3:] == ["faster (confirm)", "peak memory", "tests (impacted)"]
    assert all(check["passed"] for check in checks)
    rejection = validate(judgement_of(judge_result(1)))
    assert (rejection["verdict"], rejection["tests"], rejection["speedup"]) == ("NOT_EQUIVALENT", None, None)


@pytest.mark.parametrize("part", [report_of(job_result()), judgement_of(judge_result(0))], ids=["report", "judgement"])
def test_what_was_written_reads_back(part: Part) -> None:
    assert type(part).model_validate_json(part.model_dump_json()) == part


def test_a_field_of_a_newer_version_is_ignored() -> None:
    data = json.loads(report_of(job_result()).model_dump_json())
    assert Report.model_validate({**data, "from_the_future": 1}) == report_of(job_result())


def test_every_field_is_documented() -> None:
    text = (ROOT / "docs/report.md").read_text()
    missing = [
        f"{part.__name__}.{name}"
        for part in [Report, Judgement, *Part.__subclasses__()]
        for name in part.model_fields
        if f"`{name}`" not in text
    ]
    assert missing == []


def test_reproducing_asks_for_what_the_job_asked() -> None:
    job = Job(
        id="x",
        source="/a b/repo",
        subdirectory="py",
        goal=Goal(min_gain=0.1),
        target="m:f",
        workload="/w.py",
        sandbox="none",
        created=JOB.created,
    )
    command, _, rest = judge_command(job, COMMIT, "+PATCH\nPATCH\n").partition("\n")
    words = (
        "hasten judge '/a b/repo' --ref {} --subdirectory py --min-gain 0.1 --workload /w.py --sandbox none --patch -"
    )
    assert shlex.split(command)[:-1] == shlex.split(words.format(COMMIT))
    assert rest == "+PATCH\nPATCH\nPATCH_"


def test_a_folder_without_git_is_judged_as_it_stands() -> None:
    assert "--ref" not in judge_command(JOB, "tree:abc", PATCH)
