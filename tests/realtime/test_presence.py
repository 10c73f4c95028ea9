"""People in a room hear who else is there and what they edit, on both engines and both transports."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import requests
import socketio

from tests.components.server import Server
from tests.realtime.conftest import Connect

EVENT = str(uuid4())


def there(client: socketio.SimpleClient) -> list[tuple[str, str | None]]:
    """Waits for the next list of who is there: names, and what they edit."""
    while True:
        name, *told = client.receive(10)
        if name == "presence":
            assert told[0]["count"] == len(told[0]["people"])
            return sorted((each["actor"], each["editing"]) for each in told[0]["people"])


def said(client: socketio.SimpleClient, event: str, **data: Any) -> Any:
    return client.call(event, data, timeout=10)


def test_people_see_each_other_come_edit_and_go(
    server: Server, connect: Connect, department: str, transport: str
) -> None:
    mina, juho = connect(transport), connect(transport)
    for client in (mina, juho):
        assert said(client, "join_department", department_id=department)["ok"]
    assert said(mina, "announce_presence", actor="미나", device_id="laptop") == {"ok": True, "expires_in": 60}
    assert there(mina) == there(juho) == [("미나", None)]
    said(juho, "announce_presence", actor="주호", editing={"department_id": department, "event_id": EVENT})
    assert there(mina) == there(juho) == [("미나", None), ("주호", EVENT)]
    said(juho, "withdraw_presence")
    assert there(mina) == [("미나", None)]
    said(juho, "announce_presence", actor="주호")
    assert there(mina) == [("미나", None), ("주호", None)]
    juho.disconnect()
    assert there(mina) == [("미나", None)]


def test_a_room_that_is_entered_later_is_told_too_and_no_other(server: Server, connect: Connect) -> None:
    home, away = server.create_department(uuid4().hex), server.create_department(uuid4().hex)
    mina, juho = connect(), connect()
    said(mina, "announce_presence", actor="미나")
    said(juho, "announce_presence", actor="주호")
    said(juho, "join_department", department_id=away)
    assert there(juho) == [("주호", None)]
    said(mina, "join_department", department_id=home)
    assert there(mina) == [("미나", None)]
    said(mina, "join_department", department_id=away)
    assert there(mina) == there(juho) == [("미나", None), ("주호", None)]
    said(mina, "leave_department", department_id=away)
    assert there(juho) == [("주호", None)]


def test_presence_leaves_no_trace_in_the_log(server: Server, connect: Connect, department: str) -> None:
    changes = f"{server.url}/api/departments/{department}/changes?since=latest"
    before = requests.get(changes, timeout=10).json()
    mina = connect()
    said(mina, "join_department", department_id=department)
    said(mina, "announce_presence", actor="미나", editing={"department_id": department, "event_id": EVENT})
    there(mina)
    assert requests.get(changes, timeout=10).json() == before


def test_who_announces_without_end_is_told_to_wait_and_harms_nobody(
    server: Server, connect: Connect, department: str
) -> None:
    mina, flood = connect(), connect()
    for client in (mina, flood):
        said(client, "join_department", department_id=department)
    said(mina, "announce_presence", actor="미나")
    there(mina)
    said(flood, "announce_presence", actor="새벽")
    assert len(there(mina)) == 2
    acks = [said(flood, "announce_presence", actor=str(number)) for number in range(60)]
    refused = [ack for ack in acks if not ack["ok"]]
    assert refused
    assert {ack["problem"]["code"] for ack in refused} == {"rate-limited"}
    heard = 0
    flood.disconnect()
    while there(mina) != [("미나", None)]:
        heard += 1
    assert heard <= 20, "changes are gathered"


def test_nonsense_is_refused_by_name(connect: Connect, department: str) -> None:
    client = connect()
    ack = said(client, "announce_presence", actor="미" * 201)
    assert (ack["problem"]["code"], ack["problem"]["errors"][0]["pointer"]) == ("validation", "/actor")
    assert client.call("announce_presence", "미나", timeout=10)["problem"]["code"] == "validation"
