"""Values that matter to a call: lengths, what stands in its arguments, constants of the code, round numbers."""

import collections

MOST_POOL = 64
_SCALARS = (int, float, str, bytes)
_MAPPINGS = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)


def round_number(rng):
    """A power of what people count in, where names and units of numbers change."""
    return rng.choice((10, 1000, 1024, 60, 2)) ** rng.randrange(1, 12)


def gathered(values, constants):
    """Scalars by type that matter here: constants, lengths of containers, what stands in the arguments."""
    pool = collections.defaultdict(list)
    waiting = collections.deque(values)
    seen = 0
    while waiting and seen < MOST_POOL:
        value = waiting.popleft()
        seen += 1
        kind = type(value)
        if kind in _SCALARS:
            if value not in pool[kind]:
                pool[kind].append(value)
            continue
        if kind in (list, tuple, set, frozenset, collections.deque, *_MAPPINGS):
            pool[int].append(len(value))
            waiting.extend(sorted(value, key=repr)[:16] if kind in (set, frozenset) else list(value)[:16])
            if kind in _MAPPINGS:
                waiting.extend(list(value.values())[:16])
    for value in constants:
        pool[type(value)].append(value)
    return pool
