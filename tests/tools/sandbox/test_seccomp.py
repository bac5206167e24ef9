"""The filter, run by a small interpreter of the kernel's filter machine: both architectures, on any machine."""

import errno
import re
import struct
from pathlib import Path

import pytest

from tools.sandbox import seccomp

ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW = 0x7FFF0000


def verdict(program: bytes, number: int, *arguments: int, architecture: int) -> int:
    """What the kernel would do with this call: 0 to allow it, else the error it answers."""
    padded = (arguments + (0,) * 6)[:6]
    call = struct.pack("=iIQ6Q", number, architecture, 0, *padded)
    steps = list(struct.iter_unpack("=HBBI", program))
    at, held = 0, 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        if code == 0x20:
            (held,) = struct.unpack_from("=I", call, value)
        elif code == 0x06:
            return 0 if value == ALLOW else value & 0xFFFF
        else:
            holds = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code]
            at += if_true if holds else if_false


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("pinned", [True, False])
def test_what_is_refused_and_what_is_not(machine: str, pinned: bool) -> None:
    program = seccomp.program(pinned=pinned, machine=machine)
    column = list(ARCHITECTURE).index(machine)

    def of(name_numbers: tuple[int, int], *arguments: int, architecture: int = ARCHITECTURE[machine]) -> int:
        return verdict(program, name_numbers[column], *arguments, architecture=architecture)

    read, write, mount, clone, ioctl = (0, 63), (1, 64), (165, 40), (56, 220), (16, 29)
    assert of(read) == of(write) == 0
    assert of(mount) == errno.EPERM
    assert of(read, architecture=0x40000003) == errno.ENOSYS
    assert of(clone, 17) == of(clone, 0x3D0F00) == 0, "processes and threads"
    assert {of(clone, flag | 17) for flag in (0x20000, 0x2000000, 0x10000000, 0x40000000)} == {errno.EPERM}
    assert of((435, 435)) == of((425, 425)) == errno.ENOSYS
    assert of(ioctl, 0, 0x5401) == 0
    assert of(ioctl, 0, 0x5412) == of(ioctl, 0, 0x541C) == errno.EPERM
    assert of(ioctl, 0, 0x5412 | 0xAAAA << 32) == errno.EPERM, "the kernel looks at the low half only"
    assert of((203, 122)) == (errno.EPERM if pinned else 0)
    if machine == "x86_64":
        assert verdict(program, 0x40000000, architecture=ARCHITECTURE[machine]) == errno.ENOSYS


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_programs_are_short_enough_for_the_kernel(machine: str) -> None:
    assert len(seccomp.program(pinned=True, machine=machine)) / 8 < 4096


def test_an_unknown_machine_has_no_filter() -> None:
    assert not seccomp.supported("sparc64")


HEADERS = {
    "x86_64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), r"#define __NR_(\w+)\s+(\d+)"),
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"), r"#define __NR(?:3264)?_(\w+)\s+(\d+)"),
}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_number_is_the_kernels(machine: str) -> None:
    path, pattern = HEADERS[machine]
    if not path.exists():
        pytest.skip("the kernel's headers are not installed")
    kernels = {name: int(number) for name, number in re.findall(pattern, path.read_text())}
    program = seccomp.program(pinned=True, machine=machine)
    for name in seccomp.denied():
        if name in kernels:
            assert verdict(program, kernels[name], architecture=ARCHITECTURE[machine]) != 0, name
