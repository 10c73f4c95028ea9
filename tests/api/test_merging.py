"""Edits with a `base_version` over REST: merged with what others did, or refused with all that differs (section 6)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from tests.in_process import Api, Clock, Json, code_of, faults_of, json_of, serving, uuid

DAYS = 90


@pytest.fixture
def api(clock: Clock) -> Iterator[Api]:
    with serving(clock=clock, change_retention_days=DAYS) as served:
        yield served


@pytest.fixture
def event(api: Api, home: str) -> Json:
    """Make an event of two versions: since the first, somebody wrote its location."""
    event = api.event(home, time="14:00")
    return json_of(api.put(path_of(event), {"location": "3층"}, X_Actor="Mina", X_Device_Id="phone"))


def path_of(event: Json) -> str:
    return f"/api/events/{event['id']}"


def conflicts_of(answer: TestResponse) -> dict[str, list[object]]:
    """Is what a conflict says of each field: base, yours, theirs."""
    assert code_of(answer) == (409, "conflict"), answer.text
    return {row["field"]: [row["base"], row["yours"], row["theirs"]] for row in json_of(answer)["conflicts"]}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_members_that_only_one_side_changed_are_merged(api: Api, event: Json, clock: Clock, method: str) -> None:
    clock.advance(hours=1)
    answer = api.call(method, path_of(event), {"title": "새 제목", "base_version": 1}, {"X-Actor": "Jun"})
    assert answer.status_code == 200
    assert json_of(answer) == {
        **event,
        "title": "새 제목",
        "updated_by": "Jun",
        "device_id": None,
        "last_modified": "2024-01-15T01:00:00.000Z",
        "version": 3,
        "merged": {"base_version": 1, "kept": ["location"], "applied": ["title"]},
    }
    assert answer.headers["ETag"] == '"3"'
    shown = json_of(api.get(f"/api/events/{event['department_id']}/{event['id']}"))
    assert shown == {name: value for name, value in json_of(answer).items() if name != "merged"}


def test_a_whole_event_of_before_can_be_sent_and_only_what_differs_from_it_counts(api: Api, event: Json) -> None:
    """A program that sends back everything would, without `base_version`, take back what others wrote."""
    seen = {**event, "location": None, "version": 1, "last_modified": "2024-01-15T00:00:00.000Z"}
    merged = json_of(api.put(path_of(event), {**seen, "title": "새 제목", "base_version": 1}))
    assert (merged["title"], merged["location"]) == ("새 제목", "3층")
    assert json_of(api.put(path_of(event), {**seen, "title": "새 제목"}))["location"] is None


def test_an_edit_of_the_version_that_is_there_is_a_plain_one(api: Api, event: Json) -> None:
    edited = json_of(api.put(path_of(event), {"location": "옥상", "base_version": 2}))
    assert (edited["location"], edited["version"]) == ("옥상", 3)
    assert "merged" not in edited


def test_what_both_changed_differently_is_a_conflict_and_nothing_is_written(api: Api, home: str, event: Json) -> None:
    head = api.changes(home, "since=latest")
    answer = api.put(path_of(event), {"location": "지하", "title": "새 제목", "base_version": 1})
    assert conflicts_of(answer) == {"location": [None, "지하", "3층"]}
    assert json_of(answer)["current"] == event
    assert api.changes(home, "since=latest") == head
    assert api.events(home) == [event]
    decided = api.put(path_of(event), {"location": "지하", "title": "새 제목", "base_version": 2})
    assert (decided.status_code, json_of(decided)["location"]) == (200, "지하")


def test_what_both_changed_alike_makes_no_version(api: Api, home: str, event: Json) -> None:
    head = api.changes(home, "since=latest")
    answer = api.put(path_of(event), {"location": "3층", "base_version": 1}, X_Actor="Jun")
    assert json_of(answer) == {**event, "merged": {"base_version": 1, "kept": ["location"], "applied": []}}
    assert answer.headers["X-Position"] == head["position"]
    assert api.changes(home, "since=latest") == head


def test_when_an_event_is_counts_as_one_field_and_its_instants_follow(api: Api, event: Json) -> None:
    api.put(path_of(event), {"event_date": "2024-01-20"})
    clash = conflicts_of(api.put(path_of(event), {"start_time": "09:00", "base_version": 2}))
    assert clash == {
        "event_date": ["2024-01-15", "2024-01-15", "2024-01-20"],
        "end_date": ["2024-01-15", "2024-01-15", "2024-01-20"],
        "start_time": ["14:00", "09:00", "14:00"],
        "time": ["14:00", "09:00", "14:00"],
    }
    merged = json_of(api.put(path_of(event), {"title": "새 제목", "base_version": 2}))
    assert merged["merged"] == {"base_version": 2, "kept": ["event_date", "end_date"], "applied": ["title"]}
    assert merged["starts_at"] == "2024-01-20T05:00:00.000Z"
    timed = json_of(api.put(path_of(event), {"time": "오전 9시", "base_version": 3}))
    assert timed["merged"] == {"base_version": 3, "kept": ["title"], "applied": ["start_time", "time"]}
    assert (timed["starts_at"], timed["title"]) == ("2024-01-20T00:00:00.000Z", "새 제목")


def test_an_entity_tag_is_asked_first(api: Api, event: Json) -> None:
    edit = {"title": "새 제목", "base_version": 1}
    refused = api.put(path_of(event), edit, If_Match='"1"')
    assert code_of(refused) == (412, "precondition-failed")
    assert json_of(refused)["current"] == event
    assert json_of(api.put(path_of(event), edit, If_Match='"2"'))["merged"]["kept"] == ["location"]
    assert "location" in conflicts_of(api.put(path_of(event), {"location": "지하", "base_version": 1}, If_Match='"3"'))


@pytest.mark.parametrize("base", [3, 99])
def test_of_an_unknown_base_all_that_differs_is_a_conflict(api: Api, event: Json, base: int) -> None:
    """The server may have been restored from a backup since: nobody knows what the client's version was."""
    sent = {**event, "title": "새 제목", "location": "지하", "base_version": base}
    answer = api.put(path_of(event), sent)
    assert conflicts_of(answer) == {"title": [None, "새 제목", "회의"], "location": [None, "지하", "3층"]}
    assert json_of(answer)["current"] == event


