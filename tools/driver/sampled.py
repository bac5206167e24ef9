"""The `sampled` mode: runs a command once, with the sampler in every Python it starts, and hands over the stacks.

One frame comes in: {command}; {kind: stacks, ...} goes out for each Python process that ended by itself, then
{kind: end, exit, tail}.
"""

import json
import os
import subprocess

FOLDER = "/tmp/.hasten-samples"
MOST_OUTPUT_BYTES = 4000
_STARTUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup")


def main(channel, _arguments):
    """Run the command to its end."""
    command = channel.receive()["command"]
    os.mkdir(FOLDER)
    # The shell sets the path, so that this process itself is not sampled.
    script = 'PYTHONPATH="%s${PYTHONPATH:+:$PYTHONPATH}" exec /bin/sh -c "$0"' % _STARTUP
    with open(os.path.join(FOLDER, "output"), "w+b") as output:
        done = subprocess.run(
            ["/bin/sh", "-c", script, command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output.seek(max(0, output.seek(0, os.SEEK_END) - MOST_OUTPUT_BYTES))
        tail = output.read().decode("utf-8", "replace")
    for name in sorted(os.listdir(FOLDER)):
        if name.endswith(".json"):
            with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
                channel.send(kind="stacks", **json.load(file))
    channel.send(kind="end", exit=done.returncode, tail=tail)
