"""The pairs that ship: both sides do the same, and the fast one takes much less time on a large input."""

import ctypes
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.playbook.classics import classics
from agent.playbook.play import PYTHON, C, Play

LEAST_GAIN = 2.5
"""Of processor time on the large inputs, where every pair here gains tenfold or more."""
RANDOM = random.Random(5)

Make = Callable[[int], tuple[Any, ...]]


def numbers(size: int, below: int) -> list[int]:
    return [RANDOM.randrange(below) for _ in range(size)]


def shop(size: int) -> tuple[Any, ...]:
    customers = [{"id": number, "name": f"C{number % 7}"} for number in range(size)]
    return [{"id": n, "customer": RANDOM.randrange(size + 1)} for n in range(size)], customers


def graph(size: int) -> tuple[Any, ...]:
    return {node: [(node * 2 + 1) % max(size, 1), (node + 1) % max(size, 1)] for node in range(max(size, 1))}, 0


def ranges(size: int) -> tuple[Any, ...]:
    pairs = [sorted((RANDOM.randrange(size + 1), RANDOM.randrange(size + 1))) for _ in range(size)]
    return numbers(size, 100), pairs


INPUTS: dict[str, tuple[Make, int]] = {
    "membership in a list": (lambda n: (numbers(n, 3 * n + 1), numbers(n, 3 * n + 1)), 1500),
    "join of two lists": (shop, 500),
    "grouping": (lambda n: ([(x, i) for i, x in enumerate(numbers(n, n + 1))],), 800),
    "counting": (lambda n: ([f"w{x}" for x in numbers(n, n + 1)],), 1000),
    "queue": (graph, 1500),
    "text built at its front": (lambda n: ([f"part{i}" * 20 for i in range(n)],), 2000),
    "recursion that repeats itself": (lambda n: (n,), 22),
    "sums of ranges": (ranges, 1500),
    "largest few of a stream": (lambda n: (numbers(n, 10_000), 5), 2500),
    "maximum of a window": (lambda n: (numbers(n, 10_000), max(1, n // 4)), 1500),
    "search in sorted data": (lambda n: (numbers(n, n + 1), sorted(numbers(n, n + 1))), 700),
    "pairs that repeat": (lambda n: (list(range(n)),), 600),
    "work that does not change in a loop": (lambda n: (numbers(n, 100), 1.5), 1500),
    "overlapping intervals": (lambda n: ([(x, x + 3) for x in numbers(n, 40 * n + 1)],), 120),
    "divisors": (lambda n: (n,), 200_000),
    "whole list built for one answer": (lambda n: (list(range(n)), lambda line: line > 3), 100_000),
}
"""By the pair's name: the arguments for a size, and the large size."""
SMALL = (0, 1, 2, 3, 7, 12)


def compiled(code: str, name: str) -> Callable[..., Any]:
    names: dict[str, Any] = {}
    exec(code, names)  # ours, from the data file
    function = names[name]
    assert callable(function)
    return function


def function_name(play: Play) -> str:
    return play.before.partition("(")[0].split()[-1].lstrip("*")


def seconds(function: Callable[..., Any], arguments: tuple[Any, ...]) -> float:
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        function(*arguments)
        best = min(best, time.process_time() - begun)
    return best


OF_PYTHON = [play for play in classics() if play.language == PYTHON]


@pytest.mark.parametrize("play", OF_PYTHON, ids=[play.target for play in OF_PYTHON])
def test_both_sides_do_the_same_and_the_fast_one_is_faster(play: Play) -> None:
    make, large = INPUTS[play.target]
    slow, fast = (compiled(code, function_name(play)) for code in (play.before, play.after))
    for size in SMALL:
        arguments = make(size)
        assert slow(*arguments) == fast(*arguments)
    arguments = make(large)
    assert slow(*arguments) == fast(*arguments)
    slow_s, fast_s = seconds(slow, arguments), seconds(fast, arguments)
    assert slow_s > LEAST_GAIN * fast_s, f"{slow_s * 1e3:.1f} ms before, {fast_s * 1e3:.1f} ms after"


def built(code: str, folder: Path) -> ctypes.CDLL:
    folder.mkdir()
    (folder / "pair.c").write_text(f"#include <string.h>\n{code}")
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", folder / "pair.so", folder / "pair.c"], check=True)
    return ctypes.CDLL(str(folder / "pair.so"))


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")
def test_the_pairs_in_c_do_the_same_and_the_fast_one_is_faster(tmp_path: Path) -> None:
    plays = [play for play in classics() if play.language == C]
    assert [function_name(play) for play in plays] == ["upper", "repeat"]
    sides = [built("\n".join(getattr(play, side) for play in plays), tmp_path / side) for side in ("before", "after")]
    for code in sides:
        for text in (b"", b"a", b"Mixed case, 1 2 3 z{"):
            buffer = ctypes.create_string_buffer(text)
            code.upper(buffer)
            assert buffer.value == text.upper()
        for count in (0, 1, 5):
            buffer = ctypes.create_string_buffer(100)
            code.repeat(buffer, b"ab,", count)
            assert buffer.value == b"ab," * count
    for call in (
        lambda code: code.upper(ctypes.create_string_buffer(b"x" * 60_000)),
        lambda code: code.repeat(ctypes.create_string_buffer(100_000), b"abcd", 20_000),
    ):
        slow_s, fast_s = (seconds(call, (code,)) for code in sides)
        assert slow_s > LEAST_GAIN * fast_s


def test_every_pair_that_ships_is_tried() -> None:
    assert set(INPUTS) == {play.target for play in OF_PYTHON}
