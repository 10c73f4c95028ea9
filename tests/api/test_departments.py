"""Departments over REST (contract, section 2; entity tags of section 6)."""

from __future__ import annotations

import threading
import unicodedata

import pytest

from backend.repositories.sqlite import SQLiteDatabase
from tests.changelog.scripted import ScriptedDatabase
from tests.in_process import Api, Clock, Json, code_of, faults_of, json_of, made, serving, uuid

DEPARTMENTS = "/api/departments"


def path_of(department: Json) -> str:
    return f"{DEPARTMENTS}/{department['id']}"


def test_a_department_is_created_as_it_is_shown_from_then_on(api: Api, clock: Clock) -> None:
    answer = api.post(
        DEPARTMENTS, {"name": " 개발팀 ", "description": "본사\n3층", "color": "#1A73E8", "timezone": "UTC"}
    )
    department = made(answer)
    at = "2024-01-15T00:00:00.000Z"
    assert department == {
        "id": department["id"],
        "name": "개발팀",
        "description": "본사\n3층",
        "color": "#1a73e8",
        "timezone": "UTC",
        "created_at": at,
        "updated_at": at,
        "version": 1,
    }
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"http://localhost{path_of(department)}"
    clock.advance(hours=1)
    shown = api.get(path_of(department))
    assert json_of(shown) == department
    assert shown.headers["ETag"] == '"1"'
    assert json_of(api.get(DEPARTMENTS)) == [department]


def test_only_a_name_is_needed(api: Api) -> None:
    department = api.department("총무팀")
    assert department["timezone"] == "Asia/Seoul"
    assert department["description"] is department["color"] is None
    assert faults_of(api.post(DEPARTMENTS, {})) == {"/name": "required"}


def test_the_default_zone_is_a_setting() -> None:
    with serving(default_timezone="Europe/Berlin") as api:
        assert api.department("Büro")["timezone"] == "Europe/Berlin"


def test_a_location_leads_through_the_proxy() -> None:
    with serving(public_url="https://calendar.example.com") as api:
        answer = api.post(DEPARTMENTS, {"name": "가", "id": uuid(1)})
        assert answer.headers["Location"] == f"https://calendar.example.com/api/departments/{uuid(1)}"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_absent_members_stay_and_null_clears(api: Api, clock: Clock, method: str) -> None:
    department = api.department("개발팀", description="본사", color="#123456", timezone="UTC")
    clock.advance(minutes=1)
    answer = api.call(method, path_of(department), {"color": None, "timezone": None})
    expected = {**department, "color": None, "timezone": "Asia/Seoul", "version": 2}
    assert json_of(answer) == {**expected, "updated_at": "2024-01-15T00:01:00.000Z"}
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"2"'
    assert "Location" not in answer.headers


@pytest.mark.parametrize("sent", [{}, {"name": "개발팀"}, {"name": " 개발팀 ", "color": ""}, {"description": None}])
def test_a_change_of_nothing_makes_no_version(api: Api, clock: Clock, sent: Json) -> None:
    department = api.department("개발팀")
    before = api.changes("directory", "since=latest")
    clock.advance(days=1)
    answer = api.put(path_of(department), sent)
    assert (answer.status_code, json_of(answer)) == (200, department)
    assert answer.headers["X-Position"] == before["position"]
    assert api.changes("directory", "since=latest") == before


def test_what_was_received_can_be_sent_back(api: Api) -> None:
    department = api.department("개발팀")
    back = {**department, "change": {"seq": 1}, "merged": {"kept": []}, "version": 99, "created_at": "x"}
    assert json_of(api.put(path_of(department), back)) == department
    assert json_of(api.put(path_of(department), {**back, "name": "연구팀", "id": uuid(9)}))["version"] == 2
    again = {name: value for name, value in back.items() if name != "id"}
    assert made(api.post(DEPARTMENTS, {**again, "name": "총무팀"}))["version"] == 1


