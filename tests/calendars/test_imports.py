"""An import of a calendar file: done twice it changes nothing, and what people changed since is not overwritten."""

from __future__ import annotations

import json

import pytest

from tests.calendars.files import bring, counts, exported, only, vcalendar, vevent
from tests.in_process import Api, Clock, Json, code_of, uuid

ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:알림\r\nEND:VALARM"


def the_event(api: Api, home: str) -> Json:
    (event,) = api.events(home)
    return event


def test_a_file_is_rehearsed_then_imported_and_then_says_nothing_new(both: Api) -> None:
    home = both.department(timezone="Asia/Seoul")["id"]
    file = vcalendar(
        vevent("SUMMARY:치과", "DTEND:20240115T150000", "LOCATION:강남"), vevent(uid="2", start="DTSTART:x")
    )
    rehearsed = bring(both, home, file, "dry_run=true")
    assert counts(rehearsed) == {"created": 1, "rejected": 1}
    assert both.events(home) == []
    done = bring(both, home, file)
    assert {**done, "dry_run": True} == rehearsed
    event = the_event(both, home)
    assert [event[name] for name in ("title", "start_time", "end_time", "location")] == [
        "치과",
        "14:00",
        "15:00",
        "강남",
    ]
    assert event["imported"]["uid"] == "1@elsewhere"
    before = both.changes(home, "since=latest")
    assert counts(bring(both, home, file)) == {"unchanged": 1, "rejected": 1}
    assert both.changes(home, "since=latest") == before


def test_a_later_revision_updates_and_an_older_one_does_not(api: Api, home: str) -> None:
    bring(api, home, vcalendar(vevent("SUMMARY:하나", "SEQUENCE:1")))
    assert only(bring(api, home, vcalendar(vevent("SUMMARY:둘", "SEQUENCE:2"))))["outcome"] == "updated"
    older = only(bring(api, home, vcalendar(vevent("SUMMARY:하나", "SEQUENCE:1"))))
    assert (older["outcome"], older["reason"]["code"]) == ("unchanged", "older")
    assert the_event(api, home)["title"] == "둘"
    moment = ("LAST-MODIFIED:20240101T000000Z", "LAST-MODIFIED:20240102T000000Z")
    bring(api, home, vcalendar(vevent("SUMMARY:셋", "SEQUENCE:2", moment[1])))
    assert only(bring(api, home, vcalendar(vevent("SUMMARY:넷", "SEQUENCE:2", moment[0]))))["reason"]["code"] == "older"


def test_what_people_changed_since_is_kept_and_told(api: Api, home: str) -> None:
    file = vcalendar(vevent("SUMMARY:치과", "SEQUENCE:1"))
    bring(api, home, file)
    event = the_event(api, home)
    api.patch(f"/api/events/{event['id']}", {"title": "치과 (미나)"}, X_Actor="Mina")
    assert only(bring(api, home, file))["reason"]["code"] == "edited-here"
    later = vcalendar(vevent("SUMMARY:안과", "SEQUENCE:2"))
    kept = only(bring(api, home, later))
    assert (kept["outcome"], kept["reason"]["code"], kept["id"]) == ("kept", "changed-since", event["id"])
    assert the_event(api, home)["title"] == "치과 (미나)"
    assert only(bring(api, home, later, "overwrite=true"))["outcome"] == "updated"
    assert the_event(api, home)["title"] == "안과"
    versions = api.get(f"/api/events/{event['id']}/history").json
    assert [each["data"]["title"] for each in (versions or {})["versions"]] == ["안과", "치과 (미나)", "치과"]


def test_an_edit_that_was_taken_back_is_none(api: Api, home: str) -> None:
    bring(api, home, vcalendar(vevent("SUMMARY:치과", "SEQUENCE:1")))
    path = f"/api/events/{the_event(api, home)['id']}"
    for title in ("다른", "치과"):
        api.patch(path, {"title": title})
    assert only(bring(api, home, vcalendar(vevent("SUMMARY:안과", "SEQUENCE:2"))))["outcome"] == "updated"


def test_what_was_deleted_or_moved_here_stays_so(api: Api, home: str) -> None:
    file = vcalendar(vevent("SUMMARY:치과"))
    bring(api, home, file)
    event = the_event(api, home)
    api.delete(f"/api/events/{event['id']}")
    assert only(bring(api, home, file))["reason"]["code"] == "deleted"
    assert only(bring(api, home, file, "overwrite=true"))["outcome"] == "updated"
    assert the_event(api, home)["title"] == "치과"
    api.post(f"/api/events/{event['id']}/move", {"department_id": api.department("다른 팀")["id"]})
    assert only(bring(api, home, file))["reason"]["code"] == "moved"
    assert api.events(home) == []


def test_an_own_event_is_updated_by_who_went_on_from_it_only(api: Api, home: str) -> None:
    event = api.event(home, title="회의")
    file = exported(api, home).decode()
    edited = file.replace("SUMMARY:회의", "SUMMARY:바뀐 회의")
    assert only(bring(api, home, edited))["outcome"] == "kept"
    assert only(bring(api, home, edited.replace("SEQUENCE:0", "SEQUENCE:1")))["outcome"] == "updated"
    assert (the_event(api, home)["id"], the_event(api, home)["title"]) == (event["id"], "바뀐 회의")


