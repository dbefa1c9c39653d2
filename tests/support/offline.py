"""Run a command of this Python in a network namespace that leads nowhere, and count who tried to leave it.

    unshare -rn python tests/support/offline.py -m pytest tests

The loopback device is switched on, since tests serve files and pages to themselves. Every attempt to reach another machine,
by any process, finds no route; the kernel counts these, and one is a failure.
"""

from __future__ import annotations

import contextlib
import fcntl
import re
import socket
import struct
import subprocess
import sys
from pathlib import Path

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP


def main() -> int:
    if others := [name for _, name in socket.if_nameindex() if name != "lo"]:
        sys.stderr.write(f"offline: this namespace has {', '.join(others)}; begin with unshare -rn\n")
        return 2
    switch_on("lo")
    before = no_routes()
    code = subprocess.run([sys.executable, *sys.argv[1:]], check=False).returncode
    tried = no_routes() - before
    sys.stdout.write(f"offline: {tried} connection attempts\n")
    return code or int(tried > 0)


def switch_on(device: str) -> None:
    """What `ip link set lo up` does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        asked = struct.pack("16sh14x", device.encode(), 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(held, _GET_FLAGS, asked))[1]
        fcntl.ioctl(held, _SET_FLAGS, struct.pack("16sh14x", device.encode(), flags | _UP))


def no_routes() -> int:
    """How often the kernel had no way for what a process wanted to send, over IP of both versions."""
    names, values = (
        line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip: ")
    )
    found = int(values[names.index("OutNoRoutes")])
    with contextlib.suppress(OSError):  # a kernel without IPv6
        found += int(re.search(r"Ip6OutNoRoutes\s+(\d+)", Path("/proc/net/snmp6").read_text())[1])
    return found


if __name__ == "__main__":
    sys.exit(main())
