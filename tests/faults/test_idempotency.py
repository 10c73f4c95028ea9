"""A write with an `Idempotency-Key` happens once: at once in two processes, again after a crash, and replayed later."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.components.server import StartServer
from tests.faults.crowd import together
from tests.faults.test_writers import start_two
from tests.in_process import Api, Json, json_of, serving, uuid
from tests.subscriber import Subscriber

POSTS = 20
BODY = {"title": "회의", "event_date": "2024-01-15"}


def test_twenty_at_once_with_one_key_in_two_processes(
    start_server: StartServer, store_settings: dict[str, str]
) -> None:
    servers = start_two(start_server, store_settings)
    department = servers[0].create_department("영업부")
    key = {"Idempotency-Key": "one"}
    with Subscriber(servers[1].url, department) as subscriber:
        answers = together(
            POSTS,
            lambda n: servers[n % 2].request("POST", f"/api/events/{department}", json=BODY, headers=key),
        )
        assert {answer.status_code for answer in answers} == {201}
        assert all(answer.json() == answers[0].json() for answer in answers), "not all answers are the same"
        assert len({answer.headers["X-Position"] for answer in answers}) == 1
        assert len({answer.headers["ETag"] for answer in answers}) == 1
        replayed = Counter(answer.headers.get("Idempotency-Replayed") for answer in answers)
        assert replayed == {None: 1, "true": POSTS - 1}
        assert len(servers[0].request("GET", f"/api/events/{department}").json()) == 1
        assert subscriber.wait_for_seq(1)
        assert subscriber.heard == [1]

    other = servers[1].request("POST", f"/api/events/{department}", json={**BODY, "title": "다른"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-reuse")
    elsewhere = servers[1].request("DELETE", f"/api/events/{answers[0].json()['id']}", headers=key)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "idempotency-reuse")

    servers[0].kill()
    servers[0].start()
    again = servers[0].request("POST", f"/api/events/{department}", json=BODY, headers=key)
    assert (again.status_code, again.json()) == (201, answers[0].json())
    assert again.headers["Idempotency-Replayed"] == "true"


class Session:
    """Sends requests, each with a key of its own, and remembers them with their answers."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.sent: list[tuple[str, str, Any, dict[str, str]]] = []
        self.answers: list[tuple[int, str]] = []

    def send(self, method: str, path: str, body: Any, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = (method, path, body, {"Idempotency-Key": f"key {len(self.sent)}", **named})
        self.sent.append(request)
        self.answers.append(self._answer(request))

    def replay(self, start: int) -> list[tuple[int, str]]:
        """Sends again what was sent from a place on."""
        return [self._answer(request) for request in self.sent[start:]]

    def _answer(self, request: tuple[str, str, Any, dict[str, str]]) -> tuple[int, str]:
        method, path, body, headers = request
        answer = self.api.call(method, path, body, headers)
        return answer.status_code, answer.text if answer.status_code < 300 else ""


EVENT = st.integers(1, 4).map(uuid)
TITLE = st.sampled_from(["회의", "발표", "휴가"])
VERSION = st.integers(1, 4).map(lambda version: f'"{version}"')
STEPS = st.one_of(
    st.tuples(st.just("create"), st.integers(0, 1), EVENT, TITLE),
    st.tuples(st.just("edit"), EVENT, TITLE, VERSION | st.none()),
    st.tuples(st.just("delete"), EVENT),
    st.tuples(st.just("restore"), EVENT),
    st.tuples(st.just("move"), EVENT, st.integers(0, 1)),
    st.tuples(st.just("rename"), st.integers(0, 1), TITLE),
    st.tuples(st.just("close"), st.integers(0, 1)),
    st.tuples(st.just("reopen"), st.integers(0, 1)),
)


def perform(session: Session, homes: list[str], step: tuple[Any, ...]) -> None:
    match step:
        case "create", home, event, title:
            session.send(
                "POST", f"/api/events/{homes[home]}", {"id": event, "title": title, "event_date": "2024-01-15"}
            )
        case "edit", event, title, version:
            session.send("PUT", f"/api/events/{event}", {"title": title}, **({"If_Match": version} if version else {}))
        case "delete", event:
            session.send("DELETE", f"/api/events/{event}", None)
        case "restore", event:
            session.send("POST", f"/api/events/{event}/restore", {})
        case "move", event, home:
            session.send("POST", f"/api/events/{event}/move", {"department_id": homes[home]})
        case "rename", home, title:
            session.send("PUT", f"/api/departments/{homes[home]}", {"name": f"{title} {home}"})
        case "close", home:
            session.send("DELETE", f"/api/departments/{homes[home]}", None)
        case "reopen", home:
            session.send("POST", f"/api/departments/{homes[home]}/restore", {})


def whole(api: Api, homes: list[str]) -> Json:
    """Is everything that a client can see."""
    logs = ["directory", *homes]
    answers = {log: api.get(f"/api/departments/{log}/changes") for log in logs}
    return {log: json_of(answer) if answer.status_code == 200 else {} for log, answer in answers.items()}


@settings(deadline=None, max_examples=40, derandomize=True)
@given(steps=st.lists(STEPS, min_size=1, max_size=14), data=st.data())
def test_any_suffix_that_is_replayed_changes_nothing(steps: list[tuple[Any, ...]], data: st.DataObject) -> None:
    with serving() as api:
        homes = [api.department(name)["id"] for name in ("영업부", "개발부")]
        session = Session(api)
        for step in steps:
            perform(session, homes, step)
        succeeded = [place for place, (status, _) in enumerate(session.answers) if status < 300]
        session.sent = [session.sent[place] for place in succeeded]
        session.answers = [session.answers[place] for place in succeeded]
        before = whole(api, homes)
        start = data.draw(st.integers(0, len(session.sent)))
        assert session.replay(start) == session.answers[start:]
        assert whole(api, homes) == before


def test_what_was_refused_may_be_tried_again() -> None:
    with serving() as api:
        home = api.department("영업부")["id"]
        headers = {"Idempotency-Key": "k"}
        body = {**BODY, "id": uuid(1)}
        assert api.call("PUT", f"/api/events/{uuid(1)}", {"title": "새"}, headers).status_code == 404
        api.post(f"/api/events/{home}", body)
        answer = api.call("PUT", f"/api/events/{uuid(1)}", {"title": "새"}, headers)
        assert (answer.status_code, json_of(answer)["title"]) == (200, "새")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_repeat_is_answered_also_when_its_condition_no_longer_holds(method: str) -> None:
    with serving() as api:
        home = api.department("영업부")["id"]
        event = api.event(home)
        path = f"/api/events/{event['id']}" + ("/restore" if method == "POST" else "")
        body = {"version": 1} if method == "POST" else None if method == "DELETE" else {"title": "새"}
        headers = {"Idempotency-Key": '"quoted"', "If-Match": '"1"'}
        first = api.call(method, path, body, headers)
        again = api.call(method, path, body, {**headers, "Idempotency-Key": "quoted"})
        assert first.status_code < 300
        assert (first.status_code, first.data) == (again.status_code, again.data)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert json.dumps(whole(api, [home])).count('"seq"') <= 2
