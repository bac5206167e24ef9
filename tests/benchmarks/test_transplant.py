"""What is taken over from one version of a file into another, and what stays."""

import pytest

from benchmarks.transplant import transplant

OLD = '''"""A parser."""
import re

LIMIT = 1


class Parser:
    def read(self):
        return LIMIT

    # kept as it is
    def write(self):
        return "old"


def free():
    return "old"
'''
NEW = '''"""A parser, rewritten."""
import os
import re

# How much is read at once.
CHUNK = 8
LIMIT = 2


class Parser:
    @property
    def read(self):
        return self.fast() * CHUNK

    def fast(self):
        return 3

    def write(self):
        return "new"


def free():
    return "new"
'''


def test_only_what_is_named_is_taken_over() -> None:
    taken = transplant(OLD, NEW, ["CHUNK", "Parser.read", "Parser.fast"], ["from __future__ import annotations"])
    names: dict[str, object] = {}
    exec(taken, names)
    parser = names["Parser"]()  # type: ignore[operator]
    assert parser.read == 24
    assert (parser.write(), names["free"](), names["LIMIT"]) == ("old", "old", 1)  # type: ignore[operator]
    assert taken.startswith('"""A parser."""\nfrom __future__ import annotations\nimport re\n')
    assert "# How much is read at once.\nCHUNK = 8\n\nLIMIT = 1\n" in taken
    assert "    # kept as it is\n    def write" in taken


def test_a_name_that_the_new_file_lacks_is_an_error() -> None:
    with pytest.raises(KeyError, match="gone"):
        transplant(OLD, NEW, ["gone"])
