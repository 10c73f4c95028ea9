"""Gives a department's events away as a file, piece by piece: what is read, written and sent is bounded at any time."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final

from backend.domain.changes import instant
from backend.domain.pages import Key, Listed
from backend.exchange import calendars, spreadsheets
from backend.exchange.calendars import Frame
from backend.exchange.files import FORMATS
from backend.exchange.vevents import written
from backend.repositories.departments import DepartmentRepository
from backend.services.events import EventService
from backend.services.feeds import Offload
from backend.services.series import SeriesService

Event = Mapping[str, Any]
Pages = Iterator[list[dict[str, Any]]]

_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Span:
    """Is which events are wanted: those with a day between two, both included; `expand` makes series single events."""

    first: str | None = None
    last: str | None = None
    expand: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """Is a file: its name, its media type, and its content in pieces."""

    name: str
    type: str
    pieces: Iterator[bytes]


class ExportService:
    """Writes calendars as iCalendar, CSV and JSON."""

    def __init__(
        self,
        departments: DepartmentRepository,
        events: EventService,
        series: SeriesService,
        *,
        clock: Callable[[], datetime],
        offload: Offload = lambda work: work(),
    ) -> None:
        self._departments = departments
        self._events = events
        self._series = series
        self._clock = clock
        self._offload = offload

    def export(self, department_id: str, format: str, span: Span, language: str = "ko") -> Exported:
        """Begins to write a department's events; raises `NotFound` at once, and `StoreUnavailable` also later."""
        department = self._departments.get(department_id)
        pages = self._pages(department_id, span)
        pages = chain([next(pages)], pages)
        write = {"ics": self._as_calendar, "csv": self._as_table, "json": self._as_json}[format]
        name = f"{department['name']} {self._clock().date()}.{format}"
        return Exported(name, FORMATS[format], write(department, pages, language))

    def _pages(self, department_id: str, span: Span) -> Pages:
        """Reads page by page; an event that is moved meanwhile from what was read to what was not comes once."""
        after: Key | None = None
        seen: set[tuple[str, str]] = set()
        while True:
            listed = self._page(department_id, span, after)
            new = [event for event in listed.entities if _identity(event) not in seen]
            seen.update(map(_identity, new))
            yield new
            after = listed.next
            if after is None:
                return

    def _page(self, department_id: str, span: Span, after: Key | None) -> Listed:
        if span.expand and span.first and span.last:
            return self._series.occurrences(department_id, first=span.first, last=span.last, after=after, limit=_PAGE)
        return self._events.list(department_id, first=span.first, last=span.last, after=after, limit=_PAGE)

    def _as_calendar(self, department: Event, pages: Pages, language: str) -> Iterator[bytes]:
        texts: dict[str, bytes] = {}

        def written_ones() -> Iterator[Event]:
            for page in pages:
                made = self._offload(lambda: [b"".join(written(event, frame.timezone)) for event in page])  # noqa: B023
                texts.update(zip((event["id"] for event in page), made, strict=True))
                yield from page

        frame = Frame.of(department)
        yield from calendars.pieces(frame, written_ones(), lambda event: texts.pop(event["id"]))

    def _as_table(self, department: Event, pages: Pages, language: str) -> Iterator[bytes]:
        yield spreadsheets.heading(language)
        for page in pages:
            yield spreadsheets.lines_of(page)

    def _as_json(self, department: Event, pages: Pages, language: str) -> Iterator[bytes]:
        head = {"department": department, "exported_at": instant(self._clock())}
        yield json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "events": [\n'
        separator = b""
        for event in chain.from_iterable(pages):
            yield separator + json.dumps(event, ensure_ascii=False).encode()
            separator = b",\n"
        yield b"\n]}\n"


def _identity(event: Event) -> tuple[str, str]:
    """Tells an event, or an occurrence of a series, from all others."""
    return event["id"], (event.get("occurrence_of") or {}).get("date", "")
