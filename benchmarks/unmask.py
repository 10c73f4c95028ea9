"""How long unmasking a WebSocket frame takes, beside eventlet's own: `python -m benchmarks.unmask`."""

import time
from collections.abc import Callable

from eventlet.websocket import RFC6455WebSocket

EVENTLETS = RFC6455WebSocket._apply_mask
"""Is taken before our engine is imported, which replaces it."""

from backend.realtime.eventlet_engine import unmask  # noqa: E402

MASK = (1, 2, 3, 4)


def milliseconds(work: Callable[[], object], times: int) -> float:
    """Tells how long something takes, as the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(times):
            work()
        best = min(best, (time.perf_counter() - began) / times * 1000)
    return best


def main() -> None:
    """Prints a line a size."""
    for size in (125, 4_000, 64_000, 900_000):
        data, times = bytes(size), max(1, 200_000 // size)
        theirs = milliseconds(lambda data=data: EVENTLETS(data, MASK, len(data), 0), times)  # type: ignore[misc]
        ours = milliseconds(lambda data=data: unmask(data, MASK, len(data), 0), times)  # type: ignore[misc]
        print(f"{size:>8,} bytes: eventlet {theirs:8.3f} ms, ours {ours:7.3f} ms, {theirs / ours:5.0f} times as fast")


if __name__ == "__main__":
    main()
