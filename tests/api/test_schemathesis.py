"""Whatever a generator sends that reads `/openapi.json`: no 5xx, and no answer that the document does not describe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, CheckContext, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.in_process import Api, serving, uuid

HOME, OTHER, EVENT, ATTACHMENT = uuid(1), uuid(2), uuid(3), uuid(4)
OURS = {"etag", "idempotency-replayed", "link", "location", "x-position"}
EXAMPLES = 130
"""Requests an operation: a minute altogether."""


def our_headers_are_described(ctx: CheckContext, response: Response, case: Case) -> bool | None:
    """Asserts that no header of ours comes that the document does not know."""
    answers = case.operation.definition.raw["responses"]
    described = {name.lower() for name in answers.get(str(response.status_code), {}).get("headers", {})}
    assert OURS & {name.lower() for name in response.headers} <= described
    return None


CHECKS = [
    our_headers_are_described,
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def api() -> Iterator[Api]:
    """Yield a server with two departments."""
    with serving() as served:
        served.department("영업부", id=HOME)
        served.department("개발부", id=OTHER)
        yield served


def test_nothing_is_answered_that_is_not_described(api: Api) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", api.dayroom.app)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == len(list(schema.get_all_operations())) > 15
    for operation in operations:
        assert_described(api, operation)


def assert_described(api: Api, operation: Any) -> None:
    """Asks for one operation in many ways, and holds each answer to the document."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Case) -> None:
        if len(repr((case.body, case.query, case.headers))) % 3:  # mostly of something that is there
            case.path_parameters = {name: known(case, name) for name in case.path_parameters}
            revive(api)
        case.headers["Accept"] = "application/json"  # streams have tests of their own
        case.call_and_validate(checks=CHECKS)

    ask()


def known(case: Case, name: str) -> str:
    """Is an id that something has, of the kind that the operation speaks of."""
    if "/attachments" in case.path or name == "file_id":
        return ATTACHMENT
    of_a_log = "departments" in case.path or (case.path == "/api/events/{id}" and case.method in {"GET", "POST"})
    return HOME if name == "id" and (of_a_log or "{event_id}" in case.path) else EVENT


def revive(api: Api) -> None:
    """Brings back what a request has deleted or moved."""
    if api.get(f"/api/departments/{HOME}").status_code == 404:
        api.post(f"/api/departments/{HOME}/restore", {"name": f"영업부 {uuid4()}"})
    body = {"id": EVENT, "title": "회의", "event_date": "2024-01-15"}
    if api.get(f"/api/events/{HOME}/{EVENT}").status_code == 404:
        api.post(f"/api/events/{HOME}", body)
        api.post(f"/api/events/{EVENT}/restore", {})
        api.post(f"/api/events/{EVENT}/move", {"department_id": HOME})
    if api.get(f"/api/attachments/{ATTACHMENT}").status_code == 404:
        file = {"id": ATTACHMENT, "file_name": "a.txt", "file_size": 5, "mime_type": "text/plain"}
        api.post("/api/attachments", {**file, "department_id": HOME})
        api.post(f"/api/attachments/{ATTACHMENT}/restore", {})
