"""Events: how they are made, changed, kept and found."""

import json
from datetime import date, timedelta
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given

from backend.domain import events
from backend.domain.changes import Author
from backend.domain.errors import Invalid
from backend.domain.times import understand
from tests.unit.sample_events import AT, LATER, MINA, NIGHT, TRIP, changes, created, days, faults, part, updated


def contradict(fields: dict[str, Any]) -> bool:
    """Tells whether words and fields were sent that differ: the second time, only the words differ, and win."""
    if not fields.get("time") or "start_time" not in fields:
        return False
    meant = understand(fields["time"])
    return (fields["start_time"], fields.get("end_time")) != ((meant.start, meant.end) if meant else (None, None))


def test_a_new_event_has_every_member_in_its_order() -> None:
    event = created(description="안건", tags=["b", "a", "b"])
    assert tuple(event) == events.MEMBERS
    assert event == {
        "id": "E",
        "department_id": "D",
        "title": "회의",
        "event_date": "2024-01-15",
        "end_date": "2024-01-15",
        "start_time": None,
        "end_time": None,
        "time": None,
        "timezone": "Asia/Seoul",
        "starts_at": None,
        "ends_at": None,
        "recurrence": None,
        "description": "안건",
        "location": None,
        "url": None,
        "color": None,
        "category": None,
        "tags": ["b", "a"],
        "created_by": "미나",
        "updated_by": "미나",
        "device_id": "phone",
        "created_at": AT,
        "last_modified": AT,
        "version": 1,
    }


def test_a_migration_keeps_the_timestamps_of_before() -> None:
    make: dict[str, Any] = {"id": "E", "department_id": "D", "timezone": "UTC", "at": AT, "author": Author()}
    sent = {"title": "a", "event_date": "2024-01-15"}
    old = events.create(sent, **make, created_at="2020-01-01T00:00:00.000Z", last_modified="2021-01-01T00:00:00.000Z")
    assert part(old, "created_at last_modified") == ("2020-01-01T00:00:00.000Z", "2021-01-01T00:00:00.000Z")
    half = events.create(sent, **make, created_at="2020-01-01T00:00:00.000Z")
    assert half["last_modified"] == "2020-01-01T00:00:00.000Z"


def test_every_member_can_be_as_long_as_it_is_said_to_be() -> None:
    fields: dict[str, Any] = {"title": "가" * 200, "time": "가" * 200, "location": "가" * 500, "category": "가" * 50}
    fields |= {"description": "가" * 20_000, "tags": [f"{n:02}" + "가" * 48 for n in range(20)]}
    assert {name: created(**fields)[name] for name in fields} == fields


def test_read_only_members_that_come_back_mean_nothing() -> None:
    noise = dict.fromkeys(events.IGNORED, "x")
    assert created(**noise) == created()
    event = created()
    assert updated(event, **noise) is event


@pytest.mark.parametrize("blank", ["", "  ", "\u3000", None])
def test_blank_is_nothing_in_every_optional_member(blank: str | None) -> None:
    names = (
        "description",
        "location",
        "url",
        "color",
        "category",
        "time",
        "timezone",
        "end_date",
        "start_time",
        "end_time",
    )
    assert created(**dict.fromkeys(names, blank)) == created()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": ""}, {"/title": "required"}),
        ({"title": None}, {"/title": "required"}),
        ({"title": "가" * 201}, {"/title": "too-long"}),
        ({"title": "a\nb"}, {"/title": "characters"}),
        ({"title": 7}, {"/title": "type"}),
        ({"event_date": None}, {"/event_date": "required"}),
        ({"event_date": "2024-02-30"}, {"/event_date": "date"}),
        ({"end_date": "soon"}, {"/end_date": "date"}),
        ({"end_date": "2024-01-14"}, {"/end_date": "order"}),
        ({"end_date": "2025-01-15"}, {"/end_date": "span"}),
        ({"start_time": "9:05"}, {"/start_time": "time"}),
        ({"start_time": "24:00"}, {"/start_time": "time"}),
        ({"start_time": 900}, {"/start_time": "time"}),
        ({"end_time": "10:00"}, {"/start_time": "required"}),
        ({"start_time": "10:00", "end_time": "09:00", "end_date": "2024-01-15"}, {"/end_time": "order"}),
        ({"time": "a" * 201}, {"/time": "too-long"}),
        ({"time": 14}, {"/time": "type"}),
        ({"timezone": "KST"}, {"/timezone": "timezone"}),
        ({"url": "javascript:alert(1)"}, {"/url": "url"}),
        ({"color": "red"}, {"/color": "color"}),
        ({"category": "가" * 51}, {"/category": "too-long"}),
        ({"location": "가" * 501}, {"/location": "too-long"}),
        ({"description": "가" * 20_001}, {"/description": "too-long"}),
        ({"recurrence": {"rrule": "FREQ=HOURLY"}}, {"/recurrence/rrule": "too-often"}),
        ({"recurrence": "FREQ=DAILY"}, {"/recurrence": "type"}),
        ({"tags": "a"}, {"/tags": "type"}),
        ({"tags": ["a", " ", 3, "b" * 51]}, {"/tags/1": "required", "/tags/2": "type", "/tags/3": "too-long"}),
        ({"tags": [str(n) for n in range(21)]}, {"/tags": "too-many"}),
        (
            {"title": " ", "event_date": "x", "url": "x", "end_date": "y", "tags": [1]},
            {"/title": "required", "/event_date": "date", "/url": "url", "/end_date": "date", "/tags/0": "type"},
        ),
        ({"title": "", "end_date": "2024-01-14"}, {"/title": "required", "/end_date": "order"}),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(fields: dict[str, Any], expected: dict[str, str]) -> None:
    assert faults(created, **fields) == expected
    assert faults(updated, created(), **fields) == expected


