"""What code of the project looks at besides its own data: callers' frames, objects of the whole process, /proc.

The interpreter's audit events tell, however a look is spelt. A hook cannot be taken away again and costs a little with
every event: only processes that are compared have it, not those that are timed.
"""

import os
import sys

_SEARCHES = frozenset(("gc.get_objects", "gc.get_referrers", "gc.get_referents"))
_FRAMES = frozenset(("tb_frame", "gi_frame", "cr_frame", "ag_frame"))
_READERS = frozenset(("inspect", "traceback"))
"""Modules that read frames for whoever calls them."""
MOST = 20


def watch_looks(root):
    """A list that fills with sentences as code below the folder `root` looks around, each once."""
    found, busy = [], []
    frame_of, decode = sys._getframe, os.fsdecode

    def by_project():
        frame = frame_of(3)
        while frame is not None and frame.f_globals.get("__name__") in _READERS:
            frame = frame.f_back
        return frame is not None and frame.f_code.co_filename.startswith(root)

    def sentence(event, arguments):
        if event == "sys._getframe" or (event == "object.__getattr__" and arguments[1] in _FRAMES):
            return "it reads its callers' frames" if by_project() else None
        if event == "sys._current_frames":
            return "it reads other frames"
        if event in _SEARCHES:
            return "it searches the process for objects"
        if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, bytes, os.PathLike)):
            path = decode(arguments[0])
            return "it reads %s" % path[:60] if path.startswith("/proc") else None
        return None

    def hook(event, arguments):
        if busy:
            return  # looking at frames is an event as well
        busy.append(event)
        try:
            said = sentence(event, arguments)
        finally:
            busy.clear()
        if said and said not in found and len(found) < MOST:
            found.append(said)

    sys.addaudithook(hook)
    return found
