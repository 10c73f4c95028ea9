"""How much one client may ask for: connections by address, and joins by time. Pure bookkeeping, with a clock given."""

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from backend.domain.errors import RateLimited

BURST_SECONDS: Final = 10
"""For how many seconds' worth of joins a client may come at once: after a break it joins all its rooms again."""


class Connections:
    """Counts the connections of each address."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of_address: dict[str, set[str]] = defaultdict(set)
        self._addresses: dict[str, str] = {}

    def open(self, connection: str, address: str) -> bool:
        """Counts a connection; False, and not counted, where its address has too many."""
        if len(self._of_address[address]) >= self._most:
            return False
        self._of_address[address].add(connection)
        self._addresses[connection] = address
        return True

    def close(self, connection: str) -> None:
        """Counts a connection no longer."""
        address = self._addresses.pop(connection, None)
        if address is not None:
            self._of_address[address].discard(connection)
            if not self._of_address[address]:
                del self._of_address[address]


class Joins:
    """Lets each client join so many rooms a second, and `BURST_SECONDS` times as many at once (a token bucket)."""

    def __init__(self, per_second: int, clock: Callable[[], float], *, refusal: str = "Joins too many rooms") -> None:
        self._per_second = per_second
        self._refusal = refusal
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, client: str) -> None:
        """Counts a join; raises `RateLimited`."""
        now, most = self._clock(), float(self._per_second * BURST_SECONDS)
        left, since = self._buckets.get(client, (most, now))
        left = min(most, left + (now - since) * self._per_second)
        if left < 1:
            raise RateLimited(self._refusal, retry_after=1)
        self._buckets[client] = (left - 1, now)

    def forget(self, client: str) -> None:
        """Forgets a client that has gone."""
        self._buckets.pop(client, None)
