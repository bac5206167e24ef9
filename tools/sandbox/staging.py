"""Lays out, in a mount namespace of its own, every folder that a command will see.

All of it stands under one small tmpfs over /tmp of that namespace, so nothing shows on the host and the kernel removes
everything with the last process. Three things are done here that bwrap cannot do: sources below folders that only root
may enter, file systems with a limit on inodes, and writable copies without copying.
"""

from __future__ import annotations

import os
import stat
import sys

from tools.sandbox import kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tools.sandbox.order import Layout

STAGE = "/tmp"
ETC = f"{STAGE}/etc"
SCRATCH = f"{STAGE}/scratch"
SHARED_MEMORY = f"{STAGE}/shm"
ROOT = f"{STAGE}/root"
_HIGHEST_ID = 2**32 - 2


def staged(index: int) -> str:
    """Where the mount of this number stands until it is bound to its target."""
    return f"{STAGE}/mounts/{index}"


def stage(order: Layout) -> None:
    """Enter a new mount namespace and lay out scratch space, /etc and every mount."""
    enter_namespace()
    sources = [Source(path, mode, order["user"]) for path, _, mode in order["mounts"]]
    kernel.mount("tmpfs", STAGE, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=16m,mode=755")
    for folder in (ETC, SCRATCH, SHARED_MEMORY, ROOT, f"{STAGE}/mounts", f"{STAGE}/lower", f"{STAGE}/upper"):
        os.mkdir(folder)
    for name, text in order["files"].items():
        write(f"{ETC}/{name}", text)
    for path in order["shared"]:
        Source(path, "ro", None).attach_to(f"{ETC}/{os.path.basename(path)}")
    sized_tmpfs(SCRATCH, order, "1777")
    sized_tmpfs(SHARED_MEMORY, order, "1777")
    for index, source in enumerate(sources):
        if source.mode == "copy":
            source.copy_to(index, order)
        else:
            source.attach_to(staged(index))


def enter_namespace() -> None:
    """A private mount namespace; an ordinary user needs a user namespace around it, in which it keeps its own id."""
    user, group = os.getuid(), os.getgid()
    if user == 0:
        kernel.unshare(kernel.CLONE_NEWNS)
    else:
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWUSER)
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", f"{user} {user} 1")
        write("/proc/self/gid_map", f"{group} {group} 1")
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)


def sized_tmpfs(target: str, order: Layout, mode: str) -> None:
    """A tmpfs of the order's size and inodes."""
    options = f"size={order['scratch_bytes']},nr_inodes={order['scratch_files']},mode={mode}"
    kernel.mount("tmpfs", target, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)


def write(path: str, text: str) -> None:
    """Write a small file in one call, as /proc wants it."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


class Source:
    """A file or folder of the host, held open before the stage hides /tmp."""

    def __init__(self, path: str, mode: str, user: int | None) -> None:
        self.path = path
        self.mode = mode
        self.user = user
        self.status = os.stat(path)
        self.tree = kernel.clone_tree(path)
        self.owned = user is None or self._lend()
        if mode == "rw" and not self.owned and user is not None:
            os.chown(path, user, user)

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder and not a file."""
        return stat.S_ISDIR(self.status.st_mode)

    def _lend(self) -> bool:
        """Let its owner's files appear as the sandbox user's, both ways; False where kernel or file system cannot."""
        assert self.user is not None
        if self.user == self.status.st_uid == self.status.st_gid:
            return True
        try:
            namespace = mapping_namespace(self.status.st_uid, self.status.st_gid, self.user)
            try:
                kernel.set_tree(self.tree, kernel.MOUNT_ATTR_IDMAP, namespace)
            finally:
                os.close(namespace)
        except OSError:
            return False
        return True

    def attach_to(self, target: str) -> None:
        """Show the host's own file or folder at `target`."""
        self._make_place(target)
        kernel.attach(self.tree, target)

    def copy_to(self, index: int, order: Layout) -> None:
        """Show a private writable copy: an overlay where that works, else a real copy."""
        private = f"{STAGE}/upper/{index}"
        os.mkdir(private)
        sized_tmpfs(private, order, "755")
        if not (self.is_folder and self.owned and self._overlay(index, private)):
            self._copy(index, private)

    def _overlay(self, index: int, private: str) -> bool:
        lower, target = f"{STAGE}/lower/{index}", staged(index)
        os.mkdir(f"{private}/changes")
        os.mkdir(f"{private}/work")
        os.chmod(f"{private}/changes", stat.S_IMODE(self.status.st_mode) | stat.S_IRWXU)
        if self.user is not None:
            os.chown(f"{private}/changes", self.user, self.user)
        self._make_place(lower)
        self._make_place(target)
        kernel.attach(self.tree, lower)
        # Root may let renamed folders redirect; within a user namespace overlayfs keeps its notes in user attributes.
        how = "redirect_dir=on" if os.getuid() == 0 else "userxattr"
        options = f"lowerdir={lower},upperdir={private}/changes,workdir={private}/work,{how}"
        try:
            kernel.mount("overlay", target, "overlay", kernel.MS_NOSUID | kernel.MS_NODEV, options)
        except OSError:
            (os.rmdir if self.is_folder else os.unlink)(target)
            return False
        return True

    def _copy(self, index: int, private: str) -> None:
        import shutil  # noqa: PLC0415 - costs milliseconds that the usual way does not need

        copied = f"{private}/copy"
        origin = f"{STAGE}/lower/{index}"
        if not os.path.exists(origin):
            self._make_place(origin)
            kernel.attach(self.tree, origin)
        if self.is_folder:
            shutil.copytree(origin, copied, symlinks=True)
        else:
            shutil.copy2(origin, copied)
        if self.user is not None:
            os.chown(copied, self.user, self.user)
            for folder, folders, files in os.walk(copied):
                for name in (*folders, *files):
                    os.chown(os.path.join(folder, name), self.user, self.user, follow_symlinks=False)
        self._make_place(staged(index))
        kernel.mount(copied, staged(index), None, kernel.MS_BIND)

    def _make_place(self, target: str) -> None:
        if self.is_folder:
            os.mkdir(target)
        else:
            write(target, "")


