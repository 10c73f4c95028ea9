"""A client that does not read is cut when too many messages wait for it, or too large ones; the others stay."""

from __future__ import annotations

import queue
from types import SimpleNamespace
from typing import Any

import pytest
from engineio.packet import MESSAGE, Packet

from backend.realtime.guard import BACKLOG_CHARACTERS, BACKLOG_MESSAGES, Guard
from backend.realtime.limits import Connections
from backend.realtime.outbox import Outbox


class Connection:
    """Is a client's connection, with what waits for it."""

    def __init__(self, *waiting: str) -> None:
        self.queue = Outbox(queue.Queue(), queue.Empty)
        self.open = True
        for text in waiting:
            self.queue.put(Packet(MESSAGE, text))

    def close(self, **_: Any) -> None:
        self.open = False


def look_at(*connections: Connection) -> list[bool]:
    """Lets the guard look at a room with these members, and tells who is still connected."""
    sockets = {str(number): connection for number, connection in enumerate(connections)}
    engine = SimpleNamespace(
        handlers={"connect": None, "disconnect": None, "message": None},
        sockets=dict(sockets),
        reason=SimpleNamespace(SERVER_DISCONNECT="server"),
    )
    members = [(client, client) for client in sockets]
    server = SimpleNamespace(eio=engine, manager=SimpleNamespace(get_participants=lambda namespace, room: members))
    Guard(server, Connections(10)).look_at_room("room")
    return [connection.open for connection in connections]


@pytest.mark.parametrize(
    ("waiting", "stays"),
    [
        (["small"] * BACKLOG_MESSAGES, True),
        (["small"] * (BACKLOG_MESSAGES + 1), False),
        (["x" * 100_000] * (BACKLOG_CHARACTERS // 100_000), True),
        (["x" * 100_000] * (BACKLOG_CHARACTERS // 100_000 + 1), False),
    ],
)
def test_too_much_is_counted_in_messages_and_in_characters(waiting: list[str], stays: bool) -> None:
    assert look_at(Connection(*waiting), Connection("one")) == [stays, True]
