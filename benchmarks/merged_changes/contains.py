"""Arrays of which some items must match: the keyword `contains` with both its limits."""

import random

from jsonschema import Draft202012Validator

VALIDATOR = Draft202012Validator(
    {"type": "array", "contains": {"type": "integer", "minimum": 90}, "minContains": 2, "maxContains": 1_000_000}
)
sizes = (50, 500)


def make_input(seed, size):
    rng = random.Random(seed)
    return [rng.choice((rng.randint(0, 100), rng.random(), str(rng.randint(0, 100)))) for _ in range(size)]


def run(items):
    return [error.message for error in VALIDATOR.iter_errors(items)]
