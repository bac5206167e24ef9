"""The `proven` mode: runs a command once and tells which of some lines ran in the Pythons that it started.

One frame comes in: {command, lines: {path: [numbers]}}; one goes out: {lines: {path: [numbers]}, pythons, exit}.
"""

import json
import os
import subprocess

FOLDER = "/tmp/.hasten-lines"
MOST_BYTES = 16 * 1024 * 1024
_STARTUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup")


def main(channel, _arguments):
    """Run the command to its end."""
    request = channel.receive()
    os.mkdir(FOLDER)
    with open(os.path.join(FOLDER, "wanted.json"), "w", encoding="utf-8") as file:
        json.dump(request["lines"], file)
    # The shell sets the path, so that this process itself is not watched.
    script = 'PYTHONPATH="%s${PYTHONPATH:+:$PYTHONPATH}" exec /bin/sh -c "$0"' % _STARTUP
    done = subprocess.run(
        ["/bin/sh", "-c", script, request["command"]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    ran, pythons = {}, 0
    for path, numbers in _told():
        if path is None:
            pythons += 1
        elif numbers in request["lines"].get(path, ()):
            ran.setdefault(path, set()).add(numbers)
    channel.send(lines={path: sorted(numbers) for path, numbers in ran.items()}, pythons=pythons, exit=done.returncode)


def _told():
    """(path, line) for each line that ran, (None, None) for each Python that started."""
    try:
        with open(os.path.join(FOLDER, "ran"), "rb") as file:
            told = file.read(MOST_BYTES).splitlines()
    except OSError:
        return
    for line in told:
        try:
            path, number = json.loads(line) or (None, None)
        except ValueError:
            continue  # the last one may be cut off
        yield path, number
