"""How far a run of the suite has come, told to whoever waits for it."""

import time

from agent.kit import Kit
from tools.testreport import SetAside
from tools.testsuite import Moment

NOTICE_S = 15.0
"""After this long a test that runs is named."""
NOTE_EVERY_S = 60.0


class SuiteWatch:
    """Tells a person how far a run has come."""

    def __init__(self, kit: Kit, run: str, patience_s: float) -> None:
        """`run` is what it is called in words; a test that takes longer than `patience_s` is set aside."""
        self._kit = kit
        self._run = run
        self._patience_s = patience_s
        self._named: set[str] = set()
        self._noted_s = time.monotonic()
        kit.progress.phase("tests", self._run)

    def __call__(self, moment: Moment) -> None:
        far = f"{moment.done} of {moment.of} tests" if moment.of else "collecting"
        long = moment.running if moment.running and moment.running_s >= NOTICE_S else None
        self._kit.progress.phase("tests", f"{self._run}, {far}{f', {long}' if long else ''}")
        if long and long not in self._named:
            self._named.add(long)
            self._kit.progress.note(
                f"{long} runs for {moment.running_s:.0f} s now; after {self._patience_s:.0f} s it is set aside"
            )
        elif time.monotonic() - self._noted_s >= NOTE_EVERY_S:
            self._noted_s = time.monotonic()
            self._kit.progress.note(f"{self._run}: {far}")

    def set_aside(self, one: SetAside) -> None:
        """A test or file ended the run; it goes on without."""
        self._kit.progress.note(f"set aside: {one.id} {one.why}")
