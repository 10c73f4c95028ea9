"""Reading a log: first its head, then the entries up to it, each strongly consistent, never both from one query."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from backend.domain.changes import Change, Head, Position, instant
from backend.domain.errors import NotFound, PositionExpired
from backend.domain.pages import Slice
from backend.repositories.database import Database, Item, ItemRefused
from backend.repositories.log_items import change_from_item, head_from_item
from backend.repositories.tables import CHANGES, DIRECTORY, head_key


class LogReader:
    """Reads heads and entries; the latter are served for `retention`, whatever the store has dropped or kept."""

    def __init__(
        self,
        database: Database,
        retention: timedelta,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.retention = retention
        self._database = database
        self._clock = clock
        self._floors: dict[tuple[str, str], tuple[int, str | None]] = {}

    def head(self, log: str) -> Head:
        """Reads where a log stands, with a floor that is right now; raises `NotFound` where it is closed or missing."""
        head = self.last_head(log)
        if head is None or not head.open:
            raise NotFound("log" if log == DIRECTORY else "department", log)
        return self._with_floor(head)

    def last_head(self, log: str) -> Head | None:
        """Reads where a log stands as it was written, also a closed one; None where there is none."""
        try:
            item = self._database.get(CHANGES, head_key(log))
        except ItemRefused:
            return None  # no log has a name that no store can hold
        return None if item is None else head_from_item(item)

    def since(self, log: str, position: Position, limit: int | None = None) -> Slice:
        """Reads the entries after a position; raises `PositionExpired` where it cannot be resumed from."""
        try:
            return self._resume(log, position, limit)
        except PositionExpired:
            return self._resume(log, position, limit)  # the head may have moved on, under a new epoch even, in between

    def latest(self, log: str) -> Slice:
        """Tells where a log stands, without entries."""
        head = self.head(log)
        return Slice((), head.position, head.digest, head)

    def tail(self, head: Head, *, least: int, young: timedelta) -> Iterator[Change]:
        """Reads back from a head: at least so many entries, and all that are young."""
        cutoff = instant(self._clock() - young)
        items = self._database.query(CHANGES, head.log, lower=1, upper=head.seq, descending=True)
        for number, item in enumerate(items):
            if number >= least and item["at"] < cutoff:
                return
            yield change_from_item(item)

    def between(self, log: str, after: int, upto: int) -> Iterator[Change]:
        """Reads the entries with `after < seq <= upto`, in order."""
        if upto > after:
            yield from map(change_from_item, self._database.query(CHANGES, log, lower=after + 1, upper=upto))

    def is_young(self, at: str) -> bool:
        """Tells whether an entry that was written then is still served."""
        return at >= self._cutoff()

    def has_token(self, key: Item, token: str) -> bool:
        """Tells whether the entry with this key was written by the transaction with this token."""
        item = self._database.get(CHANGES, key)
        return item is not None and item["token"] == token

    def _resume(self, log: str, position: Position, limit: int | None) -> Slice:
        head = self.head(log)
        if position.epoch != head.epoch or position.seq > head.seq:
            raise _expired(position, "epoch", head)
        if position.seq < head.floor:
            raise _expired(position, "expired", head)
        upto = head.seq if limit is None else min(head.seq, position.seq + limit)
        changes = tuple(self.between(log, position.seq, upto))
        if [change.seq for change in changes] != list(range(position.seq + 1, upto + 1)):
            raise _expired(position, "expired", head)
        if changes:
            return Slice(changes, changes[-1].position, changes[-1].digest, head)
        return Slice((), head.position, head.digest, head)

    def _with_floor(self, head: Head) -> Head:
        """Moves the floor up to the first entry that is still young: entries grow old in order, so it is bisected.

        The next commit writes it into the head; until then this process remembers it, so that reading an old log that
        nobody writes to costs no search each time.
        """
        floor, floor_at = self._floors.get((head.log, head.epoch), (0, None))
        if floor > head.floor:
            head = replace(head, floor=floor, floor_at=floor_at)
        if head.floor_at is None or head.floor_at >= self._cutoff():
            return head
        low, high = head.floor + 1, head.seq
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._written(head.log, middle) else (middle + 1, high)
        written = self._written(head.log, low)
        head = replace(head, floor=low - 1 if written else head.seq, floor_at=written)
        self._floors[head.log, head.epoch] = (head.floor, head.floor_at)
        return head

    def _written(self, log: str, seq: int) -> str | None:
        """Tells when an entry was written, if it is still young enough to be served."""
        item = self._database.get(CHANGES, {"log": log, "seq": seq})
        return item["at"] if item is not None and self.is_young(item["at"]) else None

    def _cutoff(self) -> str:
        return instant(self._clock() - self.retention)


def _expired(position: Position, reason: str, head: Head) -> PositionExpired:
    return PositionExpired(str(position), reason, str(head.position), str(head.floor_position))
