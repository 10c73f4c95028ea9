"""What a migration of files tells: its report, and the files that could not be brought."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from threading import Lock
from typing import Any, Final, TextIO


class Carried(Enum):
    """Is what became of one file."""

    MOVED = "moved"
    UNCHANGED = "unchanged"
    CHANGED_SINCE = "changed_since"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Is what became of one file: brought, or rejected with a reason."""

    name: str
    size: int
    carried: Carried | None
    reason: str = ""


@dataclass(slots=True)
class FileReport:
    """Counts what became of the files; `files` and `bytes` are of those that are not rejected."""

    rehearsed: bool
    outcomes: dict[Carried, int] = field(default_factory=lambda: dict.fromkeys(Carried, 0))
    bytes: int = 0
    rejected: int = 0
    seconds: float = 0.0

    def count(self, outcome: Outcome) -> None:
        """Counts a file."""
        if outcome.carried is None:
            self.rejected += 1
        else:
            self.outcomes[outcome.carried] += 1
            self.bytes += outcome.size

    def as_json(self) -> dict[str, Any]:
        """Shows the report."""
        return {
            "files": sum(self.outcomes.values()),
            "bytes": self.bytes,
            **{carried.value: count for carried, count in self.outcomes.items()},
            "rejected": self.rejected,
            "verified": not self.rehearsed and not self.rejected,
            "seconds": round(self.seconds, 3),
        }


class FileRejects:
    """Writes rejected files, each as a line of JSON, and keeps the first few to be shown."""

    SHOWN: Final = 20

    def __init__(self, file: TextIO | None) -> None:
        self._file = file
        self._lock = Lock()
        self.first: list[Outcome] = []

    def add(self, outcome: Outcome) -> None:
        """Takes a rejected file."""
        with self._lock:
            if len(self.first) < self.SHOWN:
                self.first.append(outcome)
            if self._file:
                line = {"source": outcome.name, "size": outcome.size, "reason": outcome.reason}
                self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
                self._file.flush()


@contextmanager
def rejects_to(path: Path | None) -> Iterator[FileRejects]:
    """Opens the file of the rejected, if one is wanted; it is there, and empty, where none is rejected."""
    if path is None:
        yield FileRejects(None)
    else:
        # A name that is no UTF-8 has half of a surrogate pair, whose escape is the same in Python and in JSON.
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield FileRejects(file)
