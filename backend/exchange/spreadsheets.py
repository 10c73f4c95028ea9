"""Writes events as a table that spreadsheets open: CSV (RFC 4180) in UTF-8 with a byte order mark, for Excel.

A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV Injection"): whoever may write
an event's title must not run anything on the machine of who opens the table.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

MARK: Final = "\ufeff".encode()
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

COLUMNS: Final[dict[str, dict[str, str]]] = {
    "title": {"ko": "제목", "en": "Title"},
    "event_date": {"ko": "시작일", "en": "First day"},
    "start_time": {"ko": "시작 시각", "en": "Start"},
    "end_date": {"ko": "종료일", "en": "Last day"},
    "end_time": {"ko": "종료 시각", "en": "End"},
    "time": {"ko": "시간(표기)", "en": "Time as written"},
    "timezone": {"ko": "시간대", "en": "Time zone"},
    "location": {"ko": "장소", "en": "Location"},
    "description": {"ko": "설명", "en": "Description"},
    "category": {"ko": "분류", "en": "Category"},
    "tags": {"ko": "태그", "en": "Tags"},
    "url": {"ko": "링크", "en": "Link"},
    "color": {"ko": "색", "en": "Colour"},
    "rrule": {"ko": "반복 규칙", "en": "Recurrence"},
    "exdates": {"ko": "제외한 날", "en": "Days left out"},
    "overrides": {"ko": "달라진 날", "en": "Days that differ"},
    "updated_by": {"ko": "수정한 사람", "en": "Changed by"},
    "last_modified": {"ko": "수정 시각", "en": "Changed at"},
    "id": {"ko": "ID", "en": "ID"},
}
"""The columns, in their order, with what stands above them."""


def heading(language: str) -> bytes:
    """Writes the byte order mark and the first line."""
    return MARK + _lines([[names[language] for names in COLUMNS.values()]])


def lines_of(events: Iterable[Mapping[str, Any]]) -> bytes:
    """Writes a line for each event."""
    return _lines([[_safe(_cell(event, name)) for name in COLUMNS] for event in events])


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _cell(event: Mapping[str, Any], name: str) -> str:
    found = event["recurrence"] or {}
    if name in ("rrule", "exdates", "overrides"):
        value = found.get(name, "")
        return value if isinstance(value, str) else ", ".join(value)
    value = event[name]
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text
