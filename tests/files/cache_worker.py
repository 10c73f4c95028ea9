"""One worker of `test_cache.py`: many threads ask for one object at once; the folder `origin` stands for the store.

Started as `cache_worker.py ORIGIN CACHE KEY THREADS`; begins with a line on stdin; says `PID` into `fetches` as each
fetching begins; prints the SHA-256 of what each thread got.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from backend.storage.cache import ObjectCache
from backend.storage.keys import Key

CHUNK = 64 * 1024


class SlowOrigin:
    """Reads from a folder, as slowly as a network does, and keeps a list of who read."""

    def __init__(self, folder: Path, pause: float) -> None:
        self._folder = folder
        self._pause = pause

    @contextmanager
    def read(self, key: Key, first: int = 0, last: int | None = None) -> Iterator[Iterator[bytes]]:
        log = os.open(self._folder / "fetches", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, f"{os.getpid()}\n".encode())
        os.close(log)
        with (self._folder / key.text).open("rb") as file:
            yield self._slowly(iter(lambda: file.read(CHUNK), b""))

    def _slowly(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            time.sleep(self._pause)
            yield chunk


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    origin, folder, key, threads = Path(sys.argv[1]), Path(sys.argv[2]), Key(sys.argv[3]), int(sys.argv[4])
    cache = ObjectCache(SlowOrigin(origin, 0.01), folder, 100 * CHUNK)
    size = (origin / key.text).stat().st_size

    def ask(_: int) -> str:
        with cache.opened(key, size=size) as path:
            return hashlib.sha256(path.read_bytes()).hexdigest()

    say("ready")
    sys.stdin.readline()
    with ThreadPoolExecutor(threads) as pool:
        for digest in pool.map(ask, range(threads)):
            say(digest)


if __name__ == "__main__":
    main()
