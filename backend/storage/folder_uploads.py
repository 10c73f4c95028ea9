"""Uploads in parts in a folder: each part is written beside, checked, and then named by its record, which counts.

uploads/6f1d…/upload.json    {key, type, part_checksums, began_at}
uploads/6f1d…/3.json         {file, size, sha256}: part 3 as it came last
uploads/6f1d…/3-5f3c…        its bytes
"""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from backend.storage.disk import (
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
from backend.storage.errors import NoSuchUpload
from backend.storage.folder_objects import etag_of
from backend.storage.keys import Key
from backend.storage.objects import Part, Upload

RECORD: Final = "upload.json"
MOVES: Final = 3
"""How often an upload is looked for anew: it is sealed, may be unsealed, and goes."""

_UPLOAD_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class HeldPart:
    """Is a part as it lies in the folder."""

    number: int
    file: str
    size: int
    sha256: str

    @property
    def part(self) -> Part:
        """Is the part as clients know it."""
        return Part(self.number, self.size, etag_of(self.sha256), self.sha256)


@dataclass(frozen=True, slots=True)
class Begun:
    """Is what was fixed when an upload began."""

    key: str
    type: str
    part_checksums: bool
    began_at: str


class FolderUploads:
    """Keeps unfinished uploads under one folder."""

    def __init__(self, root: Path, trash: Path, offload: Offload) -> None:
        self._open = root / "uploads"
        self._sealed = root / "sealed"
        self._trash = trash
        self._offload = offload

    def folder_of(self, upload_id: str) -> Path:
        """Tells where an upload is: `sealed` once it is being completed, where no part is taken in any more."""
        # In the order in which it moves, so that it is found in one of the two.
        taking = self._open / _safe(upload_id)
        return taking if taking.exists() else self._sealed / _safe(upload_id)

    def is_there(self, upload_id: str) -> bool:
        """Tells whether an upload was neither completed nor aborted."""
        return self.folder_of(upload_id).exists()

    def seal(self, upload_id: str) -> None:
        """Takes in no more parts; may be repeated. Raises `FileNotFoundError`."""
        if not (self._sealed / _safe(upload_id)).exists():
            self._offload(lambda: move_in_place(self._open / _safe(upload_id), self._sealed / _safe(upload_id)))

    def unseal(self, upload_id: str) -> None:
        """Takes in parts again."""
        self._offload(lambda: move_in_place(self._sealed / _safe(upload_id), self._open / _safe(upload_id)))

    def begin(self, key: Key, mime_type: str, part_checksums: bool, now: datetime) -> str:
        """Begins an upload and gives its id."""
        upload_id = uuid4().hex
        with disk_errors():
            folder = self._open / upload_id
            make_folder(folder)
            began = Begun(key.text, mime_type, part_checksums, now.isoformat())
            write_json(folder / RECORD, {name: getattr(began, name) for name in began.__slots__})
        return upload_id

    def find(self, key: Key, upload_id: str) -> Begun:
        """Gives what was fixed; raises `NoSuchUpload`, also where the upload is another key's."""
        for folder in (self._open, self._sealed):
            with disk_errors(), suppress(FileNotFoundError, NotADirectoryError):
                began = Begun(**read_json(folder / _safe(upload_id) / RECORD))
                if began.key == key.text:
                    return began
        raise NoSuchUpload(key, upload_id)

    def take_in(self, key: Key, upload_id: str, number: int, read: Read, size: int, checksum: str | None) -> Part:
        """Writes a part, in place of the one before; raises `NoSuchUpload`, `SizeMismatch`, `ChecksumMismatch`."""
        self.find(key, upload_id)
        folder = self._open / _safe(upload_id)
        file = folder / f"{number}-{uuid4().hex}"
        with disk_errors():
            try:
                refuse_if_full(folder, size)
                sha256 = take_in(file, read, size, checksum, self._offload)
                before = _held(folder, number)
                held = HeldPart(number, file.name, size, sha256)
                self._offload(lambda: _record(folder, held))
            except FileNotFoundError:  # it was aborted or completed meanwhile
                raise NoSuchUpload(key, upload_id) from None
            except BaseException:
                file.unlink(missing_ok=True)
                raise
            if before is not None:
                (folder / before.file).unlink(missing_ok=True)
        return held.part

    def held(self, key: Key, upload_id: str) -> list[HeldPart]:
        """Lists the parts by number; raises `NoSuchUpload`."""
        self.find(key, upload_id)
        with disk_errors():
            for _ in range(MOVES):
                folder = self.folder_of(upload_id)
                with suppress(FileNotFoundError):  # it moved before it was read, and has a new place
                    parts: list[HeldPart] = self._offload(lambda folder=folder: _all_held(folder))  # type: ignore[misc]
                    if folder.exists():  # else it moved while it was read
                        return parts
        raise NoSuchUpload(key, upload_id)

    def abort(self, upload_id: str) -> None:
        """Removes an upload with its parts."""
        with disk_errors():
            self._offload(lambda: remove_folder(self.folder_of(upload_id), self._trash))

    def list(self) -> Iterator[Upload]:
        """Lists the unfinished uploads."""
        with disk_errors():
            for folder in sorted([*self._open.glob("*"), *self._sealed.glob("*")]):
                with suppress(FileNotFoundError, NotADirectoryError):
                    began = Begun(**read_json(folder / RECORD))
                    yield Upload(Key(began.key), folder.name, datetime.fromisoformat(began.began_at))


def _safe(upload_id: str) -> str:
    """Takes an id for a name only if it has the shape of one, whoever says it."""
    return upload_id if _UPLOAD_ID.fullmatch(upload_id) else "none"


def _record(folder: Path, held: HeldPart) -> None:
    """Names a part whose bytes are synced. If a power cut takes the name the client sends the part again."""
    said = {"file": held.file, "size": held.size, "sha256": held.sha256}
    write_json(folder / f"{held.number}.json", said, durable=False)


def _all_held(folder: Path) -> list[HeldPart]:
    """Reads all records, by number; raises `FileNotFoundError` where the folder is not there."""
    records = (Path(name) for name in os.listdir(folder))
    numbers = sorted(int(record.stem) for record in records if record.suffix == ".json" and record.stem.isdigit())
    parts = (_held(folder, number) for number in numbers)
    return [part for part in parts if part is not None]


def _held(folder: Path, number: int) -> HeldPart | None:
    try:
        return HeldPart(number, **read_json(folder / f"{number}.json"))
    except (FileNotFoundError, ValueError):  # replaced meanwhile, or lost by a power cut
        return None
