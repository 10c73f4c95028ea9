"""What becomes of events over REST: their history, what is brought back, and moves (contract, section 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from werkzeug.test import TestResponse

from backend.repositories.database import Delete
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import CHANGES
from tests.changelog.scripted import ScriptedDatabase, after
from tests.in_process import Api, Clock, Json, code_of, faults_of, json_of, serving, uuid

DAYS = 90


@pytest.fixture
def api(clock: Clock) -> Iterator[Api]:
    with serving(clock=clock, change_retention_days=DAYS) as served:
        yield served


@pytest.fixture
def event(api: Api, home: str) -> Json:
    return api.event(home, time="14:00", location="3층")


@pytest.fixture
def other(api: Api) -> str:
    return str(api.department("다른 팀")["id"])


def path_of(event: Json) -> str:
    return f"/api/events/{event['id']}"


def history(api: Api, event: Json) -> Json:
    answer = api.get(f"{path_of(event)}/history")
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def told(api: Api, event: Json) -> list[tuple[int, str]]:
    """Is a history in short: versions and what made them."""
    return [(version["version"], version["op"]) for version in history(api, event)["versions"]]


def restore(api: Api, event: Json, version: int | None = None, **headers: str) -> Json:
    answer = api.post(f"{path_of(event)}/restore", {} if version is None else {"version": version}, **headers)
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def move(api: Api, event: Json, department_id: str, **headers: str) -> Json:
    answer = api.post(f"{path_of(event)}/move", {"department_id": department_id}, **headers)
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def last_change(api: Api, log: str) -> Json:
    position = api.changes(log, "since=latest")["position"]
    epoch, _, seq = position.rpartition(":")
    change: Json = api.changes(log, f"since={epoch}:{int(seq) - 1}")["changes"][0]
    return change


# History


def test_a_history_tells_newest_first_who_changed_what(api: Api, event: Json, clock: Clock) -> None:
    clock.advance(hours=1)
    edited = api.put(path_of(event), {"title": "새 제목", "location": None}, X_Actor="%EC%A4%80", X_Device_Id="pc")
    assert history(api, event) == {
        "versions": [
            {
                "version": 2,
                "op": "updated",
                "at": "2024-01-15T01:00:00.000Z",
                "actor": "준",
                "device_id": "pc",
                "changed": {"title": ["회의", "새 제목"], "location": ["3층", None]},
                "data": json_of(edited),
            },
            {
                "version": 1,
                "op": "created",
                "at": "2024-01-15T00:00:00.000Z",
                "actor": None,
                "device_id": None,
                "changed": {},
                "data": event,
            },
        ],
        "complete": True,
    }


def test_a_history_goes_through_deletions_restores_and_moves_both_ways(
    api: Api, event: Json, home: str, other: str
) -> None:
    move(api, event, other)
    api.put(path_of(event), {"title": "새 제목"})
    move(api, event, home)
    api.delete(path_of(event))
    deleted = history(api, event)
    restore(api, event)
    assert [version["version"] for version in deleted["versions"]] == [5, 4, 3, 2, 1], "also of a deleted event"
    expected = [(6, "created"), (5, "deleted"), (4, "created"), (3, "updated"), (2, "created"), (1, "created")]
    assert told(api, event) == expected
    found = history(api, event)
    assert found["complete"] is True
    assert [version["changed"] for version in found["versions"]] == [
        {},
        {},
        {"department_id": [other, home]},
        {"title": ["회의", "새 제목"]},
        {"department_id": [home, other]},
        {},
    ]
    assert found["versions"][1]["data"] == {"id": event["id"], "department_id": home, "title": "새 제목"}


def test_a_history_is_complete_until_its_first_version_expires(api: Api, event: Json, clock: Clock) -> None:
    clock.advance(days=1)
    api.put(path_of(event), {"title": "새 제목"})
    clock.advance(days=DAYS - 1)
    assert (told(api, event), history(api, event)["complete"]) == ([(2, "updated"), (1, "created")], True)
    clock.advance(milliseconds=1)
    short = history(api, event)
    assert [(version["version"], version["changed"]) for version in short["versions"]] == [(2, {})]
    assert short["complete"] is False
    clock.advance(days=1)
    assert history(api, event) == {"versions": [], "complete": False}


def test_a_history_ends_where_the_store_has_dropped_more(api: Api, event: Json, home: str) -> None:
    for title in ("나", "다"):
        api.put(path_of(event), {"title": title})
    api.dayroom.database.transact([Delete(CHANGES, {"log": home, "seq": 2})], "dropped")
    assert (told(api, event), history(api, event)["complete"]) == ([(3, "updated")], False)


def test_nothing_has_no_history(api: Api) -> None:
    assert code_of(api.get(f"/api/events/{uuid(9)}/history")) == (404, "not-found")
    assert code_of(api.get("/api/events/none/history")) == (404, "not-found")


# Restoring


def test_what_was_deleted_comes_back_as_created_with_the_next_version(
    api: Api, event: Json, home: str, clock: Clock
) -> None:
    api.delete(path_of(event))
    clock.advance(days=1)
    answer = api.post(f"{path_of(event)}/restore", X_Actor="Jun", X_Device_Id="pc")
    stamp = {"updated_by": "Jun", "device_id": "pc", "last_modified": "2024-01-16T00:00:00.000Z", "version": 3}
    assert (answer.status_code, json_of(answer)) == (200, {**event, **stamp})
    assert answer.headers["ETag"] == '"3"'
    change = last_change(api, home)
    assert (change["op"], change["version"], change["data"]) == ("created", 3, json_of(answer))
    assert answer.headers["X-Position"] == api.changes(home, "since=latest")["position"]
    assert api.events(home) == [json_of(answer)]


def test_an_old_version_is_made_the_newest(api: Api, event: Json, home: str) -> None:
    api.put(path_of(event), {"title": "새 제목", "time": "09:00", "location": None})
    old = restore(api, event, 1)
    assert old == {**event, "version": 3}
    assert last_change(api, home)["op"] == "updated"
    assert restore(api, event, 2)["title"] == "새 제목"
    assert [version for version, _ in told(api, event)] == [4, 3, 2, 1]


def test_an_old_version_of_what_was_deleted_comes_back(api: Api, event: Json) -> None:
    api.put(path_of(event), {"title": "새 제목"})
    api.delete(path_of(event))
    assert restore(api, event, 1) == {**event, "version": 4}
    assert history(api, event)["versions"][0]["changed"] == {"title": ["새 제목", "회의"]}


def test_what_is_there_unchanged_makes_no_version(api: Api, event: Json, home: str, clock: Clock) -> None:
    edited = json_of(api.put(path_of(event), {"title": "새 제목"}))
    head = api.changes(home, "since=latest")
    clock.advance(days=1)
    assert [restore(api, event, version) for version in (None, 2)] == [edited, edited]
    assert api.changes(home, "since=latest") == head


@pytest.mark.parametrize("version", [3, 4, 99])
def test_a_version_that_is_not_known_is_404_and_changes_nothing(api: Api, event: Json, home: str, version: int) -> None:
    api.put(path_of(event), {"title": "새 제목"})
    api.delete(path_of(event))  # the third version: in it there is nothing to bring back
    answer = api.post(f"{path_of(event)}/restore", {"version": version})
    assert code_of(answer) == (404, "not-found")
    assert api.events(home) == []
    assert told(api, event)[0] == (3, "deleted")


def test_a_version_that_is_no_version_is_refused(api: Api, event: Json) -> None:
    for version in (0, "1", 1.5):
        assert faults_of(api.post(f"{path_of(event)}/restore", {"version": version})).keys() == {"/version"}
    assert code_of(api.post(f"/api/events/{uuid(9)}/restore")) == (404, "not-found")


def test_an_old_version_comes_back_as_long_as_it_is_retained(api: Api, event: Json, clock: Clock) -> None:
    clock.advance(days=DAYS)
    api.put(path_of(event), {"title": "새 제목"})
    assert restore(api, event, 1)["title"] == "회의"
    clock.advance(milliseconds=1)
    assert code_of(api.post(f"{path_of(event)}/restore", {"version": 1})) == (404, "not-found")


def test_what_was_deleted_comes_back_for_thirty_days(api: Api, event: Json, clock: Clock) -> None:
    api.delete(path_of(event))
    clock.advance(days=30)
    assert restore(api, event)["version"] == 3
    api.delete(path_of(event))
    clock.advance(days=30, milliseconds=1)
    for body in ({}, {"version": 1}, {"version": 3}):
        assert code_of(api.post(f"{path_of(event)}/restore", body)) == (404, "not-found")


def test_an_event_that_nobody_touched_for_years_can_be_deleted_and_comes_back(
    api: Api, event: Json, home: str, clock: Clock
) -> None:
    clock.advance(days=1000)
    api.dayroom.database.transact([Delete(CHANGES, {"log": home, "seq": 1})], "dropped")
    api.delete(path_of(event))
    assert restore(api, event)["title"] == event["title"]


def test_a_tag_guards_what_is_there_when_an_old_version_comes_back(api: Api, event: Json) -> None:
    edited = json_of(api.put(path_of(event), {"title": "새 제목"}))
    answer = api.post(f"{path_of(event)}/restore", {"version": 1}, If_Match='"1"')
    assert code_of(answer) == (412, "precondition-failed")
    assert json_of(answer)["current"] == edited, "the event, as REST shows it"
    assert restore(api, event, 1, If_Match='"2"')["version"] == 3


def test_an_old_version_from_another_department_comes_back_where_the_event_is(
    api: Api, event: Json, other: str, home: str
) -> None:
    move(api, event, other)
    api.put(path_of(event), {"title": "새 제목"})
    assert restore(api, event, 1) == {**event, "department_id": other, "version": 4}
    assert api.events(home) == []


def test_a_strict_server_wants_a_tag_where_something_is_replaced_or_moved(clock: Clock) -> None:
    with serving(clock=clock, require_preconditions=True) as api:
        home, other = api.department()["id"], api.department("다른 팀")["id"]
        event = api.event(home)
        for path, body in [("restore", {"version": 1}), ("move", {"department_id": other})]:
            answer = api.post(f"{path_of(event)}/{path}", body)
            assert code_of(answer) == (428, "precondition-required")
        assert restore(api, event) == event, "it is there"
        assert move(api, event, other, If_Match='"1"')["version"] == 2
        api.delete(path_of(event), If_Match='"2"')
        assert restore(api, event)["version"] == 4, "of what is gone nobody has a version"


# Moving


def test_a_move_is_one_entry_in_either_log(api: Api, event: Json, home: str, other: str, clock: Clock) -> None:
    clock.advance(minutes=1)
    answer = api.post(f"{path_of(event)}/move", {"department_id": other}, X_Actor="Jun", Idempotency_Key="one")
    stamp = {"updated_by": "Jun", "last_modified": "2024-01-15T00:01:00.000Z", "version": 2}
    moved = json_of(answer)
    assert (answer.status_code, moved) == (200, {**event, **stamp, "department_id": other})
    assert answer.headers["X-Position"] == api.changes(other, "since=latest")["position"]
    left, came = last_change(api, home), last_change(api, other)
    assert (left["op"], came["op"]) == ("deleted", "created")
    assert left["data"] == {"id": event["id"], "department_id": home, "title": "회의", "moved_to": other}
    assert came["data"] == moved
    assert [(change["version"], change["actor"], change["mutation_id"]) for change in (left, came)] == [
        (2, "Jun", "one")
    ] * 2
    assert (api.events(home), api.events(other)) == ([], [moved])
    assert code_of(api.get(f"/api/events/{home}/{event['id']}")) == (404, "not-found")
    assert api.changes(home, "since=latest")["digest"] == "0" * 16


def test_an_event_that_moves_keeps_its_zone_and_its_instants(api: Api, event: Json) -> None:
    berlin = api.department("Berlin", timezone="Europe/Berlin")["id"]
    moved = move(api, event, berlin)
    assert (moved["timezone"], moved["starts_at"]) == ("Asia/Seoul", event["starts_at"])


def test_an_event_moves_back_and_on_and_keeps_its_id(api: Api, event: Json, home: str, other: str) -> None:
    for version, department in enumerate((other, home, other, home), start=2):
        moved = move(api, event, department)
        assert (moved["version"], moved["department_id"]) == (version, department)
        counts = {place: len(api.events(place)) for place in (home, other)}
        assert counts == {department: 1, **{place: 0 for place in (home, other) if place != department}}
    for place in (home, other):
        sent = {"id": event["id"], "title": "다른 회의", "event_date": "2024-01-15"}
        assert code_of(api.post(f"/api/events/{place}", sent)) == (409, "id-taken")
    assert json_of(api.put(path_of(event), {"title": "새 제목"}))["department_id"] == home
    assert api.delete(path_of(event)).status_code == 204
    assert api.events(home) == api.events(other) == []
    assert restore(api, event)["department_id"] == home


def test_a_move_to_where_it_is_makes_no_version(api: Api, event: Json, home: str) -> None:
    head = api.changes(home, "since=latest")
    assert move(api, event, home) == event
    assert api.changes(home, "since=latest") == head


def test_a_move_to_nowhere_changes_nothing(api: Api, event: Json, home: str, other: str) -> None:
    api.delete(f"/api/departments/{other}")
    head = api.changes(home, "since=latest")
    for department in (other, uuid(9)):
        answer = api.post(f"{path_of(event)}/move", {"department_id": department})
        assert code_of(answer) == (404, "not-found")
        assert json_of(answer)["kind"] == "department"
    assert faults_of(api.post(f"{path_of(event)}/move", {"department_id": "directory"})).keys() == {"/department_id"}
    assert faults_of(api.post(f"{path_of(event)}/move", {})) == {"/department_id": "required"}
    assert api.changes(home, "since=latest") == head
    assert api.events(home) == [event]


def test_what_is_gone_does_not_move(api: Api, event: Json, other: str) -> None:
    api.delete(path_of(event))
    assert code_of(api.post(f"{path_of(event)}/move", {"department_id": other})) == (404, "not-found")
    assert code_of(api.post(f"/api/events/{uuid(9)}/move", {"department_id": other})) == (404, "not-found")
    assert api.events(other) == []


def test_a_tag_guards_a_move(api: Api, event: Json, home: str, other: str) -> None:
    answer = api.post(f"{path_of(event)}/move", {"department_id": other}, If_Match='"9"')
    assert code_of(answer) == (412, "precondition-failed")
    assert json_of(answer)["current"] == event
    assert len(api.events(home)) == 1
    assert move(api, event, other, If_Match='"1"')["version"] == 2


RACING: dict[str, Callable[[Api, Json], TestResponse]] = {
    "edit": lambda api, event: api.put(path_of(event), {"title": "새 제목"}),
    "merge": lambda api, event: api.put(path_of(event), {"location": "옥상", "base_version": 1}),
    "delete": lambda api, event: api.delete(path_of(event)),
    "restore": lambda api, event: api.post(f"{path_of(event)}/restore", {"version": 1}),
    "move": lambda api, event: api.post(f"{path_of(event)}/move", {"department_id": uuid(3)}),
    "occurrence": lambda api, event: api.put(
        f"{path_of(event)}?scope=this&date={event['event_date']}", {"title": "새 제목"}
    ),
    "occurrence gone": lambda api, event: api.delete(f"{path_of(event)}?scope=this&date={event['event_date']}"),
}


@pytest.mark.parametrize("write", RACING.values(), ids=list(RACING))
def test_a_write_that_races_a_move_follows_the_event(clock: Clock, write: Callable[[Api, Json], TestResponse]) -> None:
    """Another process moves the event after the write was decided: it must not be told 404, nor make a second copy."""
    store = SQLiteDatabase(":memory:")
    raced = ScriptedDatabase(store)
    with serving(store, clock) as mover, serving(raced, clock) as api:
        places = [api.department(f"{number}팀", id=uuid(number))["id"] for number in (1, 2, 3)]
        event = api.event(places[0], title="첫 제목")
        api.put(path_of(event), {"title": "회의"})
        raced.script.append(after(lambda: move(mover, event, places[1])))
        answer = write(api, event)
        assert answer.status_code in (200, 204), answer.text
        listed = [one for place in places for one in api.events(place)]
        assert len(listed) == (0 if answer.status_code == 204 else 1)
        assert all(one["department_id"] != places[0] for one in listed)
        assert [version for version, _ in told(api, event)] == [4, 3, 2, 1]


def test_a_move_stamps_with_the_later_of_two_clocks(api: Api, event: Json, other: str, clock: Clock) -> None:
    clock.advance(minutes=-5)
    moved = move(api, event, other)
    assert datetime.fromisoformat(moved["last_modified"]) >= datetime.fromisoformat(event["last_modified"])


def test_a_long_history_comes_in_pages(api: Api, event: Json, other: str) -> None:
    for number in range(4):
        api.put(path_of(event), {"location": f"{number}층"})
    move(api, event, other)
    api.delete(path_of(event))
    whole, paged, address, complete = history(api, event), list[Json](), f"{path_of(event)}/history?limit=2", []
    while address:
        answer = api.get(address)
        paged += json_of(answer)["versions"]
        complete.append(json_of(answer)["complete"])
        address = answer.headers.get("Link", "").partition("<")[2].partition(">")[0].removeprefix("http://localhost")
    assert paged == whole["versions"]
    assert complete == [False, False, False, True]
    assert len(paged) == 7


def test_a_page_of_a_history_needs_a_cursor_of_this_very_history(api: Api, home: str, event: Json) -> None:
    stranger = api.event(home, title="다른 일정")
    api.put(path_of(stranger), {"title": "바뀐 일정"})
    link = api.get(f"{path_of(stranger)}/history?limit=1").headers["Link"]
    cursor = link.partition("cursor=")[2].partition(">")[0]
    assert faults_of(api.get(f"{path_of(event)}/history?cursor={cursor}")) == {"/cursor": "cursor"}
    assert faults_of(api.get(f"{path_of(event)}/history?cursor=x")) == {"/cursor": "cursor"}
