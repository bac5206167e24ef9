"""Kills everything that it may kill."""

import os
import signal

for target in (-1, 1):
    try:
        os.kill(target, signal.SIGKILL)
    except OSError as error:
        print(target, error.strerror)
print("still here", flush=True)
