"""The OpenAPI document says what the server does: every route, every answer, every error."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import quote

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.test import TestResponse

from backend.problems import CODES, DOCUMENTATION
from tests.in_process import Api, Json, json_of, serving, uuid
from tests.sending import PNG, send

SIGNED: Final = {"/files/object", "/files/part", "/files/download"}
"""Where the folder store's signed URLs lead: clients get them whole, as they get S3's."""

NO_API: Final = {
    "/",
    "/docs",
    "/docs/problems",
    "/openapi.json",
    "/asyncapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
    "/feeds/{}.ics",
    *SIGNED,
}
"""Routes that are no part of the API, and `/static/`: for people, operators and generators."""

FILES: Final = {"text/calendar", "image/svg+xml"}
"""What bodies and answers are that are no JSON."""

HOME: Final = uuid(1)
EVENT: Final = uuid(2)

METHODS: Final = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving() as served:
        yield served


@pytest.fixture(scope="module")
def document(api: Api) -> Json:
    found: Json = json_of(api.get("/openapi.json"))
    return found


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def test_the_document_is_valid(document: Json) -> None:
    assert document["openapi"].startswith("3.1.")
    validate(document)


def test_every_route_is_in_the_document(api: Api, document: Json) -> None:
    described = {(re.sub(r"{\w+}", "{}", path), method) for path, method, _ in operations(document)}
    there = {
        (re.sub(r"<[^>]+>", "{}", rule.rule), method.lower())
        for rule in api.dayroom.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule not in NO_API and not rule.rule.startswith(("/static/", "/feeds/"))
    }
    assert described == there


def test_every_operation_has_a_name_and_a_meaning_of_its_own(document: Json) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", name) for name in names)
    assert all(operation.get("summary") for _, _, operation in operations(document))


def test_every_error_is_a_problem_by_reference(document: Json) -> None:
    for path, method, operation in operations(document):
        errors = {status: answer for status, answer in operation["responses"].items() if status[0] not in "23"}
        assert "default" in errors
        for answer in errors.values():
            shared = document["components"]["responses"][answer["$ref"].removeprefix("#/components/responses/")]
            problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
            assert shared["content"] == {"application/problem+json": problem}, (path, method)


def test_every_answer_and_body_is_a_schema_by_reference(document: Json) -> None:
    for path, method, operation in operations(document):
        bodies = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        bodies += [operation["requestBody"]] if "requestBody" in operation else []
        for body in bodies:
            if body is operation["responses"].get("204"):
                assert "content" not in body
                continue
            if body["content"].keys() & FILES:
                continue
            schema = body["content"]["application/json"]["schema"]
            assert "$ref" in schema or "$ref" in schema["items"], (path, method)


def test_generators_find_nothing_that_they_stumble_over(document: Json) -> None:
    """Generators for C# make no nullable of `oneOf: [null, …]`, and need separate schemas for writing and reading."""
    assert "oneOf" not in str(document["components"]["schemas"])
    names = set(document["components"]["schemas"])
    for entity in ("Event", "Department"):
        assert {f"{entity}Create", f"{entity}Update", f"{entity}Read"} <= names


def test_what_a_writer_may_send_besides_is_described(document: Json) -> None:
    for path, method, operation in operations(document):
        headers = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
        if method != "get":
            assert headers >= {"Idempotency-Key", "X-Actor", "X-Device-Id"}, (path, method)
        guarded = method in {"put", "patch", "delete"} or path.endswith(("events/{id}/restore", "events/{id}/move"))
        assert ("If-Match" in headers) == guarded == ({"412", "428"} <= operation["responses"].keys()), (path, method)
    queries = {
        each["name"] for each in document["paths"]["/api/events/{id}"]["get"]["parameters"] if each["in"] == "query"
    }
    assert queries >= {"from", "to", "q", "limit", "cursor"}


# Answers


