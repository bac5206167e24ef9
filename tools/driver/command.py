"""The `command` mode: runs a command while the supervisor holds the clock, and shows what it printed and wrote.

The driver is the command's parent and no code of the target runs in it. It answers the same requests as `serve`.
"""

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import sys

MOST_OUTPUT_BYTES = 16 * 1024 * 1024
MOST_FILES = 2000
PREFIX = "/tmp/.hasten"
"""Of the driver's own files."""
_PR_SET_DUMPABLE = 4
_SHELL_SYNTAX = frozenset("|&;<>()$`\n#~*?[]{}!")
_TIMES = re.compile(rb"\d+\.\d+(?:e[-+]?\d+)?|\b\d+(?= ?(?:ns|us|ms|s|sec|secs|seconds)\b)")


class CommandSession:
    """Answers the supervisor's requests about one command."""

    def __init__(self, prefix):
        self._prefix = prefix
        self._moved = ("", "")
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        self._commands = {}
        self._ended = {}
        self._present = _others()

    def open(self, request):
        """Nothing to open; `moved` are the project's usual folder and the one it has here."""
        self._moved = request.get("moved", self._moved)
        return {"sizes": [], "count": 0, "varied": [], "equal": False, "streams": [], "made": []}

    def prepare(self, request):
        """Remember a group's command lines; their digest is the same on both sides."""
        self._commands[request["group"]] = request["commands"]
        text = "\0".join(request["commands"])
        return {"digest": hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), "count": len(request["commands"])}

    def run(self, request):
        """The timed window: each command from start to end, and how long it was kept waiting for a processor."""
        ended = []
        waited_ns = 0
        for number, command in enumerate(self._commands[request["group"]]):
            path = "%s-output-%d" % (self._prefix, number)
            with open(path, "wb") as output, open(path + ".err", "wb") as errors:
                shell = ["/bin/sh", "-c", _directly(command.replace(*self._moved))]
                process = subprocess.Popen(shell, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
                waited_ns += _waited_ns(process.pid)
                code = process.wait()
            ended.append((code, path))
        self._ended[request["group"]] = ended
        return {"digest": "ran", "waited_s": waited_ns / 1e9}

    def _files(self, mask):
        found = _files(mask, self._prefix)
        return {path.replace(*self._moved[::-1]): digest for path, digest in found.items()}

    def outputs(self, request):
        """Exit codes, outputs and written files; `mask` leaves decimal numbers and durations out."""
        seen = []
        for code, path in self._ended[request["group"]]:
            with open(path, "rb") as file:
                output = file.read(MOST_OUTPUT_BYTES)
            with open(path + ".err", "rb") as file:
                errors = file.read()[-2000:]
            if request.get("mask"):
                output = _TIMES.sub(b"#", output)
            seen.append({
                "exit": code,
                "digest": hashlib.sha256(output).hexdigest(),
                "tail": output[-2000:].decode("utf-8", "replace"),
                "errors": errors.decode("utf-8", "replace"),
            })  # fmt: skip
        return {
            "outputs": seen,
            "files": self._files(request.get("mask")),
            "survivors": len(_others() - self._present),
        }


def _directly(command):
    """Without a shell in between where it does nothing but start one program: what that one waited can be read then."""
    simple = command.strip() and not set(command) & _SHELL_SYNTAX and shutil.which(command.split()[0])
    return "exec " + command if simple else command


def _waited_ns(process):
    """How long an own child that has ended was ready without a processor; 0 where the kernel does not say."""
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    try:
        with open("/proc/%d/schedstat" % process) as file:
            return int(file.read().split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def _files(mask, prefix):
    """{path: digest} of what stands in the project's folder and /tmp and was not there in the tree as mounted."""
    found = {}
    for top in (os.getcwd(), "/tmp"):
        for folder, folders, names in os.walk(top):
            folders[:] = [name for name in folders if name not in ("__pycache__", ".git")]
            for name in names:
                path = os.path.join(folder, name)
                if path.startswith(prefix) or len(found) >= MOST_FILES or not _new(path):
                    continue
                with open(path, "rb") as file:
                    data = file.read(MOST_OUTPUT_BYTES)
                found[path] = hashlib.sha256(_TIMES.sub(b"#", data) if mask else data).hexdigest()
    return found


_STARTED_NS = None


def _new(path):
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return os.path.isfile(path) and not os.path.islink(path) and status.st_mtime_ns >= _STARTED_NS


def _others():
    """Processes beside the driver and its ancestors; where the host's own can be seen, those of its control group."""
    mine = {os.getpid(), 1}
    parent = os.getppid()
    while parent > 0 and parent not in mine:
        mine.add(parent)
        try:
            parent = int(_stat(parent)[1])
        except (OSError, ValueError, IndexError):
            break
    group = _group("self")
    found = set()
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) in mine:
            continue
        try:
            if _stat(name)[0] not in "ZX" and _group(name) == group:
                found.add(int(name))
        except OSError:
            continue
    return found


def _stat(process):
    with open("/proc/%s/stat" % process) as file:
        return file.read().rpartition(")")[2].split()


def _group(process):
    with open("/proc/%s/cgroup" % process) as file:
        return file.read()


def main(channel, arguments):
    """Answer requests until the supervisor closes the line."""
    global _STARTED_NS
    prefix = arguments[0] if arguments else PREFIX
    if arguments and "seeded" not in arguments:
        os.environ.pop("PYTHONHASHSEED", None)
    marker = prefix + "-start"
    with open(marker, "wb"):
        _STARTED_NS = os.stat(marker).st_mtime_ns
    session = CommandSession(prefix)
    while True:
        request = channel.receive()
        if request is None:
            return
        try:
            answer = getattr(session, request["do"])(request)
        except Exception as error:
            answer = {"failed": "%s: %s" % (type(error).__name__, error), "do": request.get("do")}
        channel.send(**answer)
