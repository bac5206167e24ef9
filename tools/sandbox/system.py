"""What a sandboxed command sees of the host's system: programs and libraries, and an /etc that names nobody."""

from pathlib import Path

from tools.sandbox.contract import Command

USER = 1_900_000_000
"""The user and group that commands run as where the supervisor is root; far above every range that hosts hand out."""
HOME = "/tmp"
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

_TOP = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SHARED = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/etc/protocols", "/etc/services")


def system_links() -> dict[str, str]:
    """The folders beside `/usr` that are links on this host, as they are on most, with what they say."""
    return {name: str(Path(name).readlink()) for name in _TOP if Path(name).is_symlink()}


def system_folders() -> list[str]:
    """`/usr`, and the folders beside it that are none of `system_links`."""
    return ["/usr", *(name for name in _TOP if Path(name).is_dir() and not Path(name).is_symlink())]


def system_arguments() -> list[str]:
    """bwrap's arguments for both."""
    arguments = [word for name in system_folders() for word in ("--ro-bind", name, name)]
    return arguments + [word for name, text in system_links().items() for word in ("--symlink", text, name)]


def etc_shared() -> list[str]:
    """The host's own files and folders that are shown below /etc."""
    return [name for name in _SHARED if Path(name).exists()]


def etc_files(*, user: int, group: int) -> dict[str, str]:
    """The files of /etc that are written for a command, by name."""
    return {
        "passwd": f"root:x:0:0::/:/bin/sh\nsandbox:x:{user}:{group}::{HOME}:/bin/sh\n",
        "group": f"root:x:0:\nsandbox:x:{group}:\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
        "hosts": "127.0.0.1 localhost\n::1 localhost\n",
    }


def environment(command: Command) -> dict[str, str]:
    """Exactly what the command finds in its environment."""
    return {"HOME": HOME, "PATH": PATH, **command.env}
