"""The change log: `commit` is the only function that changes state.

A write and its log entry are one transaction: entity, entry, the log's head and the guards. The head is expected to be
where it was read, so of several writers one wins and the others decide again on what is there now. Writers of one log
within a process stand in line, and whoever is first takes along all that wait: one transaction for many decisions.
"""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Generic
from weakref import WeakValueDictionary

from backend.domain import deadline
from backend.domain.changes import Author, Change, Position, instant
from backend.domain.errors import NotFound, Unavailable
from backend.repositories.attempt import Attempt
from backend.repositories.database import (
    ABSENT,
    Database,
    ItemRefused,
    Operation,
    OutcomeUnknown,
    Put,
    StoreUnavailable,
)
from backend.repositories.decisions import Decide, Decision, Result
from backend.repositories.delivery import Delivery, pauses
from backend.repositories.log_items import head_expectation, head_to_item, new_head
from backend.repositories.log_reader import LogReader
from backend.repositories.restoring import put_unless_filling, refuse_half_filled
from backend.repositories.tables import CHANGES, DIRECTORY, head_key

PATIENCE: Final = 8.0
"""Seconds for which a writer tries before it says 503; clients are promised an answer within 10."""


@dataclass(frozen=True, slots=True)
class Committed(Generic[Result]):
    """Is what a write came to: the decision's result, its entries, and a position that includes it."""

    result: Result
    changes: tuple[Change, ...]
    position: Position


@dataclass(slots=True, eq=False)
class Proposal(Generic[Result]):
    """Stands in line with a decision and its author until it has an outcome: committed, or an error of its own."""

    decide: Decide[Result]
    author: Author
    outcome: Committed[Result] | Exception | None = None
    end: float = field(default_factory=deadline.end)

    def unwrap(self) -> Committed[Result]:
        """Gives what was committed, or raises the error."""
        if isinstance(self.outcome, Exception):
            raise self.outcome
        assert self.outcome is not None
        return self.outcome


class _Line:
    """Is where a process's writers of one log wait."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting: deque[Proposal[Any]] = deque()


class ChangeLog:
    """Commits decisions. `announce(log)` follows every try to write, also one whose outcome is unknown."""

    def __init__(
        self,
        database: Database,
        reader: LogReader,
        *,
        announce: Callable[[str], None] = lambda log: None,
        committed: Callable[[Change], None] = lambda change: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        new_epoch: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._database = database
        self._reader = reader
        self._delivery = Delivery(database, reader, sleep)
        self._announce = announce
        self._committed = committed
        self._clock = clock
        self._sleep = sleep
        self._new_epoch = new_epoch
        self._lines: WeakValueDictionary[str, _Line] = WeakValueDictionary()

    def open_directory(self) -> None:
        """Begins the directory's log where there is none yet; raises `StoreUnavailable` on half a calendar."""
        if self._database.get(CHANGES, head_key(DIRECTORY)) is None:
            put_unless_filling(self._database, self.opening(DIRECTORY, instant(self._clock())))
        refuse_half_filled(self._database)

    def now(self) -> datetime:
        """Tells the time by which entries are stamped."""
        return self._clock()

    def opening(self, log: str, at: str) -> Operation:
        """Begins a log, as part of the transaction that creates what it belongs to."""
        return Put(CHANGES, head_to_item(new_head(log, self._new_epoch(), at)), ABSENT)

    def closing(self, log: str) -> Operation:
        """Closes a log with the transaction that deletes what it belongs to: who writes to it meanwhile is told 404."""
        head = self._reader.head(log)
        return Put(CHANGES, head_to_item(replace(head, open=False)), head_expectation(head))

    def reopening(self, log: str) -> Operation:
        """Opens a closed log again, under a new epoch: what a client knows of it is to be replaced."""
        head = self._reader.last_head(log)
        if head is None:
            raise NotFound("department", log)
        again = replace(head, open=True, epoch=self._new_epoch(), floor=head.seq, floor_at=None)
        return Put(CHANGES, head_to_item(again), {**head_expectation(head), "open": False})

    def commit(self, log: str, decide: Decide[Result], author: Author) -> Committed[Result]:
        """Commits one decision; `decide` may run several times and does nothing but read its view and decide.

        Raises what `decide` raises, `NotFound` where the log is closed or missing, and `Unavailable` where the store
        does not take it in time; what became of such a write, the log tells.
        """
        proposal = Proposal(decide, author)
        self.commit_all(log, [proposal])
        return proposal.unwrap()

    def commit_all(self, log: str, proposals: Sequence[Proposal[Any]]) -> None:
        """Gives each proposal its outcome, as many in a transaction as fit; each is atomic, and fails, for itself."""
        line = self._lines.setdefault(log, _Line())
        line.waiting.extend(proposals)
        try:
            while any(proposal.outcome is None for proposal in proposals):
                with line.lock:
                    self._sleep(0)  # who is about to write comes into line, and into the same transaction
                    if any(proposal.outcome is None for proposal in proposals):
                        with deadline.by(min(proposal.end for proposal in list(line.waiting))):
                            self._serve(log, line.waiting)
        finally:
            for proposal in [each for each in proposals if each.outcome is None]:  # cut off in the middle
                with line.lock:
                    if proposal.outcome is None:
                        line.waiting.remove(proposal)

    def _serve(self, log: str, waiting: deque[Proposal[Any]]) -> None:
        """Gives outcomes to the first in line and to as many behind it as fit into its transaction.

        What the store does not answer to one it answers to nobody: all in line are told so, else each waits as long.
        """
        last_try = min(time.monotonic() + PATIENCE, deadline.end())
        most: int | None = None
        for pause in pauses():
            line = list(waiting)[:most]
            outcomes: list[Committed[Any] | Exception] = []
            try:
                attempt = Attempt(self._database, self._reader, log, self._clock())
                outcomes = self._decide(attempt, line)
                if self._write(attempt, last_try):
                    break
                if time.monotonic() > last_try:
                    raise Unavailable("too many write to the same log at once")
            except ItemRefused as error:
                if len(outcomes) == 1:
                    outcomes = [error]
                    break
                most = 1  # one of them asks for what no store holds, and nobody else is to suffer from it
            except (NotFound, Unavailable) as error:
                outcomes = [error] * len(line)
                break
            except OutcomeUnknown as error:
                outcomes = [Unavailable(error.detail)] * len(line)
                break
            self._sleep(pause)
        for outcome in outcomes:
            waiting.popleft().outcome = outcome
            for change in outcome.changes if isinstance(outcome, Committed) else ():
                self._committed(change)

    def _decide(self, attempt: Attempt, line: Sequence[Proposal[Any]]) -> list[Committed[Any] | Exception]:
        outcomes: list[Committed[Any] | Exception] = []
        for proposal in line:
            try:
                decision: Decision[Any] = proposal.decide(attempt.view)
                if outcomes and not attempt.has_room_for(decision):
                    break
                changes = attempt.add(decision, proposal.author)
                outcomes.append(Committed(decision.result, changes, attempt.position))
            except StoreUnavailable:
                raise
            except Exception as error:  # noqa: BLE001  whatever one writer's decision raises is that writer's alone
                outcomes.append(error)
        return outcomes

    def _write(self, attempt: Attempt, last_try: float) -> bool:
        """Writes all that was decided; False where somebody else was faster, and everything is to be decided again."""
        if not (operations := attempt.operations()):
            return True
        try:
            return self._delivery.send(operations, attempt, last_try)
        finally:
            for log in {operation.key["log"] for operation in operations if operation.table is CHANGES}:
                self._announce(log)
