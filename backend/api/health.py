"""Tells operators and load balancers whether the server lives, and whether it can work."""

from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Response, jsonify

from backend.domain.errors import Unavailable

log = structlog.get_logger(__name__)

Check = Callable[[], None]
"""Returns if a part answers; raises `Unavailable`."""


def health_blueprint(parts: Mapping[str, Check]) -> Blueprint:
    """Declares `/healthz` (alive) and `/readyz` (every part that a request needs answers)."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz() -> Response:
        """Says that the process lives."""
        return jsonify(status="alive")

    @health.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """Says which parts answer: 200 if all do, else 503."""
        states = {name: _state(name, check) for name, check in parts.items()}
        ready = all(state == "ok" for state in states.values())
        return jsonify(status="ready" if ready else "not ready", parts=states), 200 if ready else 503

    return health


def _state(name: str, check: Check) -> str:
    """Says whether a part answers; why it does not is for the server's log, as it may name what is internal."""
    try:
        check()
    except Unavailable as error:
        log.warning("not ready", part=name, detail=error.detail)
        return "does not answer"
    return "ok"
