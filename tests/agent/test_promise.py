"""The order of targets: what rules can change comes first, and by what it could give."""

from agent.promise import by_promise, payoffs_of
from tools.profile.targets import Target

TEXT = """
def plain(items):
    return sorted(items)


def member(items, wanted):
    found = []
    for item in items:
        if item in wanted:
            found.append(item)
    return found
"""


def target(qualname: str, share: float) -> Target:
    return Target(
        module="shop", qualname=qualname, path="shop.py", line=1, own_share=share, cumulative_share=share, covered_by=4
    )


def test_a_function_with_findings_comes_before_a_hotter_one_without() -> None:
    targets = [target("plain", 0.6), target("member", 0.3)]
    found = by_promise(targets, payoffs_of(targets, lambda _: TEXT))
    assert [(one.qualname, one.findings > 0) for one in found] == [("member", True), ("plain", False)]


LONG_AND_SHORT = """
import re


def short(text):
    return re.sub(r"a+", "b", text)


def long(text):
    text = re.sub(r"a+", "b", text)
    for line in text.splitlines():
        for word in line.split():
            print(word.strip().lower(), word.upper().title(), len(word) + 1)
    return text
"""


def test_an_edit_of_all_that_a_function_does_comes_before_one_of_little() -> None:
    targets = [target("long", 0.02), target("short", 0.01)]
    found = by_promise(targets, payoffs_of(targets, lambda _: LONG_AND_SHORT))
    assert [one.qualname for one in found] == ["short", "long"]
    assert all(one.findings for one in found)


def test_a_function_that_the_sampler_never_saw_is_not_left_for_last() -> None:
    targets = [target("long", 0.02), target("short", 0.0)]
    found = by_promise(targets, payoffs_of(targets, lambda _: LONG_AND_SHORT))
    assert [one.qualname for one in found] == ["short", "long"]


def test_a_function_that_is_nested_too_deep_for_the_rules_is_one_without_a_finding() -> None:
    ladder = "".join(f"    elif x == {i}:\n        return {i}\n" for i in range(1, 400))
    text = f"{TEXT}\n\ndef deep(x, a, b):\n    if x == 0:\n        return max(a, b)\n{ladder}"
    payoffs = payoffs_of([target("deep", 0.6), target("member", 0.3)], lambda _: text)
    assert payoffs["shop:deep"] == (0, 0.0)
    assert payoffs["shop:member"][0] > 0


def test_another_definition_of_the_name_may_be_nested_too_deep_to_weigh_by_recursion() -> None:
    text = f"if 0:\n    def member():\n        return {'-' * 980}1\n{TEXT}"
    assert payoffs_of([target("member", 0.3)], lambda _: text)["shop:member"][0] > 0
