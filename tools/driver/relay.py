"""The near end of the only way out of a build: listens on loopback and carries bytes to a Unix socket.

    python relay.py SOCKET COMMAND ...

The command runs beside it. `@PORT@` in the command and in its environment becomes the port.
"""

import os
import signal
import socket
import subprocess
import sys
import threading

CHUNK_BYTES = 1 << 16
PORT = "@PORT@"


def main(path, *command):
    """Run the command with the relay beside it and end as it ends."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = str(listener.getsockname()[1])
    threading.Thread(target=accept, args=(listener, path), daemon=True).start()
    environment = {name: value.replace(PORT, port) for name, value in os.environ.items()}
    code = subprocess.call([word.replace(PORT, port) for word in command], env=environment)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def accept(listener, path):
    """Join every connection to one of its own at the other end."""
    while True:
        near = listener.accept()[0]
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(path)
        except OSError:
            near.close()
            far.close()
            continue
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=carry, args=(source, target), daemon=True).start()


def carry(source, target):
    """Everything from one to the other, and then the end."""
    try:
        while True:
            chunk = source.recv(CHUNK_BYTES)
            if not chunk:
                break
            target.sendall(chunk)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
        source.shutdown(socket.SHUT_RD)
    except OSError:
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
