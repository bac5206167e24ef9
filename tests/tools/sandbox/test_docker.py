"""What the Docker sandbox promises beyond the contract: of its engine, its leavings and an interrupted start."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools.errors import InfrastructureError, UserError
from tools.sandbox import seccomp
from tools.sandbox.contract import Command, Mount, Sandbox
from tools.sandbox.docker_filter import profile
from tools.sandbox.select import open_sandbox

ROOT = Path(__file__).parents[3]
STAGES = Path("/run/hasten")
KILLED = """
import sys, time
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
from tools.sandbox.contract import Command, Mount
from tools.sandbox.select import open_sandbox
sandbox = open_sandbox("docker", docker_socket=Path(sys.argv[2]))
modes = {"/read": "ro", "/written": "rw", "/copied": "copy"}
mounts = tuple(Mount(source=Path(sys.argv[3]), target=target, mode=mode) for target, mode in modes.items())
process = sandbox.spawn(Command(argv=("/bin/sh", "-c", "echo x > /written/new; echo up; sleep 600"), mounts=mounts))
print(process.receive(10, timeout_s=30).decode(), flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def sandbox(docker_socket: Path) -> Sandbox:
    """The sandbox on the tests' own engine."""
    return open_sandbox("docker", docker_socket=docker_socket)


def stages(pid: int) -> list[str]:
    """What a supervisor has laid out on this host, and is mounted there."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    mounted = [line.split()[4] for line in lines]
    made = [folder.name for folder in STAGES.iterdir()] if STAGES.exists() else []
    return [name for name in (*made, *mounted) if f"-{pid}-" in name]


def containers(socket: Path) -> list[str]:
    """Names of all containers of an engine."""
    import docker  # noqa: PLC0415 - in the product it is imported only where it is needed, too

    client = docker.APIClient(base_url=f"unix://{socket}", version="auto")
    try:
        return [container["Names"][0] for container in client.containers(all=True)]
    finally:
        client.close()


def test_a_sweep_unmounts_what_a_killed_supervisor_laid_out_and_keeps_the_sources(
    sandbox: Sandbox, docker_socket: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("one")
    argv = [sys.executable, "-c", KILLED, str(ROOT), str(docker_socket), str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == b"up\n"
        assert len(stages(supervisor.pid)) == 1 + 3
        supervisor.kill()
    assert sandbox.sweep() == 1
    assert stages(supervisor.pid) == []
    assert [name for name in containers(docker_socket) if f"-{supervisor.pid}-" in name] == []
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"file": "one", "new": "x\n"}


@pytest.mark.usefixtures("alarm")
@pytest.mark.parametrize("after_ms", [5, 40, 80, 150, 250, 400])
@pytest.mark.parametrize("spawned", [True, False])
def test_an_interrupt_while_it_starts_leaves_nothing(
    sandbox: Sandbox, docker_socket: Path, tmp_path: Path, after_ms: int, *, spawned: bool
) -> None:
    command = Command(argv=("/bin/sleep", "30"), mounts=(Mount(source=tmp_path, target="/project", mode="copy"),))

    def start() -> None:
        signal.setitimer(signal.ITIMER_REAL, after_ms / 1000)
        if spawned:
            with sandbox.spawn(command) as process:
                process.wait(timeout_s=20)
        else:
            sandbox.run(command)

    with pytest.raises(KeyboardInterrupt):
        start()
    assert stages(os.getpid()) == []
    assert [name for name in containers(docker_socket) if f"-{os.getpid()}-" in name] == []


def test_a_command_sees_neither_the_pipes_nor_the_devices_of_its_host(sandbox: Sandbox) -> None:
    finished = sandbox.run(Command(argv=("/bin/sh", "-c", "ls -A /.hasten /sys /dev/mqueue")))
    assert finished.stdout.split() == [b"/.hasten:", b"/dev/mqueue:", b"/sys:"]


def test_a_command_has_no_rights_and_a_root_that_nobody_can_write(sandbox: Sandbox) -> None:
    script = (
        "grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status; grep -c ' / ro[, ]' /proc/self/mountinfo"
    )
    finished = sandbox.run(Command(argv=("/bin/sh", "-c", script)))
    *status, root = finished.stdout.decode().splitlines()
    found = {name: int(value, 16) for name, value in (line.split(":") for line in status)}
    assert found == {"CapEff": 0, "CapBnd": 0, "NoNewPrivs": 1, "Seccomp": 2}
    assert root == "1"


def test_the_supervisors_own_lines_cannot_be_opened(sandbox: Sandbox) -> None:
    script = "for fd in 8 9; do (echo >/proc/1/fd/$fd) 2>&1; done; sleep 600 & exit 0"
    finished = sandbox.run(Command(argv=("/bin/sh", "-c", script)))
    assert finished.stdout.count(b"Permission denied") == 2
    assert finished.survivors == 1


def test_a_source_that_does_not_exist_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="not-there"):
        sandbox.run(Command(argv=("/bin/true",), mounts=(Mount(source=tmp_path / "not-there", target="/w"),)))
    assert stages(os.getpid()) == []


def test_where_no_engine_answers_the_socket_is_named(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("an ordinary user is refused before")
    with pytest.raises(UserError, match=f"{tmp_path}/socket.*HASTEN_DOCKER_SOCKET"):
        open_sandbox("docker", docker_socket=tmp_path / "socket")


@pytest.mark.parametrize("pinned", [True, False])
def test_the_profile_refuses_what_the_filter_of_bubblewrap_refuses(*, pinned: bool) -> None:
    rules = json.loads(profile(pinned=pinned))["syscalls"]
    refused = {name for rule in rules if not rule["args"] for name in rule["names"]}
    assert refused == seccomp.denied() | ({"sched_setaffinity"} if pinned else set())
    assert {rule["names"][0] for rule in rules if rule["args"]} == {"clone", "ioctl"}
