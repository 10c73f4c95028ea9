"""Devices that are away at times: pulling many logs, pushing what was done meanwhile, files, and where they stand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.in_process import Api, Json, code_of, faults_of, json_of, uuid
from tests.replica import Replica
from tests.sending import announced, complete, fetched, send, uploaded


def pull(api: Api, positions: Json, device: str = "phone", **more: Any) -> Json:
    answer = api.post("/api/sync/pull", {"device_id": device, "positions": positions, **more})
    assert answer.status_code == 200, answer.text
    logs: Json = json_of(answer)["logs"]
    return logs


def push(api: Api, *mutations: Json, device: str = "phone", **headers: str) -> list[Json]:
    answer = api.post("/api/sync/push", {"device_id": device, "mutations": list(mutations)}, **headers)
    assert answer.status_code == 200, answer.text
    results: list[Json] = json_of(answer)["results"]
    return results


def mutation(key: str, op: str, number: int, department_id: str | None = None, **fields: Any) -> Json:
    base = {"base_version": fields.pop("base_version")} if "base_version" in fields else {}
    return {
        "mutation_id": key,
        "op": op,
        "type": fields.pop("type", "event"),
        "id": uuid(number),
        "department_id": department_id,
        "fields": fields,
        **base,
    }


def outcomes(results: list[Json]) -> list[tuple[str, int]]:
    return [(result["mutation_id"], result["status"]) for result in results]


def test_many_logs_are_pulled_at_once_each_from_its_own_position(api: Api, home: str) -> None:
    other = api.department("다른 팀")["id"]
    api.event(home)
    first = pull(api, {home: None, other: None, "directory": None, uuid(9): None})
    assert first[home]["snapshot"]
    assert [change["type"] for change in first["directory"]["changes"]] == ["department", "department"]
    assert (first[uuid(9)]["status"], first[uuid(9)]["code"]) == (404, "not-found")
    replica = Replica(home)
    replica.replace(first[home]["changes"], first[home]["position"])
    uploaded(api, home)
    for _ in range(2):
        second = pull(api, {home: replica.position, other: "abc:5"}, limit=1)
        for change in second[home]["changes"]:
            replica.follow(change)
    assert not second[home]["has_more"]
    assert replica.digest == second[home]["digest"]
    assert (second[other]["status"], second[other]["action"]) == (410, "replace")


def test_a_snapshot_is_pulled_in_pages_where_there_is_a_limit(api: Api, home: str) -> None:
    for number in range(5):
        api.event(home, id=uuid(number))
    page = pull(api, {home: None}, limit=3)[home]
    assert (len(page["changes"]), page["position"]) == (3, None)
    rest = api.changes(home, f"limit=3&cursor={page['cursor']}")
    assert (len(rest["changes"]), rest["has_more"]) == (2, False)


def test_mutations_apply_in_order_and_one_that_fails_stops_no_other(api: Api, home: str) -> None:
    results = push(
        api,
        mutation("1", "create", 1, home, title="회의", event_date="2024-01-15"),
        mutation("2", "update", 1, title="바뀐 회의", base_version=1),
        mutation("3", "update", 7, title="없는 일정"),
        mutation("4", "create", 2, home, title=" ", event_date="2024-02-30"),
        mutation("5", "create", 3, home, title="점심", event_date="2024-01-16", somebody="else"),
        mutation("6", "delete", 1, base_version=1),
        mutation("7", "paint", 1),
        mutation("8", "delete", 1, base_version=2),
        mutation("9", "created", 4, home, title="저녁", event_date="2024-01-16"),
        X_Actor="%EB%AF%B8%EB%82%98",
    )
    assert outcomes(results) == [
        ("1", 201),
        ("2", 200),
        ("3", 404),
        ("4", 422),
        ("5", 422),
        ("6", 412),
        ("7", 422),
        ("8", 200),
        ("9", 201),
    ]
    assert {fault["pointer"] for fault in results[3]["problem"]["errors"]} == {"/title", "/event_date"}
    assert results[4]["problem"]["errors"][0]["pointer"] == "/somebody"
    changes = api.changes(home, f"since={_beginning(api, home)}")["changes"]
    assert [(change["op"], change["mutation_id"]) for change in changes] == [
        ("created", "1"),
        ("updated", "2"),
        ("deleted", "8"),
        ("created", "9"),
    ]
    assert {(change["actor"], change["device_id"]) for change in changes} == {("미나", "phone")}


def _beginning(api: Api, home: str) -> str:
    head: str = api.changes(home, "since=latest")["head"]
    return f"{head.partition(':')[0]}:0"


def test_replaying_any_suffix_changes_nothing_and_answers_the_same(api: Api, home: str) -> None:
    other = api.department("다른 팀")["id"]
    mutations = [
        mutation("1", "update", 1, title="너무 이른 변경"),
        mutation("2", "create", 1, home, title="회의", event_date="2024-01-15"),
        mutation("3", "update", 1, location="본사", base_version=1),
        mutation("4", "create", 2, home, title="점심", event_date="2024-01-15"),
        mutation("5", "move", 2, other),
        mutation("6", "delete", 1),
        mutation("7", "restore", 1),
        mutation("8", "create", 8, type="department", name="새 팀"),
        mutation("9", "create", 9, home, type="attachment", file_name="a", file_size=1, mime_type="text/plain"),
        mutation("10", "delete", 9, type="attachment"),
    ]
    first = push(api, *mutations)
    assert [status for _, status in outcomes(first)] == [404, 201, 200, 201, 200, 200, 200, 201, 201, 200]
    heads = [api.changes(log, "since=latest")["head"] for log in (home, other, "directory")]
    for begin in range(len(mutations)):
        assert outcomes(push(api, *mutations[begin:])) == outcomes(first)[begin:]
    again = push(api, *mutations)
    assert [each.get("entity") for each in again] == [each.get("entity") for each in first]
    assert [api.changes(log, "since=latest")["head"] for log in (home, other, "directory")] == heads


def test_ids_of_mutations_are_each_devices_own_and_name_one_mutation_only(api: Api, home: str) -> None:
    push(api, mutation("1", "create", 1, home, title="회의", event_date="2024-01-15"))
    others = push(api, mutation("1", "create", 2, home, title="점심", event_date="2024-01-15"), device="tablet")
    assert outcomes(others) == [("1", 201)]
    changed = push(api, mutation("1", "create", 1, home, title="다른 것", event_date="2024-01-15"))
    assert (changed[0]["status"], changed[0]["problem"]["code"]) == (422, "idempotency-reuse")
    over_rest = api.post(f"/api/events/{home}", {"title": "저녁", "event_date": "2024-01-15"}, Idempotency_Key="1")
    assert over_rest.status_code == 201


def test_an_edit_is_merged_and_a_conflict_is_told_again_until_a_person_decides(api: Api, home: str) -> None:
    event = api.event(home, id=uuid(1))["id"]
    api.put(f"/api/events/{event}", {"title": "남의 제목"})
    results = push(
        api,
        mutation("1", "update", 1, location="본사", base_version=1),
        mutation("2", "update", 1, title="내 제목", base_version=1),
    )
    assert outcomes(results) == [("1", 200), ("2", 409)]
    assert results[0]["entity"]["merged"]["kept"] == ["title"]
    assert results[1]["problem"]["conflicts"][0]["theirs"] == "남의 제목"
    assert outcomes(push(api, mutation("2", "update", 1, title="내 제목", base_version=1))) == [("2", 409)]
    assert outcomes(push(api, mutation("3", "update", 1, title="내 제목", base_version=3))) == [("3", 200)]


def test_files_come_by_department_and_position(api: Api, home: str) -> None:
    first, second = uploaded(api, home), uploaded(api, home)
    whole = json_of(api.get(f"/api/sync/files?department_id={home}"))
    assert {each["id"] for each in whole["files"]} == {first["id"], second["id"]}
    assert whole["deleted"] == []
    api.event(home)
    api.delete(f"/api/attachments/{first['id']}")
    third = json_of(api.post("/api/sync/upload", {**_file(home), "event_id": None}))
    send(api, third["upload"], b"hello")
    complete(api, third["attachment"]["id"])
    delta = json_of(api.get(f"/api/sync/files?department_id={home}&since={whole['position']}"))
    assert [each["status"] for each in delta["files"]] == ["ready"]
    assert [each["id"] for each in delta["deleted"]] == [first["id"]]
    assert not delta["has_more"]
    assert fetched(api, third["attachment"]["id"]) == b"hello"
    assert api.get(f"/api/sync/download/{second['id']}").status_code == 302
    assert code_of(api.get(f"/api/sync/files?department_id={home}&since=abc:1")) == (410, "position-expired")
    assert faults_of(api.get("/api/sync/files")) == {"/department_id": "required"}


def _file(home: str) -> Json:
    return {"department_id": home, "file_name": "a.txt", "file_size": 5, "mime_type": "text/plain"}


def test_the_status_tells_how_far_a_device_is(api: Api, home: str) -> None:
    api.event(home)
    position = api.changes(home, "since=latest")["position"]
    pull(api, {home: position})
    api.event(home)
    announced(api, home, headers={"X_Device_Id": "phone"})
    announced(api, home, headers={"X_Device_Id": "tablet"})
    status = json_of(api.get("/api/sync/status?device_id=phone"))
    assert status["server_time"] == "2024-01-15T00:00:00.000Z"
    [standing] = status["departments"]
    assert (standing["position"], standing["lag"]) == (position, 3)
    assert (standing["pending_uploads"], standing["pending_bytes"], standing["bytes"]) == (1, 5, 10)
    [unknown] = json_of(api.get("/api/sync/status?device_id=watch"))["departments"]
    assert (unknown["position"], unknown["lag"], unknown["pending_uploads"]) == (None, None, 0)
    assert faults_of(api.get("/api/sync/status")) == {"/device_id": "required"}


def test_devices_are_listed_and_forgotten(api: Api, home: str) -> None:
    for device in ("tablet", "phone"):
        pull(api, {home: api.changes(home, "since=latest")["position"]}, device)
    devices = json_of(api.get("/api/sync/devices"))
    assert [device["id"] for device in devices] == ["phone", "tablet"]
    assert devices[0]["positions"].keys() == {home}
    assert api.delete("/api/sync/devices/phone").status_code == 204
    assert code_of(api.delete("/api/sync/devices/phone")) == (404, "not-found")
    assert [device["id"] for device in json_of(api.get("/api/sync/devices"))] == ["tablet"]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("pull", {"positions": {}}, "/device_id"),
        ("pull", {"device_id": " ", "positions": {}}, "/device_id"),
        ("pull", {"device_id": "x" * 65, "positions": {}}, "/device_id"),
        ("pull", {"device_id": "x"}, "/positions"),
        ("pull", {"device_id": "x", "positions": [1]}, "/positions"),
        ("pull", {"device_id": "x", "positions": {}, "limit": 0}, "/limit"),
        ("push", {"device_id": "x"}, "/mutations"),
        ("push", {"device_id": "x", "mutations": [{}]}, "/mutations/0/mutation_id"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused(api: Api, path: str, body: Json, pointer: str) -> None:
    assert pointer in faults_of(api.post(f"/api/sync/{path}", body))
