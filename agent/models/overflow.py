"""A conversation that was too long for its model: how endpoints say it, and what they say of their limit."""

import re

OVERFLOW = "overflow"
"""The `finish` of a reply that says nothing but this: trim the conversation and ask again."""

_WORDS = re.compile(
    r"context_length_exceeded|contextwindowexceeded|exceed_context_size|context (length|window|size)"
    r"|prompt is too long|input is too long|too many (input )?tokens|input tokens? (count )?.{0,20}exceed"
    r"|request too large"
    r"|reduce the length of the (messages|prompt)|exceeds the maximum number of tokens",
    re.IGNORECASE,
)
_LIMITS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"maximum context length (?:is|of) (?:only )?(\d[\d,]*)",
        r"tokens? > (\d[\d,]*) maximum",
        r"maximum number of tokens allowed \(?(\d[\d,]*)",
        r"context (?:size|window|length)[^\d]{0,20}(\d[\d,]*)",
        r"n_ctx\W{1,4}(\d+)",
        r"\blimit:? (\d[\d,]*), requested",
    )
]


def is_overflow(status: int | None, words: str) -> bool:
    """Whether an endpoint's answer means that the conversation is too long."""
    if status in {401, 402, 403, 404} or (status is not None and status > 500):
        return False
    if status == 429:
        return "request too large" in words.lower()
    return bool(_WORDS.search(words))


def limit_of(words: str) -> int | None:
    """How many tokens the endpoint says it takes; None where it does not."""
    found = (pattern.search(words) for pattern in _LIMITS)
    return next((int(one[1].replace(",", "")) for one in found if one), None)
