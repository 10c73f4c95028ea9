"""REST for whole calendars as files: export, and import of iCalendar."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Response, current_app, request

from backend.api.operations import Resource
from backend.api.replies import Reply
from backend.api.requests import JSON, author, file_body, request_id
from backend.domain.errors import DayroomError
from backend.domain.ids import sought_id
from backend.exchange.files import disposition
from backend.problems import problem_of
from backend.schemas.exchange import ExportQuery, ImportQuery, ImportReport
from backend.services.exports import ExportService, Span
from backend.services.import_report import Report
from backend.services.imports import ImportService, Wish

Fields = Mapping[str, Any]

CALENDAR: Final = "text/calendar"
LINES: Final = "application/x-ndjson"


def exchange_blueprint(exports: ExportService, imports: ImportService) -> Resource:
    """Declares the routes by which a department's events leave and come as a file."""
    api = Resource("exchange", __name__, description="Calendars as files: iCalendar, CSV, JSON")

    @api.operation(
        "GET",
        "/api/departments/<string:id>/export",
        query=ExportQuery,
        gives="text/calendar, text/csv, application/json",
    )
    def export_events(query: Fields, id: str) -> Reply:
        """Gives a department's events as a file: iCalendar, CSV for spreadsheets, or JSON."""
        span = Span(query.get("from"), query.get("to"), query.get("expand", False))
        found = exports.export(sought_id(id), query.get("format", "ics"), span, query.get("language", "ko"))
        headers = {"Content-Disposition": disposition(found.name), "Cache-Control": "no-store"}
        return Response(found.pieces, content_type=found.type, headers=headers)

    @api.operation(
        "POST",
        "/api/departments/<string:id>/import",
        query=ImportQuery,
        answer=ImportReport,
        takes=CALENDAR,
        creates=False,
    )
    def import_events(query: Fields, id: str) -> Reply:
        """Imports a calendar file, or with `dry_run` only tells what would become of each of its events.

        Asked for `application/x-ndjson` it tells how far it is, line by line, and the report last.
        """
        department_id = sought_id(id)
        data, charset = file_body(CALENDAR, current_app.config["CALENDAR_FILE_MAX_BYTES"])
        wish = Wish(query.get("dry_run", False), query.get("overwrite", False), author())
        reports = imports.run(department_id, data, wish, charset)
        first = next(reports)
        if request.accept_mimetypes.best_match([JSON, LINES]) == LINES:
            return Response(_lines(first, reports, request_id()), mimetype=LINES, headers={"Cache-Control": "no-store"})
        for _ in reports:
            pass
        return first.as_json(), 200, {"Cache-Control": "no-store"}

    return api


def _lines(report: Report, reports: Iterator[Report], identity: str) -> Iterator[str]:
    """Tells how far an import is, and its report, or the problem that ended it, last."""
    try:
        yield _line({"done": report.done, "total": report.total})
        for _ in reports:
            yield _line({"done": report.done, "total": report.total})
        yield _line({"report": report.as_json()})
    except DayroomError as error:
        yield _line({"problem": problem_of(error).as_json(instance=None, request_id=identity)})


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
