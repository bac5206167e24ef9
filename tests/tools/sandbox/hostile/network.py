"""Tries to reach each address it is given, and a listener's abstract socket; says what worked."""

import socket
import sys

port, abstract = int(sys.argv[1]), sys.argv[2]
for name, family, address in (
    ("loopback", socket.AF_INET, ("127.0.0.1", port)),
    ("loopback6", socket.AF_INET6, ("::1", port)),
    ("internet", socket.AF_INET, ("1.1.1.1", 53)),
    ("metadata", socket.AF_INET, ("169.254.169.254", 80)),
    ("abstract", socket.AF_UNIX, "\0" + abstract),
):
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.settimeout(3)
        try:
            line.connect(address)
            print(name, "REACHED")
        except OSError as error:
            print(name, "refused", error.strerror or error)
try:
    socket.getaddrinfo("example.com", 443)
    print("names", "REACHED")
except OSError:
    print("names", "refused")
