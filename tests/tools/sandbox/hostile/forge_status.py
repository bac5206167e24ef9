"""Leaves a process behind and says, in the name of the sandbox's own first process, that there is none."""

import os
import time

if os.fork() == 0:
    time.sleep(600)

for name in range(10):
    try:
        fd = os.open(f"/proc/1/fd/{name}", os.O_WRONLY | os.O_NONBLOCK)
        os.write(fd, b"\n=0\n!forged\n")
    except OSError:
        pass
os._exit(9)
