"""When an event is: its dates, times and words agree, whatever of them is sent."""

from typing import Any

import pytest
from hypothesis import given

from backend.domain import events
from backend.domain.times import understand
from tests.unit.sample_events import JUN, LATER, NIGHT, TRIP, changes, created, faults, part, updated

SPAN = "event_date end_date start_time end_time time"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("2024-01-15", "2024-01-15", None, None, None)),
        ({"time": "종일"}, ("2024-01-15", "2024-01-15", None, None, "종일")),
        ({"time": "미정"}, ("2024-01-15", "2024-01-15", None, None, "미정")),
        ({"time": "오후 2:00"}, ("2024-01-15", "2024-01-15", "14:00", None, "오후 2:00")),
        ({"time": " 14:00~15:30"}, ("2024-01-15", "2024-01-15", "14:00", "15:30", " 14:00~15:30")),
        ({"time": "오후 2:00", "start_time": None}, ("2024-01-15", "2024-01-15", "14:00", None, "오후 2:00")),
        ({"start_time": "14:00"}, ("2024-01-15", "2024-01-15", "14:00", None, "14:00")),
        ({"start_time": "14:00", "end_time": "15:30"}, ("2024-01-15", "2024-01-15", "14:00", "15:30", "14:00~15:30")),
        # A night shift
        ({"start_time": "22:00", "end_time": "06:00"}, ("2024-01-15", "2024-01-16", "22:00", "06:00", "22:00~06:00")),
        ({"time": "22:00~06:00"}, ("2024-01-15", "2024-01-16", "22:00", "06:00", "22:00~06:00")),
        ({"start_time": "09:00", "end_time": "09:00"}, ("2024-01-15", "2024-01-16", "09:00", "09:00", "09:00~09:00")),
        # 24:00 is 00:00 of the next day
        ({"start_time": "22:00", "end_time": "24:00"}, ("2024-01-15", "2024-01-16", "22:00", "00:00", "22:00~00:00")),
        ({"time": "22:00~24:00"}, ("2024-01-15", "2024-01-16", "22:00", "00:00", "22:00~24:00")),
        (
            {"start_time": "22:00", "end_time": "24:00", "end_date": "2024-01-15"},
            ("2024-01-15", "2024-01-16", "22:00", "00:00", "22:00~00:00"),
        ),
        # Words that mean what the fields say stay; otherwise the fields win
        ({"time": "오후 2시", "start_time": "14:00"}, ("2024-01-15", "2024-01-15", "14:00", None, "오후 2시")),
        ({"time": "오후 2시", "start_time": "15:00"}, ("2024-01-15", "2024-01-15", "15:00", None, "15:00")),
        ({"time": "미정", "start_time": "15:00"}, ("2024-01-15", "2024-01-15", "15:00", None, "15:00")),
        ({"time": "오후 2시", "end_time": "15:00"}, ("2024-01-15", "2024-01-15", "14:00", "15:00", "14:00~15:00")),
        # The longest
        ({"end_date": "2025-01-14"}, ("2024-01-15", "2025-01-14", None, None, None)),
        (
            {"start_time": "10:00", "end_time": "10:00", "end_date": "2024-01-15"},
            ("2024-01-15", "2024-01-15", "10:00", "10:00", "10:00~10:00"),
        ),
    ],
)
def test_dates_times_and_words_agree(fields: dict[str, Any], expected: tuple[str | None, ...]) -> None:
    assert part(created(**fields), SPAN) == expected


@given(changes, changes)
def test_words_always_mean_the_fields_beside_them(first: dict[str, Any], second: dict[str, Any]) -> None:
    event = updated(created(**first), **second)
    meant = understand(event["time"] or "")
    assert part(event, "start_time end_time") == ((meant.start, meant.end) if meant else (None, None))


@pytest.mark.parametrize(
    ("stored", "fields", "expected"),
    [
        # Words win where only they differ
        ({"start_time": "10:00", "end_time": "11:00"}, {"time": "오후 2:00"}, ("14:00", None, "오후 2:00")),
        ({"start_time": "10:00"}, {"time": "종일"}, (None, None, "종일")),
        ({"start_time": "10:00"}, {"time": "미정"}, (None, None, "미정")),
        ({"time": "오후 2:00"}, {"time": ""}, (None, None, None)),
        ({"time": "오후 2:00"}, {"time": "오후 2시"}, ("14:00", None, "오후 2시")),
        ({"time": "오후 2:00"}, {"time": "오후 3:00", "start_time": "14:00"}, ("15:00", None, "오후 3:00")),
        # Fields win where they differ, alone or not
        ({"time": "오후 2:00"}, {"start_time": "15:00"}, ("15:00", None, "15:00")),
        ({"time": "오후 2:00"}, {"start_time": "15:00", "time": "오후 2:00"}, ("15:00", None, "15:00")),
        ({"time": "오후 2:00"}, {"end_time": "15:30"}, ("14:00", "15:30", "14:00~15:30")),
        ({"time": "오후 2:00"}, {"start_time": "16:00", "time": "오후 3:00"}, ("16:00", None, "16:00")),
        ({"time": "오후 2:00"}, {"start_time": "15:00", "time": "오후 3:00"}, ("15:00", None, "오후 3:00")),
        ({"time": "오후 2:00"}, {"start_time": "14:00", "end_time": None, "time": None}, ("14:00", None, "오후 2:00")),
        ({"time": "오후 2:00"}, {"start_time": "15:00", "time": ""}, ("15:00", None, "15:00")),
        ({"time": "오후 2:00"}, {"start_time": None, "time": None}, (None, None, None)),
        ({"time": "14:00~15:00"}, {"end_time": None}, ("14:00", None, "14:00")),
        ({"time": "14:00~15:00"}, {"start_time": None, "end_time": None}, (None, None, None)),
        ({"time": "14:00~15:00"}, {"start_time": None, "end_time": None, "time": "종일"}, (None, None, "종일")),
        ({}, {"time": "오후 3:00", "end_time": "16:00"}, ("15:00", "16:00", "15:00~16:00")),
    ],
)
def test_of_words_and_fields_whichever_differs_wins(
    stored: dict[str, Any], fields: dict[str, Any], expected: tuple[str | None, ...]
) -> None:
    assert part(updated(created(**stored), **fields), "start_time end_time time") == expected


