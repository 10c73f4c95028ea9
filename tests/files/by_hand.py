"""What takes too long for every run: `python -m tests.files.by_hand [GIGABYTES]` uploads a file of 5 GB to both stores.

On the same bad line as in the run, by clients that are killed; says how long it took, the most memory that the server
had, and what passed through it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.components import s3
from tests.components.meter import metered
from tests.components.server import StartServer
from tests.conftest import servers_in
from tests.files.test_bad_line import Film, check_whole, make_film, memory_of, to_s3, upload

GIGABYTES = 5


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main() -> None:
    """Upload to both."""
    size = int(sys.argv[1] if len(sys.argv) > 1 else GIGABYTES) * 10**9
    with tempfile.TemporaryDirectory() as folder:
        film = make_film(Path(folder) / "film", size)
        with servers(folder) as start_server:
            into_folder(start_server, film)
        with s3.running() as store, servers(folder) as start_server:
            began = time.monotonic()
            server, passed = to_s3(start_server, store, film)
            say(f"S3: {time.monotonic() - began:.0f} s; {memory_of(server):,} kB at most; {passed:,} bytes passed")


@contextmanager
def servers(folder: str) -> Iterator[StartServer]:
    """Yield what starts servers, on empty stores."""
    yield from servers_in(Path(tempfile.mkdtemp(dir=folder)))


def into_folder(start_server: StartServer, film: Film) -> None:
    """Upload through a server, and download again."""
    server = start_server()
    before, began = memory_of(server), time.monotonic()
    with metered("127.0.0.1", server.port) as line:
        attachment, _ = upload(server, line.url, film)
    took = time.monotonic() - began
    check_whole(server, attachment, film, "object")
    after = memory_of(server)
    say(f"folder: {took:.0f} s; {before:,} → {after:,} kB at most; {line.passed:,} bytes of the upload passed")


if __name__ == "__main__":
    main()