def check(document: Json, path: str, method: str, answer: TestResponse) -> None:
    """Checks an answer against the schema that is described for it; members that are not described fail too."""
    described = document["paths"][path][method]["responses"]
    found = described.get(str(answer.status_code), described["default"])
    found = document["components"]["responses"][found["$ref"].rpartition("/")[2]] if "$ref" in found else found
    assert str(answer.status_code) in described, f"{answer.status_code} of {method} {path} is not described"
    if "content" not in found:
        assert answer.data == b""
        return
    if answer.mimetype in FILES:
        assert found["content"][answer.mimetype]["schema"] == {"type": "string"}
        return
    schema = found["content"][answer.content_type]["schema"]
    resource: Resource[Any] = Resource.from_contents(document, default_specification=DRAFT202012)
    validator = OAS31Validator(absolute(schema), registry=Registry().with_resource("urn:dayroom", resource))
    validator.validate(json_of(answer))
    names = absolute(schema).get("$ref", "").rpartition("/")[2]
    if names:
        assert json_of(answer).keys() <= document["components"]["schemas"][names]["properties"].keys()


def absolute(schema: Any) -> Any:
    """Makes references of a schema lead into the document."""
    if isinstance(schema, dict):
        return {name: f"urn:dayroom{inner}" if name == "$ref" else absolute(inner) for name, inner in schema.items()}
    return [absolute(each) for each in schema] if isinstance(schema, list) else schema


Call = Callable[..., Any]


def test_answers_are_as_they_are_described(api: Api, document: Json) -> None:
    seen: set[tuple[str, str, int]] = set()

    def call(method: str, path: str, described: str, body: Any = None, **headers: str) -> Any:
        answer = api.call(method.upper(), path, body, {name.replace("_", "-"): text for name, text in headers.items()})
        check(document, described, method, answer)
        seen.add((described, method, answer.status_code))
        return json_of(answer) if answer.data and answer.mimetype not in FILES else None

    ask_about_departments(call, "/api/departments")
    ask_about_events(call, "/api/events/{id}")
    ask_about_changes(call, "/api/departments/{id}/changes")
    ask_about_lives(call)
    ask_about_holidays(call)
    ask_about_imports(call)
    call("get", "/api/search?q=a&limit=5", "/api/search")
    call("get", "/api/search", "/api/search")
    ask_about_feeds(call, "/api/departments/{id}/feeds")
    ask_about_attachments(api, call, "/api/attachments")
    ask_about_sync(api, call, "/api/sync")
    described = {(path, method) for path, method, _ in operations(document)}
    elsewhere = {("/api/departments/{id}/import", "post")}
    assert {(path, method) for path, method, status in seen if status < 300} | elsewhere == described, "each succeeds"
    assert {400, 404, 409, 410, 412, 413, 422} <= {status for _, _, status in seen}


def ask_about_attachments(api: Api, call: Call, every: str) -> None:
    one = every + "/{id}"
    body = {"department_id": HOME, "file_name": "a.png", "file_size": len(PNG), "mime_type": "image/png"}
    call("post", every, every, {**body, "file_name": "a/b"})
    call("post", every, every, {**body, "file_size": 2**62})
    begun = call("post", every, every, body)
    path = f"{every}/{begun['attachment']['id']}"
    call("post", f"{path}/complete", f"{one}/complete")
    call("post", f"{path}/parts", f"{one}/parts", {"parts": [{"part_number": 1}]})
    call("get", f"{path}/parts", f"{one}/parts")
    send(api, call("post", f"{path}/upload", f"{one}/upload")["upload"], PNG)
    call("post", f"{path}/complete", f"{one}/complete", {})
    call("post", f"{path}/upload", f"{one}/upload", {})
    call("get", f"{every}?department_id={HOME}", every)
    call("get", every, every)
    call("get", path, one)
    for query in ("", "?as=json", "?variant=thumbnail", "?ttl=x"):
        call("get", f"{path}/download{query}", f"{one}/download")
    call("post", f"{path}/retrieve", f"{one}/retrieve")
    call("delete", path, one)
    call("delete", path, one)
    call("post", f"{path}/restore", f"{one}/restore")
    large = call("post", every, every, {**body, "file_size": 2**30})["attachment"]["id"]
    call("post", f"{every}/{large}/parts", f"{one}/parts", {"parts": [{"part_number": 1}]})


