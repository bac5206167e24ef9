"""The end of a job: what it delivered is remembered, what it did not deliver is not."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from paper_desk import NOON, paper_baseline, paper_job, paper_kit

from agent.bench import Bench
from agent.domain import UNCHANGED, Candidate, Origin, Outcome, StepKind, Verdict
from agent.kit import Kit
from agent.playbook.mining import learn, play_of
from agent.protocols import Entry
from agent.result import Combined
from storage.memory import MemoryPlaybook
from tools.git.patch import make_patch
from tools.measure.estimate import Estimate

GAIN = Estimate(point=2.0, low=1.8, high=2.2, level=0.95, pairs=20)
BEFORE = '''"""A shop."""
import os


class Till:
    def match(self, orders, known):
        """Orders of known customers."""
        return [order for order in orders if order in known]

    def other(self):
        return os.getcwd()
'''
AFTER = '''"""A shop."""
import os
from collections import Counter


class Till:
    def match(self, orders, known):
        """Orders of known customers."""
        wanted = _wanted(known)
        return [order for order in orders if order in wanted]

    def other(self):
        return os.getcwd()


def _wanted(known):
    return set(Counter(known))
'''


def entry(number: int, before: str, after: str, path: str = "shop.py", **verdict: Any) -> Entry:
    patch = make_patch({path: before.encode()}, {path: after.encode()})
    candidate = Candidate(
        number=number,
        patch=patch,
        parents=(0,),
        origin=Origin.MODEL,
        summary="a set of\n  what is wanted",
        target="shop:Till.match",
        round=1,
    )
    return Entry(candidate=candidate, verdict=Verdict(outcome=Outcome.KEPT, reason="r", speedup=GAIN, **verdict))


def bench(folder: Path, kit: Kit, kept: Entry, files: dict[str, str]) -> Bench:
    baseline = paper_baseline(folder, files)
    return Bench(kit=kit, job=paper_job(), baseline=baseline, parent=UNCHANGED, candidate=kept.candidate)


def delivered(*numbers: int, **values: Any) -> Combined:
    combined = Combined(patch="p", speedup=GAIN, workload="calls of match", detail="d", candidates=numbers)
    return replace(combined, **values)


def test_a_delivered_diff_becomes_a_play(tmp_path: Path) -> None:
    playbook = MemoryPlaybook()
    kit = paper_kit(paper_job(), playbook)
    kept = entry(3, BEFORE, AFTER)
    benches = {3: bench(tmp_path, kit, kept, {"shop.py": BEFORE})}
    assert learn([kept], delivered(3), benches, kit, NOON) == 1
    [one] = playbook.plays()
    play = one.play
    assert play.before.startswith("def match(self, orders, known):")
    assert "def other" not in play.before + play.after
    assert play.after.startswith("from collections import Counter\n\ndef match(")
    assert "def _wanted(known):" in play.after
    assert play.pattern_before == "def f0(v0, v1, v2):\n    return [v3 for v3 in v1 if v3 in v2]"
    assert "set(Counter(v2))" in play.pattern_after
    assert play.summary == "a set of what is wanted"
    assert play.words == ("till", "match", "order", "known", "customer")
    assert play.tags == ("comprehension", "membership", "membership in loop")
    assert "set" in play.gained
    assert (play.speedup, play.at, play.job) == (GAIN, NOON, "a1")
    assert play.confirmed == f"{GAIN} on calls of match, delivered with candidates 3"
    assert "remembered" in kit.journal.steps(StepKind.NOTE)[0].title
    assert learn([kept], delivered(3), benches, kit, NOON) == 0


def test_what_was_not_delivered_is_not_remembered(tmp_path: Path) -> None:
    playbook = MemoryPlaybook()
    kit = paper_kit(paper_job(), playbook)
    kept = entry(3, BEFORE, AFTER)
    benches = {3: bench(tmp_path, kit, kept, {"shop.py": BEFORE})}
    for combined in (None, delivered(3, speedup=None), delivered(3, patch=""), delivered(4)):
        assert learn([kept], combined, benches, kit, NOON) == 0
    assert list(playbook.plays()) == []
    assert learn([kept], delivered(3), benches, replace(kit, playbook=None), NOON) == 0


def test_a_play_that_is_refused_does_not_end_the_job(tmp_path: Path) -> None:
    kit = paper_kit(paper_job(), MemoryPlaybook())
    kept = entry(3, BEFORE, AFTER)
    uncertain = replace(kept, verdict=replace(kept.verdict, speedup=replace(GAIN, low=0.9)))
    benches = {3: bench(tmp_path, kit, uncertain, {"shop.py": BEFORE})}
    assert learn([uncertain], delivered(3), benches, kit, NOON) == 0
    assert "no speedup that is certain" in kit.journal.steps(StepKind.NOTE)[0].title


def test_c_is_remembered_by_its_hunks(tmp_path: Path) -> None:
    before = "#include <string.h>\n\nvoid f(char *s) {\n    for (int i = 0; i < strlen(s); i++) s[i]++;\n}\n"
    after = before.replace("i < strlen(s)", "s[i]")
    kit = paper_kit(paper_job(), MemoryPlaybook())
    kept = entry(1, before, after, "shop.c")
    play = play_of(kept, bench(tmp_path, kit, kept, {"shop.c": before}), "proof", NOON)
    assert play is not None
    assert play.language == "c"
    assert "strlen ( v" in play.pattern_before
    assert "strlen" not in play.pattern_after
    assert "text search" in play.tags


def test_a_change_too_large_to_serve_again_is_no_play(tmp_path: Path) -> None:
    body = "".join(f"    a = {line}\n" for line in range(200))
    before = f"def match():\n{body}    return a\n"
    after = before.replace("return a", "return a + 0")
    kept = entry(1, before, after)
    kit = paper_kit(paper_job(), MemoryPlaybook())
    assert play_of(kept, bench(tmp_path, kit, kept, {"shop.py": before}), "proof", NOON) is None
    assert cast(Any, kit.playbook).plays() == []
