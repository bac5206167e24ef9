"""What an earlier attempt teaches: by verdict, in numbers and in words, in order and within a budget."""

import pytest
from judged_entries import DIFF, EVEN, LOSS, SAME, judged, suite, timed

from agent.domain import UNCHANGED, Candidate, Directive, Origin, Outcome, Verdict
from agent.evidence import (
    Build,
    Compared,
    Counted,
    Evidence,
    Glanced,
    Guard,
    Hint,
    Hints,
    Sighting,
    Touches,
)
from agent.prompts.attempts import MOST_CHARACTERS, changed_lines, shown
from agent.prompts.feedback import Manner, feedback, lesson
from agent.protocols import Entry

FEWER = Counted(tool="callgrind", workload="w", before=1_000_000, after=900_000)
ALIKE = Counted(tool="callgrind", workload="w", before=1_000_000, after=999_999, undecided=True)
MEMORY = Guard(name="peak memory", passed=False, detail="1.80 times as much")

LESSONS: list[tuple[Outcome, tuple[Evidence, ...], str, str]] = [
    (Outcome.OFF_LIMITS, (Touches(forbidden=("tests/test_a.py (tests)",)),), "leave that file", "tests/test_a.py"),
    (Outcome.DUPLICATE, (Sighting(same_as=2),), "is attempt 2, so it", "the same code as attempt 2\n"),
    (
        Outcome.BUILD_FAILED,
        (Build(problem="IndentationError: unexpected indent"),),
        "incorrect ind",
        "unexpected",
    ),
    (
        Outcome.TESTS_FAILED,
        (
            suite(
                failed=1, problems=("test_a.py::test_b fails: /project/shop.py:3: IndexError: list index out of range",)
            ),
        ),
        "boundary condition",
        "test_a.py::test_b fails: /project/shop.py:3: IndexError",
    ),
    (
        Outcome.NOT_EQUIVALENT,
        (Glanced(cases=4, difference="for input ([1]): before [1], now (1,)"),),
        "input/output format error",
        "for input ([1]): before [1], now (1,)",
    ),
    (
        Outcome.CHEATED,
        (Hints(found=(Hint(rule="frame inspection", path="shop.py", line=9, text="sys._getframe()"),)),),
        "line 9 of shop.py",
        "sys._getframe()",
    ),
    (
        Outcome.NOT_FASTER,
        (SAME, FEWER, timed("not faster", speedup=EVEN)),
        "what is slow rather",
        "10.0% fewer",
    ),
    (Outcome.NOT_FASTER, (ALIKE,), "the same work in other words", "about as many instructions"),
    (
        Outcome.NOT_FASTER,
        (timed("not faster", "screen", EVEN),),
        "at a glance it is no faster",
        "glance: 1.00x",
    ),
    (Outcome.REGRESSED, (SAME, timed("not faster", speedup=LOSS)), "slower than before", "0.80x [0.70, 0.90]"),
    (Outcome.REGRESSED, (SAME, timed("faster", guards=(MEMORY,))), "Hold less at once", "peak memory: 1.80 times"),
    (
        Outcome.INCONCLUSIVE,
        (Compared(cases=3, fresh=3, not_reached=("match in shop.py",)),),
        "No input at hand",
        "match in",
    ),
    (Outcome.INCONCLUSIVE, (Compared(cases=3, fresh=3, never_timed=True),), "What is timed runs none", "runs none"),
    (Outcome.INCONCLUSIVE, (SAME, timed("undecided", speedup=EVEN)), "within the noise", "60 pairs did not decide"),
]


@pytest.mark.parametrize(("outcome", "evidence", "words", "numbers"), LESSONS)
def test_each_verdict_teaches(outcome: Outcome, evidence: tuple[Evidence, ...], words: str, numbers: str) -> None:
    entry = judged(*evidence)
    assert entry.verdict.outcome is outcome
    in_words, executed = feedback(entry, Manner.WORDS), feedback(entry, Manner.EXECUTION)
    both = feedback(entry)
    assert words in in_words
    assert numbers in executed
    assert words not in executed
    assert words in both
    assert numbers in both
    assert len(in_words) < 700


def test_every_outcome_says_something() -> None:
    candidate = Candidate(number=1, patch=DIFF, origin=Origin.MODEL, summary="s")
    for outcome in Outcome:
        verdict = Verdict(outcome=outcome, reason="why")
        text = feedback(Entry(candidate=candidate, verdict=verdict))
        assert text.startswith(f"Verdict: {outcome}")
        assert len(text) > 80


def directive(show: tuple[int, ...], *views: str) -> Directive:
    return Directive(
        round=9, parent=UNCHANGED, proposer="session", target="shop:match", method="refine", show=show, views=views
    )


def long_diff(number: int, lines: int) -> str:
    body = "".join(f"+    line {line} of {number}\n" for line in range(lines))
    return f"--- a/shop.py\n+++ b/shop.py\n@@ -1,2 +1,{lines + 2} @@\n kept context\n{body}"


def test_the_newest_is_whole_and_older_ones_fit_into_what_is_left() -> None:
    entries = [judged(suite(failed=1, problems=("t fails",)), number=n, patch=long_diff(n, 300)) for n in range(1, 9)]
    told = shown(directive(tuple(range(1, 9))), entries)
    text = "\n\n".join(told)
    assert len(text) < MOST_CHARACTERS + 1_000
    assert text.count("line 299 of 8") == 1
    places = [text.index(f"## Attempt {number}:") for number in range(1, 9) if f"## Attempt {number}:" in text]
    assert places == sorted(places)
    assert len(places) == 8
    assert "line 299 of 7" in text
    assert "line 299 of 4" not in text
    assert "t fails" in told[-1]


def test_without_any_room_the_newest_is_still_whole_and_the_others_are_counted() -> None:
    entries = [judged(Sighting(same_as=0), number=n, patch=long_diff(n, 100)) for n in range(1, 5)]
    told = shown(directive((1, 2, 3, 4)), entries, most=100)
    assert told[1] == "[3 earlier attempts are left out for want of room.]"
    assert "line 99 of 4" in told[2]


def test_the_order_is_the_directives_and_its_views_choose_the_manner() -> None:
    entries = [judged(Build(problem="NameError: name 'x' is not defined"), number=number) for number in (1, 2)]
    told = shown(directive((2, 1), "feedback-execution"), entries)
    assert [part.partition(":")[0] for part in told[1:]] == ["## Attempt 2", "## Attempt 1"]
    assert "definition missing" not in told[-1]
    assert "definition missing" in shown(directive((2, 1), "feedback-words"), entries)[-1]
    assert shown(directive(()), entries) == []
    assert shown(directive((7,)), entries) == []


def test_a_shortened_diff_keeps_what_changed() -> None:
    assert changed_lines(DIFF) == "+++ b/shop.py\n@@\n-    return slow\n+    return fast"


def test_a_lesson_is_one_line_that_tells_idea_and_outcome() -> None:
    entry = judged(suite(failed=1, problems=("t fails: assert 1 == 2\n  a\n  b",)))
    assert lesson(entry) == "a 'set' — TESTS_FAILED: t fails: assert 1 == 2 a b"