def ask_about_sync(api: Api, call: Call, every: str) -> None:
    body = {"department_id": HOME, "file_name": "a.txt", "file_size": 1, "mime_type": "text/plain"}
    begun = call("post", f"{every}/upload", f"{every}/upload", body)
    send(api, begun["upload"], b"a")
    call("post", f"/api/attachments/{begun['attachment']['id']}/complete", "/api/attachments/{id}/complete")
    for query in ("", "?as=json"):
        path = f"{every}/download/{begun['attachment']['id']}{query}"
        call("get", path, f"{every}/download/{{file_id}}")
    for query in ("", f"?department_id={HOME}", f"?department_id={HOME}&since=abc:1"):
        call("get", f"{every}/files{query}", f"{every}/files")
    positions = {HOME: None, "directory": "abc:1"}
    call("post", f"{every}/pull", f"{every}/pull", {"device_id": "phone", "positions": positions})
    call("post", f"{every}/pull", f"{every}/pull", {"device_id": "phone", "positions": 1})
    event = {"title": "회의", "event_date": "2024-01-15"}
    made = {"mutation_id": "1", "op": "create", "type": "event", "id": uuid(77), "department_id": HOME, "fields": event}
    gone = {"mutation_id": "2", "op": "delete", "type": "event", "id": uuid(78)}
    call("post", f"{every}/push", f"{every}/push", {"device_id": "phone", "mutations": [made, gone]})
    call("get", f"{every}/status?device_id=phone", f"{every}/status")
    call("get", f"{every}/devices", f"{every}/devices")
    call("delete", f"{every}/devices/phone", f"{every}/devices/{{id}}")
    call("delete", f"{every}/devices/phone", f"{every}/devices/{{id}}")


def ask_about_departments(call: Call, every: str) -> None:
    for body in ({"name": "개발팀", "id": HOME}, {"name": "개발팀", "id": HOME}, {"name": "개발팀"}, {"name": ""}):
        call("post", every, every, body)
    call("post", every, every, "{")
    call("post", every, every, " " * 2_000_000)
    call("get", every, every)
    one = f"{every}/{{id}}"
    call("get", f"{every}/{HOME}", one)
    call("get", f"{every}/{uuid(9)}", one)
    for method in ("put", "patch"):
        call(method, f"{every}/{HOME}", one, {"description": method, "color": "#ABC"})
        call(method, f"{every}/{HOME}", one, {"color": None}, If_Match='"9"')
        call(method, f"{every}/{uuid(9)}", one, {})


def ask_about_events(call: Call, described: str) -> None:
    every, one = f"/api/events/{HOME}", f"/api/events/{EVENT}"
    call("post", every, described, {"title": "회의", "event_date": "2024-01-15", "id": EVENT})
    full = {
        "title": "다",
        "event_date": "2024-01-15",
        "time": "오후 2시~4시",
        "url": "https://a.example",
        "tags": ["가"],
    }
    call("post", every, described, full, X_Actor="Mina", X_Device_Id="phone")
    call("post", every, described, {"id": EVENT, "title": "나", "event_date": "2024-01-15"})
    call("post", every, described, {"title": 1, "tags": ["", 1], "x": 1})
    call("get", f"{every}?q={quote('회의')}", described)
    call("get", f"{every}?limit=0", described)
    call("get", f"{every}/{EVENT}", "/api/events/{id}/{event_id}")
    for method in ("put", "patch"):
        call(method, one, described, {"title": method})
        call(method, one, described, {"title": "x"}, If_Match='"1"')
        call(method, one, described, {"title": "widerspricht", "base_version": 1})
        call(method, one, described, {"location": method, "base_version": 1})


def ask_about_changes(call: Call, described: str) -> None:
    log = f"/api/departments/{HOME}/changes"
    epoch = call("get", f"{log}?since=latest", described)["position"].partition(":")[0]
    for query in (f"?since={epoch}:0", f"?since={epoch}:0&limit=1", "", "?limit=1", "?since=x:9", "?since=x"):
        call("get", f"{log}{query}", described)
    call("delete", f"/api/events/{EVENT}", "/api/events/{id}", If_Match='"1"')
    call("delete", f"/api/events/{EVENT}", "/api/events/{id}")
    call("delete", f"/api/events/{EVENT}", "/api/events/{id}")
    call("get", f"{log}?since={epoch}:0", described)
    trash = "/api/departments/{id}/trash"
    call("get", f"/api/departments/{HOME}/trash?limit=1", trash)
    call("get", f"/api/departments/{uuid(9)}/trash", trash)


