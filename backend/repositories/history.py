"""Follows an entity's past through the log: each entry knows where the entity's previous one is, in whichever log."""

from collections.abc import Iterator, Mapping
from typing import Any

from backend.domain.changes import Change
from backend.repositories.database import Database
from backend.repositories.log_items import change_from_item
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import CHANGES


class HistoryRepository:
    """Reads chains of entries, by key, newest first, as far as they are retained."""

    def __init__(self, database: Database, reader: LogReader) -> None:
        self._database = database
        self._reader = reader

    def chain(self, log: str, seq: int) -> Iterator[Change]:
        """Reads an entity's entries from the one at `log` and `seq` back."""
        place: Mapping[str, Any] | None = {"log": log, "seq": seq}
        while place is not None:
            item = self._database.get(CHANGES, {"log": place["log"], "seq": place["seq"]})
            if item is None or place["seq"] == 0 or not self._reader.is_young(item["at"]):
                return
            change = change_from_item(item)
            yield change
            place = change.prior

    def version(self, log: str, seq: int, version: int) -> dict[str, Any] | None:
        """Finds what an entity was in an older version; None where it was gone then, or that is not retained."""
        for change in self.chain(log, seq):
            if change.version == version and change.op != "deleted":
                return dict(change.data)
        return None
