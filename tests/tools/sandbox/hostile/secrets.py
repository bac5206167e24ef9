"""Looks for a word in the environment, in every process it can see and in the files of every home."""

import os
import sys

word = sys.argv[1][::-1].encode()  # It is given backwards, so that its own arguments do not hold it.
found = [name for name, value in os.environ.items() if word in value.encode()]
for process in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "cmdline", "maps", "mountinfo", "cwd", "root/etc/shadow"):
        path = f"/proc/{process}/{name}"
        try:
            with open(path, "rb") as file:
                if word in file.read():
                    found.append(path)
        except OSError:
            pass
for top in ("/root", "/home", "/tmp", "/var", "/run", "/srv", "/mnt", "/opt", "/work", "/etc"):
    for folder, folders, names in os.walk(top):
        if folder == sys.prefix:
            folders.clear()
        for name in names:
            try:
                with open(os.path.join(folder, name), "rb") as file:
                    if word in file.read(1 << 20):
                        found.append(os.path.join(folder, name))
            except OSError:
                pass
print("found", found)
print("processes", sorted(map(int, filter(str.isdigit, os.listdir("/proc")))))
print("shadow", os.path.exists("/etc/shadow"))
