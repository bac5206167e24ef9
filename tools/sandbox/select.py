"""Opens a sandbox by name; never falls back to a weaker one by itself."""

from pathlib import Path

from tools.errors import InfrastructureError, UserError
from tools.sandbox.backend import is_root
from tools.sandbox.bubblewrap import Bubblewrap, find_bwrap
from tools.sandbox.contract import Command, Sandbox
from tools.sandbox.none import Unprotected

NAMES = (Bubblewrap.name, "docker", Unprotected.name)
DOCKER_SOCKET = Path("/var/run/docker.sock")
_INSTALL = "install it with your package manager, such as `sudo apt-get install bubblewrap`"
# A setting of the kernel, the value at which ordinary users get no namespaces, and what lets them have some.
_HURDLES = (
    ("kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
    ("user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
    ("kernel/apparmor_restrict_unprivileged_userns", "1", "kernel.apparmor_restrict_unprivileged_userns=0"),
)


def open_sandbox(name: str, *, docker_socket: Path = DOCKER_SOCKET) -> Sandbox:
    """The sandbox that `name` (one of NAMES) stands for, tried once with a command that does nothing.

    Raises UserError, with the remedy, where there is no such name or this host cannot have it.
    """
    if name not in NAMES:
        raise UserError(f"There is no sandbox {name!r}; choose one of: {', '.join(NAMES)}.")
    if name == Unprotected.name:
        return _tried(Unprotected(), "run as root, or allow user namespaces")
    if name == "docker":
        return _docker(docker_socket)
    program = find_bwrap()
    if program is None:
        raise UserError(
            f"The sandbox needs bubblewrap 0.8 or newer, which is not on this machine: {_INSTALL}.", status=422
        )
    return _tried(Bubblewrap(program), "bubblewrap must be 0.8 or newer and user namespaces allowed")


def _docker(socket: Path) -> Sandbox:
    if not is_root():
        raise UserError(
            "The sandbox 'docker' needs root, to lend files to containers and to take away what they leave: run Hasten "
            "as root, or use the sandbox 'bubblewrap', which ordinary users can have.",
            status=422,
        )
    from tools.sandbox.docker import DockerSandbox  # noqa: PLC0415 - a tenth of a second that others need not spend

    try:
        sandbox = DockerSandbox(socket)
    except InfrastructureError as error:
        message = (
            f"No Docker engine answers at {socket}: start it (such as with `sudo systemctl start docker`), "
            "or name another socket in HASTEN_DOCKER_SOCKET."
        )
        raise UserError(message, status=422, detail=str(error)) from error
    return _tried(sandbox, "the engine must run on this host, outside of any container, with control groups")


def _tried(sandbox: Sandbox, usual_remedy: str) -> Sandbox:
    try:
        finished = sandbox.run(Command(argv=("/bin/sh", "-c", ":")))
    except InfrastructureError as error:
        message = f"The sandbox {sandbox.name!r} does not work on this machine: {_remedy() or usual_remedy}."
        raise UserError(message, status=422, detail=str(error)) from error
    if not finished.ok:
        message = f"The sandbox {sandbox.name!r} cannot run /bin/sh on this machine: {usual_remedy}."
        raise UserError(message, status=422, detail=finished.tail())
    return sandbox


def _remedy() -> str | None:
    for setting, closed, opened in _HURDLES:
        file = Path("/proc/sys") / setting
        if file.exists() and file.read_text().strip() == closed:
            return f"allow user namespaces with `{'' if is_root() else 'sudo '}sysctl -w {opened}`"
    return None
