"""Joining and leaving rooms: the room is joined first and the log read after that, so that nothing falls between."""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Final

import structlog
from flask_socketio import Namespace

from backend.domain.changes import LATEST, Position
from backend.domain.departments import DIRECTORY
from backend.domain.errors import Invalid, NotFound, PositionExpired
from backend.domain.pages import Slice
from backend.problems import INTERNAL, problem_of
from backend.realtime.limits import Joins
from backend.realtime.presence import KEPT, Person, Presence
from backend.realtime.relay import Relay
from backend.services.changes import ChangeService

REPLAY_CHANGES: Final = 500
REPLAY_BYTES: Final = 256_000
"""What the ack of a join carries at most; who was away for longer asks `changes`."""

log = structlog.get_logger(__name__)

Ack = dict[str, Any]
Handler = Callable[[str, Mapping[str, Any]], Ack]


class LogNamespace(Namespace):
    """Answers `/`: one room a log. Every event has an ack, and every error is a problem in it."""

    def __init__(
        self,
        changes: ChangeService,
        relay: Relay,
        joins: Joins,
        presence: Presence,
        announcements: Joins,
        joined: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        super().__init__("/")
        self._joins = joins
        self._presence = presence
        self._announcements = announcements
        self._joined = joined
        self._changes = changes
        self._relay = relay
        self._handlers: dict[str, Handler] = {
            "join_department": self._join,
            "leave_department": self._leave,
            "sync_request": self._sync,
            "announce_presence": self._announce,
            "withdraw_presence": self._withdraw,
        }

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Dispatches every event: Flask-SocketIO would answer an unknown one, and wrong arguments, with nothing."""
        sid, *arguments = args
        if event == "connect" and arguments[:1] == [self.server.get_environ(sid)]:
            return self.emit("connected", {"ok": True}, to=sid)
        if event == "disconnect" and not self._is_connected(sid):
            self._forget(sid)
            return None
        try:  # a client's own event may be called connect, too
            return self._handler(event)(sid, _mapping(arguments))
        except Exception as error:  # noqa: BLE001  the ack is the only place where a client can be told
            return _refusal(event, error)

    def emit(self, event: str, data: Any = None, to: str | None = None, **options: Any) -> None:
        """Sends an event to one client or room."""
        super().emit(event, data, room=to, **options)

    def _handler(self, event: Any) -> Handler:
        handler = self._handlers.get(event) if isinstance(event, str) else None
        if handler is None:
            raise NotFound("socket event", str(event)[:64])
        return handler

    def _join(self, sid: str, data: Mapping[str, Any]) -> Ack:
        self._joins.take(sid)
        name, since = _log_of(data), _since_of(data)
        head = self._changes.head(name)
        with ExitStack() as undo:
            undo.callback(self._part, sid, name)
            self._relay.enter(name, sid, head)
            self._admit(sid, name)
            ack = self._replay(name, since)
            undo.pop_all()
        self._joined(ack.get("reason", "recovered"))
        self.emit("joined_department", {"department_id": name}, to=sid)
        return ack

    def _admit(self, sid: str, name: str) -> None:
        """Lets a client into a room; raises `NotFound` where it has gone while the log was read."""
        if not self._is_connected(sid):
            raise NotFound("connection", sid)
        self.enter_room(sid, name)
        if name != DIRECTORY:
            self._presence.enter(name, sid)

    def _is_connected(self, sid: str) -> bool:
        return bool(self.server.manager.is_connected(sid, self.namespace))

    def _part(self, sid: str, name: str) -> None:
        self.leave_room(sid, name)
        self._relay.leave(sid, name)
        self._presence.leave(sid, name)

    def _forget(self, sid: str) -> None:
        self._joins.forget(sid)
        self._announcements.forget(sid)
        self._relay.leave(sid)
        self._presence.leave(sid)

    def _replay(self, name: str, since: str) -> Ack:
        try:
            piece = self._changes.since(name, since, REPLAY_CHANGES)
        except PositionExpired as expired:
            return self._unrecovered(name, expired.reason)
        ack = {"ok": True, **piece.as_json(), "recovered": True}
        if piece.has_more or len(json.dumps(ack, ensure_ascii=False).encode()) > REPLAY_BYTES:
            return self._unrecovered(name, "too-far")
        del ack["has_more"]
        return ack

    def _unrecovered(self, name: str, reason: str) -> Ack:
        here: Slice = self._changes.since(name, LATEST)
        ack = {"ok": True, **here.as_json(), "recovered": False, "reason": reason}
        del ack["has_more"], ack["changes"]
        return ack

    def _leave(self, sid: str, data: Mapping[str, Any]) -> Ack:
        name = _log_of(data)
        self._part(sid, name)
        self.emit("left_department", {"department_id": name}, to=sid)
        return {"ok": True}

    def _announce(self, sid: str, data: Mapping[str, Any]) -> Ack:
        """Notes who looks at the rooms that this client is in, and which event is being edited."""
        self._announcements.take(sid)
        self._presence.announce(sid, Person.read(data))
        if not self._is_connected(sid):
            self._presence.leave(sid)
        return {"ok": True, "expires_in": KEPT}

    def _withdraw(self, sid: str, data: Mapping[str, Any]) -> Ack:
        self._presence.withdraw(sid)
        return {"ok": True}

    def _sync(self, sid: str, data: Mapping[str, Any]) -> Ack:
        """Answers programs from before Dayroom with all events of a department."""
        name = _log_of(data)
        self._changes.head(name)
        entities = self._changes.snapshot(name).of_type("event")
        self.emit("sync_response", {"department_id": name, "events": entities}, to=sid)
        return {"ok": True}


def _mapping(arguments: list[Any]) -> Mapping[str, Any]:
    if len(arguments) != 1 or not isinstance(arguments[0], Mapping):
        raise Invalid.at("", "type", "send one object")
    return arguments[0]


def _log_of(data: Mapping[str, Any]) -> str:
    name = data.get("department_id")
    if not isinstance(name, str):
        raise Invalid.at("/department_id", "required", "must be a department's id, or directory")
    return name.lower()


def _since_of(data: Mapping[str, Any]) -> str:
    since = data.get("since")
    if since is None:
        return LATEST
    if not isinstance(since, str):
        raise Invalid.at("/since", "type", "must be a position")
    return since if since == LATEST else str(Position.parse(since))


def _refusal(event: str, error: Exception) -> Ack:
    problem = problem_of(error)
    if problem is INTERNAL:
        log.error("socket event failed", socket_event=event, exc_info=error)
    return {"ok": False, "problem": problem.as_json(instance=None, request_id=None)}
