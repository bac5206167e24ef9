"""Makes .venv from the hashed locks and finds the sandbox; `make` runs it before everything else.

It needs a Python and its standard library, nothing more. A stamp inside .venv tells what it was made from. It is taken
away before anything changes and written last, so a .venv without a fitting stamp is half done and is made anew.
"""

import argparse
import ast
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "hasten-setup.json"
LOCKS = {
    "runtime": ROOT / "requirements.lock",
    "service": ROOT / "requirements-service.lock",
    "dev": ROOT / "requirements-dev.lock",
}
TAIL_LINES = 12

# Package managers: the word that installs, and what keeps it from asking.
MANAGERS: Mapping[str, tuple[str, Sequence[str]]] = {
    "apt-get": ("install", ("-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120")),
    "dnf": ("install", ("-y", "-q")),
    "zypper": ("install", ("-y",)),
    "apk": ("add", ("--quiet",)),
    "pacman": ("-S", ("--noconfirm", "--needed")),
}

# What pip calls a setting, and the names uv knows it by; the first is set unless the user set any of them.
UV_NAMES: Mapping[str, Sequence[str]] = {
    "index-url": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    "extra-index-url": ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
    "find-links": ("UV_FIND_LINKS",),
    "no-index": ("UV_NO_INDEX",),
    "trusted-host": ("UV_INSECURE_HOST",),
    "timeout": ("UV_HTTP_TIMEOUT",),
    "default-timeout": ("UV_HTTP_TIMEOUT",),
    "cert": ("SSL_CERT_FILE",),
    "proxy": ("ALL_PROXY", "HTTPS_PROXY", "https_proxy", "all_proxy"),
}


class SetupError(Exception):
    """Something is missing; the message names it and its remedy in one line, then what the failed command said."""


def main() -> int:
    """Make what is asked for; the exit code is 1 where something is missing that could not be had."""
    parser = argparse.ArgumentParser(prog="scripts/setup")
    lock = parser.add_mutually_exclusive_group()
    dev, service = "also the tools that check and test Hasten", "also what keeps blobs in a bucket"
    lock.add_argument("--dev", dest="lock", action="store_const", const="dev", help=dev)
    lock.add_argument("--service", dest="lock", action="store_const", const="service", help=service)
    parser.set_defaults(lock="runtime")
    parser.add_argument("--sandbox", action="store_true", help="also bubblewrap")
    wanted = parser.parse_args()
    try:
        # Held by a file that is always there: two makes at once set up once.
        with (ROOT / "pyproject.toml").open() as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            provide_packages(wanted.lock)
            if wanted.sandbox and shutil.which("bwrap") is None:
                install("bubblewrap", dict.fromkeys(MANAGERS, "bubblewrap"))
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: interrupted; the next make starts it anew", file=sys.stderr)
        return 130
    return 0


def provide_packages(lock: str) -> None:
    """Bring .venv in line with a lock; the development lock holds all of the others."""
    present = read_stamp()
    if present.get("lock") == "dev":
        lock = "dev"
    wanted = {"checkout": str(ROOT), "python": base_python(), "lock": lock, "digest": digest(lock)}
    if present == wanted:
        return
    whole = bool(present) and all(present.get(key) == wanted[key] for key in ("checkout", "python"))
    STAMP.unlink(missing_ok=True)
    if not whole:
        create_venv()
    install_packages(lock)
    STAMP.write_text(json.dumps(wanted, indent=1) + "\n")


def read_stamp() -> dict[str, str]:
    """What .venv was made from; empty where it is missing or half done."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and os.access(VENV / "bin" / "python", os.X_OK) else {}


def base_python() -> str:
    """The interpreter .venv stands on, also when this runs inside .venv."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def digest(lock: str) -> str:
    """Changes whenever the packages, or the way they are installed, may have changed."""
    parts = (LOCKS[lock], ROOT / "pyproject.toml", Path(__file__))
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


def create_venv() -> None:
    """A new .venv with pip, whatever stood there before."""
    python, version = base_python(), "{}.{}".format(*sys.version_info)
    if importlib.util.find_spec("ensurepip") is None:
        install(f"python{version}-venv", {"apt-get": f"python{version}-venv"})
    say(f"Python {version} in .venv")
    run([python, "-m", "venv", "--clear", str(VENV)], remedy=f"{python} cannot make a virtual environment")


