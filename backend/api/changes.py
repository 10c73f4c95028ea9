"""REST for the change log."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request

from backend.api.operations import Resource
from backend.api.replies import Reply, next_link
from backend.api.requests import JSON, decode_cursor, encode_cursor
from backend.api.stream import TYPE, Watch, stream
from backend.domain.changes import Position
from backend.domain.pages import Snapshot
from backend.schemas.changes import ChangesPage, ChangesQuery
from backend.services.changes import ChangeService

_NEVER_CACHED: Final = {"Cache-Control": "no-store"}


def changes_blueprint(changes: ChangeService, watch: Watch) -> Resource:
    """Declares the route of the change log."""
    api = Resource("changes", __name__, description="The change log: one truth for every reader")

    @api.operation("GET", "/api/departments/<string:id>/changes", query=ChangesQuery, answer=ChangesPage, errors=(410,))
    def list_changes(query: Mapping[str, Any], id: str) -> Reply:
        """Tells what changed in a department, or in the `directory`, after a position.

        With `since=latest` it tells only where the log stands; without `since` it gives a snapshot of all that lives.
        Asked for `text/event-stream`, it streams: `Last-Event-ID` resumes.
        """
        log, limit = id.lower(), query.get("limit")
        if request.accept_mimetypes.best_match([JSON, TYPE]) == TYPE:
            return stream(changes, watch, log, request.headers.get("Last-Event-ID") or query.get("since"))
        if "since" in query:
            return changes.since(log, query["since"], limit).as_json(), 200, _NEVER_CACHED
        parts = decode_cursor(query.get("cursor"), 5)
        if parts is None:
            return _page(changes.snapshot(log, limit))
        position, digest, type_, *key = parts
        place = (type_, (key[0], key[1]))
        return _page(changes.snapshot(log, limit, (Position.parse(position, "/cursor"), digest), place))

    return api


def page(snapshot: Snapshot) -> dict[str, Any]:
    """Shows a page of a snapshot, with the cursor that leads to the next one."""
    if snapshot.next is None:
        return snapshot.as_json()
    type_, key = snapshot.next
    return {**snapshot.as_json(), "cursor": encode_cursor(str(snapshot.position), snapshot.digest, type_, *key)}


def _page(snapshot: Snapshot) -> Reply:
    """Answers with a page of a snapshot, and how to get the next one."""
    shown = page(snapshot)
    link = {"Link": next_link(shown["cursor"])} if "cursor" in shown else {}
    return shown, 200, {**_NEVER_CACHED, **link}
