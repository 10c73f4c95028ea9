"""Copies a whole database from one port to another, while people go on writing to the source.

What arrives is consistent at one position per log: rows, entries, heads and guards. Feeds, which stand in no log, come
as they are read. Left behind are departments that are past their time, the records of idempotency keys, which live for
a day, devices, which come again by themselves, and what stores call uploads in parts: those begin anew.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from backend.domain.attachments import weight
from backend.domain.changes import Change, instant
from backend.repositories.bulk import Bulk
from backend.repositories.cut import (
    NotWhole,
    cut,
    head_at,
    reader_of,
    required_entry,
    standing,
    utc_now,
)
from backend.repositories.database import Database, Item
from backend.repositories.decisions import is_deleted
from backend.repositories.entities import KINDS, Kind
from backend.repositories.log_items import head_to_item
from backend.repositories.tables import ATTACHMENTS, CHANGES, DEPARTMENTS, DIRECTORY, FEEDS, GUARDS, bytes_guard


@dataclass(slots=True)
class Copied:
    """Tells what was copied: where each log was cut, and how many rows lie in departments that are not there."""

    positions: dict[str, int] = field(default_factory=dict)
    strays: Counter[str] = field(default_factory=Counter)


def copy(
    source: Database,
    target: Database,
    *,
    clock: Callable[[], datetime] = utc_now,
    tell: Callable[[int], None] = lambda count: None,
) -> Copied:
    """Copies everything into an empty, provisioned target; positions and epochs stay what they are.

    `tell` hears how many items more are there. Raises `DatabaseError`, with it `NotWhole`; then what has arrived is of
    no use. Whether it arrived whole, `backend.repositories.examination` tells.
    """
    copied = Copied()
    begun = standing(source, instant(clock()))
    with Bulk(target, tell=tell) as bulk:
        for kind in KINDS.values():
            _copy_rows(source, bulk, kind, begun, copied.strays)
        copied.positions = cut(source, begun)
        for log, upto in copied.positions.items():
            _lead_forward(source, bulk, log, begun.get(log, 0), upto)
            for entry in source.query(CHANGES, log, lower=1, upper=upto):
                bulk.put(CHANGES, entry)
        for feed in source.scan(FEEDS):
            bulk.put(FEEDS, feed)
        bulk.flush()
        _put_heads(source, target, bulk, copied.positions)
    for log in list(copied.strays):
        if source.get(DEPARTMENTS, {"id": log}) is not None:  # one that is past its time, or was just created
            del copied.strays[log]
    return copied


def put_row(bulk: Bulk, kind: Kind, row: Item) -> None:
    """Writes an entity's row, with the guards of it that never change while it is there."""
    bulk.put(kind.table, row)
    if kind.table is not DEPARTMENTS:
        for guard in kind.guards(row):
            bulk.put(GUARDS, guard)


def put_settled(target: Database, bulk: Bulk) -> None:
    """Writes what follows from all rows, once they are settled: what departments are called, and what files take."""
    kind = KINDS["department"]
    for row in target.scan(kind.table):
        for guard in kind.guards(row):
            bulk.put(GUARDS, guard)
    used = Counter[str]()
    for row in target.scan(ATTACHMENTS):
        used[row["department_id"]] += bytes_taken(row)
    for log, count in used.items():
        if count:
            bulk.put(GUARDS, {**bytes_guard(log), "used": count})


def bytes_taken(row: Item) -> int:
    """Tells what an attachment takes of its department's quota: nothing, once it is deleted."""
    return 0 if is_deleted(row) else weight(row)


def _copy_rows(source: Database, bulk: Bulk, kind: Kind, begun: dict[str, int], strays: Counter[str]) -> None:
    """Copies the rows that have not changed since `begun`; what has is taken from the log afterwards."""
    for row in source.scan(kind.table):
        log = kind.log_of(row)
        owner = row["id"] if kind.table is DEPARTMENTS else log
        if owner not in begun:
            if kind.table is not DEPARTMENTS:
                strays[log] += 1
        elif row.get("seq", 0) <= begun[log]:
            put_row(bulk, kind, row)


def _lead_forward(source: Database, bulk: Bulk, log: str, begun: int, upto: int) -> None:
    """Writes the rows that changed behind `begun` as they were at `upto`."""
    newest = {(change.type, change.id): change for change in reader_of(source).between(log, begun, upto)}
    for change in newest.values():
        put_row(bulk, KINDS[change.type], _row_at(source, change))


def _row_at(source: Database, change: Change) -> Item:
    kind = KINDS[change.type]
    row = source.get(kind.table, kind.key(change.log, change.id))
    if row is not None and row["seq"] == change.seq:
        return row
    before = None
    if change.op == "deleted":
        if change.prior is None:
            raise NotWhole(f"log {change.log}: entry {change.seq} deletes what was never there")
        before = required_entry(source, change.prior["log"], change.prior["seq"])["data"]
    return kind.row_after(change, before)


def _put_heads(source: Database, target: Database, bulk: Bulk, positions: dict[str, int]) -> None:
    """Ends every log where it was cut; it is open where the directory, as it was cut, has the department living."""
    put_settled(target, bulk)
    bulk.put(CHANGES, head_to_item(head_at(source, DIRECTORY, positions[DIRECTORY])))
    for row in target.scan(DEPARTMENTS):
        head = head_at(source, row["id"], positions[row["id"]])
        bulk.put(CHANGES, head_to_item(replace(head, open=not is_deleted(row))))
