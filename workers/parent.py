"""A process that ends with the one that started it, however that one ends."""

import os
import select
import signal
import threading

from tools.errors import InfrastructureError

GRACE_S = 40.0
"""How long a graceful stop may take once the parent is gone."""


def end_with(parent: int, grace_s: float = GRACE_S) -> None:
    """Stop gracefully once the process `parent` is gone, and by force where that takes longer than `grace_s`.

    The kernel's own signal of a parent's death comes when the parent's thread ends, and only once; this watch holds
    through whatever the process does about signals. Raises InfrastructureError where the parent is gone already.
    """
    try:
        parent_fd = os.pidfd_open(parent)
    except ProcessLookupError as error:
        raise InfrastructureError("whoever started this process is gone") from error
    if os.getppid() != parent:
        os.close(parent_fd)
        raise InfrastructureError("whoever started this process is gone")
    threading.Thread(target=_watch, args=(parent_fd, grace_s), name="parent watch", daemon=True).start()


def _watch(parent_fd: int, grace_s: float) -> None:
    poll = select.poll()
    poll.register(parent_fd, select.POLLIN)
    poll.poll()
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(grace_s)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
