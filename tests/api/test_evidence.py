"""A report as evidence: it holds what is needed to run its claim again, and shows when it was changed."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from scripted import ENTRIES, PATCH, Script, baseline, evidence, snapshot
from test_report import JOB, judge_result

from agent.evidence import Timed
from agent.protocols import Blobs, JobStatus
from api.cli.main import run
from api.cli.samples import dot, spark
from api.evidence import measured_of, pairs_of
from api.reporting import judgement_of
from storage.memory import MemoryBlobs
from storage.store import open_store
from tools.measure.pairs import Pair, Sample, Window

STOCK = "def total(prices):\n    return slow_sum(prices)\n"


def pair(seed: int) -> Pair:
    def sample(cpu_s: float) -> Sample:
        return Sample(
            windows={"w": Window(wall_s=cpu_s * 1.1, cpu_s=cpu_s)},
            whole=Window(wall_s=0.3, cpu_s=0.2),
            peak_memory_bytes=1 << 20,
            outputs={"w": "aa"},
        )

    return Pair(reference=sample(0.06), candidate=sample(0.05), reference_first=bool(seed % 2), seed=seed)


def with_samples(blobs: Blobs, count: int) -> tuple[object, ...]:
    digest = blobs.put(json.dumps([asdict(pair(seed)) for seed in range(count)]).encode())
    timed = [seen for seen in evidence(ENTRIES[0].verdict.speedup) if isinstance(seen, Timed)]  # type: ignore[arg-type]
    return tuple(replace(seen, samples=digest) for seen in timed)


@pytest.fixture
def claim(repo: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A judgement of a scripted job with a workload file, and the tree it was made on."""
    tree = tmp_path / "tree"
    (tree / "shop").mkdir(parents=True)
    (tree / "shop/stock.py").write_text(STOCK)
    workload = tmp_path / "orders.py"
    workload.write_text("def run(value): ...\n")
    patch, report = tmp_path / "p.diff", tmp_path / "claim.json"
    patch.write_text(PATCH)
    words = ["judge", str(repo), "--patch", str(patch), "--workload", str(workload), "--json", str(report)]
    assert run(words, Script(tree=tree).runners()) == 0
    workload.unlink()
    return report, tree


def test_every_raw_pair_of_the_confirmation_is_in_the_report() -> None:
    blobs = MemoryBlobs()
    measured = measured_of(with_samples(blobs, 3), blobs)  # type: ignore[arg-type]
    assert measured is not None
    assert [one.seed for one in measured.samples] == [0, 1, 2]
    assert measured.samples[1].before_first
    assert measured.samples[0].before.windows["w"] == (0.066, 0.06)
    assert (measured.alpha, measured.level, measured.clock) == (0.0061, 0.95, "cpu")


def test_pairs_beyond_the_cap_are_counted_and_left_out() -> None:
    blobs = MemoryBlobs()
    measured = measured_of(with_samples(blobs, 3), blobs, 2)  # type: ignore[arg-type]
    assert measured is not None
    assert (measured.samples, measured.left_out) == ((), 3)


def test_samples_whose_blob_is_gone_are_none() -> None:
    [timed] = with_samples(MemoryBlobs(), 3)
    assert isinstance(timed, Timed)
    assert pairs_of(timed, MemoryBlobs()) == ()


