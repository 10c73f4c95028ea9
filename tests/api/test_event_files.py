"""What hangs on events goes where they go, however many; and what files take is summed up exactly, whoever writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from backend.repositories.database import Database
from backend.repositories.dynamodb import DynamoDatabase
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import GUARDS, TABLES, bytes_guard
from backend.services import backups
from backend.services.event_files import AT_ONCE
from backend.services.writing import Intent
from tests.contract.making import client_of
from tests.faults.crowd import together
from tests.in_process import Api, Json, code_of, json_of, serving, uuid
from tests.replica import catch_up, take_snapshot
from tests.sending import announce, announced, attachment, listed, uploaded
from tests.whole.calendars import Kept, Silent, contents, empty

Open = Callable[[], Database]


@pytest.fixture(params=["sqlite", "dynamodb-local"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Yield a function that connects to one empty store, of each kind."""
    if request.param == "sqlite":
        yield lambda: SQLiteDatabase(tmp_path / "dayroom.db")
        return
    client, prefix = client_of(request.getfixturevalue("dynamodb_endpoint")), f"0{uuid4().hex[:12]}"
    names = {table.name: f"{prefix}-{table.name}" for table in TABLES}
    yield lambda: DynamoDatabase(client, names)
    for name in names.values():
        client.delete_table(TableName=name)


@pytest.fixture
def both(opened: Open) -> Iterator[Api]:
    """Yield a server on each store."""
    with serving(opened()) as api:
        yield api


def used(api: Api, department_id: str) -> int:
    there = api.dayroom.database.get(GUARDS, bytes_guard(department_id))
    return 0 if there is None else int(there["used"])


def ids(api: Api, department_id: str) -> set[str]:
    return {each["id"] for each in listed(api, f"department_id={department_id}")}


def hung(api: Api, home: str, event: str, count: int) -> set[str]:
    return {announced(api, home, event_id=event)["attachment"]["id"] for _ in range(count)}


def check(api: Api, *departments: str) -> None:
    """Looks whether everything is whole: logs, digests, sums, guards; a fresh copy is what the list shows."""
    assert list(backups.examine(api.dayroom.database, Silent())) == []
    for department in departments:
        copy = take_snapshot(api.ask, department)
        assert {key for key in copy.entities if copy.type_of(key) == "attachment"} == ids(api, department)


def test_files_are_deleted_with_their_event_and_come_back_with_it(both: Api) -> None:
    home = both.department()["id"]
    event, other = both.event(home)["id"], both.event(home)["id"]
    ready = uploaded(both, home, event_id=event)
    gone = announced(both, home, event_id=event)["attachment"]["id"]
    both.delete(f"/api/attachments/{gone}")
    stays = announced(both, home, event_id=other)["attachment"]["id"]
    before = take_snapshot(both.ask, home)
    assert both.delete(f"/api/events/{event}", Idempotency_Key="d1").status_code == 204
    assert ids(both, home) == {stays}
    assert used(both, home) == 5
    assert code_of(both.get(f"/api/attachments/{ready['id']}")) == (404, "not-found")
    assert code_of(both.post(f"/api/attachments/{ready['id']}/restore")) == (404, "not-found")
    assert code_of(announce(both, home, event_id=event)) == (404, "not-found")
    [item] = [each for each in json_of(both.get(f"/api/departments/{home}/trash")) if each["type"] == "attachment"]
    assert item["id"] == gone, "what went with its event comes back with it, and not alone"
    assert both.post(f"/api/events/{event}/restore", {}).status_code == 200
    assert ids(both, home) == {stays, ready["id"]}
    assert attachment(both, ready["id"])["version"] == ready["version"] + 2
    assert used(both, home) == 10
    catch_up(both.ask, before)
    check(both, home)


def test_files_move_with_their_event_and_are_in_one_department_only(both: Api) -> None:
    home, other = (both.department(name)["id"] for name in ("개발팀", "총무팀"))
    event = both.event(home)["id"]
    hanging = hung(both, home, event, 3)
    alone = announced(both, home)["attachment"]["id"]
    assert both.post(f"/api/events/{event}/move", {"department_id": other}).status_code == 200
    assert (ids(both, home), ids(both, other)) == ({alone}, hanging)
    assert (used(both, home), used(both, other)) == (5, 15)
    assert {each["department_id"] for each in listed(both, f"event_id={event}")} == {other}
    assert both.post(f"/api/events/{event}/move", {"department_id": home}).status_code == 200
    assert (ids(both, home), ids(both, other)) == ({alone, *hanging}, set())
    assert (used(both, home), used(both, other)) == (20, 0)
    check(both, home, other)


def test_an_event_with_very_many_files_takes_all_of_them_along(both: Api) -> None:
    home, other = (both.department(name)["id"] for name in ("개발팀", "총무팀"))
    event, count = both.event(home)["id"], AT_ONCE * 2 + 5
    hanging = hung(both, home, event, count)
    assert both.post(f"/api/events/{event}/move", {"department_id": other}).status_code == 200
    assert (ids(both, home), ids(both, other)) == (set(), hanging)
    assert both.delete(f"/api/events/{event}").status_code == 204
    assert ids(both, other) == set()
    assert used(both, other) == 0
    assert both.post(f"/api/events/{event}/restore", {}).status_code == 200
    assert ids(both, other) == hanging
    check(both, home, other)


