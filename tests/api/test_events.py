"""Events over REST, one at a time (contract, section 3)."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from backend.domain.events import MEMBERS
from tests.in_process import Api, Clock, Json, code_of, faults_of, json_of, made, serving, uuid


def part(event: Json, names: str) -> tuple[Any, ...]:
    return tuple(event[name] for name in names.split())


def create(api: Api, home: str, **members: Any) -> Json:
    return made(api.post(f"/api/events/{home}", {"title": "회의", "event_date": "2024-01-15", **members}))


def test_an_event_is_created_as_it_is_shown_from_then_on(api: Api, home: str, clock: Clock) -> None:
    sent = {
        "title": " 주간 회의 ",
        "event_date": "2024-01-15",
        "start_time": "14:00",
        "end_time": "15:30",
        "description": "첫 줄\n둘째 줄",
        "location": "본사 3층",
        "url": "https://meet.example.com/1?a=b#c",
        "color": "#1A73E8",
        "category": "정기",
        "tags": ["분기", " 중요 ", "분기"],
    }
    answer = api.post(f"/api/events/{home}", sent, X_Actor="%EB%AF%B8%EB%82%98", X_Device_Id="phone")
    event = made(answer)
    at = "2024-01-15T00:00:00.000Z"
    assert event == {
        **sent,
        "id": event["id"],
        "department_id": home,
        "title": "주간 회의",
        "end_date": "2024-01-15",
        "time": "14:00~15:30",
        "timezone": "Asia/Seoul",
        "starts_at": "2024-01-15T05:00:00.000Z",
        "ends_at": "2024-01-15T06:30:00.000Z",
        "recurrence": None,
        "color": "#1a73e8",
        "tags": ["분기", "중요"],
        "created_by": "미나",
        "updated_by": "미나",
        "device_id": "phone",
        "created_at": at,
        "last_modified": at,
        "version": 1,
    }
    assert tuple(event) == MEMBERS
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"http://localhost/api/events/{home}/{event['id']}"
    clock.advance(hours=1)
    shown = api.get(f"/api/events/{home}/{event['id']}")
    assert (json_of(shown), shown.headers["ETag"]) == (event, '"1"')
    assert api.events(home) == [event]


@pytest.mark.parametrize(
    ("written", "start", "end", "last"),
    [
        ("오후 2:00", "14:00", None, "15"),
        ("오전 10시", "10:00", None, "15"),
        ("14:00~15:30", "14:00", "15:30", "15"),
        ("2:00 PM", "14:00", None, "15"),
        ("종일", None, None, "15"),
        ("오후 2시~4시", "14:00", "16:00", "15"),
        ("저녁 7시 반", "19:30", None, "15"),
        ("22:00~06:00", "22:00", "06:00", "16"),
        ("미정", None, None, "15"),
        ("점심 먹고 나서", None, None, "15"),
    ],
)
def test_the_times_that_people_write_are_kept_and_understood(
    api: Api, home: str, written: str, start: str | None, end: str | None, last: str
) -> None:
    event = create(api, home, time=written)
    assert part(event, "time start_time end_time end_date") == (written, start, end, f"2024-01-{last}")
    assert (event["starts_at"] is None) == (start is None)


def test_words_and_fields_follow_each_other(api: Api, home: str) -> None:
    path = f"/api/events/{create(api, home, time='오후 2:00')['id']}"
    for sent, expected in [
        ({"end_time": "15:00"}, ("14:00~15:00", "14:00", "15:00")),
        ({"time": "오전 9시"}, ("오전 9시", "09:00", None)),
        ({"time": "오전 9시", "start_time": "10:00", "end_time": None}, ("10:00", "10:00", None)),
        ({"time": None}, (None, None, None)),
        ({"start_time": "08:00", "end_time": "09:00"}, ("08:00~09:00", "08:00", "09:00")),
        ({"start_time": None, "end_time": None}, (None, None, None)),
    ]:
        assert part(json_of(api.put(path, sent)), "time start_time end_time") == expected, sent


def test_a_night_shift_ends_on_the_next_day(api: Api, home: str) -> None:
    event = create(api, home, start_time="22:00", end_time="06:00")
    assert part(event, "end_date starts_at ends_at") == (
        "2024-01-16",
        "2024-01-15T13:00:00.000Z",
        "2024-01-15T21:00:00.000Z",
    )
    moved = json_of(api.patch(f"/api/events/{event['id']}", {"event_date": "2024-02-28"}))
    assert part(moved, "event_date end_date") == ("2024-02-28", "2024-02-29")


def test_several_days_keep_their_length_when_they_move(api: Api, home: str) -> None:
    event = create(api, home, end_date="2024-01-18")
    assert part(event, "starts_at ends_at time") == (None, None, None)
    moved = json_of(api.patch(f"/api/events/{event['id']}", {"event_date": "2024-12-30"}))
    assert part(moved, "event_date end_date") == ("2024-12-30", "2025-01-02")
    longest = create(api, home, end_date="2025-01-14")
    assert longest["end_date"] == "2025-01-14"
    too_long = {"title": "회의", "event_date": "2024-01-15", "end_date": "2025-01-15"}
    assert faults_of(api.post(f"/api/events/{home}", too_long)) == {"/end_date": "span"}


def test_an_all_day_event_is_a_date_in_every_zone(api: Api, home: str) -> None:
    for zone in ("Asia/Seoul", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        event = create(api, home, timezone=zone)
        assert part(event, "event_date end_date starts_at ends_at") == ("2024-01-15", "2024-01-15", None, None)
    assert len(api.events(home, "from=2024-01-15&to=2024-01-15")) == 3
    assert api.events(home, "from=2024-01-16") == api.events(home, "to=2024-01-14") == []


def test_a_zone_is_the_events_own_or_its_departments(api: Api, home: str) -> None:
    event = create(api, home, time="14:00", timezone="America/New_York")
    assert event["starts_at"] == "2024-01-15T19:00:00.000Z"
    api.put(f"/api/departments/{home}", {"timezone": "Europe/Berlin"})
    assert json_of(api.get(f"/api/events/{home}/{event['id']}")) == event
    back = json_of(api.patch(f"/api/events/{event['id']}", {"timezone": None}))
    assert part(back, "timezone starts_at") == ("Europe/Berlin", "2024-01-15T13:00:00.000Z")
    assert create(api, home, time="14:00")["timezone"] == "Europe/Berlin"


def test_fifteen_oclock_stays_fifteen_oclock_through_a_clock_change(api: Api, home: str) -> None:
    event = create(api, home, time="15:00", timezone="Europe/Berlin", event_date="2024-03-30")
    moved = json_of(api.patch(f"/api/events/{event['id']}", {"event_date": "2024-03-31"}))
    assert (event["starts_at"], moved["starts_at"]) == ("2024-03-30T14:00:00.000Z", "2024-03-31T13:00:00.000Z")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_absent_members_stay_and_null_clears(api: Api, home: str, clock: Clock, method: str) -> None:
    event = create(api, home, description="가", location="나", category="다", tags=["라"], color="#123456")
    clock.advance(seconds=90)
    sent = {"location": None, "tags": None, "category": "", "color": ""}
    answer = api.call(method, f"/api/events/{event['id']}", sent, {"X-Actor": "Jun"})
    assert json_of(answer) == {
        **event,
        "location": None,
        "tags": [],
        "category": None,
        "color": None,
        "updated_by": "Jun",
        "last_modified": "2024-01-15T00:01:30.000Z",
        "version": 2,
    }
    assert answer.headers["ETag"] == '"2"'


@pytest.mark.parametrize("sent", [{}, {"title": "회의 "}, {"time": "오후 2:00"}, {"tags": []}, {"start_time": "14:00"}])
def test_a_change_of_nothing_makes_no_version(api: Api, home: str, clock: Clock, sent: Json) -> None:
    event = create(api, home, time="오후 2:00")
    head = api.changes(home, "since=latest")
    clock.advance(days=1)
    answer = api.put(f"/api/events/{event['id']}", sent, X_Actor="Jun")
    assert (answer.status_code, json_of(answer)) == (200, event)
    assert answer.headers["X-Position"] == head["position"]
    assert api.changes(home, "since=latest") == head


def test_what_was_received_can_be_sent_back(api: Api, home: str) -> None:
    event = create(api, home, time="22:00~06:00", tags=["가"])
    back = {**event, "change": {}, "merged": None, "starts_at": "x", "version": -1, "department_id": uuid(7)}
    assert json_of(api.put(f"/api/events/{event['id']}", back)) == event
    copy = {name: value for name, value in back.items() if name != "id"}
    assert made(api.post(f"/api/events/{home}", copy))["department_id"] == home


def test_an_event_is_found_in_its_department_only(api: Api, home: str) -> None:
    event = create(api, home)
    other = api.department("다른 팀")["id"]
    assert code_of(api.get(f"/api/events/{other}/{event['id']}")) == (404, "not-found")
    assert api.events(other) == []
    assert code_of(api.get(f"/api/events/{home}/{uuid(5)}")) == (404, "not-found")


def test_a_deleted_event_is_gone(api: Api, home: str) -> None:
    event = create(api, home)
    path = f"/api/events/{event['id']}"
    answer = api.delete(path)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["X-Position"] == api.changes(home, "since=latest")["position"]
    for again in (api.get(f"/api/events/{home}/{event['id']}"), api.put(path, {"title": "가"}), api.delete(path)):
        assert code_of(again) == (404, "not-found")
    assert api.events(home) == []


# Ids


def test_a_repeated_creation_with_an_id_answers_with_what_is_there(api: Api, home: str) -> None:
    sent = {"id": uuid(1), "title": "회의", "event_date": "2024-01-15", "time": "오후 2:00"}
    first = api.post(f"/api/events/{home}", sent, X_Actor="Mina")
    again = api.post(f"/api/events/{home}", {**sent, "end_date": "2024-01-15"}, X_Actor="Jun")
    assert (first.status_code, again.status_code) == (201, 200)
    assert json_of(again) == json_of(first)
    assert again.headers["ETag"] == '"1"'
    assert len(api.events(home)) == 1


def test_an_id_is_unique_over_all_departments(api: Api, home: str) -> None:
    sent = {"id": uuid(1), "title": "회의", "event_date": "2024-01-15"}
    made(api.post(f"/api/events/{home}", sent))
    other = api.department("다른 팀")["id"]
    assert code_of(api.post(f"/api/events/{other}", sent)) == (409, "id-taken")
    assert code_of(api.post(f"/api/events/{home}", {**sent, "title": "다른 회의"})) == (409, "id-taken")
    api.delete(f"/api/events/{uuid(1)}")
    assert code_of(api.post(f"/api/events/{home}", sent)) == (409, "id-taken")
    assert code_of(api.post(f"/api/events/{other}", sent)) == (409, "id-taken")
    assert api.events(other) == []


def test_of_fifty_who_create_one_id_in_two_departments_at_once_one_department_wins(api: Api, home: str) -> None:
    other = api.department("다른 팀")["id"]
    answers: list[tuple[str, int]] = []

    def create_in(department: str) -> None:
        sent = {"id": uuid(1), "title": "회의", "event_date": "2024-01-15"}
        answers.append((department, Api(api.dayroom).post(f"/api/events/{department}", sent).status_code))

    threads = [threading.Thread(target=create_in, args=(department,)) for department in [home, other] * 25]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [department for department, status in answers if status == 201]
    loser = other if winner == home else home
    assert [status for department, status in answers if department == loser] == [409] * 25
    assert sorted(status for department, status in answers if department == winner) == [200] * 24 + [201]
    assert [len(api.events(department)) for department in (winner, loser)] == [1, 0]


# Entity tags


def test_entity_tags_guard_events_as_they_do_departments(api: Api, home: str) -> None:
    event = create(api, home)
    path = f"/api/events/{event['id']}"
    shown = f"/api/events/{home}/{event['id']}"
    assert api.get(shown, If_None_Match='"1"').status_code == 304
    refused = api.put(path, {"title": "가"}, If_Match='"2"')
    assert code_of(refused) == (412, "precondition-failed")
    assert json_of(refused)["current"] == event
    assert json_of(api.put(path, {"title": "가"}, If_Match='"1"'))["version"] == 2
    assert code_of(api.delete(path, If_Match='"1"')) == (412, "precondition-failed")
    assert json_of(api.get(shown, If_None_Match='"1"'))["title"] == "가"
    assert api.delete(path, If_Match="*").status_code == 204
    assert code_of(api.delete(path, If_Match="*")) == (404, "not-found")


def test_nothing_stands_in_an_event_that_changes_without_its_version(api: Api, home: str, clock: Clock) -> None:
    event = create(api, home, time="14:00")
    clock.advance(days=3)
    api.put(f"/api/departments/{home}", {"name": "새 이름", "timezone": "UTC"})
    create(api, home)
    assert json_of(api.get(f"/api/events/{home}/{event['id']}")) == event
    with serving(clock=clock) as other:
        assert other.get(f"/api/events/{home}").status_code == 404
