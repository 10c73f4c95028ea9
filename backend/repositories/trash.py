"""Reading what was deleted, newest first: what the trash's index shows, corrected by the tail of the log."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final

from backend.domain import trash
from backend.domain.changes import Change
from backend.domain.pages import Key, Listed
from backend.repositories.database import Database, Item
from backend.repositories.decisions import is_deleted
from backend.repositories.entities import KINDS
from backend.repositories.listing import Listing
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import DIRECTORY, TRASH_INDEX

_WITHIN: Final = {True: ("department",), False: ("event", "attachment")}
"""The kinds that a log's trash may hold, for the directory and for a department."""

Entity = dict[str, Any]
Streams = list[Iterable[Entity]]
_AFTER_ALL: Final[Key] = ("~", "")


class TrashRepository:
    """Lists tombstones. Its cost is that of what it answers, and of what else was deleted in the last minute."""

    def __init__(self, database: Database, reader: LogReader, listing: Listing) -> None:
        self._database = database
        self._reader = reader
        self._listing = listing

    def list(
        self, log: str, *, since: str, matches: Callable[[Entity], bool], after: Key | None, limit: int | None
    ) -> Listed:
        """Lists what was deleted from a log at `since` or later; `after` is the key of the last one before the page."""
        head = self._reader.head(log)
        bound = after or _AFTER_ALL
        streams: Streams = []
        for kind in _WITHIN[log == DIRECTORY]:
            latest = self._listing.latest(head, head, kind)
            recent = self._tombstones(kind, log, [change for change in latest.values() if change.op == "deleted"])
            streams.append(sorted(recent, key=trash.list_key, reverse=True))
            streams.append(self._indexed(kind, log, since, after, latest))
        found = merge(*streams, key=trash.list_key, reverse=True)
        wanted = (each for each in found if since <= each["deleted_at"] and trash.list_key(each) < bound)
        page = list(islice(filter(matches, wanted), None if limit is None else limit + 1))
        if limit is None or len(page) <= limit:
            return Listed(page, head)
        return Listed(page[:limit], head, trash.list_key(page[limit - 1]))

    def _indexed(
        self, kind: str, log: str, since: str, after: Key | None, latest: Mapping[str, Change]
    ) -> Iterator[Entity]:
        """Reads the index newest first, but for what the log knows better; what has one time is in order of its ids,
        which an index leaves open.
        """
        upper = after[0] if after else None
        rows = self._database.query(
            KINDS[kind].table, log, index=TRASH_INDEX, lower=since, upper=upper, descending=True
        )
        for _, group in groupby(rows, key=itemgetter("deleted_at")):
            known = (row for row in group if row["id"] not in latest)
            yield from (trash.shown(kind, row) for row in sorted(known, key=itemgetter("id"), reverse=True))

    def _tombstones(self, kind: str, log: str, changes: Iterable[Change]) -> Iterator[Entity]:
        """Reads what was deleted lately by its keys, since the index may not show it yet."""
        for change in changes:
            row: Item | None = self._database.get(KINDS[kind].table, KINDS[kind].key(log, change.id))
            if row is not None and is_deleted(row) and row.get("trash") == log:
                yield trash.shown(kind, row)
