"""The few system calls that Python 3.11 has no name for; every one raises OSError as `os` would.

The launcher imports this before it runs a command, so it imports as little as it can.
"""

from __future__ import annotations

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000

MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000

MOUNT_ATTR_RDONLY = 0x1
MOUNT_ATTR_IDMAP = 0x100000

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
# The newer calls have the same number on every architecture.
_SYS_OPEN_TREE = 428
_SYS_MOVE_MOUNT = 429
_SYS_MOUNT_SETATTR = 442
_SIGKILL = 9
_FIRST_REAL_TIME_SIGNAL = 32
_SIG_SETMASK = 2
_AT_FDCWD = -100
_AT_EMPTY_PATH = 0x1000
_AT_RECURSIVE = 0x8000
_OPEN_TREE_CLONE = 0x1
_MOVE_MOUNT_F_EMPTY_PATH = 0x4
_MNT_DETACH = 0x2
_UMOUNT_NOFOLLOW = 0x8

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class _MountAttr(ctypes.Structure):
    _fields_ = (
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    )


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return result


def unshare(flags: int) -> None:
    """Leave the namespaces that `flags` name for new ones."""
    _checked(_libc.unshare(ctypes.c_int(flags)), "unshare")


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """mount(2)."""
    args = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    _checked(_libc.mount(args[0], args[1], args[2], ctypes.c_ulong(flags), args[3]), f"mount {target}")


def clone_tree(path: str) -> int:
    """A detached copy of the mounts at `path`, as a descriptor that `attach` puts in place."""
    flags = ctypes.c_uint(_OPEN_TREE_CLONE | _AT_RECURSIVE | os.O_CLOEXEC)
    return _checked(_libc.syscall(_SYS_OPEN_TREE, _AT_FDCWD, os.fsencode(path), flags), path)


def set_tree(tree: int, attributes: int, namespace: int = 0) -> None:
    """Give a detached tree mount attributes; `namespace` is the user namespace of MOUNT_ATTR_IDMAP."""
    wanted = _MountAttr(attr_set=attributes, userns_fd=namespace)
    flags = ctypes.c_uint(_AT_EMPTY_PATH | _AT_RECURSIVE)
    size = ctypes.c_size_t(ctypes.sizeof(wanted))
    _checked(_libc.syscall(_SYS_MOUNT_SETATTR, tree, b"", flags, ctypes.byref(wanted), size), "mount_setattr")


def attach(tree: int, target: str) -> None:
    """Put a detached tree at `target`."""
    flags = ctypes.c_uint(_MOVE_MOUNT_F_EMPTY_PATH)
    _checked(_libc.syscall(_SYS_MOVE_MOUNT, tree, b"", _AT_FDCWD, os.fsencode(target), flags), f"attach {target}")


def enter(namespace: int, kind: int) -> None:
    """Join the namespace that a descriptor stands for."""
    _checked(_libc.setns(ctypes.c_int(namespace), ctypes.c_int(kind)), "setns")


def detach(target: str) -> None:
    """Take away what is mounted at `target`, which is no link; users of it keep it until they end."""
    flags = ctypes.c_int(_MNT_DETACH | _UMOUNT_NOFOLLOW)
    _checked(_libc.umount2(os.fsencode(target), flags), f"umount {target}")


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends."""
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(_SIGKILL), 0, 0, 0), "prctl")


def reset_signals() -> None:
    """Undo what Python, or whoever started it (nohup, a shell's `&`), ignores or blocks: a command inherits both."""
    _libc.signal.restype = ctypes.c_void_p
    for number in range(1, _FIRST_REAL_TIME_SIGNAL):
        _libc.signal(number, ctypes.c_void_p(None))
    nothing = (ctypes.c_ulong * 16)()
    _checked(_libc.sigprocmask(_SIG_SETMASK, nothing, None), "sigprocmask")


def forbid_new_privileges() -> None:
    """No program started from here on gains rights by a setuid bit."""
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0), "prctl")
