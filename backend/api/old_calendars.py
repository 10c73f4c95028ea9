"""REST for bringing an old calendar in: open an import, send its files, rehearse it, start it, and look."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import request

from backend.api.operations import Resource
from backend.api.replies import absolute
from backend.schemas.old_calendars import ImportRead, ImportStart
from backend.services.old_calendars import OldCalendars

CHUNK: Final = 64 * 1024

Shown = tuple[Mapping[str, Any], int, dict[str, str]]


def old_calendars_blueprint(imports: OldCalendars) -> Resource:
    """Declares the routes of imports."""
    api = Resource("imports", __name__, description="Imports of calendars from the server before Dayroom")

    @api.operation("POST", "/api/imports", answer=ImportRead)
    def open_import() -> Shown:
        """Opens an import, which has no files yet."""
        opened = imports.open()
        return opened, 201, {"Location": absolute(f"/api/imports/{opened['id']}"), "Cache-Control": "no-store"}

    @api.operation("GET", "/api/imports/<string:id>", answer=ImportRead)
    def get_import(id: str) -> Shown:
        """Tells how far an import is, and what came of it."""
        return imports.tell(id), 200, {"Cache-Control": "no-store"}

    @api.operation("PUT", "/api/imports/<string:id>/files/<string:name>", answer=ImportRead, errors=[429])
    def put_import_file(id: str, name: str) -> Shown:
        """Keeps a file: `departments.json`, `calendar_events.json` or `calendar.db`, as the body, of any type."""
        request.max_content_length = imports.limit
        return imports.put(id, name, _chunks()), 200, {"Cache-Control": "no-store"}

    @api.operation(
        "POST", "/api/imports/<string:id>/start", body=ImportStart, answer=ImportRead, creates=False, errors=[429]
    )
    def start_import(fields: Mapping[str, Any], id: str) -> Shown:
        """Starts an import, or its rehearsal; again after it ended: nothing comes twice."""
        return imports.start(id, dry_run=fields["dry_run"]), 200, {"Cache-Control": "no-store"}

    return api


def _chunks() -> Iterator[bytes]:
    while chunk := request.stream.read(CHUNK):
        yield chunk
    request.stream.read(1)  # as in `_whole_body`: a body in chunks is cut off at the limit, and refused only here