def test_what_another_program_has_only_added_to_is_taken_and_overwrites_nobody(api: Api, home: str) -> None:
    event = api.event(home, title="회의")
    file = exported(api, home).decode().replace("SUMMARY:", "X-SEEN:1\r\nSUMMARY:")
    assert only(bring(api, home, file))["outcome"] == "updated"
    assert only(bring(api, home, file))["outcome"] == "unchanged"
    assert (the_event(api, home)["title"], the_event(api, home)["imported"]["kept"]) == ("회의", ["X-SEEN:1"])
    assert the_event(api, home)["id"] == event["id"]


def test_what_is_not_understood_comes_back_in_every_export(api: Api, home: str) -> None:
    unknown = ['ATTENDEE;CN="김, 미나";PARTSTAT=ACCEPTED:mailto:mina@example.com', "X-FOO;A=b:c\\,d", "GEO:37.5;127.0"]
    long = f"X-LONG:{'가나다' * 60}"
    master = vevent("SUMMARY:주간", "RRULE:FREQ=WEEKLY;COUNT=4", *unknown, long, ALARM)
    part = vevent("RECURRENCE-ID:20240122T140000", "SUMMARY:다른", "X-PART:1", start="DTSTART:20240122T160000")
    bring(api, home, vcalendar(master, part))
    api.patch(f"/api/events/{the_event(api, home)['id']}", {"location": "본사"})
    text = exported(api, home).replace(b"\r\n ", b"").decode()
    for line in [*unknown, long, *ALARM.split("\r\n"), "X-PART:1"]:
        assert text.count(f"\r\n{line}\r\n") == 1, line
    assert text.index("X-PART") > text.index("RECURRENCE-ID")
    with_feed = api.post(f"/api/departments/{home}/feeds", {"name": "폰"}).json or {}
    assert "BEGIN:VALARM" in api.get(with_feed["address"].removeprefix("http://localhost")).text
    assert counts(bring(api, home, exported(api, home))) == {"unchanged": 1}


def test_too_much_that_is_not_understood_is_left_out_with_a_note(api: Api, home: str) -> None:
    row = only(bring(api, home, vcalendar(vevent("SUMMARY:큰", *[f"X-BIG:{'x' * 9000}"] * 5))))
    assert (row["outcome"], [note["code"] for note in row["notes"]]) == ("created", ["not-kept"])
    assert "kept" not in the_event(api, home)["imported"]


def test_a_series_comes_with_what_differs_and_what_is_left_out(api: Api, home: str) -> None:
    master = vevent("SUMMARY:주간", "RRULE:FREQ=WEEKLY;COUNT=6", "EXDATE:20240122T140000")
    moved = vevent("RECURRENCE-ID:20240129T140000", "SUMMARY:주간", start="DTSTART:20240130T100000")
    gone = vevent("RECURRENCE-ID:20240205T140000", "STATUS:CANCELLED", start="DTSTART:20240205T140000")
    stray = vevent("RECURRENCE-ID:20240206T140000", "SUMMARY:남", start="DTSTART:20240206T140000")
    report = bring(api, home, vcalendar(stray, moved, gone, master))
    assert counts(report) == {"created": 2}
    series, single = sorted(api.events(home), key=lambda event: event["recurrence"] is None)
    assert series["recurrence"]["exdates"] == ["2024-01-22", "2024-02-05"]
    assert series["recurrence"]["overrides"]["2024-01-29"]["event_date"] == "2024-01-30"
    assert (single["title"], single["event_date"]) == ("남", "2024-02-06")
    assert [note["code"] for row in report["rows"] for note in row["notes"]] == ["no-occurrence"]
    later = vevent("RECURRENCE-ID:20240212T140000", "SUMMARY:특별", "SEQUENCE:3", start="DTSTART:20240212T140000")
    assert only(bring(api, home, vcalendar(later)))["outcome"] == "updated"
    assert only(bring(api, home, vcalendar(later)))["outcome"] == "unchanged"
    overrides = api.get(f"/api/events/{home}/{series['id']}").json or {}
    assert overrides["recurrence"]["overrides"]["2024-02-12"] == {"title": "특별"}


def test_dates_beside_the_rule_become_events_of_their_own(api: Api, home: str) -> None:
    file = vcalendar(vevent("SUMMARY:모임", "RRULE:FREQ=WEEKLY;COUNT=2", "RDATE:20240301T140000,20240302T140000"))
    assert counts(bring(api, home, file)) == {"created": 3}
    assert [event["event_date"] for event in api.events(home)] == ["2024-01-15", "2024-03-01", "2024-03-02"]
    assert counts(bring(api, home, file)) == {"unchanged": 3}


