"""The rewriter as a whole: what it leaves alone, how it composes, and that it never fails on real code."""

import ast
import random
import textwrap
from pathlib import Path

import pytest
from corpus_cases import TWO_SLOW_SPOTS, Case, cases

from agent.proposers.rewrite import docs as rule_docs
from agent.proposers.rewrite import rewrites
from agent.proposers.rewrite.idle_imports import without_idle_imports
from agent.proposers.rewrite.module import ModuleUnderEdit
from agent.proposers.rewrite.rule import Edit
from agent.proposers.rewrite.rules import RULES


def sources(text: str, qualname: str = "target") -> dict[str, str]:
    return {edit.rule: edit.source for edit in rewrites(text, qualname, path="module.py")}


def test_composes_everything_first() -> None:
    edits = rewrites(TWO_SLOW_SPOTS, "target", path="module.py")
    assert [edit.rule for edit in edits] == ["all", "membership", "string-join"]
    assert "stop_set" in edits[0].source
    assert "text_parts" in edits[0].source
    assert edits[0].told.startswith("membership: look things up in a set")
    assert "; string-join: " in edits[0].told


def test_leaves_the_rest_of_the_file_as_it_is() -> None:
    tail = TWO_SLOW_SPOTS[TWO_SLOW_SPOTS.index("def untouched") :]
    for edit in rewrites(TWO_SLOW_SPOTS, "target", path="module.py"):
        assert edit.source.endswith(tail)
        assert edit.source.startswith('"""Two slow spots."""\n\n\ndef target(')
        assert "# each" in edit.source


def test_line_is_where_the_slow_spot_is() -> None:
    lines = {edit.rule: edit.line for edit in rewrites(TWO_SLOW_SPOTS, "target", path="module.py")}
    assert lines["membership"] == 7
    assert lines["string-join"] == 8


@pytest.mark.parametrize("text", ["def target(:\n", "\0", "def target(): return 1\n\tx", ""])
def test_text_that_does_not_parse_gives_nothing(text: str) -> None:
    assert rewrites(text, "target", path="module.py") == []


@pytest.mark.parametrize("qualname", ["missing", "Target", "untouched.inner", ""])
def test_unknown_function_gives_nothing(qualname: str) -> None:
    assert rewrites(TWO_SLOW_SPOTS, qualname, path="module.py") == []


def test_methods_and_nested_functions_are_found_with_and_without_locals() -> None:
    body = textwrap.indent(TWO_SLOW_SPOTS[TWO_SLOW_SPOTS.index("def target") :], " " * 8)
    text = f"class Shop:\n    def outer(self):\n{body}\n        return target\n"
    assert "membership" in sources(text, "Shop.outer.target")
    assert sources(text, "Shop.outer.<locals>.target") == sources(text, "Shop.outer.target")


def test_line_ends_of_windows_are_kept() -> None:
    for source in sources(TWO_SLOW_SPOTS.replace("\n", "\r\n")).values():
        assert source.count("\n") == source.count("\r\n")
    assert sources(TWO_SLOW_SPOTS.replace("\n", "\r\n", 3)) == {}


def test_tabs_and_missing_last_line_end_are_kept() -> None:
    text = TWO_SLOW_SPOTS.replace("    ", "\t")
    start, end = text.index("def target"), text.index("\n\n\ndef untouched")
    for source in sources(text[start:end]).values():
        assert not any(line.startswith(" ") for line in source.splitlines())
        ast.parse(source)


def test_every_definition_of_a_name_is_looked_at() -> None:
    slow = "def target(rows: list):\n        return [row for row in rows if row in set(rows)]"
    text = f"if fast:\n    def target(rows): return rows\nelse:\n    {slow}\n"
    assert "rows_set = set(rows)" in sources(text)["hoist"]


def test_a_star_import_may_hide_any_builtin() -> None:
    assert sources("from numpy import *\n" + TWO_SLOW_SPOTS) == {
        "string-join": sources("from numpy import *\n" + TWO_SLOW_SPOTS)["string-join"]
    }


def test_fresh_names_do_not_meet_names_in_use() -> None:
    text = TWO_SLOW_SPOTS.replace("# each", "# stop_set")
    assert "stop_set_2 = set(stop)" in sources(text)["membership"]