def install_packages(lock: str) -> None:
    """uv by pip, everything else by uv, each file checked against its hash; Hasten itself is linked, not copied."""
    python = str(VENV / "bin" / "python")
    settings = {**clean_environment(), **uv_settings(python)}
    offline = "check the network, or the index settings of pip and uv"
    say(f"packages from {LOCKS[lock].name}")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pinned:
        pinned.write(pin_of("uv", LOCKS[lock]))
        pinned.flush()
        pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", pinned.name]
        run(pip, remedy=f"uv could not be installed; {offline}", env=settings)
    uv = [python, "-m", "uv", "pip"]
    sync = [*uv, "sync", "--quiet", "--require-hashes", "--python", python, str(LOCKS[lock])]
    run(sync, remedy=f"packages could not be installed; {offline}", env=settings)
    # The build backend is part of uv, so this needs no index.
    link = [*uv, "install", "--quiet", "--offline", "--no-deps", "--python", python, "--editable", str(ROOT)]
    run(link, remedy="Hasten could not be linked into .venv", env=settings)


def pin_of(package: str, lock: Path) -> str:
    """A package's lines in a lock: name, version and hashes."""
    pin = re.search(rf"^{package}==.*?(?=^\S|\Z)", lock.read_text(), re.MULTILINE | re.DOTALL)
    if pin is None:
        raise SetupError(f"{lock.name} does not name {package}; run make lock")
    return pin.group()


def clean_environment() -> dict[str, str]:
    """The user's environment without what would send packages elsewhere than into .venv."""
    astray = {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "UV_SYSTEM_PYTHON"}
    kept = {name: value for name, value in os.environ.items() if name not in astray}
    return {**kept, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def uv_settings(python: str) -> dict[str, str]:
    """The user's pip settings (environment and pip.conf) in uv's words, where uv has none of its own."""
    listing = run([python, "-m", "pip", "config", "list"], remedy="pip does not start", env=clean_environment())
    found = re.findall(r"^(global|install|:env:)\.([\w-]+)=(.*)$", listing, re.MULTILINE)
    # Weakest first, as pip ranks them; the last one counts.
    found.sort(key=lambda setting: ("global", "install", ":env:").index(setting[0]))
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match"}  # As pip: the best of all indexes. The hashes decide.
    for _, name, value in found:
        names = UV_NAMES.get(name, ())
        if names and not any(known in os.environ for known in names):
            settings[names[0]] = ("," if name == "find-links" else " ").join(ast.literal_eval(value).split())
    return settings


def install(name: str, packages: Mapping[str, str]) -> None:
    """Install by the system's package manager; raises SetupError with the command to type where that is not allowed."""
    manager = next((known for known in MANAGERS if known in packages and shutil.which(known)), None)
    if manager is None:
        raise SetupError(f"{name} is missing; install it with your system's package manager")
    verb, options = MANAGERS[manager]
    remedy = f"{name} is missing; install it with: sudo {manager} {verb} {packages[manager]}"
    rights: list[str] = []
    if os.geteuid() != 0:
        rights = ["sudo", "-n"]
        if shutil.which("sudo") is None or not succeeds([*rights, "true"]):
            raise SetupError(remedy)
    say(f"{name} by {manager}")
    if manager == "apt-get":
        # A fresh machine has no package lists yet. Where they cannot be had, the ones that are there may still do.
        succeeds([*rights, manager, "update", "-q"])
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([*rights, manager, verb, *options, packages[manager]], remedy=remedy, env=environment)


def succeeds(command: Sequence[str]) -> bool:
    """Whether a command ends well; what it prints is dropped."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def run(command: Sequence[str], *, remedy: str, env: Mapping[str, str] | None = None) -> str:
    """Run quietly and return what it printed; raises SetupError with the remedy and the command's last lines."""
    done = subprocess.run(
        command,
        env=env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stdout.strip().splitlines()[-TAIL_LINES:]
        raise SetupError("\n".join([remedy, *(f"  {line}" for line in said)]))
    return done.stdout


def say(step: str) -> None:
    """One line for a step that takes time."""
    print(f"setup: {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
