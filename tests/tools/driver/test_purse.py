"""The time for pickling calls: it holds for all tests together, the last one gets its part, and the rare have some."""

from tools.driver.purse import Purse


def spent(purse: Purse, tests: int, *, each_s: float, wanted: int, few: int = 0) -> list[float]:
    """What each test spends where it wants so many calls, of which the first `few` are of a function with few."""
    found = []
    purse.share(tests)
    for _ in range(tests):
        purse.begin_test()
        paid = 0
        for number in range(wanted):
            if purse.allows(number < few):
                purse.pay(each_s)
                paid += 1
        found.append(paid * each_s)
    return found


def test_all_tests_together_take_what_there_is_and_each_gets_its_part() -> None:
    found = spent(Purse(1.0), 100, each_s=0.001, wanted=1000)
    assert sum(found) <= 1.01
    assert min(found) >= 0.009


def test_what_one_test_leaves_is_for_those_behind_it() -> None:
    purse = Purse(1.0)
    quiet = spent(purse, 100, each_s=0.001, wanted=0)
    purse.begin_test()
    paid = 0
    while purse.allows(few=False):
        purse.pay(0.001)
        paid += 1
    assert sum(quiet) == 0.0
    assert paid > 900


def test_functions_with_few_calls_take_theirs_in_advance_and_not_more_than_a_part() -> None:
    purse = Purse(1.0)
    purse.share(100)
    purse.begin_test()
    while purse.allows(few=False):
        purse.pay(0.01)
    taken = 0
    while purse.allows(few=True):
        purse.pay(0.01)
        taken += 1
    assert 15 <= taken <= 25


def test_without_a_budget_there_is_always_some() -> None:
    assert sum(spent(Purse(), 3, each_s=100.0, wanted=5)) == 1500.0
