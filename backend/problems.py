"""The one way to fail: turns every error into a problem (RFC 9457), for HTTP as for Socket.IO's acks.

No view and no handler catches anything; whatever is raised ends here. What a client is told is made of the error's own
data, never of a stack trace or an internal name.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from werkzeug.exceptions import HTTPException, MethodNotAllowed

from backend.domain import errors

DOCUMENTATION: Final = "/docs/problems#"
"""Where a problem's `type` leads: the page that the server has of its codes, by their names."""

_IN_PATHS: Final = "/:@!$&'()*+,;="
"""What a path may have in a URI reference as it is (RFC 3986, section 3.3)."""

CODES: Final[Mapping[str, tuple[int, str]]] = {
    "malformed": (400, "The request cannot be read"),
    "unauthenticated": (401, "Sign in first"),
    "forbidden": (403, "That is not allowed"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "That cannot be done here"),
    "name-taken": (409, "Another department has this name"),
    "id-taken": (409, "This id is taken"),
    "conflict": (409, "Both sides changed the same"),
    "upload-incomplete": (409, "The file is not whole yet"),
    "idempotency-reuse": (422, "This key belongs to another request"),
    "position-expired": (410, "The log cannot be resumed from there"),
    "precondition-failed": (412, "It has changed meanwhile"),
    "too-large": (413, "That is too large"),
    "unsupported-media-type": (415, "Send another media type"),
    "range-not-satisfiable": (416, "The file ends before that"),
    "validation": (422, "Something in the request cannot be stored"),
    "size-mismatch": (422, "The file has another size than was declared"),
    "checksum-mismatch": (422, "The file has another checksum than was declared"),
    "type-mismatch": (422, "The file is not of the type that was declared"),
    "precondition-required": (428, "If-Match is required"),
    "rate-limited": (429, "Too many requests"),
    "internal": (500, "The server made a mistake"),
    "unavailable": (503, "The store does not answer right now"),
}
"""Every code with its status and title."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Is what a client is told: a code, a sentence, and data; `headers` are for HTTP only."""

    code: str
    detail: str
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Is the HTTP status."""
        return CODES[self.code][0]

    def as_json(self, *, instance: str | None, request_id: str | None) -> dict[str, Any]:
        """Writes the problem as RFC 9457 has it; `instance` is the path, and missing in an ack."""
        status, title = CODES[self.code]
        reference = None if instance is None else quote(instance, safe=_IN_PATHS, errors="replace")
        known = {"instance": reference, "request_id": request_id}
        return {
            "type": DOCUMENTATION + self.code,
            "title": title,
            "status": status,
            "detail": self.detail,
            "code": self.code,
            **{name: value for name, value in known.items() if value is not None},
            **self.members,
        }


def _invalid(error: errors.Invalid) -> Problem:
    detail = "; ".join(f"{each.pointer or 'the body'}: {each.detail}" for each in error.errors[:3])
    return Problem("validation", detail, {"errors": [asdict(each) for each in error.errors]})


def _not_found(error: errors.NotFound) -> Problem:
    return Problem("not-found", f"There is no {error.kind} {error.id}", {"kind": error.kind})


def _awaited(error: errors.Awaited) -> Problem:
    detail = f"The {error.kind} of {error.id} is being made: ask again"
    return Problem("not-found", detail, {"kind": error.kind}, {"Retry-After": str(error.retry_after)})


def _precondition_failed(error: errors.PreconditionFailed) -> Problem:
    detail = f"If-Match {error.expected} names another version than the one that is there"
    return Problem("precondition-failed", detail, {"current": error.current})


def _conflict(error: errors.Conflict) -> Problem:
    if error.current is None:
        detail = f"{error.id} was deleted meanwhile; POST to its /restore brings it back"
    else:
        detail = "Both sides changed the same since base_version: decide, and send it with the version that is there"
    return Problem("conflict", detail, {"conflicts": list(error.conflicts), "current": error.current})


def _position_expired(error: errors.PositionExpired) -> Problem:
    return Problem(
        "position-expired",
        "Take a snapshot, drop what it lacks, and keep what was not sent yet",
        {name: getattr(error, name) for name in ("action", "reason", "position", "head", "floor")},
        {"Cache-Control": "no-store"},
    )


def _mismatch(code: str) -> Callable[[Any], Problem]:
    def translate(error: Any) -> Problem:
        found = "another one" if error.found is None else f"{error.found}"
        detail = f"{error.declared} was declared, and {found} came"
        return Problem(code, detail, {"declared": error.declared, "found": error.found})

    return translate


def _range_not_satisfiable(error: errors.RangeNotSatisfiable) -> Problem:
    detail = f"The file has {error.size:,} bytes"
    return Problem("range-not-satisfiable", detail, {}, {"Content-Range": f"bytes */{error.size}"})


def _too_large(error: errors.TooLarge) -> Problem:
    known = {"limit": error.limit, "used": error.used}
    return Problem("too-large", error.detail, {name: value for name, value in known.items() if value is not None})


def _refused(error: errors.Refused) -> Problem:
    known = {name: value for name, value in error.problem.items() if name not in _WRITTEN}
    return Problem(str(error.problem["code"]), str(error.problem["detail"]), known)


def _unavailable(error: errors.Unavailable) -> Problem:
    """Says when to come back; what the store said is for the server's log."""
    detail = "The store is busy or does not answer; try again"
    return Problem("unavailable", detail, {}, {"Retry-After": str(error.retry_after)})


