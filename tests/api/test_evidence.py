"""A report as evidence: it holds what is needed to run its claim again, and shows when it was changed."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from scripted import ENTRIES, PATCH, Script, evidence, snapshot
from test_report import JOB, judge_result

from agent.evidence import Timed
from api.cli.main import run
from api.evidence import measured_of, pairs_of
from api.reporting import judgement_of
from storage.memory import MemoryBlobs
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


def with_samples(blobs: MemoryBlobs, count: int) -> tuple[object, ...]:
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
