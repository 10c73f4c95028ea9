"""The change log as a stream of Server-Sent Events (WHATWG HTML, section 9.2): the same entries, as they come."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from threading import Event
from typing import Any, Final

from flask import Response

from backend.domain.changes import LATEST, Position
from backend.domain.errors import DayroomError
from backend.problems import problem_of
from backend.services.changes import ChangeService

TYPE: Final = "text/event-stream"
SILENCE: Final = 15.0
"""Seconds after which a comment says that the stream lives."""
_AT_ONCE: Final = 500

Watch = Callable[[str], AbstractContextManager[Event]]
"""Follows a log: gives an event that is set whenever there is something new in it."""


def stream(changes: ChangeService, watch: Watch, log: str, since: str | None) -> Response:
    """Streams a log from a position on, or from a snapshot where there is none.

    What cannot be resumed is refused at once, as the plain answer is; what ends the stream later is its last event.
    """
    if since is None:
        snapshot = changes.snapshot(log)
        opening = [_frame(each) for each in snapshot.as_json()["changes"]]
        start = snapshot.position
    else:
        piece = changes.since(log, since, 1)
        opening, start = [], piece.position if since == LATEST else Position.parse(since)
    frames = _follow(changes, watch, log, start, opening)
    return Response(frames, mimetype=TYPE, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _follow(changes: ChangeService, watch: Watch, log: str, position: Position, opening: list[str]) -> Iterator[str]:
    yield from opening
    yield f"id: {position}\n\n"
    try:
        with watch(log) as news:
            while True:
                news.clear()
                piece = changes.since(log, str(position), _AT_ONCE)
                for change in piece.changes:
                    yield _frame(change.as_json(), change.position)
                position = piece.position
                if not piece.has_more and not news.wait(SILENCE):
                    yield ": alive\n\n"
    except DayroomError as error:
        problem = problem_of(error).as_json(instance=None, request_id=None)
        yield f"event: problem\ndata: {json.dumps(problem, ensure_ascii=False)}\n\n"


def _frame(change: dict[str, Any], position: Position | None = None) -> str:
    """Writes one event; only what may be resumed from has an id."""
    place = f"id: {position}\n" if position else ""
    return f"{place}data: {json.dumps(change, ensure_ascii=False)}\n\n"
