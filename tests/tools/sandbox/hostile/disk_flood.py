"""Fills every place that lets it, and says how many bytes each took."""

import os
import sys

for place in sys.argv[1:]:
    written = 0
    try:
        fd = os.open(place + "/flood", os.O_WRONLY | os.O_CREAT)
        while written < 1 << 30:
            written += os.write(fd, bytes(1 << 20))
        end = "endless"
    except OSError as error:
        end = error.strerror
    print(place, written, end, flush=True)
