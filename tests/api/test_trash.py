"""What was deleted is listed newest first, with who deleted it, for as long as it can be brought back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest

from backend.repositories.sqlite import SQLiteDatabase
from tests.contract.counting import CountingDatabase
from tests.contract.making import lasting_tables
from tests.in_process import Api, Clock, Json, code_of, faults_of, json_of, serving, uuid

MINA = quote("미나")


@pytest.fixture(params=["sqlite", "dynamodb-local"])
def both(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Api]:
    """Yield a server on each store."""
    if request.param == "sqlite":
        with serving(SQLiteDatabase(tmp_path / "dayroom.db"), clock) as api:
            yield api
        return
    with lasting_tables(request.getfixturevalue("dynamodb_endpoint")) as database, serving(database, clock) as api:
        yield api


def trash(api: Api, log: str, query: str = "") -> list[Json]:
    answer = api.get(f"/api/departments/{log}/trash?{query}")
    assert answer.status_code == 200, answer.text
    listed: list[Json] = json_of(answer)
    return listed


def delete(api: Api, event: Json, **headers: str) -> None:
    assert api.delete(f"/api/events/{event['id']}", **headers).status_code == 204


def titles(items: list[Json]) -> list[str]:
    return [item["data"]["title"] for item in items]


def test_an_event_lies_in_the_trash_until_it_is_brought_back(both: Api, clock: Clock) -> None:
    home = both.department()["id"]
    event, other = both.event(home, title="회의"), both.event(home, title="점심")
    assert trash(both, home) == []
    delete(both, event, X_Actor=MINA)
    clock.advance(minutes=1)
    delete(both, other)
    newest, oldest = trash(both, home)
    assert oldest == {
        "type": "event",
        "id": event["id"],
        "version": 2,
        "deleted_at": "2024-01-15T00:00:00.000Z",
        "deleted_by": "미나",
        "restorable_until": "2024-02-14T00:00:00.000Z",
        "data": event,
    }
    assert (newest["data"], newest["deleted_by"]) == (other, None)
    assert both.post(f"/api/events/{event['id']}/restore", {}).status_code == 200
    assert titles(trash(both, home)) == ["점심"]


def test_a_deleted_department_lies_in_the_trash_of_the_directory(both: Api) -> None:
    department = both.department("디자인팀")
    both.delete(f"/api/departments/{department['id']}", X_Actor=MINA)
    [item] = trash(both, "directory")
    assert (item["type"], item["data"], item["deleted_by"]) == ("department", department, "미나")
    assert code_of(both.get(f"/api/departments/{department['id']}/trash")) == (404, "not-found")
    assert trash(both, "directory", f"q={quote('디자인')}") == [item]
    assert trash(both, "directory", f"q={quote('개발')}") == []
    both.post(f"/api/departments/{department['id']}/restore", {})
    assert trash(both, "directory") == []


def test_pages_join_to_the_whole_also_where_much_was_deleted_at_once(both: Api, clock: Clock) -> None:
    home = both.department()["id"]
    for number in range(7):
        delete(both, both.event(home, title=f"일정 {number}"))
        clock.advance(minutes=number % 2)
    whole, paged, address = trash(both, home), list[Json](), f"/api/departments/{home}/trash?limit=3"
    while address:
        answer = both.get(address)
        paged += json_of(answer)
        address = answer.headers.get("Link", "").partition("<")[2].partition(">")[0].removeprefix("http://localhost")
    assert paged == whole
    assert len(whole) == 7
    assert all((one["deleted_at"], one["id"]) > (next_["deleted_at"], next_["id"]) for one, next_ in pairwise(whole))


def test_what_moved_away_was_not_deleted(api: Api, home: str) -> None:
    other = api.department("다른 팀")["id"]
    event = api.event(home)
    api.post(f"/api/events/{event['id']}/move", {"department_id": other})
    assert trash(api, home) == trash(api, other) == []
    delete(api, event)
    assert (trash(api, home), titles(trash(api, other))) == ([], ["회의"])


def test_what_can_no_longer_be_brought_back_is_not_listed(api: Api, home: str, clock: Clock) -> None:
    event = api.event(home)
    delete(api, event)
    clock.advance(days=30)
    assert titles(trash(api, home)) == ["회의"]
    clock.advance(seconds=1)
    assert trash(api, home) == []
    assert api.post(f"/api/events/{event['id']}/restore", {}).status_code == 404


def test_the_trash_is_searched_by_any_text(api: Api, home: str) -> None:
    for title, place in (("주간 회의", "3층"), ("점심", "회의실 옆")):
        delete(api, api.event(home, title=title, location=place))
    assert sorted(titles(trash(api, home, f"q={quote('회의')}"))) == ["점심", "주간 회의"]
    assert titles(trash(api, home, f"q={quote('3층')}")) == ["주간 회의"]


def test_an_occurrence_that_was_deleted_is_none_of_its_own(api: Api, home: str) -> None:
    series = api.event(home, recurrence={"rrule": "FREQ=DAILY;COUNT=3"})
    api.delete(f"/api/events/{series['id']}?scope=this&date=2024-01-16")
    assert trash(api, home) == []
    api.delete(f"/api/events/{series['id']}?scope=following&date=2024-01-15", X_Actor=MINA)
    assert trash(api, home)[0]["deleted_by"] == "미나"


def test_what_takes_the_place_of_another_puts_it_into_the_trash(api: Api, home: str) -> None:
    series = api.event(home, recurrence={"rrule": "FREQ=DAILY;COUNT=9"})
    tail = json_of(api.put(f"/api/events/{series['id']}?scope=following&date=2024-01-18", {"title": "나중"}))
    body = {"version": 1, "instead_of": tail["id"]}
    assert api.post(f"/api/events/{series['id']}/restore", body, X_Actor=MINA).status_code == 200
    assert [(item["id"], item["deleted_by"]) for item in trash(api, home)] == [(tail["id"], "미나")]


def test_a_trash_that_is_not_there_and_a_cursor_of_elsewhere_are_refused(api: Api, home: str) -> None:
    assert code_of(api.get(f"/api/departments/{uuid(9)}/trash")) == (404, "not-found")
    assert faults_of(api.get(f"/api/departments/{home}/trash?cursor=x")) == {"/cursor": "cursor"}


def test_a_page_of_the_trash_costs_a_page(clock: Clock) -> None:
    database = CountingDatabase(SQLiteDatabase(":memory:"))
    with serving(database, clock) as api:
        home = api.department()["id"]
        for number in range(60):
            event = api.event(home, title=f"일정 {number}")
            clock.advance(seconds=1)
            if number % 2:
                delete(api, event)
        database.reset()
        assert len(trash(api, home, "limit=5")) == 5
        counts = database.reset()
    assert counts.items <= 7
    assert counts.gets <= 2
