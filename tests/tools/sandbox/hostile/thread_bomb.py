"""Starts threads until nothing more can be had, then says how many and stays."""

import threading
import time

count = 0
try:
    while count < 5000:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        count += 1
except RuntimeError:
    pass
print("threads", count, flush=True)
time.sleep(600)
