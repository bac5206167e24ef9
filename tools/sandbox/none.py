"""No protection, for hosts where bubblewrap cannot run and the code is trusted: only when asked for by name.

A target's environment is built for fixed paths (`/env`, `/project`), so these must exist for the command and must not
touch the host's root. A private mount namespace gives both: the command's root is made of the host's own folders, with
the mounts and a fresh /tmp on top. Limits hold as far as control groups do.
"""

import os

from tools.sandbox.backend import LocalSandbox, is_root
from tools.sandbox.contract import Command
from tools.sandbox.order import Order
from tools.sandbox.system import environment


class Unprotected(LocalSandbox):
    """Runs commands as the supervisor's own user, in sight of the whole host."""

    name = "none"
    own_processes = False
    spare_processes = 0

    @property
    def degraded(self) -> tuple[str, ...]:
        """What this back-end does not enforce."""
        found = [
            "Nothing protects this host: commands run as its user "
            f"{'root' if is_root() else os.getuid()}, read and write its files and reach its network.",
            "System calls are not filtered, and a pinned command may leave its core.",
            *super().degraded,
        ]
        if not self._parents:
            found.append("A process that leaves its command's session outlives it: no control group here.")
        return tuple(found)

    def order(self, command: Command) -> Order:
        """The command as the launcher takes it."""
        return self.base_order(
            command,
            whole_root=True,
            cwd=command.cwd,
            argv=list(command.argv),
            env=environment(command),
        )