def test_of_an_unknown_base_what_says_the_same_is_no_conflict(api: Api, event: Json) -> None:
    answer = api.put(path_of(event), {**event, "base_version": 99})
    assert json_of(answer) == {**event, "merged": {"base_version": 99, "kept": [], "applied": []}}


def test_a_base_is_known_as_long_as_it_is_retained(api: Api, event: Json, clock: Clock) -> None:
    clock.advance(days=DAYS)
    assert json_of(api.put(path_of(event), {"title": "가", "base_version": 1}))["merged"]["kept"] == ["location"]
    clock.advance(milliseconds=1)
    answer = api.put(path_of(event), {"category": "나", "base_version": 2})
    assert conflicts_of(answer) == {"category": [None, "나", None]}
    assert json_of(api.put(path_of(event), {"category": "나", "base_version": 3}))["category"] == "나"


def test_an_edit_of_what_was_deleted_is_a_conflict_that_says_how_to_restore_it(
    api: Api, event: Json, clock: Clock
) -> None:
    api.delete(path_of(event))
    for headers in ({}, {"If_Match": '"2"'}):
        for base in (1, 2, 3):
            answer = api.put(path_of(event), {"title": "새 제목", "base_version": base}, **headers)
            assert conflicts_of(answer) == {}
            assert json_of(answer)["current"] is None
            assert "/restore" in json_of(answer)["detail"]
    assert code_of(api.put(path_of(event), {"title": "새 제목"})) == (404, "not-found")
    clock.advance(days=30)
    assert api.put(path_of(event), {"title": "새 제목", "base_version": 2}).status_code == 409
    clock.advance(milliseconds=1)
    gone = api.put(path_of(event), {"title": "새 제목", "base_version": 2})
    assert code_of(gone) == (404, "not-found"), "it cannot be restored any more"


