"""A department with 10,000 events goes and comes back in a small transaction, whatever is written meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict

import pytest

from backend.domain.changes import Author
from backend.repositories.changelog import Proposal
from backend.repositories.sqlite import SQLiteDatabase
from tests.components.server import StartServer
from tests.contract.counting import CountingDatabase
from tests.faults.crowd import Writer
from tests.in_process import Api, code_of, json_of, serving
from tests.realtime.importer import creation
from tests.replica import Gone, catch_up, take_snapshot
from tests.subscriber import Subscriber

EVENTS = 10_000
FEW = 10


def fill(api: Api, department: str, count: int) -> None:
    """Creates so many events, as many in a transaction as fit."""
    proposals = [Proposal(creation(department, str(number)), Author()) for number in range(count)]
    api.dayroom.changelog.commit_all(department, proposals)
    for proposal in proposals:
        proposal.unwrap()


def cost(database: CountingDatabase, work: Callable[[], object]) -> dict[str, int]:
    """Counts what something asks of the store."""
    database.reset()
    work()
    return asdict(database.reset())


def test_deleting_and_restoring_cost_the_same_for_ten_events_and_ten_thousand() -> None:
    database = CountingDatabase(SQLiteDatabase(":memory:"))
    with serving(database) as api:
        costs = []
        for count in (FEW, EVENTS):
            department = api.department(f"부서 {count}")["id"]
            fill(api, department, count)
            replica = take_snapshot(api.ask, department)
            deleting = cost(database, lambda at=department: api.delete(f"/api/departments/{at}"))  # type: ignore[misc]
            assert api.get(f"/api/events/{department}").status_code == 404
            assert api.get(f"/api/departments/{department}/changes").status_code == 404
            restoring = cost(
                database,
                lambda at=department: api.post(f"/api/departments/{at}/restore", {}),  # type: ignore[misc]
            )
            costs.append((deleting, restoring))
            with pytest.raises(Gone) as gone:
                catch_up(api.ask, replica)
            assert gone.value.args[0]["action"] == "replace"
            again = take_snapshot(api.ask, department)
            assert (again.entities, again.digest) == (replica.entities, replica.digest)
            assert again.epoch != replica.epoch
            assert len(again.entities) == count
        assert costs[0] == costs[1]
        assert all(each["transactions"] == 1 and each["operations"] < 8 for pair in costs for each in pair)


def test_a_write_that_races_a_deletion_is_404_or_came_before_it() -> None:
    with serving() as api:
        for round_ in range(15):
            department = api.department(f"부서 {round_}")["id"]
            start = threading.Barrier(5)
            statuses: list[tuple[int, str]] = []

            def write(department: str = department, start: threading.Barrier = start) -> None:
                mine = Api(api.dayroom)
                start.wait()
                for _ in range(5):
                    answer = mine.post(f"/api/events/{department}", {"title": "글", "event_date": "2024-01-15"})
                    made = answer.status_code == 201
                    statuses.append((201, json_of(answer)["id"]) if made else code_of(answer))  # noqa: B023

            threads = [threading.Thread(target=write) for _ in range(4)]
            for thread in threads:
                thread.start()
            start.wait()
            assert api.delete(f"/api/departments/{department}").status_code == 204
            for thread in threads:
                thread.join()
            assert {status for status, _ in statuses} <= {201, 404}
            assert {code for status, code in statuses if status == 404} <= {"not-found"}
            api.post(f"/api/departments/{department}/restore", {})
            there = {event["id"] for event in api.events(department)}
            assert there == {event for status, event in statuses if status == 201}


def test_subscribers_are_told_and_come_back_by_a_new_epoch(
    start_server: StartServer, store_settings: dict[str, str]
) -> None:
    server = start_server(**store_settings)
    department = server.create_department("영업부")
    server.create_event(department, "회의")
    with Subscriber(server.url, department) as subscriber, Subscriber(server.url, "directory") as directory:
        before = subscriber.replica.position
        writer = Writer(server.url, department)
        writer.start()
        assert subscriber.wait_for_seq(5)
        assert server.request("DELETE", f"/api/departments/{department}").status_code == 204
        writer.join(20)
        assert isinstance(writer.error, AssertionError), "who writes to what is gone is told so"
        assert '"status":404' in str(writer.error).replace(" ", "")
        assert subscriber.wait(lambda: "department_deleted" in subscriber.names())
        farewell = dict(subscriber.messages)["department_deleted"]
        assert farewell["id"] == department
        assert "change" not in farewell
        assert subscriber.names()[-1] == "department_deleted", "something came after the end"
        kept = len(writer.acknowledged)
        told = {entity["id"] for entity in subscriber.replica.entities.values()}
        assert {event for event, _ in writer.acknowledged} <= told

        assert server.request("POST", f"/api/departments/{department}/restore", json={}).status_code == 200
        server.create_event(department, "뒤")
        subscriber._join()  # as a client does when its directory tells it that the department is back
        assert subscriber.wait(lambda: subscriber.snapshots == 2), "it did not replace its copy"
        here = server.request("GET", f"/api/departments/{department}/changes?since=latest").json()
        assert subscriber.wait(lambda: subscriber.replica.position == here["position"])
        assert subscriber.replica.digest == here["digest"]
        assert subscriber.replica.epoch != str(before).split(":")[0]
        assert kept
        assert directory.wait(lambda: directory.heard == [2, 3])
        assert directory.names()[-2:] == ["department_deleted", "department_created"]
