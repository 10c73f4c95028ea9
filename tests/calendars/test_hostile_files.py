"""Whatever a file is, it costs no more than its bytes, and is answered: row by row, or as a whole."""

from __future__ import annotations

import tracemalloc
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domain.errors import Malformed, TooLarge
from backend.exchange.calendar_file import Refused, open_calendar
from backend.exchange.calendar_reader import incoming
from backend.exchange.content_lines import MAX_COMPONENTS, cut
from tests.calendars.files import bring, counts, vcalendar, vevent
from tests.in_process import Api, code_of, serving

GOOD = vevent("SUMMARY:치과", uid="good")
SECONDS = 5.0
"""How long a processor may work on any of it; it takes a tenth of that."""


def rows(data: bytes) -> tuple[int, set[str]]:
    """Reads a file, and tells how many events came of it and why the others did not."""
    file = open_calendar(data, None, "Asia/Seoul")
    found = [*file.refused, *(each for group in file.groups for each in incoming(group, file))]
    refused = {each.fault.code for each in found if isinstance(each, Refused)}
    return sum(not isinstance(each, Refused) for each in found), refused


BOMB = "BEGIN:X\r\n" * 20_000
DAYS = ",".join(map(str, range(1, 367)))
HOSTILE = {
    "a long line": vcalendar(vevent(f"SUMMARY:{'x' * 5_000_000}"), GOOD),
    "a long line in pieces": vcalendar(vevent("SUMMARY:x\r\n" + " y\r\n" * 50_000), GOOD),
    "nested": vcalendar(f"BEGIN:VEVENT\r\n{BOMB}END:VEVENT", GOOD),
    "nested for ever": vcalendar(GOOD, f"BEGIN:VEVENT\r\n{BOMB}"),
    "unterminated": vcalendar("BEGIN:VEVENT\r\nSUMMARY:x\r\nDTSTART:20240115", GOOD),
    "many lines": vcalendar(vevent(*["X-A:1"] * 20_000), GOOD),
    "ends nothing": vcalendar("BEGIN:VEVENT\r\nEND:VALARM\r\nEND:VEVENT", GOOD),
    "many exceptions": vcalendar(
        vevent(
            "RRULE:FREQ=DAILY", *[f"EXDATE:{2024 + number // 400}0101T{number % 24:02}0000Z" for number in range(4000)]
        ),
        GOOD,
    ),
    "many parts": vcalendar(
        vevent("RRULE:FREQ=DAILY"),
        *(vevent(f"RECURRENCE-ID:2024{1 + n // 28:02}{1 + n % 28:02}T140000", f"SUMMARY:{n}") for n in range(330)),
        *(vevent(f"RECURRENCE-ID:2025{1 + n // 28:02}{1 + n % 28:02}T140000", f"SUMMARY:{n}") for n in range(330)),
        GOOD,
    ),
    "a rule that explodes": vcalendar(
        vevent(f"RRULE:FREQ=YEARLY;BYYEARDAY={DAYS};BYSETPOS={DAYS}"),
        GOOD,
    ),
    "a rule that never matches": vcalendar(vevent("RRULE:FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=30"), GOOD),
    "a zone that explodes": vcalendar(
        "BEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nDTSTART:19000101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0123\r\n"
        "RRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE",
        vevent("SUMMARY:x", start="DTSTART;TZID=Z:20240115T140000"),
        GOOD,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_part_costs_itself_only(name: str) -> None:
    data = HOSTILE[name].encode()
    tracemalloc.start()
    begun = process_time()
    taken, _ = rows(data)
    seconds, (_, peak) = process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken >= 1
    assert seconds < SECONDS * 4  # tracemalloc makes it slow
    assert peak < 20 * len(data) + 20_000_000


def test_components_in_one_another_are_read_to_a_depth() -> None:
    for depth, found in ((2, (2, set())), (3, (1, {"nested"})), (2000, (1, {"nested"}))):
        inner = ["BEGIN:X"] * depth + ["END:X"] * depth
        assert rows(vcalendar(vevent("SUMMARY:x", *inner), GOOD).encode()) == found


def test_a_line_of_a_hundred_megabytes_is_not_even_read() -> None:
    with serving(calendar_file_max_bytes=1024 * 1024) as api:
        home = api.department()["id"]
        line = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:" + b"x" * 100_000_000
        begun = process_time()
        answer = api.call("POST", f"/api/departments/{home}/import", line, content_type="text/calendar")
        assert code_of(answer) == (413, "too-large")
        assert process_time() - begun < SECONDS


def test_a_file_of_ten_megabytes_in_one_line_is_answered_in_time() -> None:
    begun = process_time()
    assert rows(vcalendar(vevent("SUMMARY:" + "가" * 3_400_000), GOOD).encode()) == (1, {"line-too-long"})
    assert process_time() - begun < SECONDS


def test_too_many_components_are_refused_as_a_whole() -> None:
    with pytest.raises(TooLarge):
        cut(vcalendar("BEGIN:VEVENT\r\nEND:VEVENT\r\n" * (MAX_COMPONENTS + 1)).encode())


def test_a_character_that_was_cut_costs_its_event_only(api: Api, home: str) -> None:
    broken = vcalendar(vevent("SUMMARY:회의"), GOOD).encode().replace("회의".encode(), "회의".encode()[:-1])
    report = bring(api, home, broken)
    assert counts(report) == {"created": 1, "rejected": 1}
    assert {row["reason"]["code"] for row in report["rows"] if row["reason"]} == {"characters"}
    assert [event["title"] for event in api.events(home)] == ["치과"]


def test_a_file_folded_within_a_character_is_whole(api: Api, home: str) -> None:
    data = vcalendar(vevent("SUMMARY:회의")).encode()
    at = data.index("회".encode()) + 1
    assert counts(bring(api, home, data[:at] + b"\r\n " + data[at:])) == {"created": 1}
    assert api.events(home)[0]["title"] == "회의"


@pytest.mark.parametrize("charset", ["cp949", "euc-kr", "utf-16", "utf-8-sig"])
def test_a_file_in_other_characters_is_read(api: Api, home: str, charset: str) -> None:
    data = vcalendar(vevent("SUMMARY:주간 회의", "LOCATION:본사 삼층")).encode(charset)
    assert counts(bring(api, home, data)) == {"created": 1}
    assert api.events(home)[0]["title"] == "주간 회의"
    said = bring(api, home, data, content_type=f"text/calendar; charset={charset.removesuffix('-sig')}")
    assert counts(said) == {"unchanged": 1}


def test_a_file_that_ends_in_the_middle_says_so(api: Api, home: str) -> None:
    whole = vcalendar(GOOD, vevent("SUMMARY:둘", uid="2"))
    report = bring(api, home, whole[: whole.index("SUMMARY:둘")])
    assert report["complete"] is False
    assert counts(report) == {"created": 1, "rejected": 1}
    assert bring(api, home, whole)["complete"] is True


def test_no_line_can_end_its_component(api: Api, home: str) -> None:
    for number, separator in enumerate(("\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\\n", "\r")):
        smuggled = vevent(f"X-A:1{separator}END:VEVENT", f"SUMMARY:a{separator}END:VEVENT", uid=str(number))
        bring(api, home, vcalendar(smuggled))
    exported = api.get(f"/api/departments/{home}/export").data
    assert exported.count(b"BEGIN:VEVENT") == exported.count(b"\r\nEND:VEVENT\r\n")
    assert set(counts(bring(api, home, exported))) == {"unchanged"}


pieces = st.sampled_from(
    [
        *(
            "BEGIN:VEVENT",
            "END:VEVENT",
            "BEGIN:VALARM",
            "END:VALARM",
            "BEGIN:VCALENDAR",
            "END:VCALENDAR",
            "BEGIN:VTIMEZONE",
        ),
        *(
            "UID:1",
            "UID:2",
            "DTSTART:20240115T100000Z",
            "DTSTART;VALUE=DATE:20240115",
            "DTSTART;TZID=X:20240115T1",
            "DTEND:2024",
        ),
        *(
            "RRULE:FREQ=WEEKLY",
            "RRULE:FREQ=",
            "RRULE:UNTIL=99999999",
            "EXDATE:",
            "EXDATE;TZID=Q:20240115T100000,20240116",
        ),
        *(
            "RECURRENCE-ID:20240122T100000Z",
            "RECURRENCE-ID;VALUE=DATE:20240122",
            "RDATE;VALUE=PERIOD:20240115T100000Z/PT1H",
        ),
        *(
            "DURATION:PT1H",
            "DURATION:-P999999999D",
            "SEQUENCE:x",
            "SEQUENCE:99999999999999",
            "SUMMARY",
            "SUMMARY:",
            ";:",
            ":",
        ),
        *(
            'SUMMARY;LANGUAGE="ko:x',
            "CATEGORIES:,,a,\\,",
            "COLOR:red",
            "X-DAYROOM-COLOR:nope",
            "X-DAYROOM-TIMEZONE:../x",
            " 접힌",
        ),
        *(
            "LAST-MODIFIED:00010101T000000Z",
            "CREATED:99991231T235959Z",
            "DTSTART:99991231T235959Z",
            "URL:javascript:x",
            "ATTACH:",
        ),
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(pieces | st.text(max_size=12), max_size=25), st.binary(max_size=6), st.integers(0, 60))
def test_any_file_is_answered(lines: list[str], noise: bytes, at: int) -> None:
    data = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines]).encode("utf-8", "replace")
    try:
        rows(data[:at] + noise + data[at:])
        rows(data)
    except Malformed:
        return
