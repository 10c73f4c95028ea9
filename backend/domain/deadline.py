"""By when whoever waits for a store must be answered: set where a request comes in, asked before each call.

A request makes several calls, and clients are promised an answer within 10 s, whatever each of them may take.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

PROMISE: Final = 9.5
"""Seconds within which a request is answered: what clients are promised, and a little for the way."""

_end: ContextVar[float] = ContextVar("deadline", default=math.inf)


def end() -> float:
    """Tells the moment (of `time.monotonic`) by which the answer must be known; infinite where nobody waits."""
    return _end.get()


def begin() -> None:
    """Promises an answer to the request that comes in now."""
    _end.set(time.monotonic() + PROMISE)


def lift() -> None:
    """Ends the promise: the thread goes on to something else."""
    _end.set(math.inf)


@contextmanager
def by(moment: float) -> Iterator[None]:
    """Works for somebody who must be answered by another moment."""
    token = _end.set(moment)
    try:
        yield
    finally:
        _end.reset(token)