def mapping_namespace(user: int, group: int, shown: int) -> int:
    """A user namespace, as a descriptor, in which a disk's `user` and `group` appear as `shown`, others as they are."""
    ready_r, ready_w = os.pipe()
    done_r, done_w = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            kernel.unshare(kernel.CLONE_NEWUSER)
            os.write(ready_w, b"+")
            os.close(done_w)
            os.read(done_r, 1)
            code = 0
        finally:
            os._exit(code)
    os.close(ready_w)
    os.close(done_r)
    try:
        if not os.read(ready_r, 1):
            raise OSError("no user namespace for mapped mounts")
        write(f"/proc/{child}/uid_map", id_map(user, shown))
        write(f"/proc/{child}/gid_map", id_map(group, shown))
        return os.open(f"/proc/{child}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(ready_r)
        os.close(done_w)
        os.waitpid(child, 0)


def id_map(owner: int, shown: int) -> str:
    """The lines of a uid_map that shows `owner` as `shown`, `shown` itself as nobody, and all others as they are."""
    low, high = sorted((owner, shown))
    spans = ((0, low - 1), (low + 1, high - 1), (high + 1, _HIGHEST_ID))
    lines = [f"{first} {first} {last - first + 1}" for first, last in spans if first <= last]
    return "\n".join([f"{owner} {shown} 1", *lines]) + "\n"


def build_root(order: Layout) -> None:
    """The host's own top folders under ROOT, with fresh scratch space and the mounts at their targets."""
    kernel.mount("tmpfs", ROOT, "tmpfs", 0, "size=16m,mode=755")
    for entry in os.scandir("/"):
        target = f"{ROOT}/{entry.name}"
        if entry.is_symlink():
            os.symlink(os.readlink(entry.path), target)
        elif entry.is_dir():
            os.mkdir(target)
            if entry.path != STAGE:
                kernel.mount(entry.path, target, None, kernel.MS_BIND | kernel.MS_REC)
    kernel.mount(SCRATCH, f"{ROOT}/tmp", None, kernel.MS_BIND)
    if os.path.isdir(f"{ROOT}/dev/shm"):
        kernel.mount(SHARED_MEMORY, f"{ROOT}/dev/shm", None, kernel.MS_BIND)
    for index, (_, target, mode) in enumerate(order["mounts"]):
        place(index, f"{ROOT}{target}", mode)


def place(index: int, target: str, mode: str) -> None:
    """Bind a staged mount to its target, which is made where it does not touch a folder of the host."""
    if not os.path.lexists(target):
        folder = target if os.path.isdir(staged(index)) else os.path.dirname(target)
        nearest = folder
        while not os.path.isdir(nearest):
            nearest = os.path.dirname(nearest)
        if os.stat(nearest).st_dev not in {os.stat(ROOT).st_dev, os.stat(f"{ROOT}/tmp").st_dev}:
            sys.exit(f"{target.removeprefix(ROOT)} does not exist and cannot be made without writing to this host")
        os.makedirs(folder, exist_ok=True)
        if folder != target:
            write(target, "")
    tree = kernel.clone_tree(staged(index))
    if mode == "ro":
        kernel.set_tree(tree, kernel.MOUNT_ATTR_RDONLY)
    kernel.attach(tree, target)
