"""Departments that are deleted and come back over REST, with all that was in them (contract, section 2)."""

from __future__ import annotations

import pytest

from backend.domain.digest import EMPTY
from tests.in_process import Api, Clock, Json, code_of, faults_of, json_of, uuid
from tests.replica import catch_up, take_snapshot

DEPARTMENTS = "/api/departments"


@pytest.fixture
def path(home: str) -> str:
    return f"{DEPARTMENTS}/{home}"


def names(api: Api) -> list[str]:
    return [department["name"] for department in json_of(api.get(DEPARTMENTS))]


def test_a_department_comes_back_as_it_was_with_the_next_version(
    api: Api, department: Json, home: str, path: str, clock: Clock
) -> None:
    gone = api.delete(path)
    assert (gone.status_code, gone.headers["X-Position"]) == (204, api.changes("directory", "since=latest")["position"])
    clock.advance(days=1)
    answer = api.post(f"{path}/restore", X_Actor="Jun")
    stamp = {"updated_at": "2024-01-16T00:00:00.000Z", "version": 3}
    assert (answer.status_code, json_of(answer)) == (200, {**department, **stamp})
    assert (answer.headers["ETag"], json_of(api.get(path))) == ('"3"', json_of(answer))
    directory = api.changes("directory", "since=latest")
    assert answer.headers["X-Position"] == directory["position"]
    epoch, _, seq = directory["position"].rpartition(":")
    gone_change, back = api.changes("directory", f"since={epoch}:{int(seq) - 2}")["changes"]
    assert (gone_change["op"], gone_change["version"]) == ("deleted", 2)
    assert gone_change["data"] == {"id": home, "department_id": home, "name": department["name"]}
    assert (back["op"], back["data"], back["actor"]) == ("created", json_of(answer), "Jun")


def test_its_events_come_back_with_their_history_and_can_be_written(
    api: Api, department: Json, home: str, path: str
) -> None:
    event = api.event(home)
    edited = json_of(api.put(f"/api/events/{event['id']}", {"title": "새 제목"}))
    deleted = api.event(home, title="삭제된 회의")
    api.delete(f"/api/events/{deleted['id']}")
    api.delete(path)
    for refused in (
        api.get(f"/api/events/{home}"),
        api.get(f"/api/events/{home}/{event['id']}"),
        api.put(f"/api/events/{event['id']}", {"title": "가"}),
        api.post(f"/api/events/{deleted['id']}/restore"),
        api.post(f"/api/events/{home}", {"title": "가", "event_date": "2024-01-15"}),
    ):
        assert code_of(refused) == (404, "not-found")
    api.post(f"{path}/restore")
    assert api.events(home) == [edited]
    history = json_of(api.get(f"/api/events/{event['id']}/history"))
    assert ([version["version"] for version in history["versions"]], history["complete"]) == ([2, 1], True)
    merged = json_of(api.put(f"/api/events/{event['id']}", {"location": "3층", "base_version": 1}))
    assert (merged["title"], merged["location"], merged["version"]) == ("새 제목", "3층", 3)
    assert json_of(api.post(f"/api/events/{deleted['id']}/restore"))["title"] == "삭제된 회의"


def test_its_log_goes_on_under_a_new_epoch(api: Api, home: str, path: str) -> None:
    events = [api.event(home, title=title) for title in ("가", "나")]
    before = take_snapshot(api.ask, home)
    old = api.changes(home, "since=latest")
    epoch, _, seq = old["position"].rpartition(":")
    api.delete(path)
    assert code_of(api.get(f"{path}/changes?since={old['position']}")) == (404, "not-found")
    api.post(f"{path}/restore")
    new = api.changes(home, "since=latest")
    assert new["position"].rpartition(":")[0] != epoch
    assert new["position"].rpartition(":")[2] == seq, "a seq is never used twice"
    assert (new["digest"], new["floor"]) == (old["digest"], new["head"])
    assert new["digest"] != EMPTY
    for number in range(int(seq) + 1):
        answer = api.get(f"{path}/changes?since={epoch}:{number}")
        assert code_of(answer) == (410, "position-expired")
        assert (json_of(answer)["reason"], json_of(answer)["action"]) == ("epoch", "replace")
        assert answer.headers["Cache-Control"] == "no-store"
    again = take_snapshot(api.ask, home)
    assert again.entities == before.entities
    assert len(again.entities) == len(events)
    api.event(home, title="다")
    assert len(catch_up(api.ask, again).entities) == 3


