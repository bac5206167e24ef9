"""A repository in C by its commands: remarks of gcc and clang lead a scripted model to a diff that is kept."""

import shutil
from dataclasses import replace

import pytest
from plate import TARGET, Plate, open_plate

from agent.domain import Outcome
from agent.evaluate import evaluate
from agent.models.script import call, say
from agent.native import native_ranking
from agent.probes.commands import NOT_RUN, watch_commands
from tools.errors import UserError
from tools.profile.native import BY_INSTRUCTIONS

NEEDED = ("make", "gcc", "clang")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (apt-get install)")

OLD = """    for (int x = 1; x < from->width - 1; x++) {
        for (int y = 1; y < from->height - 1; y++) {
            int at = y * from->width + x;
            double around = from->cells[at - 1] + from->cells[at + 1] +
                            from->cells[at - from->width] + from->cells[at + from->width];
            to->cells[at] = from->cells[at] + *rate * (around / 4 - from->cells[at]);
        }
    }
"""
NEW = """    const int width = from->width, height = from->height;
    const double *old = from->cells;
    double *new = to->cells;
    const double share = *rate;
    for (int y = 1; y < height - 1; y++) {
        for (int x = 1; x < width - 1; x++) {
            int at = y * width + x;
            double around = old[at - 1] + old[at + 1] + old[at - width] + old[at + width];
            new[at] = old[at] + share * (around / 4 - old[at]);
        }
    }
"""
NOTHING = call("submit", summary="nothing", give_up=True)
WRONG = NEW.replace("old[at] + share * (around / 4 - old[at])", "(1 - share) * old[at] + share * around / 4")


@pytest.fixture(scope="module")
def plate(tmp_path_factory: pytest.TempPathFactory) -> Plate:
    return open_plate(tmp_path_factory.mktemp("plate"))


def test_the_hottest_function_of_the_command_is_the_target(plate: Plate) -> None:
    hottest = plate.baseline.targets[0]
    assert (hottest.name, plate.baseline.suite.stable) == (TARGET, {"make check": "passed"})
    assert hottest.own_share > 0.8
    native = plate.baseline.native
    assert native is not None
    assert native.counted == BY_INSTRUCTIONS or shutil.which("valgrind") is None


def test_remarks_lead_to_a_diff_that_is_kept(plate: Plate) -> None:
    summary = "row by row, with what does not change read once, so that relax is vectorised"
    again = call("compile", path="src/grid.c", function="relax", what=["diagnostics", "remarks", "mca"])
    said = plate.converse(
        say("What stops the loop?", call("compile", path="src/grid.c", function="relax")),
        say(
            "It walks down columns, and `cells` is read again after each store.",
            call("edit", path="src/grid.c", old=OLD, new=NEW),
        ).when(last=("[non-affine or strided access]", "[may alias]")),
        say("", again, call("run_tests")),
        say("Both are gone.", call("submit", summary=summary)),
    )
    assert said.ended.why == "submitted"
    assert "to->cells[at] = from->cells[at]" in said.task
    assert "built by `make`" in said.task
    before, _, after, tests, _ = said.answers
    assert tests.startswith("1 of 1")
    assert "as the project's own build does: cc -O3 -Wall" in before
    strided = section(before, "src/grid.c:9,")
    assert "gcc missed vectorise [non-affine or strided access]" in strided
    aliased = section(before, "src/grid.c:11,")
    assert "clang missed memory [may alias]" in aliased
    assert "of the command's cost" in aliased
    assert before.index("src/grid.c:11,") < before.index("gcc applied"), "what was missed stands first"
    assert "strided load" in strided
    assert "strided load" not in after
    assert "gcc applied vectorise: loop vectorized" in after
    assert "failed to move load" in aliased
    assert "failed to move load" not in after
    assert "cycles an iteration" in after or "not installed" in after
    verdict = evaluate(plate.bench(said.desk.draft(summary)))[0]
    assert verdict.outcome is Outcome.KEPT, verdict
    assert verdict.speedup is not None
    assert verdict.speedup.low > 1.02
    assert not any("nothing proves" in caveat for caveat in verdict.caveats)


