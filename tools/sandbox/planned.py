"""Running and spawning, for every back-end that can say how a command is started."""

from tools.sandbox.contract import Command, Finished, Process
from tools.sandbox.plan import Plan
from tools.sandbox.process import SpawnedProcess
from tools.sandbox.watch import Watch


class PlannedSandbox:
    """Runs what its `_plan` makes of a command."""

    def run(self, command: Command) -> Finished:
        """Run to the end; raises InfrastructureError only where the sandbox itself could not start."""
        watch = Watch(self._plan(command), feed=command.stdin)
        watch.start()
        try:
            return watch.follow()
        finally:
            watch.close()

    def spawn(self, command: Command) -> Process:
        """Start with pipes; raises InfrastructureError as `run` does."""
        return SpawnedProcess(self._plan(command))

    def _plan(self, command: Command) -> Plan:
        raise NotImplementedError