@pytest.mark.parametrize("case", cases("accept"), ids=str)
def test_a_rule_does_not_rewrite_its_own_work_again(case: Case) -> None:
    rule = next(rule for rule in RULES if rule.name == case.rule)
    left = len(rule.rewrite(ModuleUnderEdit(case.before), case.qualname))
    after = rule.rewrite(ModuleUnderEdit(case.after), case.qualname)
    assert len(after) < left


def test_the_standard_library_never_makes_it_fail() -> None:
    """A hundred functions of the standard library, drawn by a fixed seed: every edit of every rule compiles."""
    folder = Path(ast.__file__).parent
    drawn = random.Random(7).sample(sorted(folder.glob("*.py")), 40)
    for path in drawn:
        text = path.read_text(encoding="utf-8")
        names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)][:4]
        for name in names:
            for edit in rewrites(text, name, path=path.name):
                compile(edit.source, path.name, "exec")
                assert edit.source != text


def test_the_page_of_rules_is_up_to_date() -> None:
    assert rule_docs.PAGE.read_text(encoding="utf-8") == rule_docs.page(), "run python -m agent.proposers.rewrite.docs"


def test_an_import_that_a_later_edit_made_useless_is_not_left_behind() -> None:
    source = (
        "from itertools import chain, zip_longest as longest\n\n\ndef target(names, widths):\n"
        "    return chain(longest(names, widths)), '|'.join(padded(n, w) for n, w in zip(names, widths))\n"
    )
    first = rewrites(source, "target", path="m.py")[0]
    assert "starmap" not in first.source
    assert "map(padded, names, widths)" in first.source
    assert first.source.startswith("from itertools import chain, zip_longest as longest\n")


def test_a_pattern_is_named_as_the_variable_that_it_goes_to() -> None:
    source = """import re


def findWords(text):
    word = re.compile('a+')
    return word.sub('', re.sub('b', '', text))
"""
    (together, *_) = rewrites(source, "findWords", path="m.py")
    assert "_WORD = re.compile('a+')" in together.source
    assert "_FIND_WORDS_PATTERN = re.compile('b')" in together.source


QUICK = "def target(a, b):\n    return max(a, b)\n"


def ladder(branches: int, first: str = "max(a, b)") -> str:
    """A function whose `elif` chain is nested as deep as it has branches."""
    more = "".join(f"    elif x == {i}:\n        return {i}\n" for i in range(1, branches))
    return f"def target(x, a, b):\n    if x == 0:\n        return {first}\n{more}"


@pytest.mark.parametrize("branches", [250, 340, 800])
def test_a_function_that_is_nested_too_deep_gives_nothing_and_ends_nothing(branches: int) -> None:
    assert sources(ladder(branches)) == {}
    assert sources(ladder(branches, first="0")) == {}


def test_what_stands_beside_a_function_that_is_nested_too_deep_is_rewritten() -> None:
    assert {"all", "membership"} <= set(sources(ladder(400).replace("target", "deep") + TWO_SLOW_SPOTS))


def test_a_rule_that_cannot_follow_a_function_keeps_the_others_from_it() -> None:
    class Deep:
        name, safe_when, payoff = "deep", "Never.", 1000

        def rewrite(self, module: ModuleUnderEdit, function: str) -> list[Edit]:
            raise RecursionError(f"{function} of {module.path}")

    assert rewrites(QUICK, "target", path="deep.py", rules=[*RULES, Deep()]) == []


@pytest.mark.parametrize(
    "above", ["X = 1\n\x0c\n", "X = 'a\u2028b'\n", "# a\x85b\n", "X = 'a\x1cb'\n", "# a\rX = 1\n", "\x0c"]
)
def test_signs_that_only_splitlines_takes_for_line_ends_keep_nothing_back(above: str) -> None:
    assert sources(above + QUICK)["either"] == above + sources(QUICK)["either"]


def test_an_import_behind_a_form_feed_that_a_later_edit_made_useless_is_not_left_behind() -> None:
    before = "X = 1\n\x0c\ndef f():\n    return 1\n"
    assert without_idle_imports(before, "from itertools import starmap\n" + before) == before


def test_an_import_stays_where_the_file_is_nested_too_deep_to_tell_what_else_changed() -> None:
    after = "from itertools import starmap\n" + ladder(400)
    assert without_idle_imports(ladder(400), after) == after