def test_a_name_is_free_once_its_department_is_deleted_and_may_be_taken_meanwhile(
    api: Api, department: Json, path: str
) -> None:
    api.event(department["id"])
    api.delete(path)
    api.department(department["name"])
    answer = api.post(f"{path}/restore")
    assert code_of(answer) == (409, "name-taken")
    assert code_of(api.get(path)) == (404, "not-found")
    assert names(api) == [department["name"]]
    assert code_of(api.post(f"{path}/restore", {"name": f" {department['name']} "})) == (409, "name-taken")
    restored = json_of(api.post(f"{path}/restore", {"name": " 옛 연구개발팀 "}))
    assert (restored["name"], restored["version"]) == ("옛 연구개발팀", 3)
    assert sorted(names(api)) == sorted([department["name"], "옛 연구개발팀"])
    assert len(api.events(department["id"])) == 1
    taken = api.post(DEPARTMENTS, {"name": "옛 연구개발팀"})
    assert code_of(taken) == (409, "name-taken"), "its name is its own again"


def test_a_name_is_free_again_after_the_second_deletion(api: Api, department: Json, path: str) -> None:
    for version in (3, 5):
        api.delete(path)
        assert json_of(api.post(f"{path}/restore"))["version"] == version
    api.delete(path)
    api.department(department["name"])


def test_a_name_that_cannot_be_one_is_refused(api: Api, path: str) -> None:
    api.delete(path)
    for name in ("", " ", "가" * 201, None, 7):
        assert faults_of(api.post(f"{path}/restore", {"name": name})).keys() == {"/name"}
    assert names(api) == []


def test_restoring_what_is_there_changes_nothing(api: Api, department: Json, path: str, home: str) -> None:
    directory, log = api.changes("directory", "since=latest"), api.changes(home, "since=latest")
    answer = api.post(f"{path}/restore")
    assert (answer.status_code, json_of(answer)) == (200, department)
    assert answer.headers["X-Position"] == directory["position"]
    assert (api.changes("directory", "since=latest"), api.changes(home, "since=latest")) == (directory, log)


def test_a_department_comes_back_for_thirty_days(api: Api, path: str, clock: Clock) -> None:
    assert code_of(api.post(f"{DEPARTMENTS}/{uuid(9)}/restore")) == (404, "not-found")
    api.delete(path)
    clock.advance(days=30)
    assert json_of(api.post(f"{path}/restore"))["version"] == 3
    api.delete(path)
    clock.advance(days=30, milliseconds=1)
    assert code_of(api.post(f"{path}/restore")) == (404, "not-found")
    assert names(api) == []


def test_an_event_that_moved_away_stays_where_it_went(api: Api, home: str, path: str) -> None:
    event, other = api.event(home), api.department("다른 팀")["id"]
    api.post(f"/api/events/{event['id']}/move", {"department_id": other})
    api.delete(path)
    assert json_of(api.put(f"/api/events/{event['id']}", {"title": "새 제목"}))["department_id"] == other
    api.post(f"{path}/restore")
    assert (api.events(home), len(api.events(other))) == ([], 1)
    assert json_of(api.post(f"/api/events/{event['id']}/move", {"department_id": home}))["version"] == 4
    assert (len(api.events(home)), api.events(other)) == (1, [])
