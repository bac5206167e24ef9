"""What a branch changed since it left another one."""

from pathlib import Path

import pytest
from checkouts import Checkout

from tools.errors import UserError
from tools.git.since import changed_since


@pytest.fixture
def branched(tmp_path: Path) -> tuple[Checkout, str, str]:
    """A checkout on a branch, its merge base with main and its HEAD; main went on by itself."""
    checkout = Checkout(tmp_path / "repository")
    base = checkout.commit({"a.py": "def f(): pass\n", "b.py": "def g(): pass\n", "c.txt": "one"})
    checkout.git("checkout", "-q", "-b", "topic")
    head = checkout.commit({"a.py": "def f(): return 1\n", "new.py": "def n(): pass\n", "c.txt": "two"})
    checkout.git("checkout", "-q", "main")
    checkout.commit({"b.py": "def g(): return 2\n"})
    checkout.git("checkout", "-q", "topic")
    return checkout, base, head


def test_only_what_the_branch_itself_changed_counts(branched: tuple[Checkout, str, str], tmp_path: Path) -> None:
    checkout, base, head = branched
    found = changed_since(str(checkout.path), "main", head, home=tmp_path / "home")
    assert found.base == base
    assert found.before == {"a.py": b"def f(): pass\n", "new.py": None}


def test_an_unknown_ref_is_named_with_those_that_are_near(branched: tuple[Checkout, str, str], tmp_path: Path) -> None:
    checkout, _, head = branched
    with pytest.raises(UserError, match=r"no branch, tag or commit 'topik' in .*; did you mean topic"):
        changed_since(str(checkout.path), "topik", head, home=tmp_path / "home")


def test_histories_with_nothing_in_common_are_told_apart(branched: tuple[Checkout, str, str], tmp_path: Path) -> None:
    checkout, _, head = branched
    checkout.git("checkout", "-q", "--orphan", "other")
    checkout.commit({"z.py": ""})
    with pytest.raises(UserError, match="no history in common"):
        changed_since(str(checkout.path), "other", head, home=tmp_path / "home")


def test_a_folder_without_git_has_no_history(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(UserError, match="--since needs a git history"):
        changed_since(str(tmp_path / "plain"), "main", "tree:" + "0" * 40, home=tmp_path / "home")
