"""Lists that are never stale: what an index shows, corrected by the tail of the log, which is read consistently.

An index may lag behind (DynamoDB's), and a list of many pages is not one snapshot of it. So every entity that changed
lately, or while the index was read, is taken from the log instead, which has it whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, islice
from typing import Final

from backend.domain.changes import Change, Head
from backend.domain.pages import Entity, Key, Listed
from backend.repositories.database import Database
from backend.repositories.log_reader import LogReader

LAG: Final = timedelta(seconds=60)
"""How old an index may be; what changed within that time is read from the log."""
LEAST_TAIL: Final = 100
"""How many entries are read back at least, where indexes lag."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Says which entities of a log are wanted, and in which order: `matches` is asked of living ones only."""

    type: str
    key: Callable[[Entity], Key]
    matches: Callable[[Entity], bool]
    after: Key | None = None

    def takes(self, entity: Entity) -> bool:
        """Tells whether an entity is wanted, and lies behind the cursor."""
        return (self.after is None or self.key(entity) > self.after) and self.matches(entity)


class Listing:
    """Corrects what indexes show by the log."""

    def __init__(self, database: Database, reader: LogReader) -> None:
        self._lags = database.capabilities.indexes_lag
        self._reader = reader

    def read(self, log: str, indexed: Iterable[Entity], selection: Selection, limit: int | None) -> Listed:
        """Reads the first `limit` entities, or all; `indexed` yields what the index shows, lazily, in order."""
        start = self._reader.head(log)
        stream, rows = iter(filter(selection.takes, indexed)), list[Entity]()
        while True:
            chunk = list(islice(stream, None if limit is None else limit + 1))
            rows += chunk
            whole = limit is None or len(chunk) <= limit
            head = self._reader.head(log)
            latest = self.latest(start, head, selection.type)
            bound = None if whole else selection.key(rows[-1])
            found = _corrected(rows, latest, selection, bound)
            if whole or len(found) > (limit or 0):
                return _cut(found, head, selection, limit)

    def latest(self, start: Head, head: Head, type_: str) -> Mapping[str, Change]:
        """Finds the newest entry of each entity that changed since the index may have been right."""
        entries: list[Change] = []
        if self._lags:
            entries = list(self._reader.tail(start, least=LEAST_TAIL, young=LAG))[::-1]
        entries += self._reader.between(head.log, start.seq, head.seq)
        return {change.id: change for change in entries if change.type == type_}


def in_order(rows: Iterable[Entity], key: Callable[[Entity], Key]) -> Iterator[Entity]:
    """Orders what an index left undefined: the rows that have the same sort value."""
    for _, group in groupby(rows, key=lambda row: key(row)[0]):
        yield from sorted(group, key=key)


def _corrected(
    rows: Iterable[Entity], latest: Mapping[str, Change], selection: Selection, bound: Key | None
) -> list[Entity]:
    unchanged = [row for row in rows if row["id"] not in latest]
    changed = (dict(change.data) for change in latest.values() if change.op != "deleted")
    wanted = (each for each in changed if selection.takes(each) and (bound is None or selection.key(each) <= bound))
    return sorted([*unchanged, *wanted], key=selection.key)


def _cut(found: list[Entity], head: Head, selection: Selection, limit: int | None) -> Listed:
    if limit is None or len(found) <= limit:
        return Listed(found, head, None)
    return Listed(found[:limit], head, selection.key(found[limit - 1]))
