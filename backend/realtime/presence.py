"""Who looks at a department now, and who edits which event: known to this process for a minute, and never stored.

A client that has joined rooms says who it is, and says so again while that is true. Whoever is in a room is told the
whole list whenever it changes, so that a message that was lost is made up for by the next.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol
from uuid import uuid4

from backend.domain.errors import Invalid
from backend.domain.ids import uuid_text
from backend.domain.text import line

KEPT: Final = 60.0
"""Seconds after which somebody who says nothing any more is gone; clients say it again every 20."""
MOST_SHOWN: Final = 50
"""How many people a room is told by name; of more only their number."""
ANNOUNCEMENTS: Final = 2
"""How often a second a client may say who it is."""
CALM: Final = 0.2
"""Seconds that changes are gathered for: many people who come at once are one message."""
LOOK: Final = 5.0
"""Seconds between looks for who has gone without a word."""


@dataclass(frozen=True, slots=True)
class Person:
    """Is what a client says about who is there; `editing` is the department and the event that are being edited."""

    actor: str | None = None
    device_id: str | None = None
    editing: tuple[str, str] | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Person":
        """Reads what a client sent; raises `Invalid`."""
        actor, device_id = _line_of(data, "actor", 200), _line_of(data, "device_id", 64)
        editing = data.get("editing")
        if editing is None:
            return cls(actor, device_id)
        if not isinstance(editing, Mapping):
            raise Invalid.at("/editing", "type", "must be an object, or null")
        department_id, event_id = (
            uuid_text(editing.get(name), f"/editing/{name}") for name in ("department_id", "event_id")
        )
        return cls(actor, device_id, (department_id, event_id))


@dataclass(frozen=True, slots=True)
class _Here:
    id: str
    """Names a connection to others, who must not know by what it is really named."""
    person: Person
    until: float

    def shown_in(self, room: str) -> dict[str, Any]:
        editing = self.person.editing
        event = editing[1] if editing is not None and editing[0] == room else None
        return {"id": self.id, "actor": self.person.actor, "device_id": self.person.device_id, "editing": event}


class Rooms(Protocol):
    """Is what presence needs to send."""

    def send(self, room: str, event: str, payload: Any) -> None:
        """Sends an event to a room."""


class Presence:
    """Keeps who is where, and tells rooms."""

    def __init__(self, rooms: Rooms, clock: Callable[[], float] = time.monotonic) -> None:
        self._fanout = rooms
        self._clock = clock
        self._rooms: dict[str, set[str]] = {}
        self._here: dict[str, _Here] = {}
        self._told: dict[str, Mapping[str, Any]] = {}
        self._changed: set[str] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopped = False

    def enter(self, room: str, client: str) -> None:
        """Notes that a client has joined a room."""
        with self._lock:
            self._rooms.setdefault(room, set()).add(client)
        self._touch(client, room)

    def leave(self, client: str, room: str | None = None) -> None:
        """Notes that a client has left a room, or all."""
        with self._lock:
            for name in [room] if room is not None else list(self._rooms):
                members = self._rooms.get(name, set())
                if client in members:
                    members.discard(client)
                    self._changed.add(name)
                if not members:
                    self._forget(name)
        if room is None:
            self._here.pop(client, None)
        self._wake.set()

    def announce(self, client: str, person: Person) -> None:
        """Notes who a client is, or that this is still so."""
        before = self._here.get(client)
        after = _Here(before.id if before else uuid4().hex[:12], person, self._clock() + KEPT)
        self._here[client] = after
        if before is None or before.person != person:
            self._touch(client)

    def withdraw(self, client: str) -> None:
        """Notes that nobody looks at a client's page any more, though it stays connected."""
        if self._here.pop(client, None) is not None:
            self._touch(client)

    def run(self) -> None:
        """Tells rooms what changed in them, until `stop`."""
        while not self._stopped:
            self._wake.wait(LOOK)
            self._wake.clear()
            self.turn()
            time.sleep(CALM)

    def stop(self) -> None:
        """Ends `run` soon."""
        self._stopped = True
        self._wake.set()

    def turn(self) -> None:
        """Forgets who has gone without a word, and tells each room where something changed who is there now."""
        now = self._clock()
        for client, here in list(self._here.items()):
            if here.until < now:
                self.withdraw(client)
        with self._lock:
            changed, self._changed = self._changed, set()
        for room in changed:
            people = self._people(room)
            if people != self._told.get(room, {"department_id": room, "people": [], "count": 0}):
                self._told[room] = people
                self._fanout.send(room, "presence", people)

    def _people(self, room: str) -> dict[str, Any]:
        with self._lock:
            members = sorted(self._rooms.get(room, ()))
        here = filter(None, map(self._here.get, members))
        # Who edits is told before who only looks.
        shown = sorted((each.shown_in(room) for each in here), key=lambda each: each["editing"] is None)
        return {"department_id": room, "people": shown[:MOST_SHOWN], "count": len(shown)}

    def _touch(self, client: str, room: str | None = None) -> None:
        with self._lock:
            rooms = [room] if room is not None else [name for name, members in self._rooms.items() if client in members]
            self._changed.update(rooms)
        self._wake.set()

    def _forget(self, room: str) -> None:
        self._rooms.pop(room, None)
        self._told.pop(room, None)
        self._changed.discard(room)


def _line_of(data: Mapping[str, Any], name: str, most: int) -> str | None:
    value = data.get(name)
    try:
        return None if value is None else line(value, most) or None
    except Invalid as invalid:
        raise Invalid([replace(error, pointer=f"/{name}") for error in invalid.errors]) from None
