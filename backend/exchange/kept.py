"""Properties that Dayroom does not understand: kept as a file had them, line by line, and written back.

They are content lines, unfolded, and whole components such as VALARM, in the file's order. What folds them is
icalendar; that no line can end the component which it is put into, was looked at when it was kept.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from icalendar.parser import Contentline

MAX_BYTES: Final = 32_000
"""How much of an event is kept: an entity and its entry in the log are one item of a store each."""


def kept_lines(event: Mapping[str, Any], original: str | None = None) -> list[str]:
    """Gives the lines that were kept of an event, or of the component of one of its occurrences."""
    origin = event.get("imported") or {}
    if original is None:
        return list(origin.get("kept", ()))
    return list(origin.get("kept_of", {}).get(original, ()))


def with_kept(component: bytes, lines: Iterable[str]) -> bytes:
    """Puts lines in at the end of a component."""
    folded = b"".join(_folded(line) + b"\r\n" for line in lines)
    if not folded:
        return component
    head, end, tail = component.rpartition(b"END:")
    return head + folded + end + tail


def _folded(line: str) -> bytes:
    content: Any = Contentline
    return bytes(content(line).to_ical())


def size_of(lines: Iterable[str]) -> int:
    """Counts what lines take."""
    return sum(len(line.encode()) + 4 for line in lines)