def _rate_limited(error: errors.RateLimited) -> Problem:
    return Problem("rate-limited", error.detail, {}, {"Retry-After": str(error.retry_after)})


_TRANSLATIONS: Final[Mapping[type[errors.DayroomError], Callable[[Any], Problem]]] = {
    errors.Invalid: _invalid,
    errors.Forbidden: lambda error: Problem("forbidden", error.detail),
    errors.Malformed: lambda error: Problem("malformed", error.detail),
    errors.Awaited: _awaited,
    errors.NotFound: _not_found,
    errors.NameTaken: lambda error: Problem("name-taken", f"The name {error.name} is taken", {"name": error.name}),
    errors.IdTaken: lambda error: Problem("id-taken", f"The id {error.id} belongs to something else"),
    errors.Conflict: _conflict,
    errors.IdempotencyReuse: lambda error: Problem(
        "idempotency-reuse", f"Idempotency-Key {error.key} came before, with another request"
    ),
    errors.PreconditionFailed: _precondition_failed,
    errors.Refused: _refused,
    errors.PreconditionRequired: lambda error: Problem("precondition-required", "Send If-Match with the ETag you have"),
    errors.PositionExpired: _position_expired,
    errors.UploadIncomplete: lambda error: Problem("upload-incomplete", error.detail, {"missing": list(error.missing)}),
    errors.SizeMismatch: _mismatch("size-mismatch"),
    errors.ChecksumMismatch: _mismatch("checksum-mismatch"),
    errors.TypeMismatch: _mismatch("type-mismatch"),
    errors.AlreadyStored: lambda error: Problem("precondition-failed", "The file came before, and stays as it is"),
    errors.FileChanged: lambda error: Problem("precondition-failed", "The file is not the one that If-Match names"),
    errors.RangeNotSatisfiable: _range_not_satisfiable,
    errors.TooLarge: _too_large,
    errors.WrongState: lambda error: Problem("conflict", error.detail, {"conflicts": [], "current": error.current}),
    errors.UnsupportedMediaType: lambda error: Problem(
        "unsupported-media-type", f"{error.content_type or 'A body without Content-Type'} is not {error.wanted}"
    ),
    errors.RateLimited: _rate_limited,
    errors.Unavailable: _unavailable,
}

_HTTP_CODES: Final[Mapping[int, str]] = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    422: "validation",
    429: "rate-limited",
    503: "unavailable",
}

_WRITTEN: Final = frozenset({"type", "title", "status", "detail", "code", "instance", "request_id"})
"""Members that every problem has, and gets anew where it is written again."""

INTERNAL: Final = Problem("internal", "It is in the server's log, under this request_id")


def problem_of(error: Exception) -> Problem:
    """Finds what a client is told of an error; whatever nobody expected is `internal`, without a word about it."""
    for kind in type(error).__mro__:
        if kind in _TRANSLATIONS:
            return _TRANSLATIONS[kind](error)
    if isinstance(error, HTTPException):
        return _of_http(error)
    return INTERNAL


def _of_http(error: HTTPException) -> Problem:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in _HTTP_CODES:
        return INTERNAL
    code = _HTTP_CODES.get(status, "malformed")
    detail = "There is no such address" if status == HTTPStatus.NOT_FOUND else error.description or CODES[code][1]
    allow = ", ".join(sorted(error.valid_methods or ())) if isinstance(error, MethodNotAllowed) else ""
    return Problem(code, detail, {}, {"Allow": allow} if allow else {})
