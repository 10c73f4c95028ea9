"""Snapshots: all that lives in a log, whole or in pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from backend.domain.changes import Head, Position
from backend.domain.digest import counts, digest_of
from backend.domain.errors import Invalid, PositionExpired, Unavailable
from backend.domain.pages import Kept, Listed, Place, Snapshot
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.departments import DepartmentRepository
from backend.repositories.events import EventRepository
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import DIRECTORY

_READS: Final = 4
"""How often a snapshot is read whose digest disagrees, a second apart: an index lags longer than its log's tail."""
_FIRST: Final = ("!", "!")
"""Is before every key of a list."""

Begun: TypeAlias = tuple[Position, str]
"""Where a log stood when the first page of a snapshot was read: its position and digest."""
Read: TypeAlias = Callable[..., Listed]


@dataclass(slots=True)
class _Page:
    """Is what was read so far, of which types, and where the log stood then."""

    entities: list[Kept] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    head: Head | None = None
    next: Place | None = None


class SnapshotService:
    """Reads snapshots."""

    def __init__(
        self,
        reader: LogReader,
        departments: DepartmentRepository,
        events: EventRepository,
        attachments: AttachmentRepository,
        *,
        sleep: Callable[[float], None],
    ) -> None:
        self._reader = reader
        self._sleep = sleep
        self._directory: dict[str, Read] = {"department": lambda log, **options: departments.list(**options)}
        self._department: dict[str, Read] = {"event": events.list, "attachment": attachments.list}

    def read(
        self, log: str, limit: int | None = None, begun: Begun | None = None, after: Place | None = None
    ) -> Snapshot:
        """Reads a page of all that lives; from the second page on with where the log stood at the first, and a place.

        Raises `PositionExpired` where the log went on under another epoch between two pages.
        """
        page = self._whole(log) if limit is None and after is None else self._page(log, after, limit)
        head = page.head
        assert head is not None
        position, digest = begun or (head.position, head.digest)
        if position.epoch != head.epoch or position.seq > head.seq:
            raise PositionExpired(str(position), "epoch", str(head.position), str(head.floor_position))
        return Snapshot(page.entities, position, digest, head, page.next)

    def _whole(self, log: str) -> _Page:
        for pause in range(_READS):
            self._sleep(pause)
            page = self._page(log, None, None)
            counted = ((type_, each["id"], each["version"]) for type_, each in page.entities if counts(type_, each))
            if page.head is not None and digest_of(counted) == page.head.digest:
                return page
        raise Unavailable("the store's index is too far behind", retry_after=5)

    def _page(self, log: str, after: Place | None, limit: int | None) -> _Page:
        """Reads one type after the other until the page is full."""
        lists = self._directory if log == DIRECTORY else self._department
        page, place = _Page(), after
        if after and after[0] not in lists:
            raise Invalid.at("/cursor", "cursor", "is not a cursor of this log; take it from a `next` link as it is")
        for type_ in list(lists)[list(lists).index(after[0]) if after else 0 :]:
            room = None if limit is None else limit - len(page.entities)
            if room == 0:
                page.next = (type_, _FIRST) if lists[type_](log, limit=1).entities else page.next
                continue
            key = place[1] if place and place[0] == type_ else None
            listed = lists[type_](log, after=key, limit=room)
            if limit is None:
                self._lead_forward(page, listed.head)
            page.entities += ((type_, entity) for entity in listed.entities)
            page.types.append(type_)
            page.head = listed.head
            if listed.next is not None:
                page.next = (type_, listed.next)
                break
        return page

    def _lead_forward(self, page: _Page, head: Head) -> None:
        """Brings what was read to where the log stands now, so that a whole snapshot is of one moment."""
        if page.head is None or page.head.seq == head.seq:
            return
        changes = self._reader.between(head.log, page.head.seq, head.seq)
        later = {(change.type, change.id): change for change in changes if change.type in page.types}
        stay = [(type_, entity) for type_, entity in page.entities if (type_, entity["id"]) not in later]
        came = [(change.type, dict(change.data)) for change in later.values() if change.op != "deleted"]
        page.entities = [*stay, *came]