def section(answer: str, place: str) -> str:
    """What is said of one place."""
    return answer[answer.index(place) :].split("\nsrc/", maxsplit=1)[0]


def test_another_rounding_is_not_equivalent(plate: Plate) -> None:
    verdict = evaluate(plate.edited(OLD, WRONG))[0]
    assert verdict.outcome is Outcome.NOT_EQUIVALENT, verdict


@pytest.mark.parametrize(
    ("old", "new", "unproven"),
    [
        ("grid->cells[at] > most", "most < grid->cells[at]", NOT_RUN),
        ("double total(const struct grid *grid)", "double total(const struct grid *restrict grid)", None),
    ],
)
def test_a_change_counts_where_the_command_runs_it(plate: Plate, old: str, new: str, unproven: str | None) -> None:
    bench = plate.edited(old, new)
    seen = watch_commands(bench, plate.baseline.named, {}, {})
    assert (seen.unproven, seen.caveats) == (unproven, ())


@pytest.mark.parametrize(
    ("old", "new", "outcome", "words"),
    [
        (
            '#include "heat.h"\n\n/* One',
            '#include "heat.h"\n#pragma GCC optimize("fast-math")\n\n/* One',
            "CHEATED",
            "flags",
        ),
        ("double sum = 0;", "double sum = 0", "BUILD_FAILED", "build"),
        ("double sum = 0;", "double sum = 1;", "TESTS_FAILED", "make check fails: it ended with exit code 2"),
    ],
)
def test_what_is_wrong_is_named(plate: Plate, old: str, new: str, outcome: str, words: str) -> None:
    verdict = evaluate(plate.edited(old, new))[0]
    assert verdict.outcome == outcome, verdict
    assert words in verdict.reason


def test_flags_and_tests_are_off_limits(plate: Plate) -> None:
    for path in ("Makefile", "tests/check.c", "hasten.toml"):
        with pytest.raises(Exception, match="off limits"):
            plate.desk().write(path, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"path": "tool.py"}, "neither. Use `profile` for Python"),
        ({"path": "src/grid.c", "function": "relx"}, "It defines: relax, total, hottest"),
        ({"path": "src/grid.c", "what": ["assembly"]}, "name it with function="),
        ({"path": "src/none.c"}, "no file src/none.c"),
    ],
)
def test_errors_of_compile_say_what_to_do(plate: Plate, arguments: dict[str, object], words: str) -> None:
    said = plate.converse(say("", call("compile", **arguments)), say("", NOTHING))
    answer = said.answers[0]
    assert answer.startswith("Error: ")
    assert words in answer


def test_assembly_stands_with_its_source_lines_and_broken_code_with_its_errors(plate: Plate) -> None:
    listing, _, said, _ = plate.converse(
        say("", call("compile", path="src/words.c", function="count_words", what=["assembly"])),
        say("", call("edit", path="src/grid.c", old="double sum = 0;", new="double sum = nought;")),
        say("", call("compile", path="src/grid.c", what=["diagnostics"])),
        say("", NOTHING),
    ).answers
    assert "# 11: for (size_t i = 0; i < strlen(text); i++) {" in listing
    assert "strlen" in listing.split("# 11:")[1]
    assert "gcc does not compile src/grid.c: src/grid.c:19: " in said
    assert "clang does not compile src/grid.c: src/grid.c:19: " in said


def test_a_named_function_is_the_target_and_a_near_miss_is_answered(plate: Plate) -> None:
    baseline = plate.baseline
    assert baseline.native is not None

    def ranked(name: str) -> str:
        job = replace(plate.job, target=name)
        found = native_ranking(job, baseline.snapshot, baseline.recipe, baseline.sources, baseline.native)  # type: ignore[arg-type]
        return found.targets[0].name

    assert ranked("src/grid.c:hottest") == "src/grid.c:hottest"
    with pytest.raises(UserError, match="did you mean hottest"):
        ranked("src/grid.c:hotest")
