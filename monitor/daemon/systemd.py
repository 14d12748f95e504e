"""What the service manager is told: ready, alive, reloading, stopping. Nothing happens where there is none."""

import os
import socket
import time
from contextlib import suppress

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"


def tell(*lines: str) -> None:
    """Send lines to the socket that systemd names in NOTIFY_SOCKET (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET", "")  # noqa: TID251  the service manager speaks through it
    if not address.startswith(("/", "@")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as client:
        client.connect("\0" + address[1:] if address.startswith("@") else address)
        client.sendall("\n".join(lines).encode())


def reloading() -> None:
    """A reload has begun; without the time of the monotonic clock systemd takes it for failed."""
    tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


def status(text: str) -> None:
    """A line for `systemctl status`."""
    tell(f"STATUS={text}")
