"""The list of refused system calls (`seccomp`) in the words of Docker's profiles."""

import json
from collections.abc import Mapping

from tools.sandbox import seccomp

_CLONE_FLAGS_ARGUMENT, _REQUEST_ARGUMENT = 0, 1
_LOW_HALF = 0xFFFF_FFFF
_EPERM, _ENOSYS = 1, 38
# The other numberings of the same kernel; the engine's library knows every name in each.
_ARCHITECTURES = ("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM")


def profile(*, pinned: bool) -> str:
    """The profile as JSON; `pinned` also keeps the command from leaving its core."""
    denied = [*seccomp.DENIED, *(["sched_setaffinity"] if pinned else [])]
    flags = [_masked(_CLONE_FLAGS_ARGUMENT, flag, flag) for flag in seccomp.NAMESPACE_FLAGS]
    requests = [_masked(_REQUEST_ARGUMENT, _LOW_HALF, request) for request in seccomp.TERMINAL_INJECTION]
    rules = [
        _refuse(denied, _EPERM),
        _refuse(list(seccomp.ABSENT), _ENOSYS),
        *(_refuse(["clone"], _EPERM, argument) for argument in flags),
        *(_refuse(["ioctl"], _EPERM, argument) for argument in requests),
    ]
    return json.dumps(
        {"defaultAction": "SCMP_ACT_ALLOW", "architectures": list(_ARCHITECTURES), "syscalls": rules},
        separators=(",", ":"),
    )


def _refuse(names: list[str], error: int, *arguments: Mapping[str, object]) -> dict[str, object]:
    return {"names": names, "action": "SCMP_ACT_ERRNO", "errnoRet": error, "args": list(arguments)}


def _masked(index: int, mask: int, value: int) -> dict[str, object]:
    return {"index": index, "value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ"}
