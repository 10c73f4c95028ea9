"""Brings bytes to an object store: large files in parts, several at a time, going on where an earlier run ended."""

import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import md5, sha256
from typing import Final, TypeVar

from backend.domain import parts
from backend.domain.jitter import jitter
from backend.storage.errors import NoSuchUpload, StoreUnavailable
from backend.storage.keys import Key
from backend.storage.objects import Part, Stored
from backend.storage.store import ObjectStore
from migrations_scripts.files.sources import Origin

WHOLE: Final = 16 * 1024 * 1024
"""Up to so many bytes a file is brought by one request."""

Result = TypeVar("Result")
Tell = Callable[[int], None]
"""Hears how many bytes more have arrived, or were there."""


@dataclass
class Damaged(Exception):
    """A file is not what is known of it, at its origin or where it arrived."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class Carrier:
    """Brings files to a store; `pool` brings their parts. With `reads_back` every file is read again and compared."""

    store: ObjectStore
    pool: Executor
    reads_back: bool

    def bring(self, origin: Origin, key: Key, upload_id: str | None, tell: Tell) -> Stored:
        """Brings a file whole, and verifies it; `upload_id` is that of an earlier run. Raises `Damaged`."""
        checksum = origin.digest()
        if origin.checksum_sha256 not in {None, checksum}:
            raise Damaged("the file is not any more what was uploaded once: its SHA-256 differs")
        if origin.size <= WHOLE:
            body = origin.read(0, origin.size)
            stored = patiently(lambda: self.store.write(key, body, mime_type=origin.mime_type))
            tell(origin.size)
            proven = self.store.capabilities.checks_whole
        else:
            stored = self._in_parts(origin, key, upload_id, checksum, tell)
            proven = self.store.capabilities.checks_parts
        self.verify(origin, stored, checksum, proven=proven)
        return stored

    def bring_parts(self, origin: Origin, key: Key, upload_id: str, tell: Tell) -> list[Part]:
        """Brings the parts that the store lacks, and lists all."""
        held = {part.number: part for part in self.store.list_parts(key, upload_id)}

        def bring(number: int) -> Part:
            body = part_of(origin, number)
            there = held.get(number)
            if there is None or not _is(there, body):
                there = patiently(lambda: self.store.write_part(key, upload_id, number, body))
            tell(len(body))
            return replace(there, checksum_sha256=sha256(body).hexdigest())  # which not every store tells

        return list(self.pool.map(bring, range(1, parts.part_count(origin.size) + 1)))

    def verify(self, origin: Origin, stored: Stored, checksum: str, *, proven: bool) -> None:
        """Compares what has arrived: its size, and its SHA-256 unless that is `proven`; raises `Damaged`."""
        if stored.size != origin.size:
            raise Damaged(f"{stored.size:,} of {origin.size:,} bytes have arrived")
        if self.reads_back or not proven:
            digest = sha256()
            with self.store.read(stored.key) as chunks:
                for chunk in chunks:
                    digest.update(chunk)
            if digest.hexdigest() != checksum:
                raise Damaged("what has arrived has another SHA-256")

    def _in_parts(self, origin: Origin, key: Key, upload_id: str | None, checksum: str, tell: Tell) -> Stored:
        if upload_id is not None:
            with suppress(NoSuchUpload):
                return self._completed(origin, key, upload_id, checksum, tell)
        fresh = self.store.begin_multipart(key, mime_type=origin.mime_type, part_checksums=True)
        return self._completed(origin, key, fresh, checksum, tell)

    def _completed(self, origin: Origin, key: Key, upload_id: str, checksum: str, tell: Tell) -> Stored:
        brought = self.bring_parts(origin, key, upload_id, tell)
        return patiently(lambda: self.store.complete_multipart(key, upload_id, brought, checksum_sha256=checksum))


def part_of(origin: Origin, number: int) -> bytes:
    """Reads one part of a file; raises `Damaged` where the file has become shorter."""
    size = parts.size_of_part(origin.size, number)
    body = origin.read((number - 1) * parts.part_size(origin.size), size)
    if len(body) != size:
        raise Damaged("the file has changed while it was read")
    return body


def patiently(ask: Callable[[], Result]) -> Result:
    """Asks a store that does not answer again, longer and longer; raises `StoreUnavailable` after a minute or so."""
    for pause in (0.5, 2, 8, 20, 40):
        try:
            return ask()
        except StoreUnavailable:
            time.sleep(jitter(0.5, 1) * pause)
    return ask()


def _is(part: Part, body: bytes) -> bool:
    """Tells whether a part that the store holds is this one; what cannot be told is sent again."""
    if part.size != len(body):
        return False
    if part.checksum_sha256:
        return part.checksum_sha256 == sha256(body).hexdigest()
    return part.etag == md5(body, usedforsecurity=False).hexdigest()
