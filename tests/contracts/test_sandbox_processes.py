"""The sandbox contract, run against every back-end: spawned commands, several at once, and a supervisor's own end."""

import os
import statistics
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from commands import SMALL, alive, python, shell

from tools.errors import UserError
from tools.sandbox.contract import MIB, Ended, Sandbox
from tools.sandbox.select import DOCKER_SOCKET, open_sandbox

# --- a spawned command ---

ECHO = "import sys\nfor line in sys.stdin: print(line.upper(), end='', flush=True)"


def test_a_spawned_command_answers_and_ends_with_its_input(sandbox: Sandbox) -> None:
    with sandbox.spawn(python(ECHO)) as process:
        for word in (b"one\n", b"two\n"):
            process.send(word, timeout_s=10)
            assert process.receive(100, timeout_s=10) == word.upper()
        finished = process.wait(timeout_s=10)
        assert (finished.ok, finished.stdout) == (True, b"")
        assert process.receive(100, timeout_s=1) == b""
        assert process.stop() == finished


def test_what_was_printed_before_the_end_is_still_received(sandbox: Sandbox) -> None:
    with sandbox.spawn(shell("cat")) as process:
        process.send(b"late", timeout_s=10)
        assert process.wait(timeout_s=10).ok
        assert process.receive(100, timeout_s=1) == b"late"
        assert process.receive(100, timeout_s=1) == b""


def test_receive_and_send_give_up_in_time(sandbox: Sandbox) -> None:
    with sandbox.spawn(shell("exec sleep 600")) as process:
        with pytest.raises(TimeoutError):
            process.receive(1, timeout_s=0.05)
        with pytest.raises(TimeoutError):
            process.send(bytes(8 * MIB), timeout_s=0.05)


def test_sending_to_one_that_has_ended_is_a_broken_pipe(sandbox: Sandbox) -> None:
    with sandbox.spawn(shell("exec true")) as process:
        assert process.receive(1, timeout_s=10) == b""
        with pytest.raises(BrokenPipeError):
            process.send(bytes(MIB), timeout_s=5)


def test_the_wall_limit_holds_while_the_caller_does_nothing(sandbox: Sandbox) -> None:
    with sandbox.spawn(shell("sleep 600", limits=replace(SMALL, wall_s=0.3))) as process:
        assert process.receive(1, timeout_s=10) == b""
        assert process.wait(timeout_s=10).ended is Ended.TIMEOUT


def test_stop_is_quick_and_idempotent(sandbox: Sandbox) -> None:
    marker = uuid.uuid4().hex
    process = sandbox.spawn(python("import time, os; os.fork(); print('up', flush=True); time.sleep(600)", marker))
    process.receive(100, timeout_s=10)
    begun = time.monotonic()
    finished = process.stop()
    assert time.monotonic() - begun < 1
    assert (finished.ended, finished.exit_code) == (Ended.STOPPED, None)
    assert process.stop() == finished
    assert process.reading().cpu_s == finished.cpu_s
    assert alive(marker) == []


def test_wait_ends_what_does_not_end(sandbox: Sandbox) -> None:
    with sandbox.spawn(shell("exec sleep 600")) as process:
        assert process.wait(timeout_s=0.1).ended is Ended.TIMEOUT


def test_an_error_in_the_callers_block_stops_it(sandbox: Sandbox) -> None:
    marker = uuid.uuid4().hex
    with pytest.raises(KeyError), sandbox.spawn(shell("sleep 600", marker)):
        raise KeyError
    assert alive(marker) == []


def test_a_spawned_command_may_flood_its_standard_error(sandbox: Sandbox) -> None:
    with sandbox.spawn(shell("yes >&2")) as process:
        assert process.receive(1, timeout_s=10) == b""
        finished = process.wait(timeout_s=10)
    assert (finished.ended, len(finished.stderr)) == (Ended.OUTPUT, SMALL.output_bytes)


def test_readings_follow_the_work(sandbox: Sandbox) -> None:
    program = "import sys\nfor line in sys.stdin: print(sum(range(int(line))), flush=True)"
    with sandbox.spawn(python(program)) as process:
        spent = []
        for size in (b"1\n", b"20000000\n"):
            before = process.reading()
            process.send(size, timeout_s=10)
            process.receive(100, timeout_s=10)
            after = process.reading()
            assert after.wall_s > before.wall_s
            if before.cpu_s is not None and after.cpu_s is not None:
                spent.append(after.cpu_s - before.cpu_s)
        assert not spent or spent[1] > spent[0] + 0.05
        costs_s = []
        for _ in range(201):
            begun = time.perf_counter()
            process.reading()
            costs_s.append(time.perf_counter() - begun)
        assert statistics.median(costs_s) < 0.000_1, "the median: a busy host may take the processor away in between"


def test_commands_run_side_by_side_from_threads(sandbox: Sandbox) -> None:
    def one(number: int) -> bytes:
        return sandbox.run(shell("echo $1", str(number))).stdout

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(one, range(9))) == [b"%d\n" % number for number in range(9)]


def test_a_spawned_command_outlives_the_thread_that_spawned_it(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(1) as pool:
        process = pool.submit(sandbox.spawn, python(ECHO)).result()
    with process:
        process.send(b"still here\n", timeout_s=10)
        assert process.receive(100, timeout_s=10) == b"STILL HERE\n"


# --- the supervisor's own end ---

SUPERVISOR = """
import sys, time
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
from tools.sandbox.contract import Command
from tools.sandbox.select import DOCKER_SOCKET, open_sandbox
sandbox = open_sandbox(sys.argv[2], docker_socket=Path(sys.argv[4]))
process = sandbox.spawn(Command(argv=("/bin/sh", "-c", "sleep 600 & echo up; wait", sys.argv[3])))
print(process.receive(10, timeout_s=30).decode(), flush=True)
time.sleep(600)
"""


def test_a_killed_supervisor_leaves_nothing_after_the_next_sweep(sandbox: Sandbox) -> None:
    marker = uuid.uuid4().hex
    root = str(Path(__file__).parents[2])
    socket = getattr(sandbox, "socket", DOCKER_SOCKET)
    argv = [sys.executable, "-c", SUPERVISOR, root, sandbox.name, marker, str(socket)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == b"up\n"
        with sandbox.spawn(python(ECHO)) as own:
            assert sandbox.sweep() == 0, "a living supervisor's commands are left alone"
            own.send(b"alive\n", timeout_s=10)
            assert own.receive(100, timeout_s=10) == b"ALIVE\n"
        supervisor.kill()
        supervisor.wait()
    if sandbox.name != "bubblewrap":
        assert sandbox.sweep() == 1
    deadline = time.monotonic() + 5
    while left := alive(marker):
        assert time.monotonic() < deadline, f"processes {left} outlived their supervisor"
    sandbox.sweep()
    assert sandbox.sweep() == 0
    for place in ("/sys/fs/cgroup", "/run/hasten"):
        assert not [name for _, names, _ in os.walk(place) for name in names if f"-{supervisor.pid}-" in name]


# --- its choice ---


def test_what_is_not_enforced_is_said_in_sentences(sandbox: Sandbox) -> None:
    assert all(sentence.endswith(".") for sentence in sandbox.degraded)
    if sandbox.name == "none":
        assert sandbox.degraded


def test_an_unknown_sandbox_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UserError, match="bubblewrap, docker, none"):
        open_sandbox("chroot")