def test_a_deleted_department_is_gone_with_its_events_at_once(api: Api, department: Json, home: str) -> None:
    event = api.event(home)
    position = api.delete(path_of(department))
    assert (position.status_code, position.data) == (204, b"")
    head = api.changes("directory", "since=latest")["position"]
    assert position.headers["X-Position"] == head
    for answer in (
        api.get(path_of(department)),
        api.put(path_of(department), {"color": "#123456"}),
        api.delete(path_of(department)),
        api.get(f"/api/events/{home}"),
        api.get(f"/api/events/{home}/{event['id']}"),
        api.post(f"/api/events/{home}", {"title": "회의", "event_date": "2024-01-15"}),
        api.put(f"/api/events/{event['id']}", {"title": "바뀜"}),
        api.delete(f"/api/events/{event['id']}"),
        api.get(f"{path_of(department)}/changes"),
        api.get(f"{path_of(department)}/changes?since=latest"),
    ):
        assert code_of(answer) == (404, "not-found")
    assert json_of(api.get(DEPARTMENTS)) == []


# Names


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("개발팀", "개발팀"),
        ("개발팀", " 개발팀 "),
        ("개발팀", unicodedata.normalize("NFD", "개발팀")),
        ("Sales", "SALES"),
        ("straße", "STRASSE"),
        ("Ångström", "a\u030angstro\u0308m"),
        ("\u0390", "\u03aa\u0301"),
    ],
)
def test_a_name_is_taken_whatever_its_case_and_composition(api: Api, first: str, second: str) -> None:
    department, other = api.department(first), api.department("다른 팀")
    assert code_of(api.post(DEPARTMENTS, {"name": second})) == (409, "name-taken")
    assert code_of(api.put(path_of(other), {"name": second})) == (409, "name-taken")
    assert {each["id"] for each in json_of(api.get(DEPARTMENTS))} == {department["id"], other["id"]}
    assert json_of(api.get(path_of(other))) == other


def test_a_department_may_write_its_own_name_otherwise(api: Api) -> None:
    department = api.department("sales")
    assert json_of(api.put(path_of(department), {"name": "Sales"}))["version"] == 2
    assert code_of(api.post(DEPARTMENTS, {"name": "SALES"})) == (409, "name-taken")


def test_a_name_is_free_after_a_deletion_or_another_name(api: Api) -> None:
    first = api.department("개발팀")
    api.delete(path_of(first))
    second = api.department("개발팀")
    assert second["id"] != first["id"]
    api.put(path_of(second), {"name": "연구팀"})
    third = api.department("개발팀")
    assert code_of(api.put(path_of(third), {"name": "연구팀"})) == (409, "name-taken")
    assert [each["name"] for each in json_of(api.get(DEPARTMENTS))] == ["개발팀", "연구팀"]


def test_names_can_be_exchanged_by_a_third(api: Api) -> None:
    first, second = api.department("가"), api.department("나")
    for department, name in [(first, "임시"), (second, "가"), (first, "나")]:
        assert api.put(path_of(department), {"name": name}).status_code == 200
    assert [each["id"] for each in json_of(api.get(DEPARTMENTS))] == [second["id"], first["id"]]


def test_of_fifty_who_create_one_name_at_once_one_wins(api: Api) -> None:
    statuses: list[int] = []

    def create() -> None:
        statuses.append(Api(api.dayroom).post(DEPARTMENTS, {"name": "개발팀"}).status_code)

    together([create] * 50)
    assert sorted(statuses) == [201] + [409] * 49
    assert len(json_of(api.get(DEPARTMENTS))) == 1


def test_text_comes_back_composed_and_otherwise_untouched(api: Api) -> None:
    text = "한글 テスト 🎉👩‍👩‍👧 ﷽ \u200f"
    department = api.department("가", description=unicodedata.normalize("NFD", text))
    assert department["description"] == unicodedata.normalize("NFC", text)
    assert made(api.post(DEPARTMENTS, {"name": unicodedata.normalize("NFD", "각하")}))["name"] == "각하"


# Lists


def test_departments_are_listed_by_name(api: Api) -> None:
    for name in ("나", "b", "가", "A", "C", "1팀"):
        api.department(name)
    listed = api.get(DEPARTMENTS)
    assert [each["name"] for each in json_of(listed)] == ["1팀", "A", "b", "C", "가", "나"]
    assert listed.headers["X-Position"] == api.changes("directory", "since=latest")["position"]