@pytest.mark.parametrize(
    ("start", "zone", "date", "begins"),
    [
        ("DTSTART;TZID=Asia/Tokyo:20240115T140000", "Asia/Tokyo", "2024-01-15", "14:00"),
        ("DTSTART;TZID=Korea Standard Time:20240115T140000", "Asia/Seoul", "2024-01-15", "14:00"),
        ('DTSTART;TZID="W. Europe Standard Time":20240115T140000', "Europe/Berlin", "2024-01-15", "14:00"),
        ("DTSTART;TZID=/mozilla.org/20050126_1/Europe/Paris:20240115T140000", "Europe/Paris", "2024-01-15", "14:00"),
        ("DTSTART;TZID=GMT+0900:20240115T140000", "Etc/GMT-9", "2024-01-15", "14:00"),
        ("DTSTART:20240115T200000Z", "Asia/Seoul", "2024-01-16", "05:00"),
        ("DTSTART:20240115T140000", "Asia/Seoul", "2024-01-15", "14:00"),
        ("DTSTART;TZID=Nirgendwo:20240115T140000", "Asia/Seoul", "2024-01-15", "14:00"),
        ("DTSTART;VALUE=DATE:20240115", "Asia/Seoul", "2024-01-15", None),
    ],
)
def test_a_time_is_in_the_zone_that_is_meant(
    api: Api, home: str, start: str, zone: str, date: str, begins: str | None
) -> None:
    row = only(bring(api, home, vcalendar(vevent("SUMMARY:x", start=start))))
    event = the_event(api, home)
    assert [event[name] for name in ("timezone", "event_date", "start_time")] == [zone, date, begins]
    assert [note["code"] for note in row["notes"]] == (["zone"] if "Nirgendwo" in start else [])


CUSTOM = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def test_a_zone_of_ones_own_is_known_by_what_its_clock_does(api: Api, home: str) -> None:
    start = "DTSTART;TZID=Customized Time Zone:20240715T140000"
    bring(api, home, vcalendar(CUSTOM, vevent("SUMMARY:x", start=start)))
    assert the_event(api, home)["starts_at"] == "2024-07-15T12:00:00.000Z"


def test_a_calendars_own_zone_is_home_for_times_without_one(api: Api, home: str) -> None:
    bring(api, home, vcalendar("X-WR-TIMEZONE:America/New_York", vevent("SUMMARY:x", start="DTSTART:20240115T200000Z")))
    event = the_event(api, home)
    assert [event[name] for name in ("timezone", "start_time")] == ["America/New_York", "15:00"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("RRULE:FREQ=SECONDLY",), "too-often"),
        (("RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"), "not-supported"),
        (("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",), "never"),
        (("DTEND:20230115T140000",), "order"),
        (("DTEND:20280115T140000",), "span"),
        (("STATUS:CANCELLED",), "cancelled"),
        (("EXDATE:nonsense",), "syntax"),
        ((f"SUMMARY:{'가' * 201}",), "too-long"),
    ],
)
def test_what_cannot_become_an_event_is_told_and_the_rest_comes_in(
    api: Api, home: str, lines: tuple[str, ...], code: str
) -> None:
    report = bring(api, home, vcalendar(vevent(*lines, uid="bad"), vevent("SUMMARY:gut", uid="good")))
    assert counts(report) == {"created": 1, "rejected": 1}
    assert next(row["reason"]["code"] for row in report["rows"] if row["uid"] == "bad") == code


def test_the_answer_tells_how_far_it_is(api: Api, home: str) -> None:
    file = vcalendar(*(vevent(f"SUMMARY:{number}", uid=str(number)) for number in range(250)))
    answer = api.call(
        "POST",
        f"/api/departments/{home}/import",
        file,
        {"Accept": "application/x-ndjson"},
        content_type="text/calendar",
    )
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[:-1] == [{"done": done, "total": 250} for done in (0, 100, 200, 250)]
    assert lines[-1]["report"]["created"] == 250
    assert api.changes(home, "since=latest")["position"].endswith(":250")


def test_who_imports_is_known(api: Api, home: str) -> None:
    headers = {"X-Actor": "Mina", "X-Device-Id": "phone"}
    bring(api, home, vcalendar(vevent("SUMMARY:x")), headers=headers)
    event = the_event(api, home)
    assert (event["created_by"], event["device_id"]) == ("Mina", "phone")


def test_what_is_no_calendar_is_refused(api: Api, home: str, clock: Clock) -> None:
    path = f"/api/departments/{home}/import"
    assert code_of(api.call("POST", path, "{}")) == (415, "unsupported-media-type")
    for body in ("", "hello", "BEGIN:VCARD\r\nEND:VCARD", b"\x00" * 100):
        assert code_of(api.call("POST", path, body, content_type="text/calendar")) == (400, "malformed")
    empty = f"/api/departments/{uuid(9)}/import"
    assert code_of(api.call("POST", empty, vcalendar(), content_type="text/calendar")) == (404, "not-found")
    assert code_of(api.call("POST", f"{path}?dry_run=2", vcalendar(), content_type="text/calendar")) == (
        422,
        "validation",
    )
