"""An event's versions are told from its entries in the log, newest first, each with what it changed."""

from __future__ import annotations

from typing import Any

from backend.domain import events
from backend.domain.changes import Change
from backend.domain.digest import EMPTY
from backend.domain.history import versions_of
from tests.unit.sample_events import AT, JUN, LATER, MINA, created, updated

Event = dict[str, Any]


def entry(op: Any, version: int, data: Event, log: str = "D") -> Change:
    who = MINA if version == 1 else JUN
    at = AT if version == 1 else LATER
    return Change(log, version, "e", op, "event", "E", version, at, who.actor, who.device_id, "key", data, EMPTY, None)


FIRST = created(location="3층")
SECOND = updated(FIRST, title="새 제목", location=None)
BORN = entry("created", 1, FIRST)
EDITED = entry("updated", 2, SECOND)


def test_versions_come_as_they_are_given_each_with_what_it_changed() -> None:
    second, first = versions_of([EDITED, BORN])
    assert second == {
        "version": 2,
        "op": "updated",
        "at": LATER,
        "actor": "준",
        "device_id": "desktop",
        "changed": {"title": ["회의", "새 제목"], "location": ["3층", None]},
        "data": SECOND,
    }
    assert (first["version"], first["op"], first["changed"], first["data"]) == (1, "created", {}, FIRST)
    assert (first["actor"], first["device_id"]) == ("미나", "phone")


def test_stamps_say_nothing_that_the_version_does_not_say_itself() -> None:
    (version, _) = versions_of([entry("updated", 2, {**SECOND, **FIRST, "version": 2, "updated_by": "준"}), BORN])
    assert version["changed"] == {}


def test_what_a_change_derives_is_told_too() -> None:
    timed = updated(FIRST, time="14:00")
    (version, _) = versions_of([entry("updated", 2, timed), BORN])
    assert version["changed"].keys() == {"start_time", "time", "starts_at"}


def test_of_a_deletion_what_is_left_is_told_and_of_a_life_after_it_what_both_know() -> None:
    gone = entry("deleted", 3, events.deleted_data(SECOND))
    back = entry("created", 4, {**SECOND, "title": "돌아온 회의", "version": 4})
    again, deleted, *_ = versions_of([back, gone, EDITED, BORN])
    assert (deleted["op"], deleted["changed"]) == ("deleted", {})
    assert deleted["data"] == {"id": "E", "department_id": "D", "title": "새 제목"}
    assert (again["op"], again["changed"]) == ("created", {"title": ["새 제목", "돌아온 회의"]})


def test_a_move_is_one_version_that_changed_the_department() -> None:
    left = entry("deleted", 3, events.deleted_data(SECOND, moved_to="F"))
    came = entry("created", 3, events.moved(SECOND, "F", at=LATER, author=JUN), "F")
    versions = versions_of([came, left, EDITED, BORN])
    assert [version["version"] for version in versions] == [3, 2, 1]
    assert versions[0]["changed"] == {"department_id": ["D", "F"]}
    assert [version["version"] for version in versions_of([came, left])] == [3], "the rest is not retained"


def test_of_the_oldest_that_is_retained_nobody_knows_what_it_changed() -> None:
    (only,) = versions_of([EDITED])
    assert (only["version"], only["changed"]) == (2, {})
    assert versions_of([]) == []


def test_what_is_told_is_a_copy() -> None:
    versions_of([BORN])[0]["data"]["title"] = "가"
    assert FIRST["title"] == "회의"
