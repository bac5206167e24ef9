"""How often a key may ask: a token bucket for each, shared by all processes of a service where there is a Redis."""

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from workers.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

BURST_S = 2.0
"""A bucket holds what comes in within so long."""
MOST_BUCKETS = 10_000
"""Of one process; the one that was longest not used is forgotten, and is full when it comes back."""
REDIS_S = 0.5
"""A Redis that takes longer is left out."""
PAUSE_S = 5.0
"""How long one that failed is not asked."""

_log = logging.getLogger(__name__)

# KEYS[1] is the bucket; ARGV are its size, what comes in a second, and this moment in seconds.
_TAKE = """
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local size, rate, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local at = tonumber(kept[2]) or now
local tokens = math.min(size, (tonumber(kept[1]) or size) + math.max(0, now - at) * rate)
local taken = 0
if tokens >= 1 then tokens = tokens - 1; taken = 1 end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(math.max(at, now)))
redis.call('PEXPIRE', KEYS[1], math.ceil(size / rate * 1000) + 1000)
return {taken, tostring(tokens)}
"""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Whether a request may be answered, and how many more may follow at once."""

    taken: bool
    left: int
    wait_s: float
    """Until there is room for one more; 0 where there is."""


class Buckets(Protocol):
    """Token buckets by name."""

    def take(self, name: str, per_s: float) -> Turn:
        """Take one token of a bucket that fills by `per_s`."""


class LocalBuckets:
    """Those of one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, per_s: float) -> Turn:
        """Take one token of a bucket that fills by `per_s`."""
        size, now = size_of(per_s), self._clock()
        with self._lock:
            tokens, at = self._kept.pop(name, (size, now))
            tokens = min(size, tokens + (now - at) * per_s)
            taken = tokens >= 1
            tokens -= 1 if taken else 0
            self._kept[name] = (tokens, now)
            if len(self._kept) > MOST_BUCKETS:
                self._kept.popitem(last=False)
        return _turn(taken, tokens, per_s)


class RedisBuckets:
    """Those that all processes of a service share; while Redis is away each process counts for itself."""

    def __init__(self, redis: "Redis", clock: Callable[[], float] = time.time) -> None:
        self._script = redis.register_script(_TAKE)
        self._clock = clock
        self._local = LocalBuckets()
        self._away_until_s = 0.0

    def take(self, name: str, per_s: float) -> Turn:
        """Take one token of a bucket that fills by `per_s`."""
        from redis.exceptions import RedisError  # noqa: PLC0415 - only where there is one

        now = self._clock()
        if now < self._away_until_s:
            return self._local.take(name, per_s)
        try:
            taken, tokens = self._script(keys=[f"hasten:rate:{name}"], args=[size_of(per_s), per_s, now])
        except RedisError as error:
            _log.warning("requests are counted in this process alone: %s", error)
            self._away_until_s = now + PAUSE_S
            return self._local.take(name, per_s)
        return _turn(bool(taken), float(tokens), per_s)


def make_buckets(settings: Settings) -> Buckets:
    """The buckets of a service: in Redis where its broker is one, else of this process."""
    url = settings.broker_url.get_secret_value() if settings.broker_url else ""
    if not url.startswith(("redis://", "rediss://", "unix://")):
        return LocalBuckets()
    from redis import Redis  # noqa: PLC0415

    return RedisBuckets(Redis.from_url(url, socket_timeout=REDIS_S, socket_connect_timeout=REDIS_S))


def size_of(per_s: float) -> float:
    """How many requests may come at once."""
    return max(1.0, math.floor(per_s * BURST_S))


def _turn(taken: bool, tokens: float, per_s: float) -> Turn:
    return Turn(taken=taken, left=int(tokens), wait_s=max(0.0, (1 - tokens) / per_s))
