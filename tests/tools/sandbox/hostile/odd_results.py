"""Leaves, where a result is expected, a link out of the folder, a pipe, a folder and a device."""

import os

os.symlink("/etc/shadow", "/out/link")
os.symlink("/", "/out/root")
os.mkfifo("/out/pipe")
os.mkdir("/out/folder")
try:
    os.mknod("/out/device", 0o20666, os.makedev(1, 1))
    print("device ALLOWED")
except OSError as error:
    print("device", error.strerror)
