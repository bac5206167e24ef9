"""Everything that a process runs in sandboxes can be ended at once, from another thread."""

import threading
import time

from tools.sandbox.contract import Command, Ended, Finished
from tools.sandbox.select import open_sandbox
from tools.sandbox.watch import end_all


def test_what_other_threads_run_is_ended() -> None:
    sandbox = open_sandbox("bubblewrap")
    found: list[Finished] = []
    threads = [
        threading.Thread(target=lambda: found.append(sandbox.run(Command(argv=("/bin/sleep", "100")))))
        for _ in range(3)
    ]
    began_s = time.monotonic()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        end_all()
        time.sleep(0.05)
    assert time.monotonic() - began_s < 90
    assert [one.ended for one in found] == [Ended.STOPPED] * 3
    assert sandbox.run(Command(argv=("/bin/true",))).ok
