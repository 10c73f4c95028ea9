"""Declares REST operations: what comes in, what goes out, what can go wrong, and all of it in the OpenAPI document."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask_smorest import Api, Blueprint
from marshmallow import Schema

from backend.api.requests import JSON, Arguments
from backend.schemas.problem import ProblemSchema

View = Callable[..., Any]

_HEADERS: Final[dict[str, str]] = {
    "If-Match": "The entity tag that must still be there; otherwise 412, with the entity as it is now.",
    "Idempotency-Key": "Names this write; the change carries it as `mutation_id`.",
    "X-Actor": "Who writes: a person's name, percent-encoded UTF-8.",
    "X-Device-Id": "The device that writes, at most 64 characters.",
}
_ANSWERED: Final[dict[str, str]] = {
    "ETag": "The entity tag: the version, quoted.",
    "Idempotency-Replayed": "`true` where this very request was made before.",
    "Link": 'The next page of a list: `<…>; rel="next"` (RFC 8288).',
    "Location": "Where the new entity is, or the file.",
    "X-Position": "The position in the log that the answer is at least as new as; a write's own entry.",
    "X-Request-Id": "The request's id: the client's own, if it sent a sane one.",
}
"""What an answer may carry."""
_READING: Final = (400, 404, 422, 503)
_WRITING: Final = (400, 404, 409, 413, 415, 422, 503)
CHANGING: Final = (412, 428)
"""What can go wrong besides where something is changed that is there, which `If-Match` may guard."""


class DocumentedApi(Api):  # type: ignore[misc]
    """Is flask-smorest's Api, with problems as errors, which `backend.api.errors` handles."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"

    def _register_error_handlers(self) -> None:
        """Leaves errors to the application."""


class Resource(Blueprint):  # type: ignore[misc]
    """Is a blueprint whose operations are declared in one place each."""

    ARGUMENTS_PARSER = Arguments()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._prepare_doc_cbks.append(_document_headers)

    def operation(
        self,
        methods: str,
        rule: str,
        *,
        body: type[Schema] | None = None,
        query: type[Schema] | None = None,
        answer: Schema | type[Schema] | None = None,
        errors: Sequence[int] = (),
        creates: bool = True,
        divides: bool = False,
        takes: str | None = None,
        gives: str = JSON,
        accepts: bool = False,
        redirects: bool = False,
    ) -> Callable[[View], View]:
        """Registers a view for a rule and its methods (one, or `PUT PATCH`).

        Its name is the `operationId`, its docstring the description. What `divides` may answer 201, too; what `accepts`
        answers 202, and what `redirects` 302 unless JSON was asked for. `takes` is the media type of a body that is no
        JSON, `gives` (several by commas) that of an answer that is none.
        """

        def register(view: View) -> View:
            for method in methods.split():
                name = view.__name__.replace("update_", "patch_") if method == "PATCH" else view.__name__
                success = HTTPStatus.ACCEPTED if accepts else _success(method, creates=creates)
                offered = self._also_created(view, answer) if divides else view
                offered = self.alt_response(302, description="See `Location`")(offered) if redirects else offered
                documented = self._document(offered, method, success, body, query, answer, errors)
                operation = self.doc(operationId=_camel(name), **_files(takes, gives, success))(documented)
                self.route(rule, methods=[method], endpoint=name)(operation)
            return view

        return register

    def _also_created(self, view: View, answer: Schema | type[Schema] | None) -> View:
        documented: View = self.alt_response(201, schema=answer, content_type=JSON, success=True)(view)
        return documented

    def _document(
        self,
        view: View,
        method: str,
        success: int,
        body: type[Schema] | None,
        query: type[Schema] | None,
        answer: Schema | type[Schema] | None,
        errors: Sequence[int],
    ) -> View:
        for status in _problems(method, errors):
            view = self.alt_response(status, HTTPStatus(status).name)(view)
        view = self.response(success, answer, content_type=JSON)(view)
        if success == HTTPStatus.CREATED:
            view = self.alt_response(200, schema=answer, content_type=JSON, success=True)(view)
        if query:
            view = self.arguments(query, location="query")(view)
        return self.arguments(body)(view) if body else view


def _success(method: str, *, creates: bool) -> int:
    if method == "DELETE":
        return HTTPStatus.NO_CONTENT
    return HTTPStatus.CREATED if method == "POST" and creates else HTTPStatus.OK


def _problems(method: str, errors: Sequence[int]) -> list[int]:
    usual = _READING if method == "GET" else _WRITING
    return sorted({*usual, *(CHANGING if method in {"PUT", "PATCH", "DELETE"} else ()), *errors})


def _document_headers(doc: dict[str, Any], doc_info: Any, *, method: str, **_: Any) -> dict[str, Any]:
    """Adds the headers that a writing operation understands to its parameters, and those of answers to them."""
    guarded = str(int(HTTPStatus.PRECONDITION_FAILED)) in map(str, doc["responses"])
    names = [name for name in _HEADERS if method != "get" and (name != "If-Match" or guarded)]
    doc.setdefault("parameters", []).extend(
        {"in": "header", "name": name, "description": _HEADERS[name], "schema": {"type": "string"}} for name in names
    )
    for status, answer in doc["responses"].items():
        if str(status).startswith(("2", "3")):
            answer["headers"] = {
                name: {"description": text, "schema": {"type": "string"}}
                for name, text in _ANSWERED.items()
                if _is_answered(name, method, int(status))
            }
    return doc


def _is_answered(header: str, method: str, status: int) -> bool:
    """Tells whether a header can be in an answer."""
    return {
        "ETag": status not in {HTTPStatus.NO_CONTENT, HTTPStatus.FOUND},
        "Idempotency-Replayed": method != "get",
        "Link": method == "get" and status != HTTPStatus.FOUND,
        "Location": status in {HTTPStatus.CREATED, HTTPStatus.FOUND},
    }.get(header, True)


def _files(takes: str | None, gives: str, success: int) -> dict[str, Any]:
    """Documents bodies and answers that are files."""
    found: dict[str, Any] = {}
    if takes is not None:
        found["requestBody"] = {"required": True, "content": {takes: {"schema": {"type": "string"}}}}
    if gives != JSON:
        types = map(str.strip, gives.split(","))
        content = {each: {"schema": {"type": "object" if each == JSON else "string"}} for each in types}
        found["responses"] = {str(int(success)): {"description": "The file", "content": content}}
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
