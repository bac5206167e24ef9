"""The system calls that no sandboxed command may make, as a program for the kernel's filter.

It is a deny list: the command has no capabilities and no namespaces to win, so the list takes away what has let
programs out of such a place before (new namespaces and mounts, tracing, kernel programmability) and what would reach
beyond the command (keys, clocks, other processes' memory, the supervisor's terminal). Written out here, for libseccomp
is one more thing a fresh machine lacks.
"""

import errno
import platform
import struct

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000

DENIED: dict[str, tuple[int | None, int | None]] = {
    # Namespaces, roots and mounts.
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    # Other processes.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    # Keys and quotas.
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    # What programs the kernel.
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "create_module": (174, None),
    "query_module": (178, None),
    "get_kernel_syms": (177, None),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42),
    "uselib": (134, None),
    "_sysctl": (156, None),
    "sysfs": (139, None),
    "ustat": (136, None),
    "modify_ldt": (154, None),
    # The machine.
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "iopl": (172, None),
    "ioperm": (173, None),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
}
"""Name: numbers on x86_64 and aarch64; None where the architecture has no such call."""
ABSENT: dict[str, tuple[int, int]] = {
    "clone3": (435, 435),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
"""Answered with "no such call": programs that know these have another way, and take it then."""
_CLONE = (56, 220)
_IOCTL = (16, 29)
_SCHED_SETAFFINITY = (203, 122)

NAMESPACE_FLAGS = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
"""CLONE_NEW{NS, CGROUP, UTS, IPC, USER, PID, NET}; CLONE_NEWTIME is for clone3 and unshare only."""
TERMINAL_INJECTION = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX."""

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AT_NUMBER, _AT_ARCH, _AT_ARGUMENT_0, _AT_ARGUMENT_1 = 0, 4, 16, 24
_ALLOW = 0x7FFF0000


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _refuse(error: int) -> bytes:
    return _step(_RETURN, 0x00050000 | error)


def _refuse_call(number: int, error: int) -> bytes:
    return _step(_JUMP_EQUAL, number, 0, 1) + _refuse(error)


def supported(machine: str | None = None) -> bool:
    """Whether there is a filter for this machine's architecture."""
    return (machine or platform.machine()) in _AUDIT_ARCH


def program(*, pinned: bool, machine: str | None = None) -> bytes:
    """The filter, as an array of `struct sock_filter`; `pinned` also keeps the command from leaving its core."""
    machine = machine or platform.machine()
    column = list(_AUDIT_ARCH).index(machine)
    steps = [
        _step(_LOAD, _AT_ARCH),
        # Calls in another architecture's numbering (32-bit programs) would slip past the list.
        _step(_JUMP_EQUAL, _AUDIT_ARCH[machine], 1, 0),
        _refuse(errno.ENOSYS),
        _step(_LOAD, _AT_NUMBER),
    ]
    if machine == "x86_64":
        steps += [_step(_JUMP_AT_LEAST, _X32_BIT, 0, 1), _refuse(errno.ENOSYS)]
    denied = [numbers[column] for numbers in DENIED.values()]
    if pinned:
        denied.append(_SCHED_SETAFFINITY[column])
    steps += [_refuse_call(number, errno.EPERM) for number in denied if number is not None]
    steps += [_refuse_call(numbers[column], errno.ENOSYS) for numbers in ABSENT.values()]
    steps += [
        _step(_JUMP_EQUAL, _CLONE[column], 0, 4),
        # The first argument's low half on these little-endian machines; flags do not reach beyond it.
        _step(_LOAD, _AT_ARGUMENT_0),
        _step(_JUMP_ANY_BIT, sum(NAMESPACE_FLAGS), 0, 1),
        _refuse(errno.EPERM),
        _step(_RETURN, _ALLOW),
        _step(_JUMP_EQUAL, _IOCTL[column], 0, 4),
        _step(_LOAD, _AT_ARGUMENT_1),
        _step(_JUMP_EQUAL, TERMINAL_INJECTION[0], 1, 0),
        _step(_JUMP_EQUAL, TERMINAL_INJECTION[1], 0, 1),
        _refuse(errno.EPERM),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def denied() -> frozenset[str]:
    """The calls that are refused whatever their arguments, by name."""
    return frozenset(DENIED) | frozenset(ABSENT)
