"""Hostile programs in the sandbox, each with its expected end; the programs stand in `hostile/`."""

import ast
import os
import socket
import stat
import subprocess
import sys
import threading
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from tools.sandbox.contract import MIB, Command, Ended, Finished, Limits, Mount, Sandbox
from tools.sandbox.select import open_sandbox

PREFIX = Path(sys.base_prefix).resolve()
PROGRAMS = Path(__file__).with_name("hostile")
LIMITS = Limits(wall_s=20, memory_bytes=200 * MIB, disk_bytes=8 * MIB, files=500, output_bytes=MIB, processes=64)
SHORT = replace(LIMITS, wall_s=1.0)


@pytest.fixture(params=["bubblewrap", "docker"], scope="module")
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """The sandboxes that are meant to hold them."""
    if request.param == "docker":
        return open_sandbox("docker", docker_socket=request.getfixturevalue("docker_socket"))
    return open_sandbox(request.param)


class Host:
    """Runs hostile programs and knows whether anything of them is left."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.marker = uuid.uuid4().hex

    def run(self, program: str, *arguments: str, limits: Limits = LIMITS, **rest: object) -> Finished:
        """Run one to its end."""
        interpreter = str(PREFIX / "bin" / f"python3.{sys.version_info.minor}")
        mounts = (
            Mount(source=PREFIX, target=str(PREFIX)),
            Mount(source=PROGRAMS, target="/hostile"),
            *rest.pop("mounts", ()),  # type: ignore[misc]
        )
        argv = (interpreter, "-I", "-S", f"/hostile/{program}.py", *arguments, self.marker)
        return self.sandbox.run(Command(argv=argv, mounts=mounts, limits=limits, **rest))  # type: ignore[arg-type]

    def left(self) -> list[str]:
        """Processes that still carry the marker."""
        lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout.splitlines()
        return [line for line in lines if self.marker in line]


@pytest.fixture
def host(sandbox: Sandbox) -> Host:
    """This host."""
    made = Host(sandbox)
    yield made  # type: ignore[misc]
    assert made.left() == []


def lines(finished: Finished) -> list[str]:
    """What it printed."""
    return finished.stdout.decode().splitlines()


def test_a_fork_bomb_ends_with_its_time(host: Host) -> None:
    assert host.run("fork_bomb", limits=SHORT).ended is Ended.TIMEOUT


def test_a_thread_bomb_gets_its_limit(host: Host) -> None:
    finished = host.run("thread_bomb", limits=SHORT)
    assert (finished.ended, lines(finished)) == (Ended.TIMEOUT, [f"threads {LIMITS.processes - 1}"])


@pytest.mark.parametrize("program", ["memory_flood", "shared_memory_flood"])
def test_memory_floods_end_at_the_limit(host: Host, program: str) -> None:
    finished = host.run(program)
    assert finished.ended is Ended.MEMORY
    assert finished.peak_memory_bytes is not None
    assert finished.peak_memory_bytes <= LIMITS.memory_bytes


def test_disk_floods_fill_only_what_they_were_given(host: Host, tmp_path: Path) -> None:
    workspace = Mount(source=tmp_path, target="/project", mode="copy")
    places = ("/tmp", "/dev/shm", "/project", "/", "/dev", "/hostile", "/usr/lib", "/etc")
    finished = host.run("disk_flood", *places, mounts=(workspace,))
    full = {line.split()[0]: (int(line.split()[1]), line.split(None, 2)[2]) for line in lines(finished)}
    assert {place for place, (written, _) in full.items() if written} == {"/tmp", "/dev/shm", "/project"}
    assert all(written <= LIMITS.disk_bytes for written, _ in full.values())
    assert "endless" not in {end for _, end in full.values()}
    assert list(tmp_path.iterdir()) == []


def test_inode_floods_fill_only_what_they_were_given(host: Host, tmp_path: Path) -> None:
    workspace = Mount(source=tmp_path, target="/project", mode="copy")
    finished = host.run("inode_flood", "/tmp", "/dev/shm", "/project", "/dev", mounts=(workspace,))
    made = {line.split()[0]: int(line.split()[1]) for line in lines(finished)}
    assert {place for place, count in made.items() if count} == {"/tmp", "/dev/shm", "/project"}
    assert all(LIMITS.files - 10 < count <= LIMITS.files for count in made.values() if count)


def test_a_spinner_that_ignores_every_signal_ends_with_its_time(host: Host) -> None:
    finished = host.run("spin", limits=SHORT)
    assert (finished.ended, finished.signal) == (Ended.TIMEOUT, 9)


@pytest.mark.parametrize("how", ["let_go", "hold"])
def test_daemons_are_counted_and_die(host: Host, how: str) -> None:
    finished = host.run("daemon", how)
    assert (finished.ended, finished.survivors, lines(finished)) == (Ended.EXITED, 1, ["gone"])
    assert finished.wall_s < 5, "a daemon that holds the pipe is not waited for"


def test_no_network_is_reached(host: Host) -> None:
    reached = []
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as local:
        name = f"hasten-{uuid.uuid4().hex}"
        local.bind(f"\0{name}")
        local.listen()

        def answer(listener: socket.socket) -> None:
            try:
                while True:
                    reached.append(listener.accept())
            except OSError:
                return

        threads = [threading.Thread(target=answer, args=(listener,)) for listener in (tcp, local)]
        for thread in threads:
            thread.start()
        port = str(tcp.getsockname()[1])
        shut = host.run("network", port, name)
        before = len(reached)
        program = [sys.executable, "-I", "-S", str(PROGRAMS / "network.py"), port, name]
        opened = subprocess.run(program, capture_output=True, text=True, check=True).stdout.splitlines()
        for listener, thread in zip((tcp, local), threads, strict=True):
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
    assert before == 0
    assert [line.split()[1] for line in lines(shut)] == ["refused"] * 6
    assert "loopback REACHED" in opened, "the test itself would notice an open network"


def test_secrets_of_the_host_are_not_found(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    word = uuid.uuid4().hex
    monkeypatch.setenv("API_KEY", word)
    (tmp_path / "key").write_text(word)
    with subprocess.Popen(["sleep", "600"], env={"OTHER_KEY": word}) as other:
        finished = host.run("secrets", word[::-1])
        other.kill()
    found, processes, shadow = lines(finished)
    assert (found, shadow) == ("found []", "shadow False")
    first, *own = ast.literal_eval(processes.removeprefix("processes "))
    assert (first, len(own)) == (1, 1)


def test_killing_everything_kills_nothing_else(host: Host) -> None:
    finished = host.run("kill_all")
    assert (finished.ok, lines(finished)[-1]) == (True, "still here")


def test_nothing_of_the_system_can_be_written(host: Host) -> None:
    (line,) = lines(host.run("write_everywhere"))
    # The first process of the sandbox's own namespace belongs to the command; the host's is another one.
    inside = {"/proc/1/oom_score_adj", "/proc/1/mem"}
    assert set(ast.literal_eval(line.removeprefix("opened "))) <= inside


def test_dangerous_system_calls_are_refused(host: Host) -> None:
    finished = host.run("system_calls", core=max(os.sched_getaffinity(0)))
    results = dict(line.rsplit(" ", 1) for line in lines(finished))
    absent = {"clone3", "io_uring_setup", "x32"}
    assert {name for name, error in results.items() if error == "ENOSYS"} == absent & set(results)
    others = {name: error for name, error in results.items() if name not in absent}
    assert others.pop("terminal") in {"ENXIO", "EPERM"}
    assert others.pop("setuid") in {"EINVAL", "EPERM"}
    assert set(others.values()) == {"EPERM"}
    assert len(others) > 25


def test_the_filter_and_not_only_missing_rights_refuses(host: Host) -> None:
    finished = host.run("system_calls")
    results = dict(line.rsplit(" ", 1) for line in lines(finished))
    assert results["sched_setaffinity"] == "ALLOWED", "only a pinned command must stay on its core"


def test_setuid_programs_give_nothing(host: Host, tmp_path: Path) -> None:
    program = tmp_path / "id"
    program.write_bytes(Path("/usr/bin/id").read_bytes())
    program.chmod(0o6755)
    assert program.stat().st_mode & stat.S_ISUID
    finished = host.run("setuid", mounts=(Mount(source=tmp_path, target="/given"),))
    own, given = lines(finished)
    assert own.split()[1] == given.split()[2] != "0"


def test_odd_files_come_out_as_what_they_are(host: Host, tmp_path: Path) -> None:
    out = Mount(source=tmp_path, target="/out", mode="rw")
    finished = host.run("odd_results", mounts=(out,))
    assert lines(finished) == ["device Operation not permitted"]
    assert (tmp_path / "link").is_symlink()
    assert stat.S_ISFIFO((tmp_path / "pipe").lstat().st_mode)
    again = replace(out, mode="ro")
    script = "cat /out/link; ls /out/root/root /out/root/home"
    seen = host.sandbox.run(Command(argv=("/bin/sh", "-c", script), mounts=(again,)))
    assert seen.stdout == b"", "a link out of the folder leads into the sandbox's own system"


def test_claiming_success_and_leaving_is_only_an_exit_code(host: Host) -> None:
    finished = host.run("passed")
    assert (finished.ok, lines(finished)) == (True, ["1 passed"])


def test_a_forged_end_hides_nobody(host: Host) -> None:
    finished = host.run("forge_status")
    assert (finished.ended, finished.exit_code) == (Ended.EXITED, 9)
    assert finished.survivors >= 1


def test_terminal_sequences_are_not_shown(sandbox: Sandbox) -> None:
    script = r"printf '\033]0;owned\007\033[2Jred\033[31m text\r\b\n'"
    finished = sandbox.run(Command(argv=("/bin/sh", "-c", script)))
    assert "\x1b" not in finished.tail()
    assert "\x07" not in finished.tail()
    assert "red" in finished.tail()
