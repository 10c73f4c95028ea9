"""Examines a database that nobody writes to: what is not as it must be, one line each.

Digests are computed anew from the living rows. Rows are held to their entries, and entries to their heads.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from backend.domain.changes import Head, instant
from backend.domain.digest import EMPTY, counts, shifted, term
from backend.repositories.cut import reader_of
from backend.repositories.database import Database, Item
from backend.repositories.decisions import is_deleted
from backend.repositories.entities import KINDS, Kind
from backend.repositories.tables import CHANGES, DEPARTMENTS, DIRECTORY

LEAST_RETENTION: Final = timedelta(days=30)
"""Entries that are younger must all be there, whatever is set; older ones may have expired, in any order."""


def faults(database: Database, now: datetime, *, closely: bool = True) -> Iterator[str]:
    """Finds everything that is wrong with logs and rows; with `closely` each row's own entry is looked up, too."""
    digests: dict[str, str] = defaultdict(lambda: EMPTY)
    for kind in KINDS.values():
        for row in database.scan(kind.table):
            log = kind.log_of(row)
            if not is_deleted(row) and counts(kind.type, row):
                digests[log] = shifted(digests[log], add=[term(kind.type, row["id"], row["version"])])
            if closely:
                yield from _row_faults(database, kind, row)
    cutoff = instant(now - LEAST_RETENTION)
    yield from _log_faults(database, DIRECTORY, True, digests[DIRECTORY], cutoff)
    for row in database.scan(DEPARTMENTS):
        yield from _log_faults(database, row["id"], not is_deleted(row), digests.pop(row["id"], EMPTY), cutoff)
    for log in digests.keys() - {DIRECTORY}:
        yield f"department {log} is missing, and has events or attachments"


def _row_faults(database: Database, kind: Kind, row: Item) -> Iterator[str]:
    """Holds a row to the entry that it says it is of, where that has not expired."""
    log, seq = kind.log_of(row), row.get("seq", 0)
    entry = database.get(CHANGES, {"log": log, "seq": seq}) if seq else {}
    if entry is None:
        return
    there = [entry.get(name) for name in ("type", "id", "version")]
    if there != [kind.type, row["id"], row["version"]] or (entry["op"] == "deleted") != is_deleted(row):
        yield f"{kind.type} {row['id']} (version {row['version']}) is not what entry {seq} of log {log} says"
    elif not is_deleted(row) and {**kind.to_row(dict(entry["data"])), "seq": seq} != row:
        yield f"{kind.type} {row['id']} (version {row['version']}) differs from entry {seq} of log {log}"


def _log_faults(database: Database, log: str, living: bool, digest: str, cutoff: str) -> Iterator[str]:
    head = reader_of(database).last_head(log)
    if head is None:
        yield f"log {log} has no head"
        return
    if head.open != living:
        yield f"log {log} is {'open' if head.open else 'closed'}, which its department is not"
    if head.digest != digest:
        yield f"log {log}: the living rows' digest is {digest}, its head at {head.seq} says {head.digest}"
    yield from _entry_faults(database, head, cutoff)


def _entry_faults(database: Database, head: Head, cutoff: str) -> Iterator[str]:
    """Looks for gaps among the entries that cannot have expired yet, and at each one's digest and the order of time."""
    last: Item | None = None
    strict = head.floor_at is not None and head.floor_at >= cutoff
    for entry in database.query(CHANGES, head.log, lower=1):
        follows = last is not None and entry["seq"] == last["seq"] + 1
        first_wanted = head.floor + 1 if last is None else max(last["seq"] + 1, head.floor + 1 if strict else 0)
        if (strict or (last is not None and last["at"] >= cutoff)) and not follows and entry["seq"] > first_wanted:
            yield f"log {head.log}: between {first_wanted - 1} and {entry['seq']} entries are missing"
        if follows and last is not None:
            yield from _step_faults(database, last, entry)
        last = entry
    if last is None:
        if strict and head.seq > head.floor:
            yield f"log {head.log}: all entries up to {head.seq} are missing"
    elif last["seq"] > head.seq:
        yield f"log {head.log}: there are entries up to {last['seq']} behind the head at {head.seq}"
    elif last["seq"] < head.seq and (strict or last["at"] >= cutoff):
        yield f"log {head.log}: the entries after {last['seq']} up to the head at {head.seq} are missing"
    elif last["seq"] == head.seq and last["digest"] != head.digest:
        yield f"log {head.log}: entry {head.seq} and the head disagree about the digest"


def _step_faults(database: Database, last: Item, entry: Item) -> Iterator[str]:
    where = f"log {entry['log']}: entry {entry['seq']}"
    if entry["at"] < last["at"]:
        yield f"{where} is older than the one before it"
    terms = _terms(database, entry)
    if terms is not None and entry["digest"] != shifted(last["digest"], **terms):
        yield f"{where} has a digest that does not follow from the one before it"


def _terms(database: Database, entry: Item) -> dict[str, Any] | None:
    """Tells what an entry adds to the digest, and what it drops: the version before it. None where nobody can tell."""
    type_, id_, version = entry["type"], entry["id"], entry["version"]
    add = entry["op"] != "deleted" and counts(type_, entry["data"])
    drop = entry["op"] != "created"
    if drop and type_ == "attachment":
        prior = entry["prior"] and database.get(CHANGES, entry["prior"])
        if prior is None:
            return None
        drop = counts(type_, prior["data"])
    return {
        "add": [term(type_, id_, version)] if add else [],
        "drop": [term(type_, id_, version - 1)] if drop else [],
    }
