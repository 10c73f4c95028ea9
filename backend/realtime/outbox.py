"""What waits to be sent to one client, given out in payloads of a size that every client takes.

A long poll is answered with all that waits. Python clients take 16 packets in a payload, and give the connection up at
more (`engineio.payload.Payload.max_decode_packets`); so a burst of changes would throw them out.
"""

from collections.abc import Callable
from typing import Any, Final

from engineio.payload import Payload

MOST_SENT: Final = 16
"""How many packets a payload has that we send."""
MOST_RECEIVED: Final = 1000
"""How many a payload may have that we receive: a browser that comes back joins all its rooms in one."""


class Outbox:
    """Is a queue that seems empty after as many packets as a payload may have, until it is waited for again.

    It knows how many characters wait in it: a client may be slow, but not at any price.
    """

    def __init__(self, queue: Any, empty: type[Exception]) -> None:
        self._queue = queue
        self._empty = empty
        self._given = 0
        self.waiting = 0

    def put(self, packet: Any) -> None:
        """Takes a packet, or None, which ends the connection."""
        self.waiting += _size_of(packet)
        self._queue.put(packet)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Gives the next packet; a payload's first is waited for, and the others are taken if they are there."""
        self._given = 1 if block else self._given + 1
        if self._given > MOST_SENT:
            raise self._empty
        packet = self._queue.get(block, timeout)
        self.waiting -= _size_of(packet)
        return packet

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queue, name)


def _size_of(packet: Any) -> int:
    data = getattr(packet, "data", None)
    return len(data) if isinstance(data, str | bytes) else 0


def bound_payloads(engine: Any) -> None:
    """Makes an Engine.IO server send small payloads, and take large ones."""
    new_queue: Callable[[], Any] = engine.create_queue
    engine.create_queue = lambda: Outbox(new_queue(), engine.get_queue_empty_exception())
    Payload.max_decode_packets = MOST_RECEIVED  # the library has no setting for it