def test_title_and_first_day_are_required() -> None:
    with pytest.raises(Invalid) as caught:
        events.create({}, id="E", department_id="D", timezone="UTC", at=AT, author=MINA)
    assert [(fault.pointer, fault.code) for fault in caught.value.errors] == [
        ("/event_date", "required"),
        ("/title", "required"),
    ]


def test_a_change_is_the_next_version_by_its_author() -> None:
    event = created(description="안건", location="본사")
    changed = updated(event, description=None)
    assert changed == {
        **event,
        "description": None,
        "version": 2,
        "last_modified": LATER,
        "updated_by": "준",
        "device_id": "desktop",
    }
    assert tuple(changed) == events.MEMBERS
    assert event["description"] == "안건"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": " 회의 "},
        {"title": normalize("NFD", "회의")},
        {"url": ""},
        {"tags": ["a", "a"]},
        {"color": "#ABC"},
    ],
)
def test_what_changes_nothing_is_the_same_event(fields: dict[str, Any]) -> None:
    event = created(tags=["a"], color="#aabbcc")
    assert updated(event, **fields) is event


@given(changes, changes)
def test_a_repeated_change_changes_nothing_and_a_change_is_one_version(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    event = created(**first)
    changed = updated(event, **second)
    content = [name for name in events.WRITABLE if changed[name] != event[name]]
    assert changed["version"] == event["version"] + bool(content)
    assert (changed is event) == (not content)
    if not contradict(second):
        assert updated(changed, **second) is changed


@given(changes)
def test_an_event_that_comes_back_whole_changes_nothing(fields: dict[str, Any]) -> None:
    event = created(**fields)
    assert updated(event, **event) is event


@given(changes, changes)
def test_an_old_version_that_comes_back_whole_is_restored(first: dict[str, Any], second: dict[str, Any]) -> None:
    old = created(**first)
    restored = updated(updated(old, **second), **old)
    assert [restored[name] for name in events.WRITABLE] == [old[name] for name in events.WRITABLE]


@pytest.mark.parametrize(
    "query", ["회", normalize("NFD", "팀회"), "SPRINT", "본사", "분기", "연구", "안건\n2", "", "b"]
)
def test_text_is_found_anywhere(query: str) -> None:
    event = created(
        title="주간 팀회의", description="1. 안건\n2. sprint", location="본사", category="연구", tags=["가", "분기B"]
    )
    assert events.match(event, query)


def test_other_text_is_not_found() -> None:
    event = created(title="주간 팀회의", url="https://example.com", tags=["가", "나"])
    assert not any(events.match(event, query) for query in ("월간", "example", "가나", "null", "None"))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, True),
        ("2024-01-18", None, True),
        ("2024-01-19", None, False),
        (None, "2024-01-15", True),
        (None, "2024-01-14", False),
        ("2024-01-16", "2024-01-17", True),
        ("2024-01-01", "2024-01-31", True),
        ("2024-01-19", "2024-01-31", False),
        ("2024-01-01", "2024-01-14", False),
    ],
)
def test_ranges_include_both_their_days(first: str | None, last: str | None, expected: bool) -> None:
    assert events.overlaps(created(**TRIP), first, last) is expected


def test_lists_are_sorted_by_first_day_and_id() -> None:
    assert events.list_key(created()) == ("2024-01-15", "E")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        (NIGHT, None),
        ({"end_date": "2024-01-16"}, None),
        ({"end_date": "2024-01-17"}, "2024-01-17"),
        (TRIP, "2024-01-18"),
    ],
)
def test_only_what_outlasts_the_spill_carries_until(fields: dict[str, Any], expected: str | None) -> None:
    event = created(**fields)
    assert events.until(event) == expected
    assert events.to_row(event).get("until") == expected


@given(changes, days)
def test_every_event_that_overlaps_a_day_is_found_by_the_spill_or_by_until(fields: dict[str, Any], day: str) -> None:
    event = created(**{"event_date": day, **fields})
    if events.overlaps(event, event["end_date"], event["end_date"]) and events.until(event) is None:
        begin = date.fromisoformat(event["end_date"]) - timedelta(events.SPILL_DAYS)
        assert event["event_date"] >= begin.isoformat()


@given(changes)
def test_an_event_comes_back_from_its_row_as_it_was(fields: dict[str, Any]) -> None:
    event = created(**fields)
    row = events.to_row(event)
    assert None not in row.values()
    assert json.dumps(events.from_row({**row, "seq": 7})) == json.dumps(event)


def test_an_event_shares_no_list_with_its_row() -> None:
    row = events.to_row(created(tags=["a"]))
    events.from_row(row)["tags"].append("b")
    assert row["tags"] == ["a"]


def test_a_tombstone_is_the_next_version_and_in_the_index_of_the_trash_alone() -> None:
    assert events.tombstone(created(**TRIP), at=LATER) == {
        "id": "E",
        "department_id": "D",
        "title": "회의",
        "version": 2,
        "deleted_at": LATER,
        "trash": "D",
        "was": created(**TRIP),
    }


def test_what_is_left_of_a_deleted_event_is_its_name() -> None:
    assert events.deleted_data(created()) == {"id": "E", "department_id": "D", "title": "회의"}
