"""A whole server within the test's own process, and a client that looks at every answer's manners."""

import json as jsonlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from backend.app import Dayroom, create_app
from backend.problems import CODES
from backend.repositories.database import Database
from backend.repositories.sqlite import SQLiteDatabase
from backend.settings import Settings

Json = dict[str, Any]
PROBLEM_MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id"}


class Clock:
    """Stands still until it is told to move; `step` moves it a little with every look."""

    def __init__(self, now: str = "2024-01-15T00:00:00+00:00", step: timedelta = timedelta()) -> None:
        self.now = datetime.fromisoformat(now).astimezone(UTC)
        self.step = step

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now

    def advance(self, **how: float) -> None:
        self.now += timedelta(**how)


class Api:
    """Calls a server's REST routes; whatever it answers must carry its request id, and errors must be problems."""

    def __init__(self, dayroom: Dayroom) -> None:
        self.dayroom = dayroom
        self.client = dayroom.app.test_client()

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, **options: Any
    ) -> TestResponse:
        """Sends a body as JSON, and text or bytes as they are."""
        if isinstance(body, str | bytes):
            options |= {"data": body, "content_type": options.get("content_type", "application/json")}
        elif body is not None:
            options |= {"data": jsonlib.dumps(body), "content_type": "application/json"}
        answer = self.client.open(path, method=method, headers=dict(headers or {}), **options)
        assert answer.headers["X-Request-Id"]
        if answer.status_code >= 400:
            check_problem(answer)
        return answer

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.call("GET", path, headers=_named(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call("POST", path, body, _named(headers))

    def put(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call("PUT", path, body, _named(headers))

    def patch(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call("PATCH", path, body, _named(headers))

    def delete(self, path: str, **headers: str) -> TestResponse:
        return self.call("DELETE", path, headers=_named(headers))

    def ask(self, path: str) -> tuple[int, Json]:
        """Is what a `Replica` asks with."""
        answer = self.get(path)
        return answer.status_code, json_of(answer)

    def department(self, name: str = "개발팀", **members: Any) -> Json:
        """Makes a department."""
        return made(self.post("/api/departments", {"name": name, **members}))

    def event(self, department_id: str, **members: Any) -> Json:
        """Makes an event."""
        sent = {"title": "회의", "event_date": "2024-01-15", **members}
        return made(self.post(f"/api/events/{department_id}", sent))

    def events(self, department_id: str, query: str = "") -> list[Json]:
        """Lists events."""
        answer = self.get(f"/api/events/{department_id}?{query}")
        assert answer.status_code == 200, answer.text
        listed: list[Json] = json_of(answer)
        return listed

    def changes(self, log: str, query: str = "") -> Json:
        """Reads a log."""
        answer = self.get(f"/api/departments/{log}/changes?{query}")
        assert answer.status_code == 200, answer.text
        return json_of(answer)


@contextmanager
def serving(database: Database | None = None, clock: Clock | None = None, **settings: Any) -> Iterator[Api]:
    """Opens a server on a store in memory, or on another one; its files are in a folder that goes with it."""
    options: Json = {} if clock is None else {"clock": clock}
    with TemporaryDirectory() as folder:
        chosen = Settings(**{"socketio_async_mode": "threading", "data_dir": Path(folder), **settings})
        dayroom = create_app(chosen, database=database or SQLiteDatabase(":memory:"), **options)
        try:
            yield Api(dayroom)
        finally:
            dayroom.close()


def json_of(answer: TestResponse) -> Any:
    """Reads an answer as strictly as RFC 8259 has it: UTF-8, no NaN."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return jsonlib.loads(answer.data.decode("utf-8"), parse_constant=refuse)


def check_problem(answer: TestResponse) -> None:
    """Looks at an error's manners (RFC 9457; contract, section 1)."""
    assert answer.content_type == "application/problem+json", answer.content_type
    if answer.request.method == "HEAD":
        return
    problem = json_of(answer)
    assert problem.keys() >= PROBLEM_MEMBERS, problem
    assert problem["status"] == answer.status_code == CODES[problem["code"]][0]
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert problem["type"].endswith(problem["code"])
    for fault in problem.get("errors", []):
        assert fault.keys() == {"pointer", "code", "detail"}
        assert fault["pointer"] == "" or fault["pointer"].startswith("/")
    for word in ("Traceback", "sqlite", "sys.", "backend.", "marshmallow", "0x"):
        assert word not in answer.text, f"an internal name: {answer.text[:300]}"


def made(answer: TestResponse) -> Json:
    """Is what was created."""
    assert answer.status_code == 201, answer.text
    entity: Json = json_of(answer)
    return entity


def code_of(answer: TestResponse) -> tuple[int, str]:
    """Is an error's status and code."""
    return answer.status_code, json_of(answer)["code"]


def faults_of(answer: TestResponse) -> dict[str, str]:
    """Is what a 422 says about each member: its code by its pointer."""
    assert code_of(answer) == (422, "validation"), answer.text
    return {fault["pointer"]: fault["code"] for fault in json_of(answer)["errors"]}


def uuid(number: int) -> str:
    """Is an id that a test can foresee."""
    return str(UUID(int=number, version=4))


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