def test_an_end_does_not_stand_alone() -> None:
    assert faults(updated, created(time="14:00~15:00"), start_time=None) == {"/start_time": "required"}


@pytest.mark.parametrize(
    ("stored", "fields", "expected"),
    [
        # Only the first day is moved: the event keeps its length
        ({}, {"event_date": "2024-02-29"}, ("2024-02-29", "2024-02-29")),
        (TRIP, {"event_date": "2024-02-28"}, ("2024-02-28", "2024-03-02")),
        (TRIP, {"event_date": "2024-01-01"}, ("2024-01-01", "2024-01-04")),
        (NIGHT, {"event_date": "2024-01-31"}, ("2024-01-31", "2024-02-01")),
        # A last day that was sent is taken
        ({}, {"end_date": "2024-01-17"}, ("2024-01-15", "2024-01-17")),
        (TRIP, {"event_date": "2024-01-16", "end_date": "2024-01-18"}, ("2024-01-16", "2024-01-18")),
        (TRIP, {"end_date": "2024-01-15"}, ("2024-01-15", "2024-01-15")),
        # A cleared one is the default again
        (TRIP, {"end_date": None}, ("2024-01-15", "2024-01-15")),
        ({**NIGHT, "end_date": "2024-01-20"}, {"end_date": None}, ("2024-01-15", "2024-01-16")),
        # What was merely the default follows the times
        ({"time": "14:00~15:00"}, {"start_time": "16:00"}, ("2024-01-15", "2024-01-16")),
        (NIGHT, {"time": "09:00~10:00"}, ("2024-01-15", "2024-01-15")),
        (NIGHT, {"time": "종일"}, ("2024-01-15", "2024-01-15")),
        ({"time": "14:00~15:00"}, {"end_time": "24:00"}, ("2024-01-15", "2024-01-16")),
        # What was not stays
        ({**TRIP, "time": "14:00~15:00"}, {"start_time": "16:00"}, ("2024-01-15", "2024-01-18")),
        (
            {**TRIP, "time": "14:00~15:00"},
            {"end_time": "24:00", "end_date": "2024-01-18"},
            ("2024-01-15", "2024-01-19"),
        ),
    ],
)
def test_the_last_day_follows_the_first(
    stored: dict[str, Any], fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    changed = updated(created(**stored), **fields)
    assert part(changed, "event_date end_date") == expected
    assert updated(changed, **fields) is changed


@pytest.mark.parametrize(
    ("stored", "fields", "expected"),
    [
        ({}, {"event_date": "2024-02-01"}, ("2024-02-01", "2024-02-01")),
        (TRIP, {"event_date": "2024-02-01"}, ("2024-02-01", "2024-02-04")),
        (NIGHT, {"event_date": "2024-01-16"}, ("2024-01-16", "2024-01-17")),
    ],
)
def test_a_program_that_sends_everything_back_can_move_an_event_too(
    stored: dict[str, Any], fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    event = created(**stored)
    assert part(updated(event, **{**event, **fields}), "event_date end_date") == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"end_date": "2024-01-14"}, {"/end_date": "order"}),
        ({"event_date": "2024-01-20", "end_date": "2024-01-19"}, {"/end_date": "order"}),
        ({"end_date": "2024-01-15", "time": "10:00~09:00"}, {"/end_time": "order"}),
        ({"end_date": "2025-01-15"}, {"/end_date": "span"}),
    ],
)
def test_an_event_cannot_end_before_it_begins_nor_last_for_ever(
    fields: dict[str, Any], expected: dict[str, str]
) -> None:
    assert faults(updated, created(**TRIP), **fields) == expected


def test_a_cleared_zone_is_the_departments_again() -> None:
    event = created(timezone="UTC")
    assert updated(event, timezone=None)["timezone"] == "Asia/Seoul"
    assert events.update(event, {"timezone": None}, at=LATER, author=JUN) is event


@pytest.mark.parametrize(
    ("time_text", "expected"),
    [
        ("종일", (None, None)),
        (None, (None, None)),
        ("", (None, None)),
        ("14:00", ("14:00", None)),
        ("09:00", ("09:00", None)),
        ("오전 9:30", ("09:30", None)),
        ("23:59", ("23:59", None)),
        ("오전 10시", ("10:00", None)),
        ("9:05", ("09:05", None)),
        ("오전 12:00", ("00:00", None)),
        ("11:30 am", ("11:30", None)),
        ("오후 2:00", ("14:00", None)),
        ("오후 12:30", ("12:30", None)),
        ("2:00 PM", ("14:00", None)),
        ("14:00~15:30", ("14:00", "15:30")),
        ("09:30 - 10:30", ("09:30", "10:30")),
        ("오후 3시 30분", ("15:30", None)),
    ],
)
def test_every_time_of_the_old_data_is_kept_and_understood(
    time_text: str | None, expected: tuple[str | None, str | None]
) -> None:
    event = created(time=time_text)
    assert part(event, "start_time end_time") == expected
    assert event["time"] == (time_text or None)
