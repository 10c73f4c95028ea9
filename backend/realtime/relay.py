"""Carries the log into the rooms: reads the log, never the request, and so sends each entry once and in order.

Told of a log's new head, by the write next door or by a look at the database (another process may have written), it
sends what lies between the last entry that it sent and the head. A room is followed while it has members.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import uuid4

import structlog

from backend.domain.changes import Change, Head
from backend.domain.errors import Unavailable
from backend.domain.jitter import jitter

HEARTBEAT_FIRST: Final = 20.0
"""Seconds after a room's last change when it is told the head: the loss of a last message is seen then."""
HEARTBEAT_NEXT: Final = 300.0
"""Seconds between heartbeats after that."""
BREATH: Final = 32
"""After how many messages in a row the requests get their turn, too."""

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

    sent: int
    heartbeat_at: float
    members: set[str] = field(default_factory=set)
    watchers: dict[str, threading.Event] = field(default_factory=dict)


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
        sent: Callable[[Change], None] = lambda change: None,
    ) -> None:
        self._reader = reader
        self._fanout = rooms
        self._data_version = data_version
        self._seen_version: int | None = None
        self._poll_seconds = poll_seconds
        self._poll_at = 0.0
        self._clock = clock
        self._sent = sent
        self._rooms: dict[str, _Room] = {}
        self._membership = threading.Lock()
        self._pending: set[str] = set()
        self._failing: set[str] = set()
        self._wake = threading.Event()
        self._stopped = False

    def announce(self, log: str) -> None:
        """Hears that a log may have a new head; never fails, and never waits."""
        if log in self._rooms:
            self._pending.add(log)
            self._wake.set()

    def enter(self, log: str, member: str, head: Head) -> None:
        """Follows a log from `head` on, for a member who joins its room next and reads the log after that."""
        self._enter(log, member, head)

    def _enter(self, log: str, member: str, head: Head, news: threading.Event | None = None) -> None:
        with self._membership:
            room = self._rooms.setdefault(log, _Room(head.seq, self._clock() + HEARTBEAT_FIRST))
            room.members.add(member)
            if news is not None:
                room.watchers[member] = news

    def leave(self, member: str, log: str | None = None) -> None:
        """Forgets a member of one room, or of all; a room without members is followed no longer."""
        with self._membership:
            for name in [log] if log is not None else list(self._rooms):
                room = self._rooms.get(name)
                if room is not None:
                    room.members.discard(member)
                    room.watchers.pop(member, None)
                    if not room.members:
                        del self._rooms[name]

    @contextmanager
    def watch(self, log: str) -> Iterator[threading.Event]:
        """Follows a log for a reader who reads it himself: the event is set whenever there is something new."""
        head, news = self._reader.last_head(log), threading.Event()
        if head is None:
            yield news
            return
        member = f"watch-{uuid4()}"
        self._enter(log, member, head, news)
        try:
            yield news
        finally:
            self.leave(member, log)

    def run(self) -> None:
        """Follows until `stop`."""
        while not self._stopped:
            self._wake.wait(max(0.0, self._poll_at - self._clock()))
            self._wake.clear()
            self.turn()

    def stop(self) -> None:
        """Ends `run` soon."""
        self._stopped = True
        self._wake.set()

    def turn(self) -> None:
        """Forwards what is new in the logs that were announced, and now and then in all that others may have written.

        What fails stays pending, and so is caught up with by a later turn.
        """
        if self._clock() >= self._poll_at:
            self._poll_at = self._clock() + self._poll_seconds * jitter(0.8, 1)
            self._attempt("the store", self._look_around)
        for name in list(self._pending):
            self._pending.discard(name)
            if not self._attempt(name, lambda name=name: self._forward(name)):  # type: ignore[misc]
                self._pending.add(name)

    def _attempt(self, what: str, work: Callable[[], None]) -> bool:
        """Works, and says of what fails only when it begins to and when it is over."""
        try:
            work()
        except Exception as error:  # the other rooms must go on, whatever one look at the store raises
            if what not in self._failing and not self._stopped:
                unexpected = not isinstance(error, Unavailable)
                log.warning("relay cannot read", what=what, detail=str(error), exc_info=unexpected)
            self._failing.add(what)
            return False
        if what in self._failing:
            self._failing.discard(what)
            log.info("relay reads again", what=what)
        return True

    def _look_around(self) -> None:
        version = self._data_version()
        if version is None or version != self._seen_version:
            self._pending.update(list(self._rooms))
        self._seen_version = version
        self._pending.update(name for name, room in list(self._rooms.items()) if room.heartbeat_at <= self._clock())

    def _forward(self, name: str) -> None:
        room = self._rooms.get(name)
        head = self._reader.last_head(name) if room is not None else None
        if room is None or head is None:
            return
        for change in self._reader.between(name, room.sent, head.seq):
            if self._rooms.get(name) is not room or change.seq != room.sent + 1:
                break  # all have left; or an entry cannot be seen yet, and is waited for
            self._fanout.send(name, f"{change.type}_{change.op}", payload(change))
            room.sent = change.seq
            room.heartbeat_at = self._clock() + HEARTBEAT_FIRST
            self._sent(change)
            if change.seq % BREATH == 0:
                time.sleep(0)
        for news in list(room.watchers.values()):
            news.set()
        if self._rooms.get(name) is room:
            self._conclude(name, room, head)

    def _conclude(self, name: str, room: _Room, head: Head) -> None:
        if room.sent < head.seq:
            self._pending.add(name)
        elif not head.open:
            self._end(name)
        elif room.heartbeat_at <= self._clock():
            room.heartbeat_at = self._clock() + HEARTBEAT_NEXT
            self._fanout.send(name, "heartbeat", {"log": name, "head": str(head.position), "digest": head.digest})

    def _end(self, name: str) -> None:
        self._fanout.send(name, "department_deleted", self._reader.farewell(name))
        self._fanout.close_room(name)
        with self._membership:
            self._rooms.pop(name, None)


def payload(change: Change) -> dict[str, Any]:
    """Is what a room hears of a change: the entity itself, and where the change stands in the log."""
    return {**change.data, "change": change.origin()}
