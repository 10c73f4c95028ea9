"""Every error becomes a problem, and nothing of the server's inside goes with it."""

from __future__ import annotations

import pytest
from werkzeug import exceptions

from backend.domain import errors
from backend.domain.errors import DayroomError, FieldError, Invalid
from backend.problems import CODES, INTERNAL, problem_of
from backend.repositories.database import DatabaseError, ItemRefused, StoreUnavailable

EXAMPLES: dict[str, DayroomError] = {
    "validation": Invalid.at("/title", "required", "is required"),
    "malformed": errors.Malformed("The body is not JSON"),
    "not-found": errors.NotFound("event", "e1"),
    "name-taken": errors.NameTaken("개발팀"),
    "id-taken": errors.IdTaken("e1"),
    "conflict": errors.Conflict("e1", None),
    "idempotency-reuse": errors.IdempotencyReuse("key"),
    "precondition-failed": errors.PreconditionFailed('"1"', {"id": "e1", "version": 2}),
    "precondition-required": errors.PreconditionRequired(),
    "position-expired": errors.PositionExpired("a:1", "epoch", "b:2", "b:0"),
    "upload-incomplete": errors.UploadIncomplete("parts are missing", [2, 3]),
    "size-mismatch": errors.SizeMismatch(3, 4),
    "checksum-mismatch": errors.ChecksumMismatch("ab" * 32, None),
    "type-mismatch": errors.TypeMismatch("image/png", "text/html"),
    "range-not-satisfiable": errors.RangeNotSatisfiable(10),
    "too-large": errors.TooLarge("at most 1 MB"),
    "unsupported-media-type": errors.UnsupportedMediaType("text/html"),
    "forbidden": errors.Forbidden("This name is not answered"),
    "rate-limited": errors.RateLimited("Too many joins", retry_after=3),
    "unavailable": errors.Unavailable("SQLite: disk I/O error", retry_after=7),
}


OTHERS: list[tuple[str, DayroomError]] = [
    ("not-found", errors.Awaited("thumbnail", "a1")),
    ("conflict", errors.WrongState("The file is archived", {"id": "a1"})),
    ("too-large", errors.TooLarge("The files of this department take 9 bytes of 10", limit=10, used=9)),
    ("conflict", errors.Refused({"code": "conflict", "detail": "Both sides changed it", "current": None})),
    ("precondition-failed", errors.AlreadyStored()),
    ("precondition-failed", errors.FileChanged()),
]
"""Errors whose code another one has already."""


@pytest.mark.parametrize(("code", "error"), [*EXAMPLES.items(), *OTHERS])
def test_each_error_has_its_code_and_status(code: str, error: DayroomError) -> None:
    problem = problem_of(error)
    assert (problem.code, problem.status) == (code, CODES[code][0])
    assert problem.detail
    shown = problem.as_json(instance="/api/x", request_id="r1")
    assert shown["status"] == problem.status
    assert (shown["instance"], shown["request_id"], shown["code"]) == ("/api/x", "r1", code)
    assert shown["type"] == f"/docs/problems#{code}"


def every_error(kind: type[DayroomError] = DayroomError) -> set[type[DayroomError]]:
    return {kind for each in kind.__subclasses__() for kind in (each, *every_error(each))}


def test_every_error_of_the_domain_is_translated() -> None:
    here = {kind for kind in every_error() if kind.__module__ == errors.__name__}
    assert here
    assert {type(error) for error in EXAMPLES.values()} <= here
    examples = [*EXAMPLES.values(), *(error for _, error in OTHERS)]
    untranslated = [kind for kind in here if not any(isinstance(error, kind) for error in examples)]
    assert not untranslated, "give each an example here"


def test_an_ack_has_no_address_and_no_request() -> None:
    shown = problem_of(errors.NotFound("department", "d1")).as_json(instance=None, request_id=None)
    assert shown.keys() == {"type", "title", "status", "detail", "code", "kind"}


def test_the_data_of_an_error_goes_with_it() -> None:
    def members(error: Exception) -> dict[str, object]:
        return dict(problem_of(error).members)

    faults = [FieldError("/a", "type", "must be a string"), FieldError("", "type", "must be an object")]
    assert members(Invalid(faults))["errors"] == [
        {"pointer": "/a", "code": "type", "detail": "must be a string"},
        {"pointer": "", "code": "type", "detail": "must be an object"},
    ]
    assert members(EXAMPLES["precondition-failed"])["current"] == {"id": "e1", "version": 2}
    expired = {"action": "replace", "reason": "epoch", "position": "a:1", "head": "b:2", "floor": "b:0"}
    assert members(EXAMPLES["position-expired"]) == expired
    assert members(EXAMPLES["conflict"])["current"] is None


def test_what_says_when_to_come_back_says_it_in_a_header() -> None:
    assert problem_of(EXAMPLES["unavailable"]).headers == {"Retry-After": "7"}
    assert problem_of(EXAMPLES["rate-limited"]).headers == {"Retry-After": "3"}
    assert problem_of(EXAMPLES["position-expired"]).headers == {"Cache-Control": "no-store"}


def test_a_store_that_is_down_is_unavailable_and_its_words_stay_here() -> None:
    problem = problem_of(StoreUnavailable("DynamoDB: arn:aws:dynamodb:table/departments throttled"))
    assert (problem.status, problem.headers) == (503, {"Retry-After": "1"})
    assert "arn:aws" not in str(problem.as_json(instance="/", request_id="r"))


@pytest.mark.parametrize(
    "error",
    [
        KeyError("secret"),
        ItemRefused("secret"),
        DatabaseError("secret"),
        DayroomError("secret"),
        exceptions.BadGateway("secret"),
    ],
)
def test_what_nobody_expected_is_internal_without_a_word_about_it(error: Exception) -> None:
    assert problem_of(error) is INTERNAL
    assert "secret" not in str(INTERNAL.as_json(instance="/", request_id="r"))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (exceptions.BadRequest(), "malformed"),
        (exceptions.Unauthorized(), "unauthenticated"),
        (exceptions.Forbidden(), "forbidden"),
        (exceptions.NotFound(), "not-found"),
        (exceptions.RequestEntityTooLarge(), "too-large"),
        (exceptions.UnsupportedMediaType(), "unsupported-media-type"),
        (exceptions.UnprocessableEntity(), "validation"),
        (exceptions.TooManyRequests(), "rate-limited"),
        (exceptions.ServiceUnavailable(), "unavailable"),
        (exceptions.InternalServerError(), "internal"),
        (exceptions.ImATeapot(), "malformed"),
        (exceptions.RequestHeaderFieldsTooLarge(), "malformed"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_the_framework_refuses_is_a_problem_too(error: exceptions.HTTPException, code: str) -> None:
    assert problem_of(error).code == code


def test_a_wrong_method_tells_the_right_ones() -> None:
    problem = problem_of(exceptions.MethodNotAllowed(["PUT", "GET"]))
    assert (problem.code, problem.headers) == ("method-not-allowed", {"Allow": "GET, PUT"})