def test_after_it_came_back_it_is_merged_with_what_it_was_before(api: Api, event: Json) -> None:
    api.delete(path_of(event))
    api.post(f"{path_of(event)}/restore")
    merged = json_of(api.put(path_of(event), {"title": "새 제목", "base_version": 1}))
    assert (merged["version"], merged["merged"]["kept"], merged["location"]) == (5, ["location"], "3층")
    deletion = api.put(path_of(event), {"title": "다른 제목", "base_version": 3})
    assert conflicts_of(deletion) == {"title": [None, "다른 제목", "새 제목"]}


def test_it_is_merged_across_a_move(api: Api, event: Json) -> None:
    other = api.department("다른 팀")["id"]
    api.post(f"{path_of(event)}/move", {"department_id": other})
    merged = json_of(api.put(path_of(event), {**event, "location": None, "title": "새 제목", "base_version": 1}))
    assert (merged["department_id"], merged["location"], merged["title"]) == (other, "3층", "새 제목")


@pytest.mark.parametrize("base", [0, -1, "1", 1.5, None, True])
def test_a_base_is_a_whole_number(api: Api, event: Json, base: object) -> None:
    answer = api.put(path_of(event), {"title": "새 제목", "base_version": base})
    assert faults_of(answer).keys() == {"/base_version"}


def test_what_cannot_be_stored_is_refused_before_anything_is_merged(api: Api, event: Json) -> None:
    sent = {"title": "", "location": "지하", "base_version": 1}
    assert faults_of(api.put(path_of(event), sent)) == {"/title": "required"}


# Departments


def test_departments_are_merged_too(api: Api, department: Json, clock: Clock) -> None:
    path = f"/api/departments/{department['id']}"
    api.put(path, {"color": "#fff", "description": "본사"})
    clock.advance(minutes=1)
    merged = json_of(api.put(path, {"name": "새 이름", "timezone": "UTC", "base_version": 1}))
    assert merged["merged"] == {"base_version": 1, "kept": ["description", "color"], "applied": ["timezone", "name"]}
    assert (merged["name"], merged["color"], merged["version"]) == ("새 이름", "#ffffff", 3)
    assert merged["updated_at"] == "2024-01-15T00:01:00.000Z"
    clash = api.put(path, {"name": "또 다른 이름", "base_version": 2})
    assert conflicts_of(clash) == {"name": [department["name"], "또 다른 이름", "새 이름"]}
    assert json_of(clash)["current"]["version"] == 3
    assert [one["name"] for one in json_of(api.get("/api/departments"))] == ["새 이름"]
    assert "merged" not in json_of(api.put(path, {"color": None, "base_version": 3}))
    api.department(department["name"])  # the name that was left is free


def test_a_name_that_is_taken_is_refused_in_a_merge_too(api: Api, department: Json) -> None:
    path = f"/api/departments/{department['id']}"
    api.put(path, {"color": "#fff"})
    api.department("다른 팀")
    assert code_of(api.put(path, {"name": "다른 팀", "base_version": 1})) == (409, "name-taken")


def test_of_an_expired_base_of_a_department_all_that_differs_is_a_conflict(
    api: Api, department: Json, clock: Clock
) -> None:
    path = f"/api/departments/{department['id']}"
    clock.advance(days=DAYS + 1)
    api.put(path, {"color": "#fff"})
    assert conflicts_of(api.put(path, {"description": "본사", "base_version": 1})) == {
        "description": [None, "본사", None]
    }


def test_an_edit_of_a_deleted_department_says_how_to_restore_it(api: Api, department: Json, clock: Clock) -> None:
    path = f"/api/departments/{department['id']}"
    api.delete(path)
    answer = api.put(path, {"color": "#fff", "base_version": 1})
    assert (conflicts_of(answer), json_of(answer)["current"]) == ({}, None)
    assert "/restore" in json_of(answer)["detail"]
    clock.advance(days=31)
    assert code_of(api.put(path, {"color": "#fff", "base_version": 1})) == (404, "not-found")
    assert code_of(api.put(f"/api/departments/{uuid(9)}", {"color": "#fff", "base_version": 1})) == (404, "not-found")
