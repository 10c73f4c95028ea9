"""What leaves as a file comes back as the same events, whatever they are; and icalendar reads what we mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil import rrule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domain import events, series
from backend.domain.changes import Author
from backend.domain.errors import Invalid
from backend.domain.imports import Incoming
from backend.exchange.calendar_file import open_calendar
from backend.exchange.calendar_reader import incoming
from backend.exchange.calendars import Frame, pieces
from tests.calendars.files import bring, counts, exported, said
from tests.in_process import Api, Json, json_of, serving, uuid
from tests.unit.sample_events import AT, ZONES, changes, clocks

HOME = uuid(1)
RULES = [
    "FREQ=DAILY;COUNT=5",
    "FREQ=DAILY;INTERVAL=3;UNTIL=20250101",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=8",
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=6",
    "FREQ=MONTHLY;BYMONTHDAY=31;UNTIL=20251231",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=3",
]
bodies = st.fixed_dictionaries(
    {"title": st.text("가나 ,;\\:\"'\n=b😀", min_size=1, max_size=8).map(lambda text: f"회{text}의".replace("\n", ""))},
    optional={
        "description": st.text('가 ,;\\\n"n:BEGIN', max_size=90),
        "location": st.sampled_from(["본사 3층, 회의실; A", "\\n", "가" * 80]),
        "url": st.just("https://example.com/a,b;c?d=e"),
        "color": st.sampled_from(["#123456", "#ff0000", "#fff"]),
        "category": st.sampled_from(["회의", "a,b", "a;b"]),
        "tags": st.lists(st.sampled_from(["가", "나,다", "a\\\\b", "C:\\\\New", "회의"]), max_size=3),
    },
)
overrides = st.dictionaries(
    st.integers(0, 6),
    st.fixed_dictionaries(
        {},
        optional={
            "title": st.sampled_from(["다른 회의", "회의"]),
            "location": st.none() | st.just("옥상"),
            "start_time": clocks,
            "tags": st.lists(st.sampled_from(["가", "나"]), max_size=2),
            "time": st.sampled_from(["오후 2:00", "미정", None]),
        },
    ),
    max_size=3,
)


def made(fields: Json) -> Json:
    return events.create(fields, id=uuid(5), department_id=HOME, timezone="Asia/Seoul", at=AT, author=Author())


def written(*found: Json, home: str = "Asia/Seoul") -> bytes:
    return b"".join(pieces(Frame("팀", home), found))


def read(data: bytes, home: str = "Asia/Seoul") -> list[Json]:
    """Reads a file as an import does, into events."""
    file = open_calendar(data, None, home)
    assert not file.refused
    found = [each for group in file.groups for each in incoming(group, file)]
    assert all(isinstance(each, Incoming) for each in found), found
    return [made({**each.fields}) for each in found if isinstance(each, Incoming)]


def with_overrides(event: Json, differing: dict[int, Json]) -> Json:
    """Lets some of the first occurrences of a series differ."""
    days = [span.original for span in islice(series.spans_of(event, "1900-01-01", "2110-01-01"), 7)]
    found = {days[place]: members for place, members in differing.items() if place < len(days)}
    sent = {"recurrence": {**event["recurrence"], "overrides": found}}
    return events.update(event, sent, at=AT, author=Author())


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies, changes, st.none() | st.integers(0, 40))
def test_an_event_that_was_written_is_read_as_itself(body: Json, change: Json, days: int | None) -> None:
    fields = {"title": "회의", "event_date": "2024-01-15", **change, **body}
    if days is not None:
        fields["end_date"] = str(date.fromisoformat(fields["event_date"]) + timedelta(days=days))
    try:
        event = made(fields)
    except Invalid:
        return
    (found,) = read(written(event))
    assert said(found) == said(event)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    bodies,
    st.sampled_from(RULES),
    st.sampled_from(ZONES),
    st.one_of(st.just({}), st.fixed_dictionaries({"start_time": clocks}, optional={"end_time": clocks})),
    st.lists(st.integers(0, 6), max_size=2),
    overrides,
)
def test_a_series_that_was_written_is_read_as_itself(
    body: Json, rule: str, zone: str, clock: Json, out: list[int], differing: dict[int, Json]
) -> None:
    try:
        event = made({**body, **clock, "event_date": "2024-01-15", "timezone": zone, "recurrence": {"rrule": rule}})
        days = [span.original for span in islice(series.spans_of(event, "1900-01-01", "2110-01-01"), 7)]
        found = {**event["recurrence"], "exdates": [days[place] for place in out if place < len(days)]}
        event = events.update(event, {"recurrence": found}, at=AT, author=Author())
        event = with_overrides(event, {place: differ for place, differ in differing.items() if place not in out})
    except Invalid:
        return
    (found,) = read(written(event))
    assert said(found) == said(event)


def starts(data: bytes) -> Iterator[datetime | date]:
    """Expands a calendar as a program does that knows nothing of us: icalendar reads it, dateutil repeats."""
    calendar: Any = icalendar.Calendar.from_ical(data)
    whole = calendar.walk("VEVENT")
    moved = {each["RECURRENCE-ID"].dt: each["DTSTART"].dt for each in whole if "RECURRENCE-ID" in each}
    for each in whole:
        if "RECURRENCE-ID" in each:
            continue
        start: Any = each["DTSTART"].dt
        if "RRULE" not in each:
            yield start
            continue
        out = [one.dt for one in each["EXDATE"].dts] if "EXDATE" in each else []
        plain = not isinstance(start, datetime)
        begin = datetime.combine(start, datetime.min.time()) if plain else start
        rule: Any = rrule.rrulestr(each["RRULE"].to_ical().decode(), dtstart=begin)
        for found in islice(rule, 30):
            when = found.date() if plain else found
            if when not in out:
                yield moved.get(when, when)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(RULES[:4]), st.sampled_from(["Europe/Berlin", "Asia/Seoul", "UTC", None]), clocks)
def test_another_program_finds_the_same_occurrences(rule: str, zone: str | None, clock: str) -> None:
    fields = {"title": "회의", "event_date": "2024-01-15", "start_time": clock, "timezone": zone or "Asia/Seoul"}
    event = made({**fields, "start_time": clock if zone else None, "recurrence": {"rrule": rule}})
    event = with_overrides(
        event, {1: {"event_date": "2024-01-16"}, 2: {"title": "다른"}} if "COUNT" not in rule else {}
    )
    theirs = sorted(str(_utc(when)) for when in starts(written(event)))[:20]
    ours = [
        series.occurrence(event, span.original)
        for span in islice(series.spans_of(event, "1900-01-01", "2110-01-01"), 30)
    ]
    assert theirs == sorted(str(_utc(_start(each))) for each in ours)[:20]


def _utc(when: datetime | date) -> datetime | date:
    return when.astimezone(UTC) if isinstance(when, datetime) else when


def _start(event: Json) -> datetime | date:
    if event["start_time"] is None:
        return date.fromisoformat(event["event_date"])
    local = datetime.fromisoformat(f"{event['event_date']}T{event['start_time']}")
    return local.replace(tzinfo=ZoneInfo(event["timezone"]))


def fill(api: Api, home: str) -> None:
    api.event(home, title="주간 회의", time="오후 2:00~3시", tags=["정기"], category="회의", color="#1a73e8")
    api.event(home, title="야간 당직", start_time="22:00", end_time="06:00")
    api.event(home, title="휴가", event_date="2024-02-01", end_date="2024-02-05", description="쉬는\n날")
    api.event(home, title="뉴욕 통화", start_time="09:00", timezone="America/New_York", url="https://call.example")
    override = {
        "2024-01-29": {"title": "옮긴 회의", "event_date": "2024-01-30", "start_time": "10:00", "end_time": "11:00"}
    }
    recurrence = {
        "rrule": "FREQ=WEEKLY;BYDAY=MO;UNTIL=20241231",
        "exdates": ["2024-01-22"],
        "overrides": override,
    }
    api.event(home, title="반복", start_time="15:00", end_time="16:00", timezone="Europe/Berlin", recurrence=recurrence)
    api.event(home, title="언제든", time="미정", timezone="UTC")


def test_an_export_into_an_empty_server_gives_the_same_events(both: Api) -> None:
    home = both.department("영업부")["id"]
    fill(both, home)
    file = exported(both, home)
    with serving() as other:
        there = other.department("다른 이름", timezone="America/New_York")["id"]
        assert counts(bring(other, there, file)) == {"created": 6}
        assert [said(event) for event in other.events(there)] == [said(event) for event in both.events(home)]
        assert counts(bring(other, there, file)) == {"unchanged": 6}
    before = both.changes(home, "since=latest")
    assert counts(bring(both, home, file)) == {"unchanged": 6}
    second = both.department("둘째")["id"]
    assert counts(bring(both, second, file)) == {"created": 6}
    assert counts(bring(both, second, file)) == {"unchanged": 6}
    assert both.changes(home, "since=latest") == before


def test_a_file_is_called_after_its_department_and_day(api: Api, home: str) -> None:
    header = api.get(f"/api/departments/{home}/export").headers["Content-Disposition"]
    assert header.startswith('attachment; filename="___ 2024-01-15.ics"; ')
    assert header.endswith("filename*=UTF-8''%EC%98%81%EC%97%85%EB%B6%80%202024-01-15.ics")


def test_an_export_has_what_is_between_two_dates(api: Api, home: str) -> None:
    fill(api, home)
    text = exported(api, home, "from=2024-02-01&to=2024-02-03").decode()
    assert "휴가" in text
    assert "반복" not in text
    assert "야간" not in text
    table = api.get(f"/api/departments/{home}/export?format=csv&from=2024-01-29&to=2024-02-05&expand=true").text
    assert [row[0:2] for row in csv.reader(io.StringIO(table))][1:] == [
        ["옮긴 회의", "2024-01-30"],
        ["휴가", "2024-02-01"],
        ["반복", "2024-02-05"],
    ]


def test_a_large_department_is_exported_whole_page_by_page(api: Api, home: str) -> None:
    day = date(2024, 1, 1)
    for number in range(450):
        api.event(home, title=f"회의 {number}", event_date=str(day + timedelta(days=number % 7)))
    whole = json_of(api.get(f"/api/departments/{home}/export?format=json"))
    assert sorted(event["id"] for event in whole["events"]) == sorted(event["id"] for event in api.events(home))
    assert whole["department"]["name"] == "영업부"
    assert exported(api, home).count(b"BEGIN:VEVENT") == 450


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(api: Api, home: str, text: str) -> None:
    api.event(home, title="회의", description=text, location=text.strip(), tags=["=1"])
    answer = api.get(f"/api/departments/{home}/export?format=csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    heading, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert heading[:3] == ["제목", "시작일", "시작 시각"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in row)
    assert f"'{text}" in row
    english = api.get(f"/api/departments/{home}/export?format=csv&language=en").data.decode("utf-8-sig")
    assert english.startswith("Title,First day,Start,")


def test_what_cannot_be_exported_is_told(api: Api, home: str) -> None:
    assert api.get(f"/api/departments/{home}/export?format=pdf").status_code == 422
    assert api.get(f"/api/departments/{home}/export?expand=true").status_code == 422
    assert api.get(f"/api/departments/{uuid(9)}/export").status_code == 404
