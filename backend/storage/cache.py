"""Keeps whole copies of objects in a folder, which several processes, also of several machines, may share.

Of all that ask for an object one fetches it, while the others wait. What it fetches has another name until it is whole,
verified and on the disk; so nobody ever sees a part of it. The folder is bounded: what was used longest ago goes first,
but never what somebody reads. Locks: `file_locks`.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from uuid import uuid4

from backend.domain.jitter import jitter
from backend.storage.disk import Offload, at_once, sync_folder
from backend.storage.errors import StorageError, StoreUnavailable
from backend.storage.file_locks import Taken, exclusive, shared
from backend.storage.keys import Key

PATIENCE: Final = 600.0
"""Seconds that somebody waits for another one's fetching."""
LONGEST_PAUSE: Final = 0.1

LOCK: Final = ".lock"
PART: Final = ".part"
ROOM: Final = "room.lock"


@dataclass
class TooLargeToCache(StorageError):
    """The object is larger than the whole cache may be."""

    key: Key
    size: int


@dataclass
class NotAsDeclared(StorageError):
    """The object has another size or SHA-256 than whoever asked for it says."""

    key: Key


class Source(Protocol):
    """Is what the cache asks of an object store."""

    def read(self, key: Key, first: int = 0, last: int | None = None) -> AbstractContextManager[Iterator[bytes]]:
        """Opens an object as chunks, as `ObjectStore.read` does."""
        ...


@dataclass(frozen=True, slots=True)
class _Entry:
    """Is an object's place in the folder; keys never change what they name, so the name is enough."""

    folder: Path
    key: Key
    size: int
    checksum_sha256: str | None

    @property
    def name(self) -> str:
        return self.key.text.replace("/", "+")

    @property
    def path(self) -> Path:
        return self.folder / self.name

    @property
    def lock(self) -> Path:
        return self.folder / (self.name + LOCK)

    @property
    def is_whole(self) -> bool:
        with suppress(FileNotFoundError):
            return self.path.stat().st_size == self.size
        return False


class ObjectCache:
    """Gives local copies of objects. `offload` runs what waits for the disk beside the loop."""

    def __init__(
        self,
        source: Source,
        folder: Path,
        max_bytes: int,
        *,
        offload: Offload = at_once,
        sleep: Callable[[float], None] = time.sleep,
        fetched: Callable[[int], None] = lambda size: None,
    ) -> None:
        self._source = source
        self._folder = folder
        self._max_bytes = max_bytes
        self._offload = offload
        self._sleep = sleep
        self._fetched = fetched

    @contextmanager
    def opened(self, key: Key, *, size: int, checksum_sha256: str | None = None) -> Iterator[Path]:
        """Gives the path of a whole copy, which stays for as long as the `with` block lasts; it is not to be changed.

        Raises what the store raises, `StoreUnavailable` also where a copy has no room, `TooLargeToCache`, and
        `NotAsDeclared`.
        """
        if size > self._max_bytes:
            raise TooLargeToCache(key, size)
        self._folder.mkdir(parents=True, exist_ok=True)
        entry = _Entry(self._folder, key, size, checksum_sha256)
        with ExitStack() as held:
            for _ in self._tries():
                with suppress(Taken):
                    if self._is_held(entry, held):
                        break
            with suppress(OSError):  # a folder that is read-only for a while does not keep anyone from reading
                os.utime(entry.path)
            yield entry.path

    def forget(self, *keys: Key) -> None:
        """Removes copies of what is gone; one that is being read just then goes with time."""
        for key in keys:
            entry = _Entry(self._folder, key, 0, None)
            if entry.path.exists():
                with suppress(Taken):
                    _remove(entry.path)

    def _is_held(self, entry: _Entry, held: ExitStack) -> bool:
        """Takes a share in a copy that is there, or else makes it; False where there is none to be shared yet."""
        if entry.is_whole:
            with ExitStack() as share:
                share.enter_context(shared(entry.lock))
                if whole := entry.is_whole:  # or it was evicted in between
                    held.push(share.pop_all())
            return whole
        with exclusive(entry.lock), _without_lock_of_nothing(entry):
            if not entry.is_whole:
                self._fetch(entry)
        return False

    def _fetch(self, entry: _Entry) -> None:
        for abandoned in self._folder.glob(f"{entry.name}.*{PART}"):
            abandoned.unlink(missing_ok=True)  # its maker is dead, since the lock is ours
        part = self._folder / f"{entry.name}.{uuid4().hex}{PART}"
        try:
            self._reserve(part, entry.size)
            self._download(entry, part)
            os.replace(part, entry.path)
            self._offload(lambda: sync_folder(self._folder))
        except OSError as error:
            raise StoreUnavailable(f"the cache cannot be written: {error.strerror or error}") from error
        finally:
            part.unlink(missing_ok=True)
        self._fetched(entry.size)

    def _download(self, entry: _Entry, part: Path) -> None:
        digest, size = hashlib.sha256(), 0
        with part.open("r+b") as file:
            with self._source.read(entry.key) as chunks:
                for chunk in chunks:
                    size += len(chunk)
                    if size > entry.size:
                        break
                    digest.update(chunk)
                    file.write(chunk)
            file.flush()
            if size != entry.size or entry.checksum_sha256 not in {None, digest.hexdigest()}:
                raise NotAsDeclared(entry.key)
            self._offload(lambda: os.fsync(file.fileno()))

    def _reserve(self, part: Path, size: int) -> None:
        """Makes room, and takes it at once by a file of the full size, so that others count it."""
        for _ in self._tries():
            with suppress(Taken), exclusive(self._folder / ROOM):
                self._offload(lambda: self._make_room(size))
                with part.open("xb") as file:
                    file.truncate(size)
                return

    def _make_room(self, size: int) -> None:
        """Removes what was used longest ago until so many bytes fit; raises `StoreUnavailable` if all is in use."""
        found = sorted(_stored(self._folder))
        used = sum(row.size for row in found)
        for row in found:
            if used + size <= self._max_bytes:
                return
            with suppress(Taken):
                _remove(row.path)
                used -= row.size
        if used + size > self._max_bytes:
            raise StoreUnavailable("the cache is full of what is being read")

    def _tries(self) -> Iterator[None]:
        """Begins at once, and waits before every further try; raises `StoreUnavailable` in the end."""
        end, pause = time.monotonic() + PATIENCE, 0.005
        while time.monotonic() < end:
            yield
            self._sleep(jitter(0.5, 1) * pause)
            pause = min(LONGEST_PAUSE, pause * 1.5)
        raise StoreUnavailable("somebody else fetches the same object, and takes too long")


@contextmanager
def _without_lock_of_nothing(entry: _Entry) -> Iterator[None]:
    """Leaves no file for an object that could not be fetched."""
    try:
        yield
    finally:
        if not entry.path.exists():
            entry.lock.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, order=True)
class _Row:
    """Is a file of the cache; they sort by when they were used."""

    used_at: float
    path: Path
    size: int


def _stored(folder: Path) -> Iterator[_Row]:
    for file in os.scandir(folder):
        if not file.name.endswith(LOCK):
            with suppress(FileNotFoundError):
                found = file.stat()
                yield _Row(found.st_mtime, Path(file.path), found.st_size)


def _remove(path: Path) -> None:
    """Removes a copy, or the part of one, that nobody reads or makes; raises `Taken`."""
    name = path.name
    owner = name.rsplit(".", 2)[0] if name.endswith(PART) else name
    lock = path.with_name(owner + LOCK)
    with exclusive(lock):
        path.unlink(missing_ok=True)
        lock.unlink()
