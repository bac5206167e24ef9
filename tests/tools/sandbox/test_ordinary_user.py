"""The same sandboxes started by a user who is not root: what holds without a second user and without control groups."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PREFIX = Path(sys.base_prefix).resolve()
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="everything here runs as an ordinary user already")

# The interpreter and the sources may stand below a folder that only root may enter: shown elsewhere, to this one alone.
AS_NOBODY = """
set -e
mount --bind "$1" /mnt
mount --bind "$2" /media
exec setpriv --reuid 64999 --regid 64999 --clear-groups env -i PYTHONDONTWRITEBYTECODE=1 "/mnt/bin/$3" -c "$4" "$5" "$6"
"""
PROGRAM = r'''
import json, sys, tempfile, os
sys.path.insert(0, "/media")
from pathlib import Path
from tools.sandbox.contract import MIB, Command, Limits, Mount
from tools.sandbox.select import open_sandbox
sandbox = open_sandbox(sys.argv[1])
source = Path(tempfile.mkdtemp(dir=sys.argv[2]))
(source / "file").write_text("one")
script = """cat /read/file && echo && echo x > /copied/file && rm /copied/file && echo y > /written/new
echo z > /read/file
id -u"""
mounts = tuple(
    Mount(source=source, target=target, mode=mode)
    for target, mode in (("/read", "ro"), ("/copied", "copy"), ("/written", "rw"))
)
limits = Limits(wall_s=10, memory_bytes=200 * MIB, disk_bytes=4 * MIB, processes=20, files=300)

def run(*argv, **rest):
    return sandbox.run(Command(argv=argv, limits=limits, **rest))

def shell(script, **rest):
    return run("/bin/sh", "-c", script, **rest)

mounted = shell(script, mounts=mounts)
bomb = shell("i=0; while [ $i -lt 60 ]; do sleep 5 & i=$((i+1)); done; jobs | wc -l")
flood = shell("head -c 8m /dev/zero | split -b 2m")
memory = shell("head -c 400m /dev/zero | tail -c 399m | wc -c")
slow = sandbox.run(Command(argv=("/bin/sleep", "600"), limits=Limits(wall_s=0.3)))
left = shell("sleep 600 & echo gone")
with sandbox.spawn(Command(argv=("/bin/cat",))) as process:
    process.send(b"hello", timeout_s=10)
    echoed = process.receive(100, timeout_s=10).decode()
    cpu_s = process.reading().cpu_s
print(json.dumps({
    "mounted": mounted.stdout.decode().split(), "refused": mounted.stderr.decode().count("Read-only"),
    "source": sorted(p.name for p in source.iterdir()), "file": (source / "file").read_text(),
    "bomb": "fork" in bomb.stderr.decode(), "flood": "No space left" in flood.stderr.decode(),
    "memory": memory.stderr.decode(), "slow": slow.ended, "left": [left.ended, left.survivors],
    "echoed": echoed, "cpu_s": cpu_s, "degraded": sandbox.degraded, "swept": sandbox.sweep(),
    "alive": [line for line in os.popen("ps -o stat=,pid=,args= -u 64999").read().splitlines() if "Z" not in line[:3]],
}))
'''


def as_nobody(program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a program as the user nobody."""
    given = [str(PREFIX), str(ROOT), f"python3.{sys.version_info.minor}", program, *arguments]
    command = ["unshare", "--mount", "/bin/sh", "-c", AS_NOBODY, "sh", *given]
    return subprocess.run(command, capture_output=True, check=False)


@pytest.fixture(params=["bubblewrap", "none"], scope="module")
def seen(request: pytest.FixtureRequest) -> dict[str, object]:
    """What the program above saw as the user nobody."""
    scratch = Path("/tmp") / f"hasten-nobody-{os.getpid()}-{request.param}"
    scratch.mkdir()
    os.chown(scratch, 64999, 64999)
    try:
        done = as_nobody(PROGRAM, request.param, str(scratch))
    finally:
        subprocess.run(["rm", "-rf", str(scratch)], check=True)
    assert done.returncode == 0, done.stderr.decode()
    return {"name": request.param, **json.loads(done.stdout)}


def test_docker_is_refused_with_the_way_out() -> None:
    program = """
import sys
sys.path.insert(0, "/media")
from tools.errors import UserError
from tools.sandbox.select import open_sandbox
try:
    open_sandbox("docker")
except UserError as error:
    print(error)
"""
    done = as_nobody(program)
    assert b"bubblewrap" in done.stdout, done.stderr.decode()


def test_mounts_keep_their_modes(seen: dict[str, object]) -> None:
    assert seen["mounted"] == ["one", "64999"]
    assert seen["refused"] == 1
    assert (seen["source"], seen["file"]) == (["file", "new"], "one")


def test_limits_hold(seen: dict[str, object]) -> None:
    assert seen["bomb"], "processes"
    assert seen["flood"], "disk"
    assert "memory exhausted" in str(seen["memory"]) or "cannot allocate" in str(seen["memory"]).lower()
    assert seen["slow"] == "timeout"


def test_pipes_work_and_clocks_say_what_they_cannot_tell(seen: dict[str, object]) -> None:
    assert seen["echoed"] == "hello"
    assert seen["cpu_s"] is None


def test_what_is_missing_is_said(seen: dict[str, object]) -> None:
    told = " ".join(map(str, seen["degraded"]))  # type: ignore[call-overload]
    assert all(word in told for word in ("Memory", "Processes", "CPU time", "user"))


def test_nothing_is_left(seen: dict[str, object]) -> None:
    assert seen["left"] == ["exited", 1 if seen["name"] == "bubblewrap" else 0]
    others = [line for line in seen["alive"] if "/mnt/bin" not in line and "ps -o" not in line]  # type: ignore[attr-defined]
    assert others == [], "the supervisor alone"