def test_a_repeat_goes_on_where_a_crash_stopped_it(api: Api, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    event = api.event(home)["id"]
    hung(api, home, event, AT_ONCE + 5)
    with monkeypatch.context() as crash:
        crash.setattr("backend.services.event_files.EventFiles.settle", lambda *_: None)
        assert api.delete(f"/api/events/{event}", Idempotency_Key="k").status_code == 204
    assert len(ids(api, home)) == 5
    assert api.delete(f"/api/events/{event}", Idempotency_Key="k").status_code == 204
    assert ids(api, home) == set()
    check(api, home)


def test_one_that_was_deleted_before_its_event_moved_comes_back_where_that_is(api: Api, home: str) -> None:
    other, event = api.department("다른 팀")["id"], api.event(home)["id"]
    key = uploaded(api, home, event_id=event)["id"]
    api.delete(f"/api/attachments/{key}")
    api.post(f"/api/events/{event}/move", {"department_id": other})
    back = json_of(api.post(f"/api/attachments/{key}/restore"))
    assert (back["department_id"], back["status"]) == (other, "ready")
    assert (ids(api, home), ids(api, other)) == (set(), {key})
    assert (used(api, home), used(api, other)) == (0, 5)
    check(api, home, other)


def test_departments_take_their_files_along(both: Api) -> None:
    home = both.department()["id"]
    kept = uploaded(both, home)
    both.delete(f"/api/departments/{home}")
    assert code_of(both.get(f"/api/attachments/{kept['id']}")) == (404, "not-found")
    assert code_of(both.get(f"/api/attachments?department_id={home}")) == (404, "not-found")
    assert code_of(announce(both, home)) == (404, "not-found")
    assert both.post(f"/api/departments/{home}/restore", {}).status_code == 200
    assert attachment(both, kept["id"]) == kept
    check(both, home)


def test_twenty_uploads_at_once_in_two_servers_stay_within_the_quota(opened: Open, tmp_path: Path) -> None:
    with ExitStack() as stack:
        options: Json = {"department_quota_bytes": 100, "data_dir": tmp_path}
        first, second = (stack.enter_context(serving(opened(), **options)) for _ in range(2))
        home = first.department()["id"]

        def begin(number: int) -> int:
            api = Api((first, second)[number % 2].dayroom)
            return announce(api, home, b"x" * 10, headers={"Idempotency_Key": f"k{number}"}).status_code

        assert sorted(together(20, begin)) == [201] * 10 + [413] * 10
        assert used(first, home) == sum(each["file_size"] for each in listed(second, f"department_id={home}")) == 100
        check(first, home)


def with_files(api: Api) -> tuple[str, str]:
    """Makes two departments with attachments in every state, some of them moved, deleted, gone with their event."""
    home, other = (api.department(name)["id"] for name in ("개발팀", "총무팀"))
    events = [api.event(home, id=uuid(number))["id"] for number in range(4)]
    for event in events:
        uploaded(api, home, event_id=event)
        announced(api, home, event_id=event)
    failed = announced(api, home, b"x", mime_type="image/png")["attachment"]["id"]
    api.dayroom.files.states.fail(failed, "type-mismatch", "text/plain", Intent())
    api.delete(f"/api/attachments/{uploaded(api, home)['id']}")
    api.post(f"/api/events/{events[0]}/move", {"department_id": other})
    api.delete(f"/api/events/{events[1]}")
    api.delete(f"/api/events/{events[2]}")
    api.post(f"/api/events/{events[2]}/restore", {})
    return home, other


def told(api: Api, *departments: str) -> dict[str, list[Json]]:
    return {department: listed(api, f"department_id={department}") for department in departments}


def test_backups_bring_attachments_back_and_a_backup_of_that_says_the_same(opened: Open, tmp_path: Path) -> None:
    first, second = tmp_path / "first.gz", tmp_path / "second.gz"
    with serving(Kept(database := opened())) as api:
        home, other = with_files(api)
        check(api, home, other)
        before, taken = told(api, home, other), (used(api, home), used(api, other))
        assert taken == (20, 10)
    made = backups.back_up(database, first, Silent())
    assert made.attachments == sum(map(len, before.values()))
    backups.restore(first, target := empty(), Silent())
    with serving(Kept(target)) as api:
        assert told(api, home, other) == before
        assert (used(api, home), used(api, other)) == taken
        check(api, home, other)
    assert backups.back_up(target, second, Silent()).content == made.content


def test_a_move_to_the_other_kind_of_store_takes_attachments_along(opened: Open) -> None:
    with serving(Kept(database := opened())) as api:
        home, other = with_files(api)
        before = told(api, home, other)
    backups.move(database, target := empty(), Silent())
    backups.move(target, again := empty(), Silent())
    unseen = ("uploads", "devices")
    there, here = contents(database), contents(again)
    assert {name: rows for name, rows in here.items() if name not in unseen} == {
        name: rows for name, rows in there.items() if name not in unseen
    }
    with serving(again) as api:
        assert told(api, home, other) == before
        check(api, home, other)