def test_one_department_is_found_by_its_exact_name(api: Api) -> None:
    department = api.department("Sales 영업팀")
    api.department("Sales 영업팀 2")
    nfd = unicodedata.normalize("NFD", "Sales 영업팀")
    for name in ("Sales 영업팀", nfd):
        assert json_of(api.client.get(DEPARTMENTS, query_string={"name": name})) == [department]
    for name in ("sales 영업팀", "Sales", "영업팀", "Sales 영업팀 "):
        assert json_of(api.client.get(DEPARTMENTS, query_string={"name": name})) == [], name
    api.delete(path_of(department))
    assert json_of(api.client.get(DEPARTMENTS, query_string={"name": "Sales 영업팀"})) == []


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_a_department_that_goes_while_it_is_found_is_there_or_not(moment: int) -> None:
    database = ScriptedDatabase(SQLiteDatabase(":memory:"))
    with serving(database) as api:
        department = api.department("개발팀")
        looks = iter(range(1, 100))

        def go() -> None:
            if next(looks) == moment:
                database.before_get = lambda: None
                assert api.delete(path_of(department)).status_code == 204

        database.before_get = go
        found = json_of(api.client.get(DEPARTMENTS, query_string={"name": "개발팀"}))
        assert database.before_get is not go, "the department went meanwhile"
        assert found in ([], [department])


def test_pages_of_departments_are_whole_and_without_doubles(api: Api) -> None:
    names = sorted(f"{number:02} 팀" for number in range(23))
    for name in names:
        api.department(name)
    found: list[str] = []
    link: str | None = f"{DEPARTMENTS}?limit=5"
    while link:
        answer = api.get(link)
        page = json_of(answer)
        assert 0 < len(page) <= 5
        found += [each["name"] for each in page]
        link = next_of(answer.headers.get("Link"))
    assert found == names


def next_of(link: str | None) -> str | None:
    if link is None:
        return None
    assert link.endswith('>; rel="next"')
    return link[1:].partition(">")[0].removeprefix("http://localhost")


# Ids


def test_a_repeated_creation_with_an_id_answers_with_what_is_there(api: Api) -> None:
    sent = {"id": uuid(1), "name": "개발팀", "color": "#ABC"}
    first = api.post(DEPARTMENTS, sent)
    assert made(first)["id"] == uuid(1)
    again = api.post(DEPARTMENTS, {**sent, "id": uuid(1).upper(), "name": "개발팀 ", "description": ""})
    assert (again.status_code, json_of(again)) == (200, json_of(first))
    assert len(api.changes("directory")["changes"]) == 1


def test_an_id_with_other_content_is_taken(api: Api) -> None:
    made(api.post(DEPARTMENTS, {"id": uuid(1), "name": "개발팀"}))
    assert code_of(api.post(DEPARTMENTS, {"id": uuid(1), "name": "개발팀", "color": "#123456"})) == (409, "id-taken")
    assert code_of(api.post(DEPARTMENTS, {"id": uuid(1), "name": "총무팀"})) == (409, "id-taken")
    api.delete(f"{DEPARTMENTS}/{uuid(1)}")
    assert code_of(api.post(DEPARTMENTS, {"id": uuid(1), "name": "개발팀"})) == (409, "id-taken")


def test_an_id_is_read_however_it_is_written(api: Api) -> None:
    department = made(api.post(DEPARTMENTS, {"id": uuid(0xABC).upper(), "name": "개발팀"}))
    assert department["id"] == uuid(0xABC)
    for text in (uuid(0xABC).upper(), uuid(0xABC).replace("-", "")):
        assert json_of(api.get(f"{DEPARTMENTS}/{text}")) == department
        assert api.get(f"/api/events/{text}").status_code == 200
    assert api.changes(uuid(0xABC).upper())["log"] == uuid(0xABC)


# Entity tags


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"7", "1"', "*", '"a" , W/"1"'])
def test_who_has_the_version_is_told_304(api: Api, department: Json, tag: str) -> None:
    answer = api.get(path_of(department), If_None_Match=tag)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["X-Request-Id"]


@pytest.mark.parametrize("tag", ['"2"', '"11"', "1", '""', "", "W/1"])
def test_who_has_another_version_is_shown_this_one(api: Api, department: Json, tag: str) -> None:
    answer = api.get(path_of(department), If_None_Match=tag)
    assert (answer.status_code, json_of(answer)) == (200, department)


@pytest.mark.parametrize("tag", ['"2"', 'W/"1"', '"a"', "1", '"1', '""', "x", '"2", W/"1"'])
def test_another_tag_is_412_with_the_department_as_it_is(api: Api, department: Json, tag: str) -> None:
    for answer in (
        api.put(path_of(department), {"color": "#123456"}, If_Match=tag),
        api.patch(path_of(department), {}, If_Match=tag),
        api.delete(path_of(department), If_Match=tag),
    ):
        assert code_of(answer) == (412, "precondition-failed")
        assert json_of(answer)["current"] == department
    assert json_of(api.get(path_of(department))) == department


