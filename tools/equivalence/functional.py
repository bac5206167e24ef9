"""What a candidate computes, as one digest: candidates with the same one do the same on the same inputs, as far as it
shows in 24 bits of a float's mantissa.

It groups candidates. It never says that two are the same where a verdict depends on it: the comparison is of every bit
(docs/equivalence.md says why).
"""

import hashlib
import json
import math
import re
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from tools.equivalence.cases import Case
from tools.equivalence.observe import Observed

MANTISSA_BITS = 24
_BITS = re.compile(r"[0-9a-f]{16}")
_ARRAYS = {"f4": "f", "f8": "d"}


def functional_digest(cases: Sequence[Case], observed: Observed) -> str:
    """Of what was returned, changed and done on the shared cases, floats rounded; empty where not all were met.

    Answers that are too large to be shown count by their exact digest.
    """
    digest = hashlib.sha256()
    shared = [number for number, case in enumerate(cases) if case.shared]
    for number in shared:
        seen = _outcome(observed, number)
        if seen is None:
            return ""
        digest.update(json.dumps([cases[number].sent, cases[number].manner, seen], sort_keys=True).encode())
    return digest.hexdigest() if shared else ""


def rounded(encoded: Any) -> Any:
    """An encoded value with its floats rounded to `MANTISSA_BITS`; NaNs are one, and so are zeros."""
    if isinstance(encoded, Mapping):
        return {key: rounded(value) for key, value in encoded.items()}
    if not isinstance(encoded, list | tuple):
        return encoded
    match encoded:
        case ["float", str(bits)]:
            return ["float", _rounded(bits)]
        case ["complex", str(real), str(imaginary)]:
            return ["complex", _rounded(real), _rounded(imaginary)]
        case ["array", _, str(dtype), _, str(data), *_] if dtype[1:] in _ARRAYS:
            return [*encoded[:4], _rounded_array(dtype, data), *encoded[5:]]
    return [rounded(value) for value in encoded]


def _outcome(observed: Observed, number: int) -> Any:
    answer = observed.answers.get(number)
    if answer is None:
        return "it ended" if number in {*observed.deaths, *observed.failures} else None
    if "digest" not in answer:
        return "slow" if answer.get("slow") else str(answer.get("unseen"))
    return rounded(answer["seen"]) if "seen" in answer else answer["digest"]


def _rounded(bits: str) -> str:
    if not _BITS.fullmatch(bits):  # a text that only looks like an encoded float
        return bits
    value: float = struct.unpack(">d", bytes.fromhex(bits))[0]
    return repr(round_mantissa(value))


def round_mantissa(value: float) -> float:
    """The nearest float of `MANTISSA_BITS` bits."""
    if not math.isfinite(value) or value == 0:
        return abs(value) if value == 0 else value
    mantissa, exponent = math.frexp(value)
    scaled = round(mantissa * (1 << MANTISSA_BITS))
    try:
        return math.ldexp(scaled, exponent - MANTISSA_BITS)
    except OverflowError:
        return value


def _rounded_array(dtype: str, data: str) -> Any:
    code = _ARRAYS[dtype[1:]]
    try:
        raw = bytes.fromhex(data)
        values = struct.unpack(f"{'>' if dtype[0] == '>' else '<'}{len(raw) // struct.calcsize(code)}{code}", raw)
    except (ValueError, struct.error):
        return data
    return [repr(round_mantissa(value)) for value in values]
