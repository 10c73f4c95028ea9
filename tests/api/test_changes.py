"""The change log over REST (contract, section 4)."""

from __future__ import annotations

import pytest

from tests.in_process import Api, Clock, Json, code_of, json_of, serving, uuid
from tests.replica import Gone, Replica, catch_up, digest_of, take_snapshot


def position(api: Api, log: str) -> str:
    found: str = api.changes(log, "since=latest")["position"]
    return found


def test_an_entry_tells_what_was_written_and_by_whom(api: Api, home: str, clock: Clock) -> None:
    before = position(api, home)
    headers = {"X_Actor": "%EB%AF%B8%EB%82%98", "X_Device_Id": "phone", "Idempotency_Key": "key-1"}
    event = json_of(api.post(f"/api/events/{home}", {"title": "회의", "event_date": "2024-01-15"}, **headers))
    clock.advance(seconds=1)
    api.put(f"/api/events/{event['id']}", {"title": "회의 2"})
    clock.advance(seconds=1)
    api.delete(f"/api/events/{event['id']}", X_Device_Id="desktop")
    page = api.changes(home, f"since={before}")
    epoch = before.rpartition(":")[0]
    common = {"log": home, "epoch": epoch, "type": "event", "id": event["id"]}
    nobody = {"actor": None, "device_id": None, "mutation_id": None}
    created, updated, deleted = page["changes"]
    assert created == {
        **common,
        "seq": 1,
        "op": "created",
        "version": 1,
        "at": "2024-01-15T00:00:00.000Z",
        "actor": "미나",
        "device_id": "phone",
        "mutation_id": "key-1",
        "data": event,
    }
    assert {**updated, "data": None} == {
        **common,
        **nobody,
        "seq": 2,
        "op": "updated",
        "version": 2,
        "at": "2024-01-15T00:00:01.000Z",
        "data": None,
    }
    assert (updated["data"]["title"], updated["data"]["version"]) == ("회의 2", 2)
    assert deleted == {
        **common,
        **nobody,
        "seq": 3,
        "op": "deleted",
        "version": 3,
        "at": "2024-01-15T00:00:02.000Z",
        "device_id": "desktop",
        "data": {"id": event["id"], "department_id": home, "title": "회의 2"},
    }
    assert page["position"] == page["head"] == f"{epoch}:3"
    assert page["has_more"] is False
    assert "snapshot" not in page


def test_the_directory_tells_of_departments(api: Api) -> None:
    before = position(api, "directory")
    department = api.department("개발팀")
    api.put(f"/api/departments/{department['id']}", {"name": "연구팀"})
    api.delete(f"/api/departments/{department['id']}")
    changes = api.changes("directory", f"since={before}")["changes"]
    assert [(change["op"], change["type"], change["version"]) for change in changes] == [
        ("created", "department", 1),
        ("updated", "department", 2),
        ("deleted", "department", 3),
    ]
    assert changes[0]["data"] == department
    assert changes[2]["data"] == {"id": department["id"], "department_id": department["id"], "name": "연구팀"}


def test_each_department_has_a_log_of_its_own(api: Api, home: str) -> None:
    other = api.department("다른 팀")["id"]
    api.event(home)
    assert [api.changes(log, "since=latest")["position"].rpartition(":")[2] for log in (home, other)] == ["1", "0"]
    assert api.changes(other)["changes"] == []


def test_latest_tells_where_the_log_is_and_nothing_else(api: Api, home: str) -> None:
    empty = api.changes(home, "since=latest")
    assert (empty["changes"], empty["digest"], empty["floor"]) == ([], "0" * 16, empty["position"])
    events = [api.event(home) for _ in range(3)]
    page = api.changes(home, "since=latest")
    epoch = empty["position"].rpartition(":")[0]
    assert page == {
        "log": home,
        "changes": [],
        "position": f"{epoch}:3",
        "digest": digest_of(("event", event["id"], 1) for event in events),
        "head": f"{epoch}:3",
        "floor": f"{epoch}:0",
        "has_more": False,
    }


def test_a_log_is_read_in_pieces_each_with_its_digest(api: Api, home: str) -> None:
    replica = take_snapshot(api.ask, home)
    for number in range(7):
        api.event(home, id=uuid(number))
    api.delete(f"/api/events/{uuid(3)}")
    first = api.changes(home, f"since={replica.position}&limit=3")
    assert [change["seq"] for change in first["changes"]] == [1, 2, 3]
    assert first["has_more"] is True
    assert first["position"].rpartition(":")[2] == "3"
    assert first["head"].rpartition(":")[2] == "8"
    assert first["digest"] == digest_of(("event", uuid(number), 1) for number in range(3))
    assert catch_up(api.ask, replica, [3, 1, 2, 3, 1]).entities == take_snapshot(api.ask, home).entities


def test_who_is_up_to_date_is_told_nothing(api: Api, home: str) -> None:
    api.event(home)
    page = api.changes(home, f"since={position(api, home)}")
    assert (page["changes"], page["has_more"], page["position"]) == ([], False, page["head"])


