"""Calendar files to import, and how a test imports them."""

from __future__ import annotations

from typing import Any

from backend.domain.events import WRITABLE
from tests.in_process import Api, Json, json_of


def vevent(*lines: str, uid: str = "1@elsewhere", start: str = "DTSTART:20240115T140000") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", start, *lines, "END:VEVENT"])


def vcalendar(*components: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test", *components, "END:VCALENDAR", ""])


def bring(api: Api, home: str, file: str | bytes, query: str = "", **options: Any) -> Json:
    """Imports a file and gives the report."""
    kind = options.pop("content_type", "text/calendar")
    answer = api.call("POST", f"/api/departments/{home}/import?{query}", file, content_type=kind, **options)
    assert answer.status_code == 200, answer.text
    report: Json = json_of(answer)
    return report


def only(report: Json) -> Json:
    """Is the report's only row."""
    assert len(report["rows"]) == 1, report
    row: Json = report["rows"][0]
    return row


def counts(report: Json) -> dict[str, int]:
    """Is how many rows have which outcome, where there are any."""
    names = ("created", "updated", "unchanged", "kept", "rejected")
    return {name: report[name] for name in names if report[name]}


def exported(api: Api, home: str, query: str = "") -> bytes:
    """Is a department as iCalendar."""
    answer = api.get(f"/api/departments/{home}/export?{query}")
    assert answer.status_code == 200, answer.text
    return answer.data


def said(event: Json) -> Json:
    """Is what an event says, whoever wrote it and when."""
    return {name: event[name] for name in ("id", *WRITABLE, "starts_at", "ends_at")}
