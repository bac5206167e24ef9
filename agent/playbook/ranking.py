"""Which plays are most like a piece of code: three views, each with its best, fused by reciprocal rank.

CRAFT (Yuan et al., ICLR 2024) takes the best three of three views (problem, name, docstring) by embeddings. Ours need
no service: words of name and docstring (weighted by how rare they are), shape of the code (trigrams of the syntax
tree's nodes in order, a sequence form of the pq-grams of Augsten et al., VLDB 2005, compared by Dice's coefficient over
multisets) and constructs (Jaccard's coefficient, those that often cost time counting more). The lists are fused as in
Cormack, Clarke and Buettcher, SIGIR 2009: the sum of 1 / (60 + rank).
"""

import ast
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from agent.playbook.abstract import Abstraction
from agent.playbook.play import PYTHON, Play, Query, Remembered
from agent.playbook.tags import COSTLY, tags_of

BEST_OF_EACH_VIEW = 3
RANK_CONSTANT = 60
COSTLY_COUNTS = 3
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_COMMON = frozenset({
    "and", "are", "for", "from", "get", "not", "the", "with", "self", "return",
})  # fmt: skip
_SHORTEST_WORD = 3
_GENERALISED = re.compile(r"^([fvga])\d+$")


def ranked(
    plays: Sequence[Remembered], query: Query, most: int, *, best_of_each: int = BEST_OF_EACH_VIEW
) -> tuple[Remembered, ...]:
    """At most `most` plays of the query's language, the most alike first; those like it in no view are left out."""
    there = [one for one in plays if one.play.language == query.language and _was_there(one.play, query)]
    scores: dict[int, float] = {}
    for alike in (_by_words(there, query), _by_shape(query), _by_constructs(query)):
        seen = [(alike(one.play), one.number) for one in there]
        best = sorted((pair for pair in seen if pair[0] > 0), key=lambda pair: (-pair[0], pair[1]))[:best_of_each]
        for score, number in best:
            rank = 1 + sum(other > score for other, _ in best)  # those that are equally alike share a rank
            scores[number] = scores.get(number, 0.0) + 1 / (RANK_CONSTANT + rank)
    chosen = sorted((one for one in there if one.number in scores), key=lambda one: (-scores[one.number], one.number))
    return tuple(chosen[:most])


def words_of(text: str) -> tuple[str, ...]:
    """The telling words of a name or a sentence, in lower case, each once, in order; plurals count as singulars."""
    found = (word.lower() for word in _WORD.findall(text))
    kept = (word for word in found if len(word) >= _SHORTEST_WORD and word not in _COMMON)
    return tuple(dict.fromkeys(word.removesuffix("s") if len(word) > _SHORTEST_WORD else word for word in kept))


def docstring_of(code: str) -> str:
    """The first line of the first function's docstring; empty where there is none."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return ""
    first = next((node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)), None)
    text = ast.get_docstring(first) if first is not None else None
    return (text or "").partition("\n")[0]


@lru_cache(maxsize=8192)
def shape_of(pattern: str, language: str = PYTHON) -> Counter[tuple[str, str, str]]:
    """Trigrams of a pattern's nodes in order; of its tokens where it is not Python."""
    steps = ["(", *_steps(pattern, language), ")"]
    return Counter(zip(steps, steps[1:], steps[2:], strict=False))


@lru_cache(maxsize=64)
def pattern_of(query: Query) -> str:
    """The pattern of a query's code; empty where there is none."""
    return Abstraction(query.language, query.imported).of(query.code) if query.code.strip() else ""


def alike_in_shape(one: str, other: str, language: str = PYTHON) -> float:
    """Dice's coefficient of two patterns' shapes: 0 for nothing in common, 1 for the same."""
    few, many = sorted((shape_of(one, language), shape_of(other, language)), key=len)
    shared = sum(min(count, many[steps]) for steps, count in few.items() if steps in many)
    return 2 * shared / max(1, few.total() + many.total())


def _steps(pattern: str, language: str) -> Iterable[str]:
    if language == PYTHON:
        try:
            return list(_in_order(ast.parse(pattern)))
        except (SyntaxError, ValueError):
            pass
    return map(_plain, pattern.split())


def _plain(name: str) -> str:
    """A generalised name without its number, which says only in what order names came."""
    return _GENERALISED.sub(r"\1", name)


def _in_order(node: ast.AST) -> Iterable[str]:
    """Nodes before their children; names of operators, methods and builtins as well."""
    if isinstance(node, ast.expr_context | ast.Module | ast.Load):
        yield from ()
    else:
        yield type(node).__name__
    if isinstance(node, ast.Attribute):
        yield f".{_plain(node.attr)}"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield f"{_plain(node.func.id)}()"
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr_context):
            yield from _in_order(child)


def _was_there(play: Play, query: Query) -> bool:
    return query.before is None or play.at < query.before


def _by_words(plays: Sequence[Remembered], query: Query) -> Callable[[Play], float]:
    """Shared words, rare ones counting more: inverse document frequency (Sparck Jones, 1972)."""
    asked = set(words_of(f"{query.name.partition(':')[2]} {docstring_of(query.code)} {query.words}"))
    counts = Counter(word for one in plays for word in set(one.play.words))

    def alike(play: Play) -> float:
        return sum(math.log1p(len(plays) / counts[word]) for word in asked & set(play.words))

    return alike


def _by_shape(query: Query) -> Callable[[Play], float]:
    pattern = pattern_of(query)

    def alike(play: Play) -> float:
        return alike_in_shape(pattern, play.pattern_before, play.language) if pattern else 0.0

    return alike


def _by_constructs(query: Query) -> Callable[[Play], float]:
    asked = set(tags_of(query.code, query.language)) | {query.words.strip().lower()}
    asked.discard("")

    def alike(play: Play) -> float:
        theirs = set(play.tags)
        return _weight(asked & theirs) / max(1, _weight(asked | theirs))

    return alike


def _weight(tags: Iterable[str]) -> int:
    return sum(COSTLY_COUNTS if tag in COSTLY else 1 for tag in tags)
