"""Free ports on the loopback interface."""

from __future__ import annotations

import socket
import time


def find_free_port() -> int:
    """Return a TCP port that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    """Tell whether something accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until_accepting(port: int, seconds: float) -> bool:
    """Wait for a listener on a loopback port; False if none came in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if accepts(port):
            return True
        time.sleep(0.05)
    return False
