"""Reading attachments: one by its id, many by their department and event."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final

from backend.domain import attachments
from backend.domain.errors import NotFound
from backend.domain.pages import Entity, Key, Listed
from backend.repositories.database import Database, Item
from backend.repositories.decisions import View, is_deleted
from backend.repositories.listing import LAG, LEAST_TAIL, Listing, Selection, in_order
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import ATTACHMENTS, ATTACHMENTS_BY_PLACE, ATTACHMENTS_PENDING, GUARDS, bytes_guard

_LAST: Final = "~"
"""Is behind every instant, so that a range ends with it."""


class AttachmentRepository:
    """Finds attachments."""

    def __init__(self, database: Database, reader: LogReader, listing: Listing) -> None:
        self._database = database
        self._reader = reader
        self._listing = listing
        self._lags = database.capabilities.indexes_lag

    def get(self, attachment_id: str) -> Entity:
        """Reads one attachment of a living department; raises `NotFound`."""
        row = self.row(attachment_id)
        self._reader.head(row["department_id"])
        if is_deleted(row):
            raise NotFound("attachment", attachment_id)
        return attachments.from_row(row)

    def row(self, attachment_id: str) -> Item:
        """Finds its newest row, living or a tombstone, in whichever department; raises `NotFound`."""
        found = self._database.query(ATTACHMENTS, attachment_id)
        rows = sorted(found, key=lambda row: (is_deleted(row), -row["version"]))
        if not rows:
            raise NotFound("attachment", attachment_id)
        return rows[0]

    def department_of(self, entity_id: str) -> str:
        """Tells in which department an attachment is, or last was; raises `NotFound`."""
        return str(self.row(entity_id)["department_id"])

    def list(
        self, department_id: str, *, event_id: str | None = None, after: Key | None = None, limit: int | None = None
    ) -> Listed:
        """Lists the attachments of a department, or of one of its events, in order of event and time."""

        def matches(attachment: Entity) -> bool:
            return event_id is None or attachment["event_id"] == event_id

        selection = Selection("attachment", attachments.list_key, matches, after)
        lower = max(filter(None, (event_id and attachments.place(event_id), after and after[0])), default=None)
        upper = attachments.place(event_id, _LAST) if event_id else None
        rows = self._database.query(ATTACHMENTS, department_id, index=ATTACHMENTS_BY_PLACE, lower=lower, upper=upper)
        living = (attachments.from_row(row) for row in rows if not is_deleted(row))
        return self._listing.read(department_id, in_order(living, attachments.list_key), selection, limit)

    def pending(self, department_id: str) -> Sequence[Entity]:
        """Lists the uploads of a department that have not ended, oldest first; an index may lag behind."""
        return [each for each in self.unfinished(department_id) if each["status"] == "pending"]

    def unfinished(self, department_id: str) -> Sequence[Entity]:
        """Lists the same, and files that wait for their thumbnails; an index may lag behind."""
        rows = self._database.query(ATTACHMENTS, department_id, index=ATTACHMENTS_PENDING)
        return [attachments.from_row(row) for row in rows if not is_deleted(row)]

    def used(self, department_id: str) -> int:
        """Tells how many bytes the files of a department take, those included that are being uploaded."""
        there = self._database.get(GUARDS, bytes_guard(department_id))
        return 0 if there is None else int(there["used"])

    def hanging(self, view: View, department_id: str, event_id: str, wanted: Callable[[Item], bool]) -> Iterator[Item]:
        """Finds the wanted rows of what hangs, or hung, on an event of a department, as the transaction sees them.

        An index names them; where indexes lag the log does, too, and what the same transaction has staged.
        """
        lately = dict.fromkeys(self._lately(view, department_id, event_id))
        lower, upper = attachments.place(event_id), attachments.place(event_id, _LAST)
        rows = self._database.query(ATTACHMENTS, department_id, index=ATTACHMENTS_BY_PLACE, lower=lower, upper=upper)
        indexed = (row["id"] for row in rows if row["id"] not in lately and wanted(row))
        for attachment_id in chain(lately, indexed):
            row = view.get(ATTACHMENTS, {"id": attachment_id, "department_id": department_id})
            if row is not None and row.get("event_id") == event_id and wanted(row):
                yield row

    def _lately(self, view: View, department_id: str, event_id: str) -> Iterator[str]:
        staged = view.staged_rows(ATTACHMENTS)
        yield from (row["id"] for row in staged if row["department_id"] == department_id)
        if self._lags:
            head = self._reader.head(department_id)
            for change in self._reader.tail(head, least=LEAST_TAIL, young=LAG):
                if change.type == "attachment" and change.data.get("event_id") == event_id:
                    yield change.id
