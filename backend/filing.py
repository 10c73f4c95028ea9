"""Builds what works on files from the settings: for the server, for commands and for migrations."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from backend.repositories.changelog import ChangeLog
from backend.repositories.database import Database
from backend.services.care import FileCare
from backend.services.downloads import Lifetimes
from backend.services.files import Files, Limits
from backend.services.readers import Readers
from backend.services.thumbnails import AT_ONCE, Drawing, ThumbnailQueue
from backend.settings import Settings
from backend.storage.cache import ObjectCache
from backend.storage.disk import Offload, at_once
from backend.storage.store import ObjectStore
from backend.storage.thumbnails import Limits as PictureLimits

CACHE_FOLDER: Final = "cache"
MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Loops:
    """Is how a server waits and computes without holding up anybody."""

    sleep: Callable[[float], None] = time.sleep
    offload: Offload = at_once
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Filing:
    """Is everything that works on files, with the queue of thumbnails that this process draws."""

    read: Readers
    files: Files
    care: FileCare
    queue: ThumbnailQueue

    @classmethod
    def of(
        cls,
        settings: Settings,
        database: Database,
        read: Readers,
        changelog: ChangeLog,
        store: ObjectStore,
        loops: Loops,
        *,
        drawn: Callable[[str], None] = lambda outcome: None,
        fetched: Callable[[int], None] = lambda size: None,
    ) -> "Filing":
        """Builds it; `drawn` hears of every thumbnail's outcome, `fetched` of what was copied into the cache."""
        queue = ThumbnailQueue()
        files = Files.of(database, read, changelog, store, _limits(settings), clock=loops.clock, ready=queue.ask)
        drawing = _drawing(settings, store, loops, fetched)
        care = FileCare.of(database, read, files, store, drawing, clock=loops.clock, drawn=drawn)
        return cls(read, files, care, queue)

    def spawn(self, spawn: Callable[[Callable[[], None]], None]) -> None:
        """Begins to draw what is asked for, beside the requests, until `stop`."""
        for _ in range(AT_ONCE):
            spawn(lambda: self.care.thumbnails.run(self.queue))

    def stop(self) -> None:
        """Ends that; what is not drawn yet another process draws."""
        self.queue.close()


@contextmanager
def opened(settings: Settings, database: Database, store: ObjectStore) -> Iterator[Filing]:
    """Builds it for a command or a migration, for as long as a `with` block lasts; the store is closed with it."""
    try:
        read = Readers.of(database, timedelta(days=settings.change_retention_days))
        yield Filing.of(settings, database, read, ChangeLog(database, read.log), store, Loops())
    finally:
        store.close()


def _limits(settings: Settings) -> Limits:
    """Tells what files may take, and how long signed URLs live."""
    usual, most = timedelta(seconds=settings.signed_url_ttl), timedelta(seconds=settings.signed_url_max_ttl)
    return Limits(settings.attachment_max_bytes, settings.department_quota_bytes, Lifetimes(usual, most))


def _drawing(settings: Settings, store: ObjectStore, loops: Loops, fetched: Callable[[int], None]) -> Drawing:
    folder = settings.file_cache_dir or settings.data_dir / CACHE_FOLDER
    most = settings.file_cache_mb * MEBIBYTE
    cache = ObjectCache(store, folder, most, offload=loops.offload, sleep=loops.sleep, fetched=fetched)
    pixels, memory = settings.thumbnail_max_megapixels * 1_000_000, settings.thumbnail_memory_mb * MEBIBYTE
    return Drawing(cache, PictureLimits(pixels, memory, settings.thumbnail_seconds), loops.sleep)
