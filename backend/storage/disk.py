"""Writing to a disk so that a crash leaves the old or the new, never a half: write beside, sync, rename.

Every function waits for the disk, and may stand in `Offload`.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar
from uuid import uuid4

from backend.domain.errors import ChecksumMismatch, SizeMismatch
from backend.storage.errors import StoreUnavailable

Result = TypeVar("Result")
Read = Callable[[int], bytes]
"""Gives the next bytes of a body, at most so many; none at its end."""

CHUNK: Final = 1024 * 1024
RESERVE: Final = 64 * 1024 * 1024
"""Bytes of the disk that uploads leave free: the database may stand on the same one."""


class Offload(Protocol):
    """Runs work where it holds up nobody."""

    def __call__(self, work: Callable[[], Result], /) -> Result:
        """Gives the work's result, or raises its error."""
        ...


def at_once(work: Callable[[], Result]) -> Result:
    """Runs work here and now: in commands, tests and threads."""
    return work()


@contextmanager
def disk_errors() -> Iterator[None]:
    """Raises `StoreUnavailable` for what the disk refuses: it is full, read-only, or away."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"folder: {error}", retry_after=5) from error


def refuse_if_full(folder: Path, size: int) -> None:
    """Raises `StoreUnavailable` where a body of this size would fill the disk."""
    free = shutil.disk_usage(folder).free
    if free < size + RESERVE:
        raise StoreUnavailable(f"folder: {size:,} bytes do not fit, {free:,} are free", retry_after=60)


def take_in(file: Path, read: Read, size: int, checksum: str | None, offload: Offload) -> str:
    """Writes a body of exactly `size` bytes to a new file, and gives its SHA-256; memory stays flat.

    Raises `SizeMismatch` and `ChecksumMismatch`; the file is then for the caller to remove.
    """
    running, left = sha256(), size
    with file.open("xb", buffering=0) as sink:
        while left and (chunk := read(min(left, CHUNK))):
            offload(lambda chunk=chunk: _absorb(chunk, running, sink))  # type: ignore[misc]
            left -= len(chunk)
        offload(lambda: os.fsync(sink.fileno()))
    if left:
        raise SizeMismatch(size, size - left)
    if checksum not in (None, running.hexdigest()):
        raise ChecksumMismatch(checksum or "", running.hexdigest())
    return running.hexdigest()


def _absorb(chunk: bytes, running: Any, sink: Any) -> None:
    running.update(chunk)
    rest = memoryview(chunk)
    while rest:
        rest = rest[sink.write(rest) :]


def write_json(file: Path, value: Any, *, durable: bool = True) -> None:
    """Writes or replaces a small file, whole; one that is not `durable` may be gone, or empty, after a power cut."""
    fresh = file.with_name(f".{file.name}.{uuid4().hex}")
    with fresh.open("x", encoding="utf-8") as sink:
        json.dump(value, sink, separators=(",", ":"))
        sink.flush()
        if durable:
            os.fsync(sink.fileno())
    fresh.replace(file)
    if durable:
        sync_folder(file.parent)


def read_json(file: Path) -> Any:
    """Reads what `write_json` wrote; raises `FileNotFoundError`."""
    return json.loads(file.read_text(encoding="utf-8"))


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it, for their owner's eyes only, and lets them survive a crash."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def move_in_place(folder: Path, target: Path) -> bool:
    """Moves a whole folder to where none may be yet; tells whether there was none."""
    make_folder(target.parent)
    try:
        folder.rename(target)
    except FileNotFoundError:
        raise
    except OSError:
        if target.exists():
            return False
        raise
    sync_folder(target.parent)
    return True


def remove_folder(folder: Path, trash: Path) -> bool:
    """Removes a folder, at once for everybody else; tells whether it was there."""
    make_folder(trash)
    grave = trash / uuid4().hex
    try:
        folder.rename(grave)
    except FileNotFoundError:
        return False
    sync_folder(folder.parent)
    shutil.rmtree(grave, ignore_errors=True)
    return True


def sync_folder(folder: Path) -> None:
    """Lets the names in a folder survive a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
