"""The `sampled` mode: runs a command once, with the sampler in every Python it starts, and hands over the stacks.

One frame comes in: {command, and if the lines of one function are looked at: level, place}; {kind: stacks or metered,
...} goes out for each Python process that ended by itself, then {kind: end, exit, tail}. The levels are `function`,
`line` (stacks, by line at the place), `time` and `memory` (its lines metered, see `line_meter.py`).
"""

import json
import os
import subprocess

FOLDER = "/tmp/.hasten-samples"
MOST_OUTPUT_BYTES = 4000
_STARTUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup")


def main(channel, _arguments):
    """Run the command to its end."""
    request = channel.receive()
    command = request["command"]
    os.mkdir(FOLDER)
    with open(os.path.join(FOLDER, "wanted"), "w", encoding="utf-8") as file:
        json.dump({"level": request.get("level", "function"), "place": request.get("place")}, file)
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
                found = json.load(file)
            channel.send(kind="stacks" if "folded" in found else "metered", **found)
    channel.send(kind="end", exit=done.returncode, tail=tail)
