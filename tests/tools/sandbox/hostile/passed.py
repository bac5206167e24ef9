"""Claims success and leaves at once, with work still to do."""

import os
import threading
import time

threading.Thread(target=time.sleep, args=(600,)).start()
print("1 passed", flush=True)
os._exit(0)
