"""What the supervisor asks of the launcher: plain values, for they travel through a pipe."""

from typing import TypedDict


class Layout(TypedDict):
    """What a command will see, ready to be laid out by `tools.sandbox.staging`."""

    user: int | None
    """The user and group id that the command will have, for a supervisor that is root; None keeps its own."""
    scratch_bytes: int
    scratch_files: int
    """Size and inodes of every writable file system."""
    mounts: list[tuple[str, str, str]]
    """Source, target and mode of each `contract.Mount`."""
    files: dict[str, str]
    """The sandbox's own `/etc`: name and text."""
    shared: list[str]
    """Files and folders of the host's /etc that are shown as they are."""


class Order(Layout):
    """One command, ready to be started by `tools.sandbox.launch`."""

    parent: int
    """The supervisor's process id; the launcher gives up where that is no longer its parent."""
    core: int | None
    limits: list[tuple[int, int]]
    """Resource limits: which (`resource.RLIMIT_*`), and how much."""
    descriptors: dict[int, int]
    """Where descriptors stand when the command is started: wanted number, inherited number."""
    filter: bytes | None
    """A seccomp program, to be read by the command from `launch.FILTER_FD`."""
    whole_root: bool
    """Run in a root made of the host's own folders with the mounts on top, instead of leaving that to bwrap."""
    cwd: str
    argv: list[str]
    env: dict[str, str]