def test_a_snapshot_is_all_that_lives(api: Api, home: str) -> None:
    events = [api.event(home, id=uuid(number)) for number in range(5)]
    api.delete(f"/api/events/{uuid(4)}")
    changed = json_of(api.put(f"/api/events/{uuid(0)}", {"title": "바뀜"}))
    page = api.changes(home)
    assert page["snapshot"] is True
    assert [change["data"] for change in page["changes"]] == [changed, *events[1:4]]
    assert {change["op"] for change in page["changes"]} == {"created"}
    assert [change["version"] for change in page["changes"]] == [2, 1, 1, 1]
    assert page["position"] == page["head"] == position(api, home)
    assert page["digest"] == digest_of(("event", change["id"], change["version"]) for change in page["changes"])
    departments = api.changes("directory")
    assert [change["type"] for change in departments["changes"]] == ["department"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_a_snapshot_by_pages_and_the_log_after_it_are_fresh(api: Api, home: str, limit: int) -> None:
    """Whatever is written between its pages, a snapshot and what `changes` tells after it end with the truth."""
    for number in range(8):
        api.event(home, id=uuid(number), event_date=f"2024-01-{10 + number}")
    busy = iter(range(8))

    def write() -> None:
        number = next(busy, None)
        if number is not None:
            api.event(home, id=uuid(100 + number), event_date=f"2024-01-{10 + (number * 5) % 8}")
            api.put(f"/api/events/{uuid(number)}", {"event_date": f"2024-01-{17 - number}"})
            api.delete(f"/api/events/{uuid((number * 3) % 8)}")

    replica = take_snapshot(api.ask, home, limit, between_pages=write)
    fresh = take_snapshot(api.ask, home)
    assert (replica.entities, replica.position, replica.digest) == (fresh.entities, fresh.position, fresh.digest)


def test_only_the_last_page_of_a_snapshot_says_where_to_go_on(api: Api, home: str) -> None:
    for _ in range(3):
        api.event(home)
    begun = api.changes(home, "since=latest")
    first = api.get(f"/api/departments/{home}/changes?limit=2")
    page = json_of(first)
    assert (page["has_more"], page["position"], page["digest"]) == (True, None, None)
    api.event(home)
    link = first.headers["Link"]
    assert link.startswith(f"<http://localhost/api/departments/{home}/changes?limit=2&cursor=")
    last = json_of(api.get(link[1:].partition(">")[0]))
    assert (last["has_more"], last["position"], last["digest"]) == (False, begun["position"], begun["digest"])
    assert last["head"] != begun["head"]
    assert "cursor" not in last


def test_nothing_of_a_log_is_kept_by_caches(api: Api, home: str) -> None:
    for query in ("", "since=latest", f"since={position(api, home)}", "limit=1"):
        assert api.get(f"/api/departments/{home}/changes?{query}").headers["Cache-Control"] == "no-store"


# Positions that cannot be resumed from


def refused(api: Api, log: str, since: str) -> Json:
    answer = api.get(f"/api/departments/{log}/changes?since={since}")
    assert code_of(answer) == (410, "position-expired"), answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    problem: Json = json_of(answer)
    assert problem["action"] == "replace"
    return problem


def test_a_position_of_another_epoch_or_beyond_the_head_is_410(api: Api, home: str) -> None:
    api.event(home)
    here = position(api, home)
    epoch = here.rpartition(":")[0]
    for since in ("another:1", "another:0", f"{epoch}y:1", f"{epoch}:2", f"{epoch}:{10**17}"):
        problem = refused(api, home, since)
        assert (problem["reason"], problem["head"], problem["floor"]) == ("epoch", here, f"{epoch}:0")


def test_a_position_of_another_log_is_410(api: Api, home: str) -> None:
    assert refused(api, home, position(api, "directory"))["reason"] == "epoch"


def test_a_client_that_is_refused_takes_a_snapshot(api: Api, home: str) -> None:
    event = api.event(home)
    replica = Replica(home)
    replica.position = "another:5"
    replica.entities = {uuid(9): {"version": 1}}
    with pytest.raises(Gone):
        catch_up(api.ask, replica)
    assert take_snapshot(api.ask, home).entities == {event["id"]: event}


def test_a_restored_department_has_another_epoch(api: Api, home: str) -> None:
    event = api.event(home)
    stale = take_snapshot(api.ask, home)
    api.delete(f"/api/departments/{home}")
    assert api.post(f"/api/departments/{home}/restore").status_code == 200
    assert refused(api, home, str(stale.position))["reason"] == "epoch"
    fresh = take_snapshot(api.ask, home)
    assert fresh.entities == {event["id"]: event}
    assert fresh.epoch != stale.epoch
    api.put(f"/api/events/{event['id']}", {"title": "다시"})
    assert catch_up(api.ask, fresh).entities[event["id"]]["title"] == "다시"


def test_a_snapshot_whose_log_was_made_anew_between_pages_is_410(api: Api, home: str) -> None:
    for _ in range(3):
        api.event(home)
    page = api.changes(home, "limit=1")
    api.delete(f"/api/departments/{home}")
    api.post(f"/api/departments/{home}/restore")
    answer = api.get(f"/api/departments/{home}/changes?limit=1&cursor={page['cursor']}")
    assert code_of(answer) == (410, "position-expired")


def test_two_servers_make_two_epochs() -> None:
    with serving() as one, serving() as other:
        assert refused(one, "directory", position(other, "directory"))["reason"] == "epoch"
