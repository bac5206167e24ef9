"""A handler that runs late is interrupted by the next signal: no time is counted twice, none below zero."""

import sys
import time

from tools.driver import sampling


class Clocks:
    """Those of the module, of which the first one asked is interrupted by another signal once it was read."""

    def __init__(self, sampler):
        self._sampler = sampler
        self._late = True

    def process_time(self):
        now = time.process_time()
        if self._late:
            self._late = False
            while time.process_time() - now < 0.002:
                pass
            self._sampler._sample(None, sys._getframe())
        return now

    thread_time = staticmethod(time.thread_time)


def test_a_sample_that_comes_while_one_is_taken_counts_nothing(monkeypatch):
    sampler = sampling.Sampler()
    sampler._mark()
    monkeypatch.setattr(sampling, "time", Clocks(sampler))
    sampler._sample(None, sys._getframe())
    sampler._sample(None, sys._getframe())
    found = sampler.stop()
    assert found["samples"] == 2
    assert all(spent_us >= 0 for _, spent_us, _ in found["folded"])
    assert sum(spent_us for _, spent_us, _ in found["folded"]) >= 2000
