"""A transaction whose answer may be lost: it is sent again under its token, or the log tells whether it happened."""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Final

from backend.domain.jitter import jitter
from backend.repositories.attempt import Attempt
from backend.repositories.database import Database, Operation, OutcomeUnknown, StoreUnavailable, TransactionRefused
from backend.repositories.log_reader import LogReader

RESENDS: Final = 2
"""How often a transaction whose answer was lost is sent again, under the same token."""


class Delivery:
    """Sends transactions until it is known what became of them."""

    def __init__(self, database: Database, reader: LogReader, sleep: Callable[[float], None]) -> None:
        self._database = database
        self._reader = reader
        self._sleep = sleep

    def send(self, operations: Sequence[Operation], attempt: Attempt, last_try: float) -> bool:
        """Sends a transaction until its outcome is known.

        After a lost answer the same operations are sent again under the same token, and where even that is no clear
        answer the log is asked: an entry with the token is the proof that it happened.
        """
        lost: OutcomeUnknown | None = None
        refused = False
        for pause, _ in zip(pauses(), range(1 + RESENDS), strict=False):
            try:
                self._database.transact(operations, attempt.token)
                return True
            except OutcomeUnknown as error:
                lost = error
            except TransactionRefused as refusal:
                if lost is None:
                    return False
                if refused := bool(refusal.failed):
                    break  # the head has moved: by our own first try, or by another writer
            except StoreUnavailable:
                if lost is None:
                    raise
            if time.monotonic() > last_try:
                break
            self._sleep(pause)
        happened = attempt.first_key is not None and self._reader.has_token(attempt.first_key, attempt.token)
        if not happened and not refused and lost is not None:
            raise lost
        return happened


def pauses() -> Iterator[float]:
    """Waits longer and longer, each time a random part of it, so that writers who collided do not collide again."""
    for attempt in count():
        yield jitter(0.25, 1) * min(0.4, 0.005 * 2**attempt)
