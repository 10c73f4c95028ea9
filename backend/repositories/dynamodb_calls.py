"""Calls to DynamoDB, tried again while it is safe and somebody still waits.

botocore could try again too, but knows neither of the two.
"""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from backend.domain import deadline
from backend.domain.jitter import jitter
from backend.repositories import dynamodb_errors as errors
from backend.repositories.database import StoreUnavailable

CONNECT_TIMEOUT: Final = 1.0
READ_TIMEOUT: Final = 3.0
BUDGET: Final = 10.0
"""How many seconds a call may take: another attempt begins only if it can also end in time."""

ATTEMPTS: Final = 3
FIRST_PAUSE: Final = 0.05

Result = TypeVar("Result")


def read(ask: Callable[[], Result]) -> Result:
    """Asks for what changes nothing; raises `StoreUnavailable`."""
    return attempt(ask, errors.is_passing, errors.from_read)


def attempt(
    ask: Callable[[], Result],
    may_repeat: Callable[[errors.AwsError], bool],
    translate: Callable[[errors.AwsError], Exception],
) -> Result:
    """Asks up to `ATTEMPTS` times, as long as one more attempt would end within the `BUDGET` and the deadline.

    Raises `StoreUnavailable` where not even the first would.
    """
    now = time.monotonic()
    last_start = min(now + BUDGET, deadline.end()) - CONNECT_TIMEOUT - READ_TIMEOUT
    if now > last_start:
        raise StoreUnavailable("DynamoDB: too slow, no time is left for another call")
    pause = FIRST_PAUSE
    for left in reversed(range(ATTEMPTS)):
        try:
            return ask()
        except errors.AWS_ERRORS as error:
            pause *= jitter(1, 3)
            if not left or not may_repeat(error) or time.monotonic() + pause > last_start:
                raise translate(error) from error
        time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")