def test_the_digests_are_of_the_files_before(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/stock.py").write_text(STOCK)
    result = replace(judge_result(0), snapshot=replace(snapshot(JOB, "tree:1"), tree=tmp_path))
    assert set(judgement_of(result).snapshot.files) == {"shop/stock.py"}
    assert len(judgement_of(result).snapshot.files["shop/stock.py"] or "") == 64


def test_a_claim_is_judged_again_from_the_file_alone(claim: tuple[Path, Path]) -> None:
    report, tree = claim
    read: list[str] = []
    script = Script(tree=tree, on_search=lambda: read.append(Path(script.jobs[-1].workload or "").read_text()))
    assert run(["verify", str(report)], script.runners()) == 0
    assert read == ["def run(value): ...\n"]  # the file itself is gone
    assert script.patches == [PATCH]


@pytest.mark.parametrize("old", ["sum(prices)", '"point": 1.42', '"min_gain": 0.02'])
def test_a_changed_report_is_refused(claim: tuple[Path, Path], old: str, capsys: pytest.CaptureFixture[str]) -> None:
    report, tree = claim
    text = report.read_text()
    assert old in text
    report.write_text(text.replace(old, old.replace("sum", "max").replace("1.42", "9.9").replace("0.02", "0")))
    assert run(["verify", str(report)], Script(tree=tree).runners()) == 2
    assert "was changed after it was written" in capsys.readouterr().err


def test_a_source_that_cannot_be_had_is_said(claim: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(claim[0])], Script(missing="there is no commit 1f1f").runners()) == 2
    error = capsys.readouterr().err
    assert "cannot be had: there is no commit 1f1f" in error
    assert "--source" in error


def test_another_source_is_refused(claim: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    report, tree = claim
    (tree / "shop/stock.py").write_text(STOCK + "\n")
    script = Script(tree=tree)
    assert run(["verify", str(report)], script.runners()) == 2
    assert "shop/stock.py" in capsys.readouterr().err
    assert script.patches == []


def remember(home: Path, count: int) -> str:
    """A job of one candidate with a confirmation of `count` pairs; its id."""
    entry = ENTRIES[0]
    with open_store(home) as store:
        store.jobs.create(JOB)
        store.jobs.archive(JOB.id).add(entry.candidate, entry.verdict, with_samples(store.blobs, count))  # type: ignore[arg-type]
        store.jobs.finish(JOB.id, JobStatus.FINISHED)
    return JOB.id


def test_every_pair_is_shown_as_a_row_with_its_ratio(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    job = remember(home, 3)
    assert run(["show", job, "1", "--samples"]) == 0
    out = capsys.readouterr().out
    assert "#1 confirm: faster" in out
    rows = [line.split() for line in out.splitlines() if line.strip()[:1].isdigit()]
    assert [row[:5] for row in rows] == [
        ["1", "after", "60.00", "50.00", "1.200"],
        ["2", "before", "60.00", "50.00", "1.200"],
        ["3", "after", "60.00", "50.00", "1.200"],
    ]
    assert all("●" in row[-1] for row in rows)


def test_pairs_are_exported_and_their_absence_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    job = remember(home, 3)
    assert run(["show", job, "--samples", "--json", "-"]) == 0
    [stage] = json.loads(capsys.readouterr().out)["stages"]
    assert (stage["candidate"], stage["stage"], len(stage["measured"]["samples"])) == (1, "confirm", 3)
    assert run(["show", job, "7", "--samples"]) == 2
    for blob in (home / "blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    assert run(["show", job, "--samples"]) == 0
    assert "No pairs were kept" in capsys.readouterr().out


@pytest.mark.parametrize(("gain", "place"), [(0.0, 0), (0.5, 15), (1.0, 30)])
def test_a_dot_lies_where_its_ratio_does(gain: float, place: int) -> None:
    assert dot(gain, 0.0, 1.0)[place] == "●"
    assert dot(-0.2, -0.2, 0.2).index("●") < dot(-0.2, -0.2, 0.2).index("|")
    assert spark([0.0, 0.5, 1.0]) == "▁▅█"


def test_a_claim_measured_on_what_a_model_wrote_is_judged_on_it_again(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = "def run(made): ...  # by a model\n"
    report = tmp_path / "r.json"
    monkeypatch.setattr("scripted.baseline", lambda text=None: baseline(text or written))
    run(["optimize", str(repo), "--json", str(report)], Script().runners())
    assert json.loads(report.read_bytes())["asked"]["workload"] is None
    script = Script()
    assert run(["verify", str(report), "--candidate", "4"], script.runners()) == 0
    assert Path(str(script.jobs[0].workload)).name == "written_0.py"
