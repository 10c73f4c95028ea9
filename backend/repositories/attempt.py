"""One try of a commit: decisions become entries with places in their logs, and all of it one list of operations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from backend.domain.changes import Author, Change, Head, Position, instant
from backend.domain.digest import counts, shifted, term
from backend.repositories.database import (
    MAX_OPERATIONS,
    MAX_TRANSACTION_BYTES,
    Check,
    Database,
    Item,
    Operation,
    Put,
)
from backend.repositories.decisions import Decision, Draft, View, is_deleted
from backend.repositories.items import measure
from backend.repositories.log_items import change_to_item, head_expectation, head_to_item
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import CHANGES, GUARDS

_HEADS: Final = 2
"""A decision writes to one log, or in a move to two: so many operations are kept free for heads."""


@dataclass(slots=True)
class _Track:
    """Is a log within one try: its head as it was read, and as it will be."""

    read: Head
    now: Head


class Attempt:
    """Collects decisions on top of a head that is read before any decision reads anything."""

    def __init__(self, database: Database, reader: LogReader, log: str, moment: datetime) -> None:
        self.token = str(uuid4())
        self._reader = reader
        self._log = log
        self._entries: list[Operation] = []
        head = reader.head(log)
        self._tracks = {log: _Track(head, head)}
        self._bytes = 0
        self.view = View(database, max(instant(moment), head.at))

    @property
    def position(self) -> Position:
        """Is where the decision's own log stands with all that was added so far."""
        return self._tracks[self._log].now.position

    @property
    def first_key(self) -> Item | None:
        """Is the key of the first entry that would be written: what tells whether it was. None if there is none."""
        return self._entries[0].key if self._entries else None

    def has_room_for(self, decision: Decision[object]) -> bool:
        """Tells whether the transaction may still grow by a decision; it may be let in by itself all the same."""
        operations = 1 + sum(2 + len(draft.guards) for draft in decision.drafts) + len(decision.besides)
        size = 2 * sum(measure(draft.after, draft.table.name) for draft in decision.drafts)
        size += 0 if decision.claim is None else measure(decision.claim.record, GUARDS.name)
        return (
            len(self.view.staged) + len(self._entries) + operations + _HEADS <= MAX_OPERATIONS
            and self._bytes + size <= MAX_TRANSACTION_BYTES * 3 // 4
        )

    def add(self, decision: Decision[object], author: Author) -> tuple[Change, ...]:
        """Gives each of a decision's drafts its place in its log, and the decision's claim its record."""
        for draft in decision.drafts:
            self._track(draft.log or self._log)  # raises before anything is staged
        changes: list[Change] = []
        for draft in decision.drafts:
            changes.append(self._place(draft, author, changes[-1] if draft.follows else None))
        self.view.stage(decision.besides)
        if decision.claim is not None:
            position = changes[-1].position if changes else self.position
            log = changes[-1].log if changes else self._log
            record = {**decision.claim.record, "log": log, "epoch": position.epoch, "seq": position.seq}
            self._bytes += measure(record, GUARDS.name)
            self.view.stage([Put(GUARDS, record, decision.claim.expect)])
        return tuple(changes)

    def operations(self) -> Sequence[Operation]:
        """Lists what the transaction does; nothing, if nothing changes."""
        work = [*self.view.staged, *self._entries]
        return [*work, *(_head_operation(track) for track in self._tracks.values())] if work else []

    def _place(self, draft: Draft, author: Author, past: Change | None) -> Change:
        track = self._track(draft.log or self._log)
        prior = _place_of_change(past) if past else _place_of(draft.before, track.now.log)
        change = _entry(draft, track.now, author, self.view.now, prior)
        row = {**draft.after, "seq": change.seq}
        self.view.stage([Put(draft.table, row), *draft.guards])
        self._entries.append(Put(CHANGES, change_to_item(change, token=self.token, retention=self._reader.retention)))
        self._bytes += 2 * measure(row, draft.table.name)
        track.now = replace(
            track.now,
            seq=change.seq,
            digest=change.digest,
            at=change.at,
            floor_at=track.now.floor_at or change.at,
        )
        return change

    def _track(self, log: str) -> _Track:
        if log not in self._tracks:
            head = self._reader.head(log)
            self._tracks[log] = _Track(head, head)
        return self._tracks[log]


def _head_operation(track: _Track) -> Operation:
    expectation = head_expectation(track.read)
    item = head_to_item(track.now)
    if track.now == track.read:
        return Check(CHANGES, {"log": item["log"], "seq": 0}, expectation)
    return Put(CHANGES, item, expectation)


def _entry(draft: Draft, head: Head, author: Author, at: str, prior: Item | None) -> Change:
    before, after = draft.before, draft.after
    return Change(
        log=head.log,
        seq=head.seq + 1,
        epoch=head.epoch,
        op=draft.op,
        type=draft.type,
        id=after["id"],
        version=after["version"],
        at=max(at, head.at),
        actor=author.actor,
        device_id=author.device_id,
        mutation_id=author.mutation_id,
        data=draft.data,
        digest=shifted(head.digest, add=_terms(draft.type, after), drop=_terms(draft.type, before)),
        prior=prior,
    )


def _terms(type_: str, row: Item | None) -> list[int]:
    if row is None or is_deleted(row) or not counts(type_, row):
        return []
    return [term(type_, row["id"], row["version"])]


def _place_of_change(change: Change) -> Item:
    return {"log": change.log, "seq": change.seq}


def _place_of(row: Item | None, log: str) -> Item | None:
    return None if row is None else {"log": log, "seq": row["seq"]}
