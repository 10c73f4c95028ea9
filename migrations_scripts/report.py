"""What a migration tells: its report, and the rows that it rejected."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from migrations_scripts.arrivals import Arrival
from migrations_scripts.importer import Arrived
from migrations_scripts.legacy.entities import OldDepartment
from migrations_scripts.legacy.rows import Reject


@dataclass(slots=True)
class Report:
    """Counts what became of the rows; `departments` and `events` are those that are not rejected."""

    departments: int = 0
    events: int = 0
    rejected: int = 0
    arrivals: Counter[Arrival] = field(default_factory=Counter)
    verified: bool = False
    seconds: float = 0.0

    def count(self, arrived: Arrived) -> None:
        """Counts a row that was imported or left alone."""
        if isinstance(arrived.outcome, Arrival):
            self.arrivals[arrived.outcome] += 1
            if isinstance(arrived.old, OldDepartment):
                self.departments += 1
            else:
                self.events += 1

    def as_json(self) -> dict[str, Any]:
        """Shows the report in the contract's form; what this run brought up to date counts as created by it."""
        return {
            "departments": self.departments,
            "events": self.events,
            "rejected": self.rejected,
            "created": self.arrivals[Arrival.CREATED] + self.arrivals[Arrival.UPDATED],
            "unchanged": self.arrivals[Arrival.UNCHANGED],
            "changed_since": self.arrivals[Arrival.CHANGED_SINCE],
            "verified": self.verified,
            "seconds": round(self.seconds, 3),
        }


class Rejects:
    """Writes rejected rows, each as a line of JSON, and keeps the first few to be shown."""

    SHOWN = 20

    def __init__(self, file: TextIO | None) -> None:
        self._file = file
        self.count = 0
        self.first: list[Reject] = []

    def add(self, reject: Reject) -> None:
        """Takes a rejected row."""
        self.count += 1
        if self.count <= self.SHOWN:
            self.first.append(reject)
        if self._file:
            members = {"source": reject.source, "id": reject.id, "reason": reject.reason, "row": reject.row}
            self._file.write(json.dumps(members, ensure_ascii=False, default=_as_text) + "\n")
            self._file.flush()


@contextmanager
def rejects_to(path: Path | None) -> Iterator[Rejects]:
    """Opens the file of the rejected rows, if one is wanted; it is there, and empty, where none is rejected."""
    if path is None:
        yield Rejects(None)
    else:
        # Half of a surrogate pair cannot be UTF-8; its escape is the same in Python and in JSON.
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield Rejects(file)


def _as_text(value: object) -> str:
    """Shows what JSON does not know: SQLite's blobs."""
    return value.hex() if isinstance(value, bytes) else str(value)
