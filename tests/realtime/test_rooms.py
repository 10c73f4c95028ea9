"""Joining, leaving, and what the members of a room hear."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import requests
import socketio

from tests.components.server import Server
from tests.realtime.conftest import Connect, Follow, heard, received


def join(client: socketio.SimpleClient, log: str, **members: Any) -> Any:
    return client.call("join_department", {"department_id": log, **members}, timeout=10)


def test_a_join_tells_where_the_log_stands(connect: Connect, server: Server, department: str, transport: str) -> None:
    server.create_event(department, "회의")
    here = server.request("GET", f"/api/departments/{department}/changes?since=latest").json()
    client = connect(transport)
    assert join(client, department) == {
        "ok": True,
        "log": department,
        "position": here["position"],
        "digest": here["digest"],
        "head": here["head"],
        "floor": here["floor"],
        "recovered": True,
        "changes": [],
    }
    assert received(client, 1) == [["joined_department", {"department_id": department}]]


def test_a_department_may_be_named_in_capitals(connect: Connect, department: str) -> None:
    assert join(connect(), department.upper())["log"] == department


def test_a_join_replays_what_came_since(connect: Connect, server: Server, department: str, transport: str) -> None:
    before = server.request("GET", f"/api/departments/{department}/changes?since=latest").json()["position"]
    event = server.create_event(department, "회의 🗓")
    server.request("DELETE", f"/api/events/{event['id']}")
    ack = join(connect(transport), department, since=before)
    asked = server.request("GET", f"/api/departments/{department}/changes?since={before}").json()
    assert ack["recovered"]
    assert ack["changes"] == asked["changes"]
    assert [change["op"] for change in ack["changes"]] == ["created", "deleted"]
    assert (ack["position"], ack["digest"]) == (asked["position"], asked["digest"])


def test_a_member_hears_the_entity_and_where_it_stands(
    connect: Connect, server: Server, department: str, transport: str
) -> None:
    client = connect(transport)
    epoch = join(client, department)["position"].split(":")[0]
    headers = {"X-Device-Id": "phone", "X-Actor": "%EA%B9%80", "Idempotency-Key": f"m-{department}"}
    made = server.request(
        "POST", f"/api/events/{department}", json={"title": "회의", "event_date": "2024-01-15"}, headers=headers
    ).json()
    changed = server.request("PUT", f"/api/events/{made['id']}", json={"title": "회식"}).json()
    server.request("DELETE", f"/api/events/{made['id']}")
    (created, first), (updated, second), (deleted, third) = heard(client, 3)
    assert (created, updated, deleted) == ("event_created", "event_updated", "event_deleted")
    change = first.pop("change")
    assert first == made
    assert change.pop("at").endswith("Z")
    assert change == {
        "log": department, "seq": 1, "epoch": epoch, "actor": "김", "device_id": "phone",
        "mutation_id": f"m-{department}",
    }  # fmt: skip
    assert second["change"]["seq"] == 2
    assert {key: value for key, value in second.items() if key != "change"} == changed
    assert (third["id"], third["title"], third["change"]["seq"]) == (made["id"], "회식", 3)


def test_a_member_hears_of_files_from_their_announcement_on(
    connect: Connect, server: Server, department: str, transport: str
) -> None:
    client = connect(transport)
    join(client, department)
    sent = {"department_id": department, "file_name": "배치도.txt", "file_size": 5, "mime_type": "text/plain"}
    begun = server.request("POST", "/api/attachments", json=sent).json()
    upload, path = begun["upload"], f"/api/attachments/{begun['attachment']['id']}"
    assert requests.put(upload["url"], data=b"hello", headers=upload["headers"], timeout=20).ok
    ready = server.request("POST", f"{path}/complete").json()
    server.request("DELETE", path)
    (created, first), (updated, second), (deleted, third) = heard(client, 3)
    assert (created, updated, deleted) == ("attachment_created", "attachment_updated", "attachment_deleted")
    assert {key: value for key, value in first.items() if key != "change"} == begun["attachment"]
    assert {key: value for key, value in second.items() if key != "change"} == ready
    assert (third["id"], third["file_name"], third["change"]["seq"]) == (ready["id"], "배치도.txt", 3)


def test_a_member_of_one_room_hears_nothing_of_another(connect: Connect, server: Server, department: str) -> None:
    other = server.create_department(f"{department} 2")
    member, stranger, nobody = connect(), connect(), connect()
    join(member, department)
    join(stranger, other)
    server.create_event(department, "회의")
    assert [name for name, _ in heard(member, 1)] == ["event_created"]
    assert heard(stranger, 0) == []
    assert heard(nobody, 0) == []


def test_who_joined_twice_hears_once_and_who_left_nothing(connect: Connect, server: Server, department: str) -> None:
    client, stays = connect(), connect()
    for member in (client, client, stays):
        join(member, department)
    server.create_event(department, "하나")
    assert [data["title"] for _, data in heard(client, 1)] == ["하나"]
    assert client.call("leave_department", {"department_id": department}, timeout=5) == {"ok": True}
    assert received(client, 1) == [["left_department", {"department_id": department}]]
    server.create_event(department, "둘")
    assert [data["title"] for _, data in heard(stays, 2)] == ["하나", "둘"]
    assert heard(client, 0) == []


def test_leaving_a_room_that_was_never_joined_is_fine(connect: Connect, department: str) -> None:
    assert connect().call("leave_department", {"department_id": department}, timeout=5) == {"ok": True}


def test_a_disconnected_member_leaves_the_others_alone(connect: Connect, server: Server, department: str) -> None:
    leaver, stays = connect(), connect()
    join(leaver, department)
    join(stays, department)
    leaver.disconnect()
    server.create_event(department, "회의")
    assert [data["title"] for _, data in heard(stays, 1)] == ["회의"]


def test_a_websocket_ends_when_its_client_says_goodbye(connect: Connect) -> None:
    client = connect()
    began = time.monotonic()
    client.disconnect()
    assert time.monotonic() - began < 2, "it waited in vain for the server to end it"


def test_the_directory_tells_of_departments(connect: Connect, server: Server) -> None:
    client = connect()
    assert join(client, "directory")["log"] == "directory"
    department = server.create_department(f"디렉터리 {time.time()}")
    server.request("PUT", f"/api/departments/{department}", json={"color": "#ff0000"})
    server.request("DELETE", f"/api/departments/{department}")
    mine = [(name, data) for name, data in heard(client, 3) if data["id"] == department]
    assert [name for name, _ in mine] == ["department_created", "department_updated", "department_deleted"]
    assert all(data["change"]["log"] == "directory" for _, data in mine)


def test_the_room_of_a_deleted_department_is_told_at_last(connect: Connect, server: Server, department: str) -> None:
    client = connect()
    join(client, department)
    server.create_event(department, "마지막")
    server.request("DELETE", f"/api/departments/{department}")
    (_, event), (name, farewell) = heard(client, 2)
    assert event["title"] == "마지막"
    assert (name, farewell["id"], "change" in farewell) == ("department_deleted", department, False)
    refused = join(client, department)
    assert (refused["ok"], refused["problem"]["code"]) == (False, "not-found")


def test_a_join_replays_256_kb_at_most(connect: Connect, server: Server, department: str) -> None:
    since = join(connect(), department)["position"]
    for number in range(5):
        server.create_event(department, str(number), description="가" * 16_000)
    assert join(connect(), department, since=since)["recovered"]
    server.create_event(department, "5", description="가" * 16_000)
    ack = join(connect(), department, since=since)
    assert (ack["ok"], ack["recovered"], ack["reason"]) == (True, False, "too-far")


@pytest.mark.parametrize("position", ["{epoch}:99", "0123456789abcdef:0"])
def test_a_position_of_another_time_joins_all_the_same(
    connect: Connect, server: Server, department: str, position: str
) -> None:
    client = connect()
    epoch = join(client, department)["position"].split(":")[0]
    newcomer = connect()
    ack = join(newcomer, department, since=position.format(epoch=epoch))
    assert (ack["ok"], ack["recovered"], ack["reason"], ack["position"]) == (True, False, "epoch", f"{epoch}:0")
    server.create_event(department, "회의")
    assert [name for name, _ in heard(newcomer, 1)] == ["event_created"]


def test_old_programs_get_all_events_when_they_ask(connect: Connect, server: Server, department: str) -> None:
    event = server.create_event(department, "회의")
    client = connect()
    client.emit("sync_request", {"department_id": department})
    assert client.receive(5) == ["sync_response", {"department_id": department, "events": [event]}]


def test_a_subscriber_stays_equal_to_the_server(
    follow: Follow, server: Server, department: str, transport: str
) -> None:
    subscriber = follow(department, transports=[transport])
    made = [server.create_event(department, str(number)) for number in range(10)]
    for event in made[:5]:
        server.request("PUT", f"/api/events/{event['id']}", json={"title": "새"})
    server.request("DELETE", f"/api/events/{made[0]['id']}")
    assert subscriber.wait_for_seq(16)
    assert subscriber.heard == list(range(1, 17))
    here = server.request("GET", f"/api/departments/{department}/changes?since=latest").json()
    assert (subscriber.replica.position, subscriber.replica.digest) == (here["position"], here["digest"])


def test_a_browser_joins_all_its_rooms_in_one_payload(server: Server, department: str) -> None:
    address = f"{server.url}/socket.io/?EIO=4&transport=polling"
    with requests.Session() as session:
        session_id = json.loads(session.get(address, timeout=5).text[1:])["sid"]
        address += f"&sid={session_id}"
        join = json.dumps(["join_department", {"department_id": department}])
        frames = ["40", *(f"42{number}{join}" for number in range(30))]
        assert session.post(address, data="\x1e".join(frames), timeout=5).text == "OK"
        got: list[str] = []
        while sum(frame.startswith("43") for frame in got) < 30:
            frames = session.get(address, timeout=5).text.split("\x1e")
            assert len(frames) <= 16, "Python clients take no more in a payload"
            got += frames
