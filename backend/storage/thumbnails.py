"""Makes thumbnails in a process of its own, with limits in pixels, memory and time: a picture may be a bomb."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from backend.storage import thumbnail_program
from backend.storage.errors import StorageError, StoreUnavailable

PROGRAM: Final = Path(__file__).with_name("thumbnail_program.py")
STEP_SECONDS: Final = 0.02
WALL: Final = 6
"""How many times its limit of computing a process may last: it may wait for the disk, or for its turn."""


@dataclass
class NotDrawn(StorageError):
    """There is no thumbnail of this file, and there will be none: it is no picture, broken, or asks for too much."""

    reason: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds what one picture may cost: pixels as it declares them, bytes of address space, seconds of computing."""

    pixels: int = 200_000_000
    memory: int = 1024**3
    seconds: int = 20


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Is a WebP of at most 256 × 256 pixels, without metadata."""

    body: bytes
    width: int
    height: int


def draw(path: Path, limits: Limits, *, sleep: Callable[[float], None] = time.sleep) -> Thumbnail:
    """Draws the thumbnail of a file, whatever it is; raises `NotDrawn`. Harm stays within a process that has nothing.

    Raises `StoreUnavailable` where the time went by without computing: the machine has too much to do, not the picture.
    That process sees no environment (credentials are there), imports nothing of ours, and ends by its limits also if
    this one is killed.
    """
    words = [str(path), limits.pixels, limits.memory, limits.seconds]
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(
            [sys.executable, "-I", str(PROGRAM), *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=complaint,
            env={},
        )
        status = _end_of(process, limits.seconds * WALL, sleep)
        if status:
            complaint.seek(0)
            said = complaint.read(64 * 1024).decode(errors="replace").strip().rpartition("\n")[2]
            raise NotDrawn(said[:200] or f"ended by signal {-status}")
        answer.seek(0)
        head, _, body = answer.read(thumbnail_program.ANSWER).partition(b"\n")
        return Thumbnail(body, **json.loads(head))


def _end_of(process: "subprocess.Popen[bytes]", seconds: float, sleep: Callable[[float], None]) -> int:
    """Waits for the end of a process, and lets everything else go on meanwhile; kills it when its time is up."""
    end = time.monotonic() + seconds
    try:
        while (status := process.poll()) is None:
            if time.monotonic() > end:
                raise StoreUnavailable("a picture waits too long for the disk or the processor")
            sleep(STEP_SECONDS)
        return status
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()
