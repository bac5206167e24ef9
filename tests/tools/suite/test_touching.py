"""Which functions each test ran."""

from tools.profile.source import MODULE_LEVEL, Function

TESTS = """
import pytest
from shop import prices

AT_COLLECTION = prices.Cart.empty()

@pytest.fixture(scope="module")
def shared():
    return prices.total(["a"])

def test_one(): assert prices.price("a") == 2
def test_two(shared): assert shared == 2
def test_three(shared): assert shared == 2
def test_four(): assert prices.Cart.of("b").first == "b"
def test_five(): assert prices.price("b") == 3
def test_code_can_be_hashed(): assert len({prices.price.__code__, prices.total.__code__}) == 2
def test_docstrings_stay(): assert prices.__doc__ == "Prices."
def test_threads():
    import threading
    thread = threading.Thread(target=prices.change, args=([],))
    thread.start()
    thread.join()
class TestClass:
    @classmethod
    def setup_class(cls): cls.size = prices.Cart([1]).size()
    def test_a(self): assert self.size == 1
    def test_b(self): assert self.size == 1
"""


def names(functions):
    return {function.qualname for function in functions if function.path == "shop/prices.py"}


def test_functions_by_test_with_what_fixtures_of_wider_scope_ran(project, run):
    found = run(project({"test_it.py": TESTS}), mode="touch")
    assert found.report.problem == ""
    assert [case.message for case in found.report.cases if case.outcome != "passed"] == []
    touched = found.touched
    by_test = {test.removeprefix("test_it.py::"): names(ran) for test, ran in touched.by_test.items()}
    assert by_test == {
        "test_one": {"price"},
        "test_two": {"total", "price"},
        "test_three": {"total", "price"},
        "test_four": {"Cart.of", "Cart.__init__", "Cart.first"},
        "test_five": {"price"},
        "test_code_can_be_hashed": set(),
        "test_docstrings_stay": set(),
        "test_threads": {"change"},
        "TestClass::test_a": {"Cart.__init__", "Cart.size"},
        "TestClass::test_b": {"Cart.__init__", "Cart.size"},
    }
    assert names(touched.at_import) == {MODULE_LEVEL, "Cart.empty"}
    assert touched.covered_by(Function(path="shop/prices.py", qualname="total")) == 2


def test_a_test_that_profiles_by_itself_costs_only_its_own_functions(project, run):
    text = """
    import sys
    from shop import prices
    def test_profiles():
        sys.setprofile(lambda *_: None)
        sys.setprofile(None)
    def test_after(): prices.price("a")
    """
    touched = run(project({"test_it.py": text}), mode="touch").touched
    assert names(touched.by_test["test_it.py::test_after"]) == {"price"}
