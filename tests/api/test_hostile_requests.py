"""Whatever arrives, the answer is a problem with the right status, and never the server's own fault.

`Api.call` checks the manners of every error: `application/problem+json`, its members, no internal names.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import pytest

from tests.in_process import Api, Json, code_of, faults_of, json_of, serving


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    """Yield one server for all of it: nothing that is refused leaves a trace."""
    with serving() as served:
        yield served


@pytest.fixture(scope="module")
def department(api: Api) -> Json:
    return api.department("연구개발팀")


@pytest.fixture(scope="module")
def home(department: Json) -> str:
    return str(department["id"])


@pytest.fixture(autouse=True)
def trace(api: Api, home: str) -> Iterator[None]:
    """Checks that nothing was written, but what a test removes again."""
    before = json_of(api.get(DEPARTMENTS)), api.events(home)
    yield
    assert (json_of(api.get(DEPARTMENTS)), api.events(home)) == before


NOWHERE: Final = "00000000-0000-4000-8000-000000000000"
DEPARTMENTS: Final = "/api/departments"
BRACKETS: Final = "[" * 100_000
BIG: Final = json.dumps({"name": "가", "description": "x" * 5_000_000})

MALFORMED: Final = {
    "nothing": b"",
    "a brace": b"{",
    "a trailing comma": b'{"name": "a",}',
    "single quotes": b"{'name': 'a'}",
    "two values": b"{} {}",
    "brackets": BRACKETS.encode(),
    "brackets that close": (BRACKETS + "]" * 100_000).encode(),
    "braces": ('{"a":' * 100_000).encode(),
    "a nested member": ('{"name": ' + BRACKETS + "]" * 100_000 + "}").encode(),
    "half a character": b'{"name": "\xea\xb0"}',
    "latin 1": '{"name": "caf\xe9"}'.encode("latin-1"),
    "utf-16": '{"name": "a"}'.encode("utf-16"),
    "a byte order mark": '{"name": "a"}'.encode("utf-8-sig"),
    "a control character": b'{"name": "a\x00"}',
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "a number of 5,000 digits": b'{"name": ' + b"9" * 5000 + b"}",
    "binary": bytes(range(256)),
    "html": b"<html></html>",
}

NO_OBJECT: Final[list[Any]] = [None, True, 0, -1.5, "", "개발팀", [], [{}], [["name", "a"]]]

NO_TEXT: Final[list[Any]] = [0, 1.5, 10**400, -(2**63) - 1, True, [], ["a"], {}, {"a": {"b": [1]}}]
NO_CHARACTERS: Final = ["a\x00b", "\x1b[31m", "\ud800", "회의\udfff", "\x07"]

DEPARTMENT_FAULTS: Final[list[tuple[str, Any]]] = [
    *(("name", value) for value in [*NO_TEXT, *NO_CHARACTERS, None, "", " \u3000 ", "a\nb", "가" * 201]),
    *(("description", value) for value in [*NO_TEXT, *NO_CHARACTERS, "x" * 20_001]),
    *(("color", value) for value in [*NO_TEXT, *NO_CHARACTERS, "red", "#12345", "#gggggg", "javascript:1"]),
    *(("timezone", value) for value in [*NO_TEXT, *NO_CHARACTERS, "Seoul", "../../etc/passwd", "asia/seoul", "GMT+9"]),
    *(("id", value) for value in [*NO_TEXT, *NO_CHARACTERS, "1", "directory", "../x", "x" * 5000]),
]
EVENT_FAULTS: Final[list[tuple[str, Any]]] = [
    *(("title", value) for value in [*NO_TEXT, *NO_CHARACTERS, None, "", "가" * 201]),
    *(("event_date", value) for value in [*NO_TEXT, *NO_CHARACTERS, None, "", "2024-02-30", "2024-1-5", "20240115"]),
    *(("event_date", value) for value in ["2024-W03-1", "0000-01-01", "99999-01-01", "٢٠٢٤-٠١-١٥", "9999-12-31"]),
    *(("end_date", value) for value in [*NO_TEXT, *NO_CHARACTERS, "2024-01-14", "2025-01-15", "tomorrow"]),
    *(("start_time", value) for value in [*NO_TEXT, *NO_CHARACTERS, "24:00", "9:00", "25:00", "오후 2:00", "٠٩:٠٠"]),
    *(("end_time", value) for value in [*NO_TEXT, *NO_CHARACTERS, "24:01", "10:60"]),
    *(("time", value) for value in [*NO_TEXT, *NO_CHARACTERS, "x" * 201]),
    *(("timezone", value) for value in [*NO_TEXT, *NO_CHARACTERS, "Mars/Olympus"]),
    *(("recurrence", value) for value in [0, "FREQ=DAILY", [1], {"rrule": "FREQ=HOURLY"}]),
    *(("description", value) for value in [*NO_TEXT, *NO_CHARACTERS, "x" * 20_001]),
    *(("location", value) for value in [*NO_TEXT, *NO_CHARACTERS, "x" * 501]),
    *(("url", value) for value in [*NO_TEXT, *NO_CHARACTERS, "javascript:alert(1)", "ftp://a", "http://", "//a/b"]),
    *(("url", value) for value in ["https://a b", "http://[::1", "http://a:99999/", "https://" + "a" * 2048]),
    *(("color", value) for value in [*NO_TEXT, *NO_CHARACTERS, "red"]),
    *(("category", value) for value in [*NO_TEXT, *NO_CHARACTERS, "x" * 51]),
    *(("tags", value) for value in [0, True, "a", {}, {"a": 1}, ["a"] * 21, [1], [None], [""], [["a"]], ["x" * 51]]),
    *(("tags", [value]) for value in NO_CHARACTERS),
    *(("id", value) for value in [*NO_TEXT, *NO_CHARACTERS, "not-a-uuid"]),
]


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_json_is_malformed(api: Api, body: bytes) -> None:
    for method, path in [
        ("POST", DEPARTMENTS),
        ("PUT", f"{DEPARTMENTS}/{NOWHERE}"),
        ("PATCH", f"/api/events/{NOWHERE}"),
    ]:
        assert code_of(api.call(method, path, body)) == (400, "malformed")


@pytest.mark.parametrize("body", NO_OBJECT, ids=repr)
def test_a_body_that_is_no_object_is_refused(api: Api, home: str, body: Any) -> None:
    for method, path in [("POST", DEPARTMENTS), ("POST", f"/api/events/{home}"), ("PATCH", f"{DEPARTMENTS}/{home}")]:
        assert faults_of(api.call(method, path, json.dumps(body))) == {"": "type"}


def short(value: Any) -> str:
    return ascii(value)[:24]


@pytest.mark.parametrize(("member", "value"), DEPARTMENT_FAULTS, ids=short)
def test_every_member_of_a_department_is_read_strictly(api: Api, department: Json, member: str, value: Any) -> None:
    sent = {"name": "인사팀", member: value}
    assert only_at(member, faults_of(api.post(DEPARTMENTS, json.dumps(sent))))
    if member != "id":
        for call in (api.put, api.patch):
            assert only_at(member, faults_of(call(f"{DEPARTMENTS}/{department['id']}", json.dumps({member: value}))))


@pytest.mark.parametrize(("member", "value"), EVENT_FAULTS, ids=short)
def test_every_member_of_an_event_is_read_strictly(api: Api, home: str, member: str, value: Any) -> None:
    there = api.event(home, title="그대로")
    sent = {"title": "회의", "event_date": "2024-01-15", member: value}
    assert only_at(member, faults_of(api.post(f"/api/events/{home}", json.dumps(sent))))
    if member != "id":
        assert only_at(member, faults_of(api.patch(f"/api/events/{there['id']}", json.dumps({member: value}))))
    assert api.events(home) == [there]
    assert api.delete(f"/api/events/{there['id']}").status_code == 204


def only_at(member: str, faults: dict[str, str]) -> bool:
    return bool(faults) and all(f"{pointer}/".startswith(f"/{member}/") for pointer in faults)


def test_all_faults_are_told_at_once(api: Api, home: str) -> None:
    sent = {"title": "", "event_date": "2024-02-30", "color": "red", "tags": ["a", 1], "nonsense": 1}
    assert faults_of(api.post(f"/api/events/{home}", sent)).keys() == {
        "/title",
        "/event_date",
        "/color",
        "/tags/1",
        "/nonsense",
    }


@pytest.mark.parametrize(
    "name", ["x", "Name", "name ", "__proto__", "constructor", "", "a/b~c", "\x00", "\ud800", "이름", "$where"]
)
def test_unknown_members_are_refused_by_name(api: Api, department: Json, name: str) -> None:
    pointer = "/" + name.replace("~", "~0").replace("/", "~1").replace("\ud800", "?")
    for answer in (
        api.post(DEPARTMENTS, json.dumps({"name": "a", name: 1})),
        api.put(f"{DEPARTMENTS}/{department['id']}", json.dumps({name: 1})),
        api.post(f"/api/events/{department['id']}", json.dumps({"title": "a", "event_date": "2024-01-15", name: {}})),
    ):
        assert faults_of(answer) == {pointer: "unknown"}


def test_ten_thousand_unknown_members_are_one_answer(api: Api) -> None:
    answer = api.post(DEPARTMENTS, json.dumps({f"m{number}": number for number in range(10_000)}))
    assert code_of(answer) == (422, "validation")


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "application/xml", "multipart/form-data", "", "a"])
def test_another_content_type_is_415(api: Api, home: str, content_type: str) -> None:
    for method, path in [("POST", DEPARTMENTS), ("POST", f"/api/events/{home}"), ("PUT", f"{DEPARTMENTS}/{home}")]:
        answer = api.call(method, path, b'{"name": "a"}', content_type=content_type)
        assert code_of(answer) == (415, "unsupported-media-type")


def test_a_form_is_415(api: Api) -> None:
    assert code_of(api.call("POST", DEPARTMENTS, data={"name": "a"})) == (415, "unsupported-media-type")


def test_no_body_at_all_is_an_empty_object(api: Api, home: str) -> None:
    assert faults_of(api.call("POST", DEPARTMENTS)) == {"/name": "required"}
    assert api.call("PUT", f"{DEPARTMENTS}/{home}").status_code == 200


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_is_taken_however_it_is_called(api: Api, content_type: str) -> None:
    made = api.call("POST", DEPARTMENTS, b'{"name": "a"}', content_type=content_type)
    assert made.status_code == 201
    assert api.delete(f"{DEPARTMENTS}/{json_of(made)['id']}").status_code == 204


@pytest.mark.parametrize("path", [DEPARTMENTS, "/api/events/{home}"])
def test_a_body_of_5_mb_is_413(api: Api, home: str, path: str) -> None:
    assert code_of(api.post(path.format(home=home), BIG)) == (413, "too-large")


def test_a_body_of_5_mb_in_chunks_is_413(api: Api) -> None:
    environ = {
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_LENGTH": "",
        "wsgi.input": BytesIO(BIG.encode()),
    }
    answer = api.call("POST", DEPARTMENTS, content_type="application/json", environ_overrides=environ)
    assert code_of(answer) == (413, "too-large")


UNKNOWN: Final = [
    "/api",
    "/api/",
    "/api/nonsense",
    "/api/department",
    "/api/departments/a/b/c",
    "/api/events",
    "/api/events/a/b/c/d",
    "/API/departments",
    "/%00",
    "/%ff%fe",
    "/..%2f..%2fetc/passwd",
    "/static/../backend/app.py",
    "/static/%2e%2e/backend/app.py",
    "/static/nothing.js",
    "/wp-login.php",
    "/한글",
    "/api//departments",
]


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_an_unknown_address_is_404(api: Api, method: str, path: str) -> None:
    assert api.call(method, path, b"{}" if method != "GET" else None).status_code in (
        {404} if method == "GET" else {404, 405}
    )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", DEPARTMENTS, {"GET", "POST"}),
        ("PUT", DEPARTMENTS, {"GET", "POST"}),
        ("POST", f"{DEPARTMENTS}/{NOWHERE}", {"GET", "PUT", "PATCH", "DELETE"}),
        ("POST", f"{DEPARTMENTS}/{NOWHERE}/changes", {"GET"}),
        ("PUT", f"/api/events/{NOWHERE}/{NOWHERE}", {"GET"}),
        ("TRACE", DEPARTMENTS, {"GET", "POST"}),
        ("PROPFIND", "/api/events/x", {"GET", "POST", "PUT", "PATCH", "DELETE"}),
        ("BREW", "/", {"GET"}),
        ("POST", "/openapi.json", {"GET"}),
    ],
)
def test_an_unknown_method_is_405_and_says_what_is_possible(
    api: Api, method: str, path: str, allowed: set[str]
) -> None:
    answer = api.call(method, path)
    assert code_of(answer) == (405, "method-not-allowed")
    assert {name.strip() for name in answer.headers["Allow"].split(",")} >= allowed


STRANGE_IDS: Final = [
    "x",
    "0",
    "-1",
    "null",
    "undefined",
    "%00",
    "%ff",
    "%ED%A0%80",
    "%F0%9F%98%80",
    "한글",
    "a%20b",
    "'%20OR%201=1--",
    "%25",
    "..",
    "DIRECTORY%00",
    "x" * 3000,
    "%F0%9F%98%80" * 700,
    NOWHERE,
    NOWHERE + "0",
    NOWHERE.replace("0", "g"),
]


@pytest.mark.parametrize("strange", STRANGE_IDS, ids=short)
def test_an_id_that_nothing_has_is_404(api: Api, home: str, strange: str) -> None:
    event = {"title": "a", "event_date": "2024-01-15"}
    assert code_of(api.get(f"{DEPARTMENTS}/{strange}")) == (404, "not-found")
    assert code_of(api.get(f"{DEPARTMENTS}/{strange}/changes")) == (404, "not-found")
    assert code_of(api.get(f"{DEPARTMENTS}/{strange}/changes?since=latest")) == (404, "not-found")
    assert code_of(api.put(f"{DEPARTMENTS}/{strange}", {"name": "a"})) == (404, "not-found")
    assert code_of(api.delete(f"{DEPARTMENTS}/{strange}")) == (404, "not-found")
    assert code_of(api.get(f"/api/events/{strange}")) == (404, "not-found")
    assert code_of(api.post(f"/api/events/{strange}", event)) == (404, "not-found")
    assert code_of(api.put(f"/api/events/{strange}", {"title": "b"})) == (404, "not-found")
    assert code_of(api.delete(f"/api/events/{strange}")) == (404, "not-found")
    assert code_of(api.get(f"/api/events/{home}/{strange}")) == (404, "not-found")
    assert code_of(api.get(f"/api/events/{strange}/{home}")) == (404, "not-found")


def test_the_directory_is_a_log_and_no_department(api: Api, home: str) -> None:
    assert api.get(f"{DEPARTMENTS}/directory/changes").status_code == 200
    assert api.get(f"{DEPARTMENTS}/directory").status_code == 404
    assert api.get("/api/events/directory").status_code == 404
    assert api.post("/api/events/directory", {"title": "a", "event_date": "2024-01-15"}).status_code == 404
    assert api.delete(f"{DEPARTMENTS}/directory").status_code == 404
    assert len(api.changes("directory")["changes"]) == 1  # the department that is there


def cursor(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


BAD_CURSORS: Final = [
    "x",
    "%00",
    "%ff",
    "===",
    "한글",
    "a" * 3000,
    cursor(None),
    cursor([]),
    cursor(["2024-01-15"]),
    cursor(["2024-01-15", 1]),
    cursor(["a", "b", "c", "d", "e"]),
    cursor({"0": "a", "1": "b"}),
    cursor(["", ""]),
    cursor(["", "x"]),
    cursor(["\ud800", "x"]),
    cursor(["2024-01-15", "\udfff"]),
    cursor(["x" * 1100, "x"]),
    urlsafe_b64encode(b"\xff\xfe").decode(),
    urlsafe_b64encode(b"[" * 1000).decode(),
]
BAD_LIMITS: Final = ["0", "-1", "5001", "1.5", "1e3", "a", "", "%00", "٣", "9" * 400, "0x10", "1%20"]


@pytest.mark.parametrize("bad", BAD_CURSORS, ids=short)
def test_a_cursor_that_was_never_given_is_422(api: Api, home: str, bad: str) -> None:
    for path in (DEPARTMENTS, f"/api/events/{home}", f"{DEPARTMENTS}/{home}/changes"):
        answer = api.get(f"{path}?cursor={bad}")
        assert faults_of(answer).keys() == {"/cursor"}


@pytest.mark.parametrize(
    "parts", [["e:1", "a", "b"], ["x", "2024", "b"], ["\ud800:1", "a", "b"], ["e:1", "\ud800", "b"]], ids=ascii
)
def test_a_forged_cursor_of_a_snapshot_is_no_fault_of_the_server(api: Api, home: str, parts: list[str]) -> None:
    for forged in (parts, ["e:1", "0" * 16, *parts[1:]], [parts[0], parts[1], *parts[1:]]):
        assert api.get(f"{DEPARTMENTS}/{home}/changes?cursor={cursor(forged)}").status_code in {410, 422}


@pytest.mark.parametrize("bad", BAD_LIMITS, ids=short)
def test_a_limit_that_is_none_is_422(api: Api, home: str, bad: str) -> None:
    for path in (DEPARTMENTS, f"/api/events/{home}", f"{DEPARTMENTS}/{home}/changes"):
        assert faults_of(api.get(f"{path}?limit={bad}")) == {"/limit": "limit"}


BAD_POSITIONS: Final = [
    "x",
    "0",
    ":",
    "a:",
    ":1",
    "a:-1",
    "a:1.5",
    "a:٣",
    "a:" + "9" * 30,
    "a b:1",
    "%00:1",
    "%ff",
    "é:1",
]


@pytest.mark.parametrize("bad", [*BAD_POSITIONS, "a" * 65 + ":1", "a" * 3000, "Latest", "a:1:x"], ids=short)
def test_a_position_that_is_none_is_422(api: Api, home: str, bad: str) -> None:
    for log in (home, "directory"):
        assert faults_of(api.get(f"{DEPARTMENTS}/{log}/changes?since={bad}")).keys() == {"/since"}


@pytest.mark.parametrize("blank", ["", "%20", "%00"])
def test_an_empty_position_is_not_taken_for_none(api: Api, home: str, blank: str) -> None:
    assert faults_of(api.get(f"{DEPARTMENTS}/{home}/changes?since={blank}")).keys() == {"/since"}


BAD_DATES: Final = [
    "today",
    "2024-13-01",
    "2024-02-30",
    "20240115",
    "2024-1-1",
    "2024-01-15T00:00:00Z",
    "%00",
    "%ff",
    "٢",
]


@pytest.mark.parametrize("bad", BAD_DATES)
def test_a_date_that_does_not_exist_is_422(api: Api, home: str, bad: str) -> None:
    assert faults_of(api.get(f"/api/events/{home}?from={bad}")) == {"/from": "date"}
    assert faults_of(api.get(f"/api/events/{home}?to={bad}")) == {"/to": "date"}


def test_a_range_that_ends_before_it_begins_is_422(api: Api, home: str) -> None:
    assert faults_of(api.get(f"/api/events/{home}?from=2024-01-16&to=2024-01-15")) == {"/to": "order"}


@pytest.mark.parametrize("query", ["q=" + "가" * 201, "q=%00", "q=a%0Ab"], ids=short)
def test_words_that_cannot_be_searched_are_422(api: Api, home: str, query: str) -> None:
    assert faults_of(api.get(f"/api/events/{home}?{query}")).keys() == {"/q"}


@pytest.mark.parametrize(
    "query", ["x=1", "limit=1&limit=x", "from=&to=&q=&cursor=", "%ff=%ff", "&&&", "=", "a=" + "b" * 8000], ids=short
)
def test_a_strange_query_is_no_fault_of_the_server(api: Api, home: str, query: str) -> None:
    for path in (DEPARTMENTS, f"/api/events/{home}", f"{DEPARTMENTS}/{home}/changes", "/", "/docs", "/healthz"):
        assert api.get(f"{path}?{query}").status_code in {200, 422}


@pytest.mark.parametrize("name", ["%00", "%ff", "a" * 6000, "한" * 1500, "", "%20"], ids=short)
def test_a_name_that_no_department_has_finds_nothing(api: Api, department: Json, name: str) -> None:
    assert json_of(api.get(f"{DEPARTMENTS}?name={name}")) == []


BAD_HEADERS: Final = [
    ("X-Actor", "%ff"),
    ("X-Actor", "%ED%A0%80"),
    ("X-Actor", "%00"),
    ("X-Actor", "%0Aa"),
    ("X-Actor", "a" * 201),
    ("X-Actor", "%EA%B0%80" * 201),
    ("X-Actor", "\xff\xfe"),
    ("X-Device-Id", "a" * 65),
    ("X-Device-Id", "a\x7fb"),
    ("Idempotency-Key", "a" * 256),
    ("Idempotency-Key", '""'),
    ("Idempotency-Key", "a\x01b"),
]


@pytest.mark.parametrize(("header", "value"), BAD_HEADERS, ids=short)
def test_a_header_that_cannot_be_kept_is_422_by_its_name(api: Api, header: str, value: str) -> None:
    answer = api.call("POST", DEPARTMENTS, {"name": "a"}, {header: value})
    assert faults_of(answer).keys() == {f"/{header}"}


LONG: Final = "a" * 60_000


@pytest.mark.parametrize(
    "header",
    ["If-Match", "If-None-Match", "X-Request-Id", "X-Actor", "X-Device-Id", "Idempotency-Key", "Cookie", "X-Foo"],
)
@pytest.mark.parametrize("value", [LONG, '"' * 20_000, " " * 8_000 + "x", '"a" ' * 8_000, "," * 20_000], ids=short)
def test_overlong_headers_are_no_fault_of_the_server(api: Api, home: str, header: str, value: str) -> None:
    read = api.call("GET", f"{DEPARTMENTS}/{home}", headers={header: value})
    written = api.call("PUT", f"{DEPARTMENTS}/{home}", {"color": None}, {header: value})
    assert read.status_code in {200, 400, 422}
    assert written.status_code in {200, 400, 412, 422}


@pytest.mark.parametrize(
    "host", ["", "a b", "\xff", "[::1", "evil.example/x", "a" * 5000, "a:b:c", 'a"b', "a\\b"], ids=short
)
def test_a_strange_host_is_turned_away(api: Api, host: str) -> None:
    for method, path, body in [("GET", DEPARTMENTS, None), ("POST", DEPARTMENTS, {"name": "a"}), ("GET", "/", None)]:
        assert code_of(api.call(method, path, body, {"Host": host})) == (403, "forbidden")


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "9" * 30, ""])
def test_a_strange_content_length_is_no_fault_of_the_server(api: Api, length: str) -> None:
    answer = api.call("POST", DEPARTMENTS, b'{"name": "a"}', environ_overrides={"CONTENT_LENGTH": length})
    assert answer.status_code in {201, 400, 413}
    if answer.status_code == 201:
        assert api.delete(f"{DEPARTMENTS}/{json_of(answer)['id']}").status_code == 204
