"""Where all logs are cut, so that a copy made while people write is one that might have been seen at rest.

A copy reads where every log stands, reads the rows, and only then chooses where each log is cut: behind both. What
happened in between is taken from the log. Rows thus never have to be led back, only forward.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from backend.domain.changes import Change, Head
from backend.domain.digest import EMPTY
from backend.repositories.database import Database, DatabaseError, Item
from backend.repositories.decisions import is_purgeable
from backend.repositories.entities import KINDS
from backend.repositories.log_items import change_from_item
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import CHANGES, DEPARTMENTS, DIRECTORY

_Place: TypeAlias = tuple[str, int]
"""Is a log and an entry's number in it."""

_EVER: Final = timedelta(days=36500)


@dataclass
class NotWhole(DatabaseError):
    """A database is not what a Dayroom database must be, or a copy of one is not; `reason` is one line."""

    reason: str


def reader_of(database: Database) -> LogReader:
    """Reads logs as they are, whatever is retained."""
    return LogReader(database, _EVER)


def standing(database: Database, now: str) -> dict[str, int]:
    """Tells where every log stands: the directory's first. Departments that are past their time are left out.

    It ends with a look at the directory that shows no new department: so none that an entry speaks of is missing.
    """
    reader = reader_of(database)
    seen = required_head(reader, DIRECTORY).seq
    found = {DIRECTORY: seen}
    for row in database.scan(DEPARTMENTS):
        if not is_purgeable(row, now):
            found[row["id"]] = required_head(reader, row["id"]).seq
    while (latest := required_head(reader, DIRECTORY).seq) > seen:
        for change in reader.between(DIRECTORY, seen, latest):
            found.setdefault(change.id, required_head(reader, change.id).seq)
        seen = latest
    return found


def cut(database: Database, begun: dict[str, int]) -> dict[str, int]:
    """Chooses where every log is cut, behind `begun`: where it stands now, and further where a move wants it.

    The directory is read last: it knows every department that any of the other logs can speak of. A department that is
    younger than `begun` is cut at its beginning.
    """
    reader = reader_of(database)
    chosen = {log: required_head(reader, log).seq for log in begun if log != DIRECTORY}
    chosen[DIRECTORY] = required_head(reader, DIRECTORY).seq
    for change in reader.between(DIRECTORY, begun[DIRECTORY], chosen[DIRECTORY]):
        chosen.setdefault(change.id, 0)
    return _moves_joined(database, reader, begun, chosen)


def _moves_joined(
    database: Database, reader: LogReader, begun: dict[str, int], chosen: dict[str, int]
) -> dict[str, int]:
    """Cuts later where a move would be cut in two: both of its entries are in, or neither is.

    It ends, since every entry that it takes in was written before the last head was read.
    """
    seen = {log: begun.get(log, 0) for log in chosen}
    left, arrived = dict[_Place, Change](), set[_Place]()
    while pending := [log for log in chosen if seen[log] < chosen[log]]:
        for log in pending:
            first, seen[log] = seen[log], chosen[log]
            for change in reader.between(log, first, chosen[log]):
                if "moved_to" in change.data:
                    left[log, change.seq] = change
                elif change.op == "created" and change.prior and change.prior["log"] != log:
                    arrived.add(_cut_behind(chosen, change.prior["log"], change.prior["seq"]))
        for place in left.keys() - arrived:
            _cut_behind(chosen, *_arrival(database, left[place]))
            arrived.add(place)
    return chosen


def _cut_behind(chosen: dict[str, int], log: str, seq: int) -> _Place:
    """Takes an entry in, where its log is copied at all."""
    if log in chosen:
        chosen[log] = max(chosen[log], seq)
    return log, seq


def _arrival(database: Database, left: Change) -> _Place:
    """Finds the entry by which an event arrived, of the entry by which it left, along its past."""
    kind, log = KINDS[left.type], str(left.data["moved_to"])
    row = database.get(kind.table, kind.key(log, left.id))
    place = row and {"log": log, "seq": row["seq"]}
    while place and (item := database.get(CHANGES, place)):
        if item["prior"] == {"log": left.log, "seq": left.seq}:
            return place["log"], place["seq"]
        place = item["prior"]
    raise NotWhole(f"{left.type} {left.id} left log {left.log} at {left.seq} and arrived nowhere")


def required_head(reader: LogReader, log: str) -> Head:
    """Reads a head that must be there; raises `NotWhole`."""
    head = reader.last_head(log)
    if head is None:
        raise NotWhole("there is no Dayroom in this database" if log == DIRECTORY else f"department {log} has no log")
    return head


def head_at(database: Database, log: str, seq: int) -> Head:
    """Tells what a log's head was at an earlier entry, as if nothing had happened since."""
    head = required_head(reader_of(database), log)
    if seq == head.seq:
        return head
    floor = min(head.floor, seq)
    head = replace(head, seq=seq, floor=floor, floor_at=head.floor_at if floor < seq else None)
    if seq == 0:
        return replace(head, digest=EMPTY)
    entry = change_from_item(required_entry(database, log, seq))
    return replace(head, epoch=entry.epoch, digest=entry.digest, at=entry.at)


def required_entry(database: Database, log: str, seq: int) -> Item:
    """Reads an entry that must be there; raises `NotWhole`."""
    item = database.get(CHANGES, {"log": log, "seq": seq})
    if item is None:
        raise NotWhole(f"log {log}: entry {seq} is missing")
    return item


def utc_now() -> datetime:
    """Tells the time."""
    return datetime.now(UTC)
