"""A repeat under its `Idempotency-Key` is answered as the first time, whatever has happened since (section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.repositories.database import Delete
from backend.repositories.tables import CHANGES, GUARDS, idempotency_guard
from tests.in_process import Api, Clock, Json, code_of, faults_of, json_of, uuid

HOME, OTHER, EVENT, GONE, NEW = (uuid(number) for number in range(1, 6))
AGAIN = {"id": EVENT, "title": "회의", "event_date": "2024-01-15", "location": "3층"}
SHOWN = ("ETag", "X-Position", "Location", "Content-Type")


@dataclass(frozen=True)
class Write:
    """Is a write that can be asked for once in the calendar of these tests."""

    method: str
    path: str
    body: Json | None = None
    tag: str | None = None


WRITES = {
    "create event": Write("POST", f"/api/events/{HOME}", {"title": "가", "event_date": "2024-01-15"}),
    "create again": Write("POST", f"/api/events/{HOME}", AGAIN),
    "edit": Write("PUT", f"/api/events/{EVENT}", {"title": "새 제목"}, '"2"'),
    "edit nothing": Write("PATCH", f"/api/events/{EVENT}", {"location": "3층"}, '"2"'),
    "merge": Write("PUT", f"/api/events/{EVENT}", {"title": "새 제목", "base_version": 1}, '"2"'),
    "merge nothing": Write("PUT", f"/api/events/{EVENT}", {"location": "3층", "base_version": 1}),
    "delete": Write("DELETE", f"/api/events/{EVENT}", None, '"2"'),
    "undelete": Write("POST", f"/api/events/{GONE}/restore"),
    "old version": Write("POST", f"/api/events/{EVENT}/restore", {"version": 1}, '"2"'),
    "same version": Write("POST", f"/api/events/{EVENT}/restore", {"version": 2}, '"2"'),
    "move": Write("POST", f"/api/events/{EVENT}/move", {"department_id": OTHER}, '"2"'),
    "move nowhere": Write("POST", f"/api/events/{EVENT}/move", {"department_id": HOME}),
    "create department": Write("POST", "/api/departments", {"name": "새 팀"}),
    "edit department": Write("PUT", f"/api/departments/{HOME}", {"name": "새 이름"}, '"1"'),
    "delete department": Write("DELETE", f"/api/departments/{HOME}", None, '"1"'),
    "restore department": Write("POST", f"/api/departments/{NEW}/restore", {"name": "돌아온 팀"}),
    "restore what is there": Write("POST", f"/api/departments/{HOME}/restore"),
}
RENAMED = Write("PUT", f"/api/events/{EVENT}", {"title": "나"})


@pytest.fixture(autouse=True)
def calendar(api: Api) -> None:
    """Fill a calendar in which every one of the writes is possible."""
    for name, id_ in [("우리 팀", HOME), ("다른 팀", OTHER), ("지난 팀", NEW)]:
        api.department(name, id=id_)
    for id_ in (EVENT, GONE):
        api.event(HOME, id=id_)
    api.put(f"/api/events/{EVENT}", {"location": "3층"})
    api.delete(f"/api/events/{GONE}")
    api.delete(f"/api/departments/{NEW}")


def ask(api: Api, write: Write, key: str | None = "one") -> TestResponse:
    headers = {"If-Match": write.tag, "Idempotency-Key": key}
    return api.call(write.method, write.path, write.body, {name: sent for name, sent in headers.items() if sent})


def shown(answer: TestResponse) -> tuple[Any, ...]:
    return answer.status_code, answer.data, *(answer.headers.get(name) for name in SHOWN)


def heads(api: Api) -> list[Json]:
    answers = (api.get(f"/api/departments/{log}/changes?since=latest") for log in ("directory", HOME, OTHER, NEW))
    return [json_of(answer) for answer in answers if answer.status_code == 200]


def nothing(api: Api) -> None: ...


def changed(api: Api) -> None:
    api.put(f"/api/events/{EVENT}", {"title": "다른 제목"})
    api.post(f"/api/events/{EVENT}/move", {"department_id": OTHER})
    api.put(f"/api/departments/{HOME}", {"description": "본사"})


def deleted(api: Api) -> None:
    for department in json_of(api.get("/api/departments")):
        for event in api.events(department["id"]):
            api.delete(f"/api/events/{event['id']}")
        api.delete(f"/api/departments/{department['id']}")


def reborn(api: Api) -> None:
    """Gives the logs other epochs, so that what was answered before is of an old one."""
    for department in (HOME, OTHER):
        api.delete(f"/api/departments/{department}")
        api.post(f"/api/departments/{department}/restore")


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_a_repeat_is_answered_as_the_first_time_whatever_has_happened(api: Api, write: Write) -> None:
    first = ask(api, write)
    assert first.status_code in (200, 201, 204), first.text
    assert "Idempotency-Replayed" not in first.headers
    for happens in (nothing, changed, reborn, deleted):
        happens(api)
        before = heads(api)
        again = ask(api, write)
        assert shown(again) == shown(first), happens.__name__
        assert again.headers["Idempotency-Replayed"] == "true"
        assert heads(api) == before


def test_the_key_of_one_request_is_no_other_requests(api: Api) -> None:
    assert ask(api, Write("PUT", f"/api/events/{EVENT}", {"category": "가"})).status_code == 200
    before = heads(api)
    for name, write in WRITES.items():
        assert code_of(ask(api, write)) == (422, "idempotency-reuse"), name
    assert heads(api) == before


def test_the_same_path_with_another_body_is_another_request(api: Api) -> None:
    path = f"/api/events/{EVENT}"
    assert ask(api, Write("PUT", path, {"title": "가", "location": None})).status_code == 200
    assert code_of(ask(api, Write("PUT", path, {"title": "나", "location": None}))) == (422, "idempotency-reuse")
    assert code_of(ask(api, Write("PATCH", path, {"title": "가", "location": None}))) == (422, "idempotency-reuse")
    assert code_of(ask(api, Write("DELETE", path))) == (422, "idempotency-reuse")
    assert json_of(api.get(f"/api/events/{HOME}/{EVENT}"))["title"] == "가"


def test_a_body_is_the_same_however_it_is_written_and_a_key_with_or_without_quotes(api: Api) -> None:
    path, key = f"/api/events/{EVENT}", {"Idempotency-Key": '"one"'}
    first = api.call("PUT", path, '{"title": "\\uac00", "location": null}', key)
    again = api.call("PUT", path, '{ "location":null,"title":"가" }', {"Idempotency-Key": "one"})
    assert shown(again) == shown(first)
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("name", ["edit", "edit nothing", "move", "delete", "restore department"])
def test_a_key_is_kept_for_a_day(api: Api, clock: Clock, name: str) -> None:
    write = Write(WRITES[name].method, WRITES[name].path, WRITES[name].body)
    ask(api, write)
    clock.advance(hours=24, seconds=-1)
    assert ask(api, write).headers["Idempotency-Replayed"] == "true"
    clock.advance(seconds=1)
    later = ask(api, write)
    assert "Idempotency-Replayed" not in later.headers
    assert later.status_code == (404 if name == "delete" else 200)
    if later.status_code == 200:
        assert ask(api, write).headers["Idempotency-Replayed"] == "true", "it is kept for another day"


@pytest.mark.parametrize(
    ("write", "refusal", "mend"),
    [
        (Write("PUT", f"/api/events/{EVENT}", {"title": "가"}, '"3"'), 412, RENAMED),
        (Write("PUT", f"/api/events/{EVENT}", {"location": "지하", "base_version": 3}), 409, RENAMED),
        (Write("POST", f"/api/events/{EVENT}/move", {"department_id": NEW}), 404, WRITES["restore department"]),
        (Write("POST", "/api/departments", {"name": "우리 팀"}), 409, WRITES["edit department"]),
    ],
)
def test_a_refusal_is_not_recorded(api: Api, write: Write, refusal: int, mend: Write) -> None:
    for _ in range(2):
        refused = ask(api, write)
        assert refused.status_code == refusal
        assert "Idempotency-Replayed" not in refused.headers
    assert api.dayroom.database.get(GUARDS, idempotency_guard("one")) is None
    assert ask(api, mend, None).status_code == 200
    done = ask(api, write)
    assert done.status_code in (200, 201), "what was refused may be asked again, under its key"
    assert "Idempotency-Replayed" not in done.headers


def test_a_change_of_nothing_is_repeated_also_where_its_last_entry_is_long_gone(api: Api, clock: Clock) -> None:
    clock.advance(days=1000)
    drops = [Delete(CHANGES, {"log": HOME, "seq": seq}) for seq in range(1, 5)]
    api.dayroom.database.transact(drops, "dropped")
    first = ask(api, WRITES["edit nothing"])
    again = ask(api, WRITES["edit nothing"])
    assert shown(again) == shown(first)
    assert first.headers["X-Position"] == api.changes(HOME, "since=latest")["position"]


def test_a_key_that_cannot_be_kept_is_refused(api: Api) -> None:
    for key in ("a" * 256, '""'):
        assert faults_of(ask(api, WRITES["edit"], key)).keys() == {"/Idempotency-Key"}
    assert ask(api, WRITES["edit"], "a" * 255).status_code == 200
