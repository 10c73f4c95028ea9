"""Answers every error of a request that reached the application with a problem, and tells each request by its id."""

import json
from collections.abc import Callable
from http import HTTPStatus

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from backend.api.requests import request_id
from backend.domain.errors import Unavailable
from backend.problems import INTERNAL, Problem, problem_of

log = structlog.get_logger(__name__)


def register_errors(app: Flask, refused: Callable[[str], None] = lambda code: None) -> None:
    """Makes problems the only errors of an application; `refused` is told the code of each."""

    @app.errorhandler(Exception)
    def answer(error: Exception) -> Response:
        problem = problem_of(error)
        refused(problem.code)
        return _answer(error, problem)

    @app.before_request
    def know_the_request() -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id())

    @app.after_request
    def name_the_request(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        if response.status_code == HTTPStatus.NO_CONTENT:
            response.headers.pop("Content-Type", None)
        log.info("request", method=request.method, path=_path(), status=response.status_code)
        return response


def _path() -> str:
    """Tells the path of this request to the server's log, which keeps no secret of a feed."""
    return "/feeds/…" if request.path.startswith("/feeds/") else request.path


def _answer(error: Exception, problem: Problem) -> Response:
    if problem is INTERNAL and not isinstance(error, HTTPException):
        log.error("request failed", method=request.method, path=_path(), exc_info=error)
    if isinstance(error, Unavailable):
        log.warning("store unavailable", method=request.method, path=_path(), detail=error.detail)
    body = problem.as_json(instance=request.path, request_id=request_id())
    return Response(
        json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),  # it may repeat half a surrogate pair
        status=problem.status,
        headers=dict(problem.headers),
        mimetype="application/problem+json",
    )
