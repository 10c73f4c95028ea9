"""Carries the log into the rooms: reads the log, never the request, and so sends each entry once and in order.

Told of a log's new head, by the write next door or by a look at the database (another process may have written), it
sends what lies between the last entry that it sent and the head. A room is followed while it has members.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import structlog

from backend.domain.changes import Change, Head

HEARTBEAT_FIRST: Final = 20.0
"""Seconds after a room's last change when it is told the head: the loss of a last message is seen then."""
HEARTBEAT_NEXT: Final = 300.0
"""Seconds between heartbeats after that."""

log = structlog.get_logger(__name__)


class Log(Protocol):
    """Is what the relay needs to read."""

    def last_head(self, log: str) -> Head | None:
        """Reads a log's head, also a closed one's."""

    def between(self, log: str, after: int, upto: int) -> Any:
        """Reads the entries with `after < seq <= upto`, in order."""

    def farewell(self, log: str) -> dict[str, Any]:
        """Tells what the room of a deleted department is told at last."""


class Rooms(Protocol):
    """Is what the relay needs to send."""

    def send(self, room: str, event: str, payload: Any) -> None:
        """Sends an event to a room."""

    def close_room(self, room: str) -> None:
        """Sends everyone out of a room."""


@dataclass(slots=True)
class _Room:
    """Is a log that somebody follows: the last entry that was sent to its room, and when it is told the head again."""

    members: set[str] = field(default_factory=set)
    sent: int | None = None
    heartbeat_at: float = 0.0


class Relay:
    """Follows the logs of the rooms that have members."""

    def __init__(
        self,
        reader: Log,
        rooms: Rooms,
        *,
        data_version: Callable[[], int | None],
        poll_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader = reader
        self._fanout = rooms
        self._data_version = data_version
        self._seen_version: int | None = None
        self._poll_seconds = poll_seconds
        self._clock = clock
        self._rooms: dict[str, _Room] = {}
        self._announced: set[str] = set()
        self._wake = threading.Event()
        self._stopped = False

    def announce(self, log: str) -> None:
        """Hears that a log may have a new head; never fails, and never waits."""
        if log in self._rooms:
            self._announced.add(log)
            self._wake.set()

    def enter(self, log: str, member: str, head: Head) -> None:
        """Follows a log from `head` on, for a member who joins its room next and reads the log after that."""
        room = self._rooms.setdefault(log, _Room())
        room.members.add(member)
        if room.sent is None:
            room.sent = head.seq
            room.heartbeat_at = self._clock() + HEARTBEAT_FIRST

    def leave(self, member: str, log: str | None = None) -> None:
        """Forgets a member of one room, or of all; a room without members is followed no longer."""
        for name in [log] if log is not None else list(self._rooms):
            room = self._rooms.get(name)
            if room is not None:
                room.members.discard(member)
                if not room.members:
                    del self._rooms[name]

    def run(self) -> None:
        """Follows until `stop`."""
        while not self._stopped:
            self._wake.wait(self._poll_seconds)
            self._wake.clear()
            try:
                self.turn()
            except Exception:  # the rooms must go on whatever one look at the store raises; the next turn catches up
                log.warning("relay could not read", exc_info=True)
                time.sleep(self._poll_seconds)

    def stop(self) -> None:
        """Ends `run` soon."""
        self._stopped = True
        self._wake.set()

    def turn(self) -> None:
        """Forwards what is new in the logs that were announced, and in all if anyone else may have written."""
        announced, self._announced = self._announced, set()
        due = {name for name, room in list(self._rooms.items()) if room.heartbeat_at <= self._clock()}
        for name in list(self._rooms) if self._written_elsewhere() else announced | due:
            self._forward(name)

    def _written_elsewhere(self) -> bool:
        version = self._data_version()
        changed = version is None or version != self._seen_version
        self._seen_version = version
        return changed

    def _forward(self, name: str) -> None:
        room = self._rooms.get(name)
        head = self._reader.last_head(name)
        if room is None or room.sent is None or head is None:
            return
        for change in self._reader.between(name, room.sent, head.seq):
            self._fanout.send(name, f"{change.type}_{change.op}", payload(change))
            room.sent = change.seq
            room.heartbeat_at = self._clock() + HEARTBEAT_FIRST
        if not head.open:
            self._end(name)
        elif room.heartbeat_at <= self._clock():
            room.heartbeat_at = self._clock() + HEARTBEAT_NEXT
            self._fanout.send(name, "heartbeat", {"log": name, "head": str(head.position), "digest": head.digest})

    def _end(self, name: str) -> None:
        self._fanout.send(name, "department_deleted", self._reader.farewell(name))
        self._fanout.close_room(name)
        self._rooms.pop(name, None)


def payload(change: Change) -> dict[str, Any]:
    """Is what a room hears of a change: the entity itself, and where the change stands in the log."""
    return {**change.data, "change": change.origin()}
