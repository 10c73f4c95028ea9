"""Describes the Socket.IO events as an AsyncAPI 3 document, for people and for generators."""

from typing import Any, Final

SENT_BY_CLIENTS: Final = {
    "join_department": "Joins the room of a department or of the `directory`; the ack replays what came after `since`.",
    "leave_department": "Leaves a room.",
    "announce_presence": "Says who looks at the rooms that are joined, and which event is being edited; for a minute.",
    "withdraw_presence": "Says that nobody looks any more.",
    "sync_request": "Asks for all events of a department, answered by `sync_response` (programs before Dayroom).",
}
SENT_BY_SERVER: Final = {
    "event_created": "An event is new, or back.",
    "event_updated": "An event changed.",
    "event_deleted": "An event is gone.",
    "attachment_created": "A file is announced.",
    "attachment_updated": "A file changed its state.",
    "attachment_deleted": "A file is gone.",
    "department_created": "A department is new, or back (in `directory`).",
    "department_updated": "A department changed (in `directory`).",
    "department_deleted": "A department is gone (in `directory`, and at last in its own room, without `change`).",
    "heartbeat": "Where the log stands: 20 s after its last change, then every 5 minutes.",
    "presence": "Who is in the room now: the whole list, whenever it changes. Nothing of it is stored.",
    "connected": "The connection stands (programs before Dayroom).",
    "joined_department": "The room is joined (programs before Dayroom).",
    "left_department": "The room is left (programs before Dayroom).",
    "sync_response": "All events of a department (programs before Dayroom).",
}

_ENTITY: Final[dict[str, Any]] = {
    "type": "object",
    "description": "The entity as REST shows it",
    "properties": {
        "change": {
            "type": "object",
            "properties": {
                "log": {"type": "string"},
                "seq": {"type": "integer", "description": "One more than the message before; if not, ask `changes`"},
                "epoch": {"type": "string"},
                "at": {"type": "string", "format": "date-time"},
                "actor": {"type": ["string", "null"]},
                "device_id": {"type": ["string", "null"]},
                "mutation_id": {"type": ["string", "null"]},
            },
        }
    },
}
_HEARTBEAT: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"log": {"type": "string"}, "head": {"type": "string"}, "digest": {"type": "string"}},
}
_LOG: Final = {"type": "string", "description": "A department's id, or `directory`"}
_NAMED: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["department_id"],
    "properties": {"department_id": _LOG},
}
_JOIN: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["department_id"],
    "properties": {
        "department_id": _LOG,
        "since": {"type": "string", "description": "The position that the client has"},
    },
}
_NULLABLE: Final[dict[str, Any]] = {"type": ["string", "null"]}
_ANNOUNCE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "actor": {**_NULLABLE, "maxLength": 200},
        "device_id": {**_NULLABLE, "maxLength": 64},
        "editing": {
            "type": ["object", "null"],
            "required": ["department_id", "event_id"],
            "properties": {"department_id": {"type": "string"}, "event_id": {"type": "string"}},
        },
    },
}
_PERSON: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "Names the connection; a device may have several"},
        "actor": _NULLABLE,
        "device_id": _NULLABLE,
        "editing": {**_NULLABLE, "description": "The event that is being edited"},
    },
}
_PRESENCE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "department_id": _LOG,
        "people": {"type": "array", "maxItems": 50, "items": _PERSON},
        "count": {"type": "integer", "description": "How many there are, also those beyond the 50"},
    },
}
_SPECIAL: Final[dict[str, dict[str, Any]]] = {
    "heartbeat": _HEARTBEAT,
    "presence": _PRESENCE,
    "connected": {"type": "object", "properties": {"ok": {"const": True}}},
    "joined_department": _NAMED,
    "left_department": _NAMED,
    "sync_response": {
        "type": "object",
        "properties": {"department_id": _LOG, "events": {"type": "array", "items": {"type": "object"}}},
    },
}

_REQUESTS: Final[dict[str, dict[str, Any]]] = {
    "join_department": _JOIN,
    "announce_presence": _ANNOUNCE,
    "withdraw_presence": {"type": "object"},
}


def asyncapi_document() -> dict[str, Any]:
    """Builds the document."""
    sent = {name: (text, _asked(name)) for name, text in SENT_BY_CLIENTS.items()}
    heard = {name: (text, _payload(name)) for name, text in SENT_BY_SERVER.items()}
    messages = {**sent, **heard}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Dayroom", "version": "1", "description": "Rooms over Socket.IO, namespace `/`."},
        "channels": {
            "/": {
                "address": "/socket.io/",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            **{name: _operation("receive", name) for name in sent},
            **{name: _operation("send", name) for name in heard},
        },
        "components": {
            "messages": {
                name: {"name": name, "summary": text, "payload": schema} for name, (text, schema) in messages.items()
            }
        },
    }


def _asked(name: str) -> dict[str, Any]:
    return _REQUESTS.get(name, _NAMED)


def _payload(name: str) -> dict[str, Any]:
    return _SPECIAL.get(name, _ENTITY)


def _operation(action: str, name: str) -> dict[str, Any]:
    channel = "#/channels/~1"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{name}"}],
    }
