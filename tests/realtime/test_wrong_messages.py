"""What is sent wrongly gets a problem in its ack, and harms nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import requests
import websocket

from tests.components.server import Server
from tests.realtime.conftest import Connect, heard

UNKNOWN = "00000000-0000-4000-8000-000000000000"
EVENTS = ["join_department", "leave_department", "sync_request"]


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ({}, {}),
        ({"department_id": "directory"}, {"department_id": "directory"}),
        ([],),
        ("directory",),
        (7,),
        (True,),
        (b"directory",),
        ({},),
        ({"department_id": None},),
        ({"department_id": 7},),
        ({"department_id": ["directory"]},),
        ({"department_id": b"directory"},),
    ],
    ids=repr,
)
def test_wrong_arguments_are_told_so(connect: Connect, event: str, arguments: tuple[Any, ...]) -> None:
    refusal(connect(), event, *arguments, code="validation")


@pytest.mark.parametrize("since", [7, "", "x", "a:b", "a:-1", ["a:1"], b"a:1", "a" * 100 + ":1", "a:" + "9" * 40])
def test_a_position_that_is_none_is_told_so(connect: Connect, department: str, since: Any) -> None:
    refusal(connect(), "join_department", {"department_id": department, "since": since}, code="validation")


@pytest.mark.parametrize("name", [UNKNOWN, "", "부서", "\0", "x" * 5000, "directory ", "\ud800", "name:x"])
@pytest.mark.parametrize("event", ["join_department", "sync_request"])
def test_an_unknown_department_is_told_so(connect: Connect, event: str, name: str) -> None:
    refusal(connect(), event, {"department_id": name}, code="not-found")


@pytest.mark.parametrize("event", ["nonsense", "", "trigger_event", "__init__", "close_room", "*", "x" * 5000])
def test_an_unknown_event_is_told_so(connect: Connect, event: str) -> None:
    problem = refusal(connect(), event, {}, code="not-found")
    assert len(str(problem)) < 1000


def test_a_refused_join_leaves_nothing_behind(connect: Connect, server: Server, department: str) -> None:
    client = connect()
    refusal(client, "join_department", {"department_id": department, "since": "nonsense"}, code="validation")
    server.create_event(department, "회의")
    assert heard(client, 0) == []


def test_a_refused_join_of_a_member_leaves_it_a_member(connect: Connect, server: Server, department: str) -> None:
    client = connect()
    assert client.call("join_department", {"department_id": department}, timeout=5)["ok"]
    refusal(client, "join_department", {"department_id": department, "since": "nonsense"}, code="validation")
    server.create_event(department, "회의")
    assert [name for name, _ in heard(client, 1)] == ["event_created"]


def refusal(client: Any, event: str, *arguments: Any, code: str) -> dict[str, Any]:
    """Asks, and returns the problem of the ack after a look at its shape."""
    acks: list[Any] = []
    client.client.emit(event, arguments, callback=lambda *ack: acks.append(ack))
    for _ in range(200):
        if acks:
            break
        client.client.sleep(0.02)
    [(ack,)] = acks
    assert (ack["ok"], set(ack)) == (False, {"ok", "problem"})
    problem: dict[str, Any] = ack["problem"]
    assert (problem["code"], problem["status"]) == (code, {"validation": 422, "not-found": 404}[code])
    assert {"type", "title", "detail"} <= set(problem)
    return problem


BROKEN = [
    "",
    "hello",
    "9",
    "4",
    "4x",
    "42",
    "42[]",
    "42{}",
    "42[1]",
    "42[null]",
    "42[{}]",
    "42[[]]",
    '42["join_department"',
    '420["join_department",',
    '42["connect"]',
    '42["disconnect"]',
    '42/admin,["join_department",{}]',
    "43",
    "44",
    "45",
    '451-["join_department",{"_placeholder":true,"num":0}]',
    "459999999999-[]",
    "4" + "[" * 20_000,
    "42" + "[" * 20_000,
    b"",
    b"\x00\xff",
    "40/admin,",
    "40",
    "1",
    "2probe",
    "6",
]


@pytest.mark.parametrize("frame", BROKEN, ids=lambda frame: repr(frame[:40]))
def test_a_broken_frame_harms_nobody_else(
    connect: Connect, server: Server, department: str, frame: str | bytes
) -> None:
    witness = connect()
    witness.call("join_department", {"department_id": department}, timeout=5)
    with raw_client(server) as raw:
        raw.send(frame, websocket.ABNF.OPCODE_BINARY if isinstance(frame, bytes) else websocket.ABNF.OPCODE_TEXT)
        server.create_event(department, "회의")
        assert [name for name, _ in heard(witness, 1, 0.05)] == ["event_created"]


@pytest.mark.parametrize("frame", [7, {}, [], None, True], ids=repr)
def test_an_event_without_a_name_is_told_so(server: Server, frame: Any) -> None:
    with raw_client(server) as raw:
        raw.send("420" + json.dumps([frame, {}]))
        assert '"code":"not-found"' in next_ack(raw)


@pytest.mark.parametrize("name", ["connect", "disconnect"])
def test_an_event_with_the_name_of_a_lifecycle_is_unknown(
    connect: Connect, server: Server, department: str, name: str
) -> None:
    with raw_client(server) as raw:
        raw.send(f'421["join_department",{{"department_id":"{department}"}}]')
        assert '"ok":true' in next_ack(raw)
        raw.send(f'422["{name}",{{}}]')
        assert '"code":"not-found"' in next_ack(raw)
        server.create_event(department, "회의")
        assert str(raw.recv()).startswith('42["event_created"')


def test_too_large_a_message_ends_only_its_own_connection(connect: Connect, server: Server, department: str) -> None:
    witness = connect()
    witness.call("join_department", {"department_id": department}, timeout=5)
    with raw_client(server) as raw:
        raw.send('420["join_department",{"department_id":"' + "x" * 70_000 + '"}]')
        assert is_closed(raw)
    server.create_event(department, "회의")
    assert [name for name, _ in heard(witness, 1, 0.05)] == ["event_created"]


@pytest.mark.parametrize("query", ["", "EIO=3&transport=polling", "EIO=4&transport=x", "EIO=4&transport=polling&sid=x"])
def test_a_handshake_that_is_none_is_400(server: Server, query: str) -> None:
    answer = requests.get(f"{server.url}/socket.io/?{query}", timeout=5)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


@contextmanager
def raw_client(server: Server) -> Iterator[websocket.WebSocket]:
    """Connects without a client library, into the namespace."""
    url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
    with ExitStack() as stack:
        raw = websocket.create_connection(url, timeout=5)
        stack.callback(raw.shutdown)
        assert str(raw.recv()).startswith("0{")
        raw.send("40")
        assert str(raw.recv()).startswith("40{")
        assert raw.recv() == '42["connected",{"ok":true}]'
        yield raw


def is_closed(raw: websocket.WebSocket) -> bool:
    """Reads on to the end of a connection; False if it does not end."""
    try:
        while raw.recv():
            pass
    except websocket.WebSocketTimeoutException:
        return False
    except (websocket.WebSocketException, OSError):
        return True
    return True


def next_ack(raw: websocket.WebSocket) -> str:
    """Reads on to the next ack."""
    while not (frame := str(raw.recv())).startswith("43"):
        pass
    return frame
