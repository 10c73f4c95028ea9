"""A calendar whose files lie in a folder or a bucket, within the test's own process, and clients that upload to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from backend.domain import parts
from backend.domain.ids import new_id
from backend.repositories.changelog import ChangeLog
from backend.repositories.database import Database, Item
from backend.repositories.sqlite import MEMORY, SQLiteDatabase
from backend.repositories.tables import ATTACHMENTS, TABLES
from backend.services.care import FileCare
from backend.services.downloads import Lifetimes
from backend.services.files import Files, Limits
from backend.services.readers import Readers
from backend.services.thumbnails import Drawing, ThumbnailQueue
from backend.services.uploads import Wanted
from backend.services.writers import Writers
from backend.services.writing import Intent
from backend.storage.cache import ObjectCache
from backend.storage.filesystem import FolderStore
from backend.storage.keys import FILES, THUMBNAILS
from backend.storage.objects import SignedRequest
from backend.storage.store import ObjectStore
from backend.storage.thumbnails import Limits as PictureLimits
from tests.in_process import Clock

LIMITS = Limits(parts.MAX_FILE, 0, Lifetimes(timedelta(minutes=10), timedelta(hours=1)))


class Steps:
    """Tells nobody how far anything is."""

    def step(self, what: str) -> Callable[[int], None]:
        return lambda count: None


@dataclass
class Bench:
    """Is the calendar with one department, and the hands of a client."""

    database: Database
    store: ObjectStore
    clock: Clock
    read: Readers
    write: Writers
    files: Files
    care: FileCare
    queue: ThumbnailQueue
    department: str = field(default="")

    def announce(self, size: int, **members: Any) -> Item:
        """Announce a file."""
        declared = {"file_name": "사진.jpg", "mime_type": "application/octet-stream", "file_size": size, **members}
        written = self.files.attachments.announce({"department_id": self.department, **declared}, Intent())
        return dict(written.entity)

    def put(self, attachment: Item, body: bytes) -> None:
        """Upload a whole file."""
        offer = self.files.uploads.offer(attachment)
        assert offer
        assert offer.request
        self.send(offer.request, body)

    def put_part(self, attachment: Item, number: int, body: bytes) -> None:
        """Upload one part."""
        checksum = sha256(body).hexdigest()
        ((_, request),) = self.files.uploads.sign_parts(attachment["id"], [Wanted(number, checksum)])
        self.send(request, body)

    def send(self, request: SignedRequest, body: bytes) -> None:
        if isinstance(self.store, FolderStore):
            self._receive(request, body)
        else:
            answer = requests.put(request.url, data=body, headers=dict(request.headers), timeout=30)
            assert answer.status_code == 200, answer.text

    def _receive(self, request: SignedRequest, body: bytes) -> None:
        assert isinstance(self.store, FolderStore)
        address = urlsplit(request.url)
        action: Any = address.path.rpartition("/")[2]
        signed = parse_qs(address.query)
        grant = self.store.signer.read(action, signed["grant"][0], signed["signature"][0])
        left = memoryview(body)

        def read(most: int) -> bytes:
            nonlocal left
            chunk, left = bytes(left[:most]), left[most:]
            return chunk

        self.store.receive(grant, read)

    def complete(self, attachment: Item) -> Item:
        """Complete an upload."""
        return dict(self.files.completion.complete(attachment["id"], Intent()).entity)

    def uploaded(self, body: bytes, **members: Any) -> Item:
        """Upload a file, all of it."""
        attachment = self.announce(len(body), **members)
        self.put(attachment, body)
        return self.complete(attachment)

    def get(self, attachment: Item) -> Item:
        return dict(self.read.attachments.get(attachment["id"]))

    def rows(self) -> list[Item]:
        return list(self.database.scan(ATTACHMENTS))

    def keys(self) -> list[str]:
        """List all that the store keeps."""
        return [row.key.text for prefix in (FILES, THUMBNAILS) for row in self.store.list(prefix)]

    def uploads(self) -> int:
        """Count what is unfinished at the store."""
        return len(list(self.store.list_uploads()))

    def faults(self) -> list[str]:
        return [fault.said for fault in self.care.check.faults(Steps())]

    def repair(self, cautious: bool = False) -> None:
        """Mend everything; or what a server mends once a day by itself, and nothing else may be wrong."""
        for fault in self.care.check.faults(Steps()):
            assert fault.mend
            assert fault.explained or not cautious, fault.said
            assert fault.mend()
        self.care.check.sweep()


@contextmanager
def bench(
    store: ObjectStore, cache: Path, clock: Clock, database: Database | None = None, department: str | None = None
) -> Iterator[Bench]:
    """Yield a calendar on a store."""
    with closing(database or SQLiteDatabase(MEMORY)) as opened:
        opened.provision(TABLES)
        read = Readers.of(opened, timedelta(days=90), clock=clock)
        changelog = ChangeLog(opened, read.log, clock=clock)
        changelog.open_directory()
        write = Writers.of(opened, read, changelog, default_timezone="Asia/Seoul", clock=clock)
        queue = ThumbnailQueue()
        files = Files.of(opened, read, changelog, store, LIMITS, clock=clock, ready=queue.ask)
        drawing = Drawing(ObjectCache(store, cache, 10**9), PictureLimits(), sleep=time.sleep)
        care = FileCare.of(opened, read, files, store, drawing, clock=clock)
        made = Bench(opened, store, clock, read, write, files, care, queue)
        made.department = department or write.departments.create({"name": new_id()}, Intent()).entity["id"]
        yield made