def ask_about_lives(call: Call) -> None:
    other = call("post", "/api/departments", "/api/departments", {"name": "다른 팀"})["id"]
    call("post", f"/api/events/{EVENT}/restore", "/api/events/{id}/restore")
    call("post", f"/api/events/{EVENT}/move", "/api/events/{id}/move", {"department_id": other})
    call("get", f"/api/events/{EVENT}/history", "/api/events/{id}/history")
    call("delete", f"/api/departments/{HOME}", "/api/departments/{id}", If_Match='"1"')
    call("delete", f"/api/departments/{HOME}", "/api/departments/{id}")
    call("get", "/api/departments/directory/trash", "/api/departments/{id}/trash")
    call("post", f"/api/departments/{HOME}/restore", "/api/departments/{id}/restore")


def ask_about_holidays(call: Call) -> None:
    call("get", "/api/holidays?from=2026-02-01&to=2026-02-28", "/api/holidays")
    call("get", "/api/holidays?from=2026-02-01&to=2026-02-28&country=XX", "/api/holidays")
    call("get", "/api/holidays/countries", "/api/holidays/countries")


def ask_about_imports(call: Call) -> None:
    opened = call("post", "/api/imports", "/api/imports")["id"]
    one = f"/api/imports/{opened}"
    for name in ("departments.json", "else.json"):
        call("put", f"{one}/files/{name}", "/api/imports/{id}/files/{name}", "[]")
    call("post", f"{one}/start", "/api/imports/{id}/start", {"dry_run": True})
    while call("get", one, "/api/imports/{id}")["state"] == "running":
        time.sleep(0.1)
    call("get", f"/api/imports/{uuid(9)}", "/api/imports/{id}")


def ask_about_feeds(call: Call, described: str) -> None:
    every, one = f"/api/departments/{HOME}/feeds", f"{described}/{{feed_id}}"
    for body in ({"name": "폰", "id": uuid(3)}, {"name": "폰", "id": uuid(3)}, {"name": "", "busy_only": 1}):
        call("post", every, described, body)
    call("get", every, described)
    call("get", f"{every}/{uuid(3)}", one)
    call("get", f"{every}/{uuid(3)}/qr.svg", f"{one}/qr.svg")
    call("delete", f"{every}/{uuid(3)}", one, If_Match='"9"')
    call("delete", f"{every}/{uuid(3)}", one)
    call("get", f"{every}/{uuid(3)}", one)
    export, bring = "/api/departments/{id}/export", "/api/departments/{id}/import"
    call("get", f"/api/departments/{HOME}/export?format=xls", export)
    call("get", f"/api/departments/{HOME}/export", export)
    call("post", f"/api/departments/{HOME}/import", bring, {})


def test_an_import_is_answered_as_it_is_described(api: Api, document: Json) -> None:
    home = api.department("캘린더팀")["id"]
    file = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20240115\nEND:VEVENT\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR"
    answer = api.call("POST", f"/api/departments/{home}/import", file, content_type="text/calendar")
    check(document, "/api/departments/{id}/import", "post", answer)
    assert (answer.json or {})["created"] == (answer.json or {})["rejected"] == 1


def test_the_pages_for_people_are_whole_without_a_network(api: Api, document: Json) -> None:
    page = api.get("/docs")
    assert page.content_type == "text/html; charset=utf-8"
    for path, _, operation in operations(document):
        assert path in page.text
        assert operation["operationId"] in page.text
    for text in (page.text, api.get("/docs/problems").text):
        assert not re.search(r'(src|href)="(https?:)?//', text)
        assert "<script" not in text


def test_a_problems_type_leads_to_its_meaning(api: Api) -> None:
    page = api.get(DOCUMENTATION.partition("#")[0]).text
    for code, (status, title) in CODES.items():
        assert f'id="{code}"' in page
        assert title in page
        assert str(status) in page
