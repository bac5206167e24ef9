"""Starts one command up to the moment at which it is let go."""

import io
import json
import marshal
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.errors import InfrastructureError
from tools.sandbox.capture import Capture
from tools.sandbox.cgroup import Group
from tools.sandbox.contract import Limits
from tools.sandbox.hierarchy import Parent
from tools.sandbox.launch import GATE_FD, REPORT_FD, STATUS_FD
from tools.sandbox.order import Order
from tools.sandbox.plan import Started, let_go

_READY_S = 60.0
_STATUS_BYTES = 1 << 16
_COMPLAINT_BYTES = 1 << 12
_ROOT = str(Path(__file__).parents[2])
_BOOT = f"import sys; sys.path.append({_ROOT!r}); from tools.sandbox.launch import main; main(*map(int, sys.argv[1:]))"


@dataclass(frozen=True, kw_only=True)
class LocalPlan:
    """A command that the launcher starts on this host."""

    order: Order
    limits: Limits
    parents: Mapping[str, Parent]
    """Where its control group is made; none is, where the host has no place for it."""
    own_processes: bool
    spare_processes: int

    def start(self, *, null_input: bool) -> Started:
        """Start it and let it go.

        The calling thread becomes its parent in the kernel's eyes: when that thread ends, the command dies.
        """
        return _start(self, null_input=null_input)


def _start(plan: LocalPlan, *, null_input: bool) -> Started:
    status_r, status_w = os.pipe()
    gate_r, gate_w = os.pipe()
    gate = io.FileIO(gate_w, "wb")
    order_r, order_w = os.pipe()
    child, group = None, None
    try:
        try:
            if plan.parents:
                group = Group(plan.parents, plan.limits, spare_processes=plan.spare_processes)
            child = _launch((order_r, status_w, gate_r), null_input=null_input)
        finally:
            for fd in (order_r, status_w, gate_r):
                os.close(fd)
        # While the interpreter starts, for joining a group may wait for the kernel some ten milliseconds.
        if group is not None:
            group.add(child.pid)
        descriptors = {STATUS_FD: status_w, GATE_FD: gate_r, REPORT_FD: status_w}
        order_fd, order_w = order_w, -1
        _send({**plan.order, "descriptors": descriptors}, order_fd)
        status = Capture(status_r, _STATUS_BYTES)
        init_fd = _await_ready(status, child, own_processes=plan.own_processes)
        return let_go(child, init_fd, status, gate, group)
    except BaseException as error:
        os.close(status_r)
        gate.close()
        _abandon(group, child)
        if isinstance(error, OSError):
            raise InfrastructureError(f"the sandbox could not start: {error}", retryable=True) from error
        raise
    finally:
        if order_w >= 0:
            os.close(order_w)


def _launch(inherited: tuple[int, int, int], *, null_input: bool) -> subprocess.Popen[bytes]:
    order_r, status_w, _ = inherited
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _BOOT, str(order_r), str(status_w)],
        stdin=subprocess.DEVNULL if null_input else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=inherited,
        bufsize=0,
        cwd="/",
        env={},
    )


def _send(order: Order, order_fd: int) -> None:
    with open(order_fd, "wb") as stream:
        try:
            marshal.dump(dict(order), stream)
        except BrokenPipeError:
            return  # The launcher is gone; the reason is read from its status.


def _await_ready(status: Capture, child: subprocess.Popen[bytes], *, own_processes: bool) -> int | None:
    """Wait until the command's first process stands at the gate; its pidfd where it has its own process namespace."""
    deadline = time.monotonic() + _READY_S
    poll = select.poll()
    poll.register(status.fd, select.POLLIN)
    while b"+" not in (lines := bytes(status.data).splitlines()):
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise InfrastructureError(f"the sandbox was not ready after {_READY_S:.0f} s", retryable=True)
        if not status.read() or b"!" in {line[:1] for line in bytes(status.data).splitlines()}:
            raise InfrastructureError(f"the sandbox could not start: {_complaint(status, child)}")
    if not own_processes:
        return None
    report = next(json.loads(line) for line in lines if line.startswith(b"{"))
    return os.pidfd_open(report["child-pid"])


def _complaint(status: Capture, child: subprocess.Popen[bytes]) -> str:
    for line in bytes(status.data).splitlines():
        if line.startswith(b"!"):
            return line[1:].decode(errors="replace")
    assert child.stderr is not None
    child.wait(_READY_S)
    errors = Capture(child.stderr.fileno(), _COMPLAINT_BYTES)
    errors.drain()
    return errors.data.decode(errors="replace").strip() or f"it ended with status {child.returncode}"


def _abandon(group: Group | None, child: subprocess.Popen[bytes] | None) -> None:
    if child is not None:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None:
                stream.close()
    if group is not None:
        group.remove()
