"""Leaves a daemon behind: one that lets go of everything, or with `hold` one that keeps standard output open."""

import os
import sys
import time

if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    if sys.argv[1] != "hold":
        os.closerange(0, 64)
    time.sleep(600)
os.wait()
print("gone", flush=True)
