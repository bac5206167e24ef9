"""The launcher: a small process between the supervisor and a command, which it becomes.

Everything a child must do to itself before it may run (leave namespaces, limit itself, drop its user) happens here, in
a fresh single-threaded interpreter, and not in `preexec_fn`: the supervisor has threads, and a forked copy of one may
hold a lock for ever. It starts without `site`, imports next to nothing, and joins its cgroups while it starts.

Errors go up the status descriptor as one line that begins with `!`.
"""

from __future__ import annotations

import fcntl
import marshal
import os
import resource
import stat
import sys

from tools.sandbox import kernel, staging

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tools.sandbox.order import Order

FILTER_FD = 6
"""Where bwrap reads the seccomp program."""
REPORT_FD = 7
"""Where bwrap writes the process id of its child."""
GATE_FD = 8
"""Where the word to go comes from, once the supervisor has read its clocks."""
STATUS_FD = 9
"""Where the command's first process says that it is ready, and what it left behind."""
_FIRST_FREE_FD = 32


def main(order_fd: int, status_fd: int) -> None:
    """Read the order, do as it says, become the command."""
    status_fd = aside(status_fd)
    try:
        kernel.die_with_parent()
        with open(order_fd, "rb") as stream:
            order: Order = marshal.load(stream)
        prepare(order)
        become(order)
    except (OSError, ValueError, EOFError, SystemExit) as error:
        os.write(status_fd, f"!{error}\n".encode())
        os._exit(1)


def prepare(order: Order) -> None:
    """Files, limits, signals and user, in the order in which the rights for them go away."""
    os.setsid()
    os.umask(0o022)
    staging.stage(order)
    if order["whole_root"]:
        staging.build_root(order)
        os.chroot(staging.ROOT)
        os.chdir(order["cwd"])
    if order["core"] is not None:
        os.sched_setaffinity(0, {order["core"]})
    kernel.reset_signals()
    arrange_descriptors(order)
    for which, most in order["limits"]:
        limit(which, most)
    if order["user"] is not None:
        drop(order["user"])
    # The change of user cleared it.
    kernel.die_with_parent()
    if os.getppid() != order["parent"]:
        sys.exit("the supervisor is gone")


def limit(which: int, most: int) -> None:
    """Set a resource limit, never above what is allowed already."""
    _, allowed = resource.getrlimit(which)
    if allowed != resource.RLIM_INFINITY:
        most = min(most, allowed)
    resource.setrlimit(which, (most, most))


def drop(user: int) -> None:
    """Become an ordinary user for good; its standard descriptors become its own, so /dev/stdout can be opened."""
    for fd in (0, 1, 2):
        if stat.S_ISFIFO(os.fstat(fd).st_mode):
            os.fchown(fd, user, user)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def arrange_descriptors(order: Order) -> None:
    """Put the inherited descriptors at their fixed numbers and the seccomp program behind FILTER_FD."""
    moved = {wanted: aside(have) for wanted, have in order["descriptors"].items()}
    if order["filter"] is not None:
        program = os.memfd_create("filter")
        os.write(program, order["filter"])
        os.lseek(program, 0, os.SEEK_SET)
        moved[FILTER_FD] = aside(program)
    for wanted, have in moved.items():
        os.dup2(have, wanted)


def aside(fd: int) -> int:
    """The same descriptor at a number that is in nobody's way; neither of the two reaches the command."""
    os.set_inheritable(fd, False)
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE_FD)


def become(order: Order) -> None:
    """Turn into the command; without bwrap, say so and wait for the word to go first."""
    kernel.forbid_new_privileges()
    if order["whole_root"]:
        for fd in (REPORT_FD, GATE_FD, STATUS_FD):
            os.set_inheritable(fd, False)
        os.write(STATUS_FD, b"+\n")
        if not os.read(GATE_FD, 1):
            sys.exit("the supervisor is gone")
    try:
        os.execvpe(order["argv"][0], order["argv"], order["env"])
    except OSError as error:
        os.write(2, f"{order['argv'][0]}: {error.strerror}\n".encode())
        os._exit(127 if isinstance(error, FileNotFoundError) else 126)
