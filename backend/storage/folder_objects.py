"""Objects in a folder: each is a folder of its own, with its parts as they came and a manifest that names them.

So a file of many parts is made whole by one rename, without copying a byte, and an object is there whole or not at all:

    files/0b/0b0e7f5e-…/manifest.json    {size, type, etag, sha256, proof, parts: [[name, size], …]}
    files/0b/0b0e7f5e-…/1-5f3c…          the bytes of part 1
"""

import os
import shutil
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from backend.storage.disk import (
    CHUNK,
    Offload,
    Read,
    disk_errors,
    make_folder,
    move_in_place,
    read_json,
    refuse_if_full,
    remove_folder,
    take_in,
    write_json,
)
from backend.storage.errors import NoSuchObject, StoreUnavailable
from backend.storage.keys import BadKey, Key
from backend.storage.objects import Listing, Proof, Stored

MANIFEST: Final = "manifest.json"
ETAG_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class Manifest:
    """Says what an object is made of."""

    size: int
    type: str
    etag: str
    sha256: str | None
    proof: Proof
    parts: list[tuple[str, int]]

    def write(self, folder: Path) -> None:
        """Writes it beside its parts."""
        write_json(folder / MANIFEST, {name: getattr(self, name) for name in self.__slots__})


def etag_of(checksum: str) -> str:
    """Makes an entity tag of a SHA-256."""
    return checksum[:ETAG_LENGTH]


class FolderObjects:
    """Finds, reads, places and removes the objects under one folder."""

    def __init__(self, root: Path, offload: Offload) -> None:
        self._root = root
        self._offload = offload
        self._incoming = root / "incoming"
        self.trash = root / "trash"

    def folder_of(self, key: Key) -> Path:
        """Tells where an object is: in one of a thousand folders, so that none grows large."""
        kind, _, name = key.text.rpartition("/")
        return self._root / kind / name[:2] / name

    def take_in(self, key: Key, read: Read, size: int, mime_type: str, checksum: str | None) -> Stored | None:
        """Writes a whole object; None where one is there already. Raises `SizeMismatch`, `ChecksumMismatch`."""
        with disk_errors():
            folder = self._incoming / uuid4().hex
            make_folder(folder)
            try:
                refuse_if_full(folder, size)
                found = take_in(folder / "1", read, size, checksum, self._offload)
                Manifest(size, mime_type, etag_of(found), found, "object", [("1", size)]).write(folder)
                placed = self._offload(lambda: move_in_place(folder, self.folder_of(key)))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            return self.find(key) if placed else None

    def place(self, key: Key, folder: Path) -> bool:
        """Makes a folder of parts with their manifest the object; tells whether there was none yet."""
        return self._offload(lambda: move_in_place(folder, self.folder_of(key)))

    def tidy(self, key: Key) -> None:
        """Removes from an object's folder what it is not made of: records of parts, and bodies that were replaced."""
        found = self._manifest(key)
        if found is not None:
            wanted = {MANIFEST, *(name for name, _ in found[0].parts)}
            self._offload(lambda: _leave_only(self.folder_of(key), wanted))

    def find(self, key: Key) -> Stored | None:
        """Describes an object."""
        with disk_errors():
            found = self._manifest(key)
            if found is None:
                return None
            manifest, modified_at = found
        return Stored(key, manifest.size, manifest.type, manifest.etag, modified_at, manifest.proof, manifest.sha256)

    def _manifest(self, key: Key) -> tuple[Manifest, datetime] | None:
        file = self.folder_of(key) / MANIFEST
        try:
            written = read_json(file)
            modified_at = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        parts = [(str(name), int(size)) for name, size in written.pop("parts")]
        return Manifest(parts=parts, **written), modified_at

    def read(self, key: Key, first: int, last: int | None) -> Generator[bytes, None, None]:
        """Reads bytes `first` to `last`; raises `NoSuchObject` before the first chunk."""
        with disk_errors():
            found = self._manifest(key)
        if found is None:
            raise NoSuchObject(key)
        return self._chunks(self.folder_of(key), found[0], first, last)

    def _chunks(self, folder: Path, manifest: Manifest, first: int, last: int | None) -> Generator[bytes, None, None]:
        end = manifest.size if last is None else min(last + 1, manifest.size)
        begins = 0
        for name, size in manifest.parts:
            start, stop = max(first, begins), min(end, begins + size)
            if start < stop:
                yield from self._bytes(folder / name, start - begins, stop - start)
            begins += size

    def _bytes(self, file: Path, start: int, count: int) -> Iterator[bytes]:
        with disk_errors(), file.open("rb", buffering=0) as source:
            os.lseek(source.fileno(), start, os.SEEK_SET)
            while count:
                most = min(CHUNK, count)
                chunk = self._offload(lambda most=most: source.read(most))  # type: ignore[misc]
                if not chunk:
                    raise StoreUnavailable(f"folder: {file} is shorter than it was")
                count -= len(chunk)
                yield chunk

    def remove(self, key: Key) -> None:
        """Removes an object, if there is one."""
        with disk_errors():
            self._offload(lambda: remove_folder(self.folder_of(key), self.trash))

    def list(self, prefix: str) -> Iterator[Listing]:
        """Lists objects by key."""
        with disk_errors():
            for folder in _folders(self._root / prefix.rstrip("/")):
                for each in _folders(folder):
                    stored = self._named(f"{prefix}{each.name}")
                    if stored is not None:
                        yield Listing(stored.key, stored.size, stored.etag, stored.modified_at)

    def _named(self, name: str) -> Stored | None:
        try:
            return self.find(Key(name))
        except BadKey:  # somebody else put it there
            return None

    def sweep(self, before: datetime) -> int:
        """Removes what was interrupted before a moment, and what could not be removed then; gives their number."""
        swept = 0
        with disk_errors():
            for folder in [*_folders(self._incoming), *_folders(self.trash)]:
                if folder.stat().st_mtime < before.timestamp():
                    self._offload(lambda folder=folder: shutil.rmtree(folder, ignore_errors=True))  # type: ignore[misc]
                    swept += 1
        return swept


def _folders(folder: Path) -> list[Path]:
    """Lists the folders in a folder, by name; none where it is not there."""
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in sorted(entries, key=_name) if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []


def _name(entry: Any) -> str:
    return str(entry.name)


def _leave_only(folder: Path, wanted: Collection[str]) -> None:
    for file in folder.iterdir():
        if file.name not in wanted:
            file.unlink(missing_ok=True)
