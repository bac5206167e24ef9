"""BM25 over words of code and prose.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009); a word counts by its field as in
BM25F, before it saturates.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

SATURATION = 1.2
LENGTH_SHARE = 0.5
PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
STOP = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does", "each", "for", "from"),
        *("has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or"),
        *(
            "our",
            "so",
            "some",
            "such",
            "than",
            "that",
            "the",
            "their",
            "them",
            "then",
            "there",
            "these",
            "they",
            "this",
        ),
        *("those", "to", "was", "we", "were", "what", "when", "where", "which", "who", "will", "with", "would", "you"),
        *("your", "self", "cls", "return", "returns", "parameter", "parameters", "param", "want", "need", "should"),
    )
)


def words_of(text: str) -> list[str]:
    """The words of prose and the parts of identifiers, in lower case and without their endings."""
    return [part for word in WORD.findall(text) for part in _parts(word)]


@lru_cache(maxsize=200_000)
def _parts(word: str) -> tuple[str, ...]:
    pieces = [piece.lower() for piece in PIECE.findall(word)] or [word.lower()]
    return tuple(stem(piece) for piece in pieces if piece not in STOP)


def stem(word: str) -> str:
    """A word without the endings of plurals and verbs: `matches`, `matched` and `matching` are one."""
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith(("ies", "ied")) and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed", "ation", "ion", "er", "or", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeioulsz":
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


class Ranking:
    """An index of texts, each with its words by field."""

    def __init__(self, texts: Sequence[Mapping[str, float]]) -> None:
        """Each text is its words with their weights summed."""
        self._count = len(texts)
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        lengths = [sum(text.values()) for text in texts]
        mean = sum(lengths) / max(1, len(lengths)) or 1.0
        self._norms = [1 - LENGTH_SHARE + LENGTH_SHARE * length / mean for length in lengths]
        for number, text in enumerate(texts):
            for word, weight in text.items():
                self._postings[word].append((number, weight))

    def best(self, query: Iterable[str], most: int) -> list[tuple[int, float]]:
        """The texts that answer a query best, by number, with their scores; only those with one of its words."""
        scores: defaultdict[int, float] = defaultdict(float)
        for word, times in Counter(query).items():
            postings = self._postings.get(word, ())
            if not postings:
                continue
            rarity = math.log(1 + (self._count - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, weight in postings:
                scores[number] += times * rarity * weight / (weight + SATURATION * self._norms[number])
        return sorted(scores.items(), key=lambda one: (-one[1], one[0]))[:most]


def weighted(fields: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The words of several texts, each text with the weight of one of its words."""
    total: defaultdict[str, float] = defaultdict(float)
    for text, weight in fields:
        for word in words_of(text):
            total[word] += weight
    return dict(total)
