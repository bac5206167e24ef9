"""Token buckets: of one process, and of all that share a Redis."""

import pytest
import redis

from api.rest.rates import LocalBuckets, RedisBuckets, make_buckets
from workers.settings import Settings


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(params=["local", "redis"])
def clock_and_buckets(request: pytest.FixtureRequest) -> tuple[Clock, LocalBuckets | RedisBuckets]:
    clock = Clock()
    if request.param == "local":
        return clock, LocalBuckets(clock)
    return clock, RedisBuckets(redis.Redis.from_url(request.getfixturevalue("redis_url")), clock)


def test_a_bucket_holds_two_seconds_and_fills_again(clock_and_buckets: tuple[Clock, LocalBuckets]) -> None:
    clock, buckets = clock_and_buckets
    turns = [buckets.take("k", 2.0) for _ in range(5)]
    assert [turn.taken for turn in turns] == [True] * 4 + [False]
    assert [turn.left for turn in turns] == [3, 2, 1, 0, 0]
    assert turns[-1].wait_s == pytest.approx(0.5, abs=0.01)
    assert buckets.take("another", 2.0).taken
    clock.now_s += 0.5
    assert [buckets.take("k", 2.0).taken for _ in range(2)] == [True, False]
    clock.now_s += 100
    assert [buckets.take("k", 2.0).taken for _ in range(5)] == [True] * 4 + [False]


def test_processes_that_share_a_redis_count_together(redis_url: str) -> None:
    clock = Clock()
    several = [RedisBuckets(redis.Redis.from_url(redis_url), clock) for _ in range(3)]
    assert sum(buckets.take("k", 2.0).taken for buckets in several * 3) == 4


def test_a_redis_that_is_away_lets_each_process_count_for_itself() -> None:
    nobody = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2)
    buckets = RedisBuckets(nobody, Clock())
    assert [buckets.take("k", 1.0).taken for _ in range(3)] == [True, True, False]


def test_the_broker_says_where_requests_are_counted(redis_url: str) -> None:
    assert isinstance(make_buckets(Settings()), LocalBuckets)
    assert isinstance(make_buckets(Settings(broker_url=redis_url)), RedisBuckets)  # type: ignore[arg-type]
