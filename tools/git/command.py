"""git by its arguments, with everything switched off that could run, prompt, redirect or follow."""

import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tools.errors import HastenError, InfrastructureError, UserError

MIB = 1024 * 1024
NO_HOME = "/nonexistent"

HARDENED_ENV: Mapping[str, str] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": NO_HOME,
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "https",
    "GIT_ASKPASS": "",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "SSH_ASKPASS": "",
}
"""The caller's additions cannot replace any of these."""

HARDENED_CONFIG: tuple[str, ...] = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.attributesFile=/dev/null",
    "protocol.ext.allow=never",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "http.followRedirects=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
)
NO_CREDENTIALS: tuple[str, ...] = ("core.askPass=", "credential.helper=")
MOST_STDERR_BYTES = 64 * 1024


class GitFailedError(HastenError):
    """git ended with an error; callers turn it into a sentence about what was asked."""

    def __init__(self, code: int, stderr: str) -> None:
        super().__init__(stderr.strip() or f"git ended with code {code}")
        self.code = code
        self.stderr = stderr


@dataclass(frozen=True, kw_only=True)
class Git:
    """Runs git commands against one git directory, hardened; a value, so that variants are cheap."""

    git_dir: Path | None = None
    """Always named, never searched for; None for commands that need no repository."""
    work_tree: Path | None = None
    index: Path | None = None
    config: tuple[str, ...] = ()
    """Further `name=value` settings."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Further variables, such as GIT_SSL_CAINFO or a proxy."""
    timeout_s: float = 120.0
    keep_open: tuple[int, ...] = ()
    """File descriptors that git inherits: a lock that is to outlive us as long as git runs."""
    owner: Path | None = None
    """Run as the owner of this path where we are root, so that files written belong to them."""
    users_config: bool = False
    """Load the user's own and the system's configuration too; only to read settings or credentials, never to work."""

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        most_output_bytes: int = 256 * MIB,
        most_entries: int | None = None,
        watch: Callable[[], None] | None = None,
    ) -> bytes:
        """What the command prints.

        `watch` is called about once a second and may raise to end the command. Raises GitFailedError where git fails,
        InfrastructureError where it takes longer than `timeout_s`, UserError where it prints too much, or more than
        `most_entries` that end in a zero byte.
        """
        with self._started(arguments, stdin) as process:
            stdout, stderr = _drain(
                process, time.monotonic() + self.timeout_s, (most_output_bytes, most_entries), watch
            )
            code = process.wait()
        if code != 0:
            raise GitFailedError(code, stderr)
        return stdout

    def line(self, *arguments: str) -> str:
        """The one line the command prints, without its newline; raises as `run` does."""
        return os.fsdecode(self.run(*arguments)).removesuffix("\n")

    @contextmanager
    def stream(self, *arguments: str, stdin: bytes = b"") -> Iterator[IO[bytes]]:
        """The command's standard output to read from while it runs; ended after `timeout_s` or when left early."""
        with self._started(arguments, stdin, stderr=subprocess.DEVNULL) as process:
            timer = threading.Timer(self.timeout_s, _kill, [process])
            timer.start()
            try:
                assert process.stdout is not None
                yield process.stdout
            finally:
                timer.cancel()
                timer.join()  # It may have begun: its signal must not reach a process that is reaped.

    @contextmanager
    def _started(
        self, arguments: tuple[str, ...], stdin: bytes, stderr: int = subprocess.PIPE
    ) -> Iterator[subprocess.Popen[bytes]]:
        with tempfile.TemporaryFile() as fed:
            fed.write(stdin)
            fed.seek(0)
            uid, gid = self._identity()
            process = subprocess.Popen(
                [git_executable(), *self._options(), *arguments],
                stdin=fed,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=self._environment(),
                cwd="/",
                start_new_session=True,
                pass_fds=self.keep_open,
                user=uid,
                group=gid,
                extra_groups=None if uid is None else [],
            )
        try:
            yield process
        finally:
            _kill(process)
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()

    def _options(self) -> list[str]:
        options = ["--no-pager", "--literal-pathspecs"]
        trusted = [f"safe.directory={path}" for path in (self.git_dir, self.work_tree) if path is not None]
        hidden = () if self.users_config else NO_CREDENTIALS
        for setting in (*HARDENED_CONFIG, *hidden, *trusted, *self.config):
            options += ["-c", setting]
        return options

    def _environment(self) -> dict[str, str]:
        environment = {**self.env, **HARDENED_ENV}
        if self.users_config:
            environment["HOME"] = os.fspath(Path.home())
            for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
                del environment[name]
        places = {
            "GIT_DIR": self.git_dir,
            "GIT_WORK_TREE": self.work_tree,
            "GIT_INDEX_FILE": self.index,
        }
        environment.update({name: os.fspath(place) for name, place in places.items() if place is not None})
        return environment

    def _identity(self) -> tuple[int | None, int | None]:
        if self.owner is None or os.geteuid() != 0:
            return None, None
        status = self.owner.stat()
        return (status.st_uid, status.st_gid) if status.st_uid != 0 else (None, None)


def git_executable() -> str:
    """Where git is installed; raises UserError where it is not."""
    found = shutil.which("git")
    if found is None:
        raise UserError("git is not installed: install the package `git` of your system.", status=422)
    return found


def _drain(
    process: subprocess.Popen[bytes],
    deadline_s: float,
    most: tuple[int, int | None],
    watch: Callable[[], None] | None,
) -> tuple[bytes, str]:
    """Read both pipes to their ends, so that neither can block the other."""
    assert process.stdout is not None
    assert process.stderr is not None
    stdout, stderr, printed_bytes, entries = [], bytearray(), 0, 0
    most_bytes, most_entries = most
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        while selector.get_map():
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                raise InfrastructureError("git took longer than it may; it was ended.", retryable=True)
            for key, _ in selector.select(min(1.0, left_s)):
                chunk = os.read(key.fd, 1 << 16)
                if not chunk:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    stdout.append(chunk)
                    printed_bytes += len(chunk)
                    entries += 0 if most_entries is None else chunk.count(b"\0")
                else:
                    stderr = (stderr + chunk)[-MOST_STDERR_BYTES:]
            if printed_bytes > most_bytes:
                raise UserError(
                    f"The repository is too large: git lists more than {most_bytes // MIB} MiB.", status=422
                )
            if most_entries is not None and entries > most_entries:
                raise UserError(
                    f"The repository is too large: more than {most_entries} files; take the project alone to a "
                    "folder of its own.",
                    status=422,
                )
            if watch is not None:
                watch()
    return b"".join(stdout), stderr.decode("utf-8", "replace")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End git and all it started (transports run as its children) where it still runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
