"""The report of an import: what became of a file, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.domain.imports import Fate, Fault


@dataclass(frozen=True, slots=True)
class Row:
    """Is what became of one event of a file, or of a component that is none."""

    line: int
    fate: Fate
    uid: str | None
    title: str | None
    date: str | None = None
    id: str | None = None
    reason: Fault | None = None
    notes: Sequence[Fault] = ()

    def as_json(self) -> dict[str, Any]:
        """Shows the row in a report."""
        shown: dict[str, Any] = {"line": self.line, "outcome": self.fate.value, "uid": self.uid, "title": self.title}
        shown |= {"date": self.date, "id": self.id}
        shown["reason"] = None if self.reason is None else _as_json(self.reason)
        return {**shown, "notes": list(map(_as_json, self.notes))}


@dataclass(slots=True)
class Report:
    """Tells what became of a file, or would: how many rows of each outcome, and each row."""

    department_id: str
    dry_run: bool
    calendar: str | None
    timezone: str
    charset: str
    complete: bool
    rows: list[Row] = field(default_factory=list)
    done: int = 0
    total: int = 0

    def counts(self) -> dict[str, int]:
        """Counts the rows by their outcomes."""
        return {fate.value: sum(row.fate is fate for row in self.rows) for fate in Fate}

    def as_json(self) -> dict[str, Any]:
        """Shows the report."""
        names = ("department_id", "dry_run", "calendar", "timezone", "charset", "complete")
        shown = {name: getattr(self, name) for name in names}
        return {**shown, **self.counts(), "rows": [row.as_json() for row in self.rows]}


def _as_json(fault: Fault) -> Mapping[str, str]:
    return {"code": fault.code, "detail": fault.detail}
