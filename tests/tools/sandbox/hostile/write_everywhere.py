"""Tries to write wherever it should not; says where it could."""

import os

written = []
for path in (
    "/new",
    "/usr/new",
    "/usr/bin/sh",
    "/bin/new",
    "/lib/new",
    "/etc/new",
    "/etc/passwd",
    "/dev/new",
    "/proc/new",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/hostname",
    "/proc/sysrq-trigger",
    "/proc/1/oom_score_adj",
    "/proc/1/mem",
    "/sys/new",
    "/var/new",
    "/root/new",
    "/home/new",
    "/run/new",
):
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o644))
        written.append(path)
    except OSError:
        pass
print("opened", written)
