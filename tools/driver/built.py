"""The `built` mode: builds the project with every call of a compiler written down, then runs commands and looks on.

One frame comes in: {build, commands, gather, most_s, root}; `gather` is `compiles`, `lines` or `instructions`. Frames
go out: {kind: built, exit, tail}, {kind: compile, directory, argv} for each call of a compiler, {kind: ran, exit, tail,
cpu_s} for each command, {kind: lines, path, counts: [[line, count]]} with `lines`, {kind: instructions, own, calls}
with `instructions` where the commands took no longer than `most_s` of processor time, and {kind: end}.

The compilers that the build finds on its path are scripts of ours, which note their arguments and become the compiler.
Counting what ran needs flags of a compiler; they change nothing of what the program does.
"""

import os
import re
import resource
import subprocess
import tempfile

SHIMS = "/tmp/.hasten-shims"
COMPILES = "/tmp/.hasten-compiles"
MOST_TAIL_BYTES = 4000
MOST_COMPILES = 20_000
_COMPILER = re.compile(r"([a-z0-9_]+-linux-gnu-)?(cc|c\+\+|gcc|g\+\+|clang|clang\+\+)(-[0-9.]+)?$")
_FLAGS = {
    "compiles": ("", ""),
    "lines": ("--coverage -fprofile-abs-path", "--coverage"),
    "instructions": ("-g -gdwarf-4", "-g -gdwarf-4"),  # valgrind reads no newer form whole
}
"""By what is gathered: for gcc, for clang."""
_SHIM = """#!/bin/sh
printf '%%s\\0' "$PWD" "%(name)s" "$@" > "%(log)s/$$"
exec "%(real)s" "$@" %(flags)s
"""


def main(channel, _arguments):
    """Build once, run each command once."""
    request = channel.receive()
    gather = request["gather"]
    environment = dict(os.environ, PATH="%s:%s" % (SHIMS, os.environ.get("PATH", os.defpath)))
    _make_shims(*_FLAGS[gather])
    code, tail, _ = run(request["build"], environment)
    channel.send(kind="built", exit=code, tail=tail)
    compiles = list(_compiles())
    for directory, argv in compiles:
        channel.send(kind="compile", directory=directory, argv=argv)
    cpu_s = 0.0
    for command in request["commands"] if code == 0 else ():
        ended, tail, took_s = run(command, None)
        cpu_s += took_s
        channel.send(kind="ran", exit=ended, tail=tail, cpu_s=took_s)
    if code == 0 and gather == "lines":
        from .native_lines import executed

        clang = any("clang" in os.path.basename(argv[0]) for _, argv in compiles)
        for path, counts in executed(request["root"], clang):
            channel.send(kind="lines", path=path, counts=sorted(counts.items()))
    if code == 0 and gather == "instructions" and cpu_s <= request["most_s"]:
        from .native_instructions import counted

        own, calls = counted(request["commands"], request["root"])
        channel.send(kind="instructions", own=own, calls=calls)
    channel.send(kind="end")


def run(command, environment):
    """Exit code, the last of what was printed, and the processor time of a shell command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            check=False,
        )
        output.seek(max(0, output.seek(0, os.SEEK_END) - MOST_TAIL_BYTES))
        tail = output.read().decode("utf-8", "replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.returncode, tail, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _make_shims(gcc_flags, clang_flags):
    os.mkdir(SHIMS)
    os.mkdir(COMPILES)
    for folder in reversed(os.environ.get("PATH", os.defpath).split(":")):
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            real = os.path.join(folder, name)
            if not _COMPILER.match(name) or not os.access(real, os.X_OK):
                continue
            flags = clang_flags if "clang" in os.path.realpath(real) else gcc_flags
            place = os.path.join(SHIMS, name)
            with open(place, "w", encoding="utf-8") as file:
                file.write(_SHIM % {"name": name, "log": COMPILES, "real": real, "flags": flags})
            os.chmod(place, 0o755)


def _compiles():
    """(folder, arguments) of each call of a compiler, in the order in which they began."""
    logs = sorted((entry.stat().st_mtime_ns, entry.path) for entry in os.scandir(COMPILES))
    for _, path in logs[:MOST_COMPILES]:
        with open(path, "rb") as file:
            words = file.read().decode("utf-8", "replace").split("\0")
        yield words[0], words[1:-1]