@pytest.mark.parametrize("tag", ['"1"', "*", '"7", "1"', ' "1" '])
def test_the_tag_that_is_there_lets_a_change_through(api: Api, department: Json, tag: str) -> None:
    assert json_of(api.put(path_of(department), {"color": "#123456"}, If_Match=tag))["version"] == 2
    assert api.delete(path_of(department), If_Match=tag.replace("1", "2")).status_code == 204


def test_of_two_who_edit_the_same_version_the_second_is_told(api: Api, department: Json) -> None:
    first = api.put(path_of(department), {"color": "#111111"}, If_Match='"1"')
    second = api.put(path_of(department), {"color": "#222222"}, If_Match='"1"')
    assert json_of(second)["current"] == json_of(first)
    again = api.put(path_of(department), {"color": "#222222"}, If_Match=first.headers["ETag"])
    assert json_of(again)["color"] == "#222222"


def test_a_strict_server_wants_a_tag_on_every_change() -> None:
    with serving(require_preconditions=True) as api:
        department = api.department("개발팀")
        event = api.event(department["id"])
        for path in (path_of(department), f"/api/events/{event['id']}"):
            assert code_of(api.put(path, {"color": "#123456"})) == (428, "precondition-required")
            assert code_of(api.patch(path, {})) == (428, "precondition-required")
            assert code_of(api.delete(path)) == (428, "precondition-required")
            assert api.put(path, {"color": "#123456"}, If_Match='"1"').status_code == 200
        assert api.delete(f"/api/events/{event['id']}", If_Match="*").status_code == 204
        assert api.delete(path_of(department), If_Match='"2"').status_code == 204


# Who, and which request


def test_a_writer_is_told_the_position_of_the_entry(api: Api) -> None:
    first = api.post(DEPARTMENTS, {"name": "가"})
    second = api.post(DEPARTMENTS, {"name": "나"})
    third = api.put(path_of(json_of(first)), {"color": "#123456"})
    positions = [answer.headers["X-Position"] for answer in (first, second, third)]
    assert [position.rpartition(":")[2] for position in positions] == ["1", "2", "3"]
    delta = api.changes("directory", f"since={positions[0]}")["changes"]
    assert [(change["seq"], change["id"]) for change in delta] == [
        (2, json_of(second)["id"]),
        (3, json_of(first)["id"]),
    ]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("%EA%B9%80%EB%AF%B8%EB%82%98", "김미나"),
        ("Mina%20Kim", "Mina Kim"),
        ("Mina", "Mina"),
        ("%E1%84%80%E1%85%A1", "가"),
        ("김미나".encode().decode("latin-1"), "김미나"),
        ("", None),
        ("%20", None),
    ],
)
def test_the_entry_tells_who_wrote_it(api: Api, sent: str, kept: str | None) -> None:
    api.call("POST", DEPARTMENTS, {"name": "가"}, {"X-Actor": sent, "X-Device-Id": "phone", "Idempotency-Key": '"k 1"'})
    (entry,) = delta_of(api, "directory")
    assert (entry["actor"], entry["device_id"], entry["mutation_id"]) == (kept, "phone", "k 1")


def delta_of(api: Api, log: str) -> list[Json]:
    epoch = api.changes(log, "since=latest")["position"].rpartition(":")[0]
    changes: list[Json] = api.changes(log, f"since={epoch}:0")["changes"]
    return changes


@pytest.mark.parametrize("path", [DEPARTMENTS, "/api/nothing", "/healthz", "/", "/openapi.json", "/docs"])
def test_a_request_keeps_its_own_id(api: Api, path: str) -> None:
    assert api.get(path, X_Request_Id="01HV-abc:1/2+3=._").headers["X-Request-Id"] == "01HV-abc:1/2+3=._"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 129, "<script>", "한글".encode().decode("latin-1"), 'a"b', "a\tb"])
def test_a_request_with_a_strange_id_is_given_another(api: Api, sent: str) -> None:
    answers = [api.get(DEPARTMENTS, X_Request_Id=sent) for _ in range(2)]
    given = {answer.headers["X-Request-Id"] for answer in answers}
    assert len(given) == 2
    assert sent not in given


def together(calls: list) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
