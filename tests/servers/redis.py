"""A Redis of the tests' own, on a free port of the loopback; it keeps nothing on disk unless it is told to."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import redis
from servers import tied

GIVEN = "HASTEN_TEST_REDIS_URL"
"""The URL of a database of a server to use instead; tests empty it."""
SETTINGS = {"bind": "127.0.0.1", "save": "", "appendonly": "no", "daemonize": "no"}
_TRIES = 5


def missing() -> str | None:
    """Why there can be no server here; None where there can."""
    for program, package in (("setpriv", "util-linux"), ("redis-server", "redis-server")):
        if shutil.which(program) is None:
            return f"{program} is not installed (Debian: {package})"
    return None


class Redis:
    """A server that can be stopped, killed and started again on the same port."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._folder = folder
        self._settings = {**SETTINGS, **settings, "dir": str(folder)}
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Of its first database."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, on the port it had before or on a free one, and wait until it answers."""
        if self.port:
            self._launch()
            return
        for left in reversed(range(_TRIES)):
            self.port = _free_port()
            try:
                self._launch()
            except RuntimeError:  # somebody else was quicker to take the port
                if not left:
                    raise
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it; without `appendonly` everything it held is forgotten."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(tied.READY_S)
            self._process = None

    @property
    def pid(self) -> int | None:
        """Of its process, while it runs."""
        return None if self._process is None else self._process.pid

    def restart(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it and start it again."""
        self.stop(how)
        self.start()

    def _launch(self) -> None:
        options = [word for name, value in self._settings.items() for word in (f"--{name}", value)]
        log = self._folder / "log"
        command = [shutil.which("redis-server") or "redis-server", "--port", str(self.port), *options]
        self._process = tied.launch(command, log=log, death="KILL")
        tied.wait_for(self._answers, self._process, log)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            return False
        with redis.Redis.from_url(self.url) as client:
            try:
                return client.config_get("dir")["dir"] == str(self._folder)  # another's server has another folder
            except redis.RedisError:
                return False


@contextmanager
def server(**settings: str) -> Iterator[Redis]:
    """A running server; `settings` are Redis's own. It ends with the block, or with the thread that began it."""
    with tied.folder() as folder:
        started = Redis(folder, settings)
        try:
            started.start()
            yield started
        finally:
            started.stop(signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
