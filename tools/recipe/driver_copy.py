"""The driver as targets see it: a copy of our files with bytecode for the target's Python, made once for each pair."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import tools.driver
from tools.errors import InfrastructureError
from tools.git.trees import scratch_folder
from tools.recipe.interpreter import Interpreter
from tools.recipe.places import DRIVER

COMPILE_S = 60.0


def copy_driver(home: Path, interpreter: Interpreter) -> Path:
    """The folder to mount, by the digest of the driver's files and the Python's version; no code of a target runs.

    Raises InfrastructureError where the interpreter cannot compile it.
    """
    source = Path(next(iter(tools.driver.__path__)))
    files = sorted(path for path in source.rglob("*.py") if "__pycache__" not in path.parts)
    digest = hashlib.sha256(interpreter.version.encode())
    for path in files:
        digest.update(f"\0{path.relative_to(source)}\0".encode() + path.read_bytes())
    folder = home / "drivers" / digest.hexdigest()[:32]
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(home) as scratch:
        copy = scratch / "driver"
        for path in files:
            place = copy / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        arguments = ["-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-d", DRIVER, str(copy)]
        done = subprocess.run(
            [str(interpreter.executable), *arguments], capture_output=True, timeout=COMPILE_S, check=False
        )
        if done.returncode != 0:
            raise InfrastructureError(f"{interpreter.executable} cannot compile the driver: {done.stdout[-500:]!r}")
        try:
            copy.rename(folder)
        except OSError:
            if not folder.is_dir():  # somebody else was quicker
                raise
    return folder
