"""Lists are right at once over a store whose indexes show nothing yet, or still what was there before."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from backend.domain.errors import Unavailable
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.departments import DepartmentRepository
from backend.repositories.events import EventRepository
from backend.repositories.listing import Listing
from backend.repositories.log_reader import LogReader
from backend.repositories.sqlite import SQLiteDatabase
from backend.services.changes import ChangeService
from tests.faults.lagging import LaggingDatabase
from tests.in_process import Api, Clock, Json, json_of, serving, uuid
from tests.replica import digest_of, take_snapshot
from tests.sending import listed, uploaded


@pytest.fixture
def lagging() -> LaggingDatabase:
    """Return a store whose indexes show nothing until they are told to."""
    return LaggingDatabase(SQLiteDatabase(":memory:"))


@pytest.fixture
def api(lagging: LaggingDatabase, clock: Clock) -> Iterator[Api]:
    with serving(lagging, clock) as served:
        yield served


def page_by_page(api: Api, path: str, limit: int) -> list[Json]:
    found: list[Json] = []
    link: str | None = f"{path}limit={limit}"
    while link:
        answer = api.get(link)
        found += json_of(answer)
        header = answer.headers.get("Link")
        link = header[1:].partition(">")[0].removeprefix("http://localhost") if header else None
    return found


def check_everything(api: Api, home: str, model: dict[str, Json]) -> None:
    """Asks for lists, ranges, pages and snapshots, and compares all of them with what must be there."""
    wanted = sorted(model.values(), key=lambda event: (event["event_date"], event["id"]))
    assert api.events(home) == wanted
    assert page_by_page(api, f"/api/events/{home}?", 3) == wanted
    for first, last in [("2024-01-10", "2024-01-20"), ("2024-03-01", "2024-03-31"), ("2024-01-15", "2024-01-15")]:
        within = [event for event in wanted if event["event_date"] <= last and event["end_date"] >= first]
        assert api.events(home, f"from={first}&to={last}") == within
        assert page_by_page(api, f"/api/events/{home}?from={first}&to={last}&", 2) == within
    for limit in (None, 2):
        assert take_snapshot(api.ask, home, limit).entities == model


def test_a_write_is_in_every_list_at_once(api: Api, lagging: LaggingDatabase, home: str) -> None:
    event = api.event(home, id=uuid(1))
    check_everything(api, home, {uuid(1): event})
    for sent in (
        {"title": "바뀜"},
        {"event_date": "2024-03-05"},
        {"event_date": "2023-12-01", "end_date": "2024-03-15"},
        {"event_date": "2024-01-14", "end_date": None, "time": "22:00~06:00"},
    ):
        event = json_of(api.put(f"/api/events/{uuid(1)}", sent))
        check_everything(api, home, {uuid(1): event})
    api.delete(f"/api/events/{uuid(1)}")
    check_everything(api, home, {})
    api.post(f"/api/events/{uuid(1)}/restore")
    check_everything(api, home, {uuid(1): json_of(api.get(f"/api/events/{home}/{uuid(1)}"))})


def test_departments_are_listed_at_once(api: Api, lagging: LaggingDatabase) -> None:
    def check(*names: str) -> None:
        assert [each["name"] for each in json_of(api.get("/api/departments"))] == list(names)
        assert [each["name"] for each in page_by_page(api, "/api/departments?", 1)] == list(names)
        assert sorted(each["name"] for each in take_snapshot(api.ask, "directory").entities.values()) == sorted(names)

    first, second = api.department("가"), api.department("나")
    check("가", "나")
    api.put(f"/api/departments/{first['id']}", {"name": "다"})
    check("나", "다")
    assert json_of(api.client.get("/api/departments", query_string={"name": "다"}))[0]["id"] == first["id"]
    api.delete(f"/api/departments/{second['id']}")
    check("다")
    lagging.catch_up()
    check("다")


def test_a_move_is_in_both_lists_at_once(api: Api, home: str) -> None:
    event = api.event(home, id=uuid(1))
    other = api.department("다른 팀")["id"]
    moved = json_of(api.post(f"/api/events/{event['id']}/move", {"department_id": other}))
    check_everything(api, home, {})
    check_everything(api, other, {uuid(1): moved})


def test_a_page_does_not_skip_to_what_has_moved_far_ahead(
    api: Api, lagging: LaggingDatabase, clock: Clock, home: str
) -> None:
    for number in range(1, 10):
        api.event(home, id=uuid(number), event_date=f"2024-01-0{number}")
    for number in range(100, 210):  # more than are read back, so that the others are known by the index alone
        api.event(home, id=uuid(number), event_date="2024-06-01")
    lagging.catch_up()
    clock.advance(minutes=5)
    for number in range(1, 4):
        api.put(f"/api/events/{uuid(number)}", {"event_date": f"2024-02-0{number}"})
    for limit in (1, 2, 3, 4):
        found = page_by_page(api, f"/api/events/{home}?to=2024-05-31&", limit)
        assert [event["id"] for event in found] == [uuid(number) for number in (4, 5, 6, 7, 8, 9, 1, 2, 3)]


@pytest.mark.parametrize("seed", range(3))
def test_lists_are_right_however_far_the_index_has_come(
    api: Api, lagging: LaggingDatabase, home: str, seed: int
) -> None:
    chance = random.Random(seed)
    model: dict[str, Json] = {}
    for number in range(40):
        if model and chance.random() < 0.6:
            gone = chance.choice(list(model))
            if chance.random() < 0.4:
                api.delete(f"/api/events/{gone}")
                del model[gone]
            else:
                model[gone] = json_of(api.put(f"/api/events/{gone}", dates(chance)))
        else:
            model[uuid(number)] = api.event(home, id=uuid(number), **dates(chance))
        lagging.catch_up(chance.choice([0, 0, 1, 2, 5]))
        if number % 5 == 0:
            check_everything(api, home, model)
    check_everything(api, home, model)


def dates(chance: random.Random) -> Json:
    first = date(2024, 1, 1) + timedelta(days=chance.randrange(100))
    return {"event_date": str(first), "end_date": str(first + timedelta(days=chance.choice([0, 0, 1, 40])))}


def test_more_writes_within_a_minute_than_are_read_back_at_least_are_all_seen(api: Api, home: str) -> None:
    model = {uuid(number): api.event(home, id=uuid(number)) for number in range(130)}
    assert api.events(home) == list(model.values())
    assert page_by_page(api, f"/api/events/{home}?", 50) == list(model.values())
    assert take_snapshot(api.ask, home).entities == model


def reading(database: LaggingDatabase, clock: Clock, sleep: Callable[[float], None]) -> ChangeService:
    """Makes a reader of logs whose waiting a test decides."""
    reader = LogReader(database, timedelta(days=90), clock)
    listing = Listing(database, reader)
    departments, events = DepartmentRepository(database, reader, listing), EventRepository(database, reader, listing)
    attachments = AttachmentRepository(database, reader, listing)
    return ChangeService(reader, departments, events, attachments, sleep=sleep)


@pytest.fixture
def outdated(api: Api, home: str, clock: Clock) -> dict[str, Json]:
    """Fills a calendar of which the index shows nothing, and the tail of the log only the newest hundred."""
    model = {uuid(number): api.event(home, id=uuid(number)) for number in range(120)}
    clock.advance(minutes=5)
    return model


def test_a_snapshot_whose_digest_disagrees_is_read_again(
    lagging: LaggingDatabase, clock: Clock, home: str, outdated: dict[str, Json]
) -> None:
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        lagging.catch_up(10)

    snapshot = reading(lagging, clock, sleep).snapshot(home)
    assert {event["id"]: event for event in snapshot.of_type("event")} == outdated
    assert len(waits) == 3  # ten more each time, and the department itself
    assert snapshot.digest == digest_of(("event", key, 1) for key in outdated)


def test_an_index_that_does_not_come_along_is_unavailable_and_no_wrong_copy(
    lagging: LaggingDatabase, clock: Clock, home: str, outdated: dict[str, Json]
) -> None:
    waits: list[float] = []
    with pytest.raises(Unavailable):
        reading(lagging, clock, waits.append).snapshot(home)
    assert 1 < sum(waits) < 8, "said within ten seconds"


def test_the_trash_is_right_before_its_index_is(api: Api, lagging: LaggingDatabase, home: str) -> None:
    def deleted() -> list[str]:
        listed = json_of(api.get(f"/api/departments/{home}/trash"))
        return [item["id"] for item in listed]

    api.event(home, id=uuid(1))
    api.delete(f"/api/events/{uuid(1)}")
    assert deleted() == [uuid(1)]
    lagging.catch_up()
    assert deleted() == [uuid(1)]
    api.post(f"/api/events/{uuid(1)}/restore", {})
    assert deleted() == []


def test_files_that_no_index_shows_yet_go_with_their_event_and_come_back(api: Api, home: str) -> None:
    other, event = api.department("다른 팀")["id"], api.event(home)["id"]
    ready = uploaded(api, home, event_id=event)["id"]

    def ids(department_id: str) -> list[str]:
        return [each["id"] for each in listed(api, f"department_id={department_id}")]

    assert ids(home) == [ready]
    api.post(f"/api/events/{event}/move", {"department_id": other})
    assert (ids(home), ids(other)) == ([], [ready])
    api.delete(f"/api/events/{event}")
    assert ids(other) == []
    api.post(f"/api/events/{event}/restore", {})
    assert ids(other) == [ready]
    fresh = take_snapshot(api.ask, other)
    assert fresh.digest == api.changes(other, "since=latest")["digest"]
