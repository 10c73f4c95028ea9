"""Where files come from: the folder of Dayroom's own store, whose objects keep their keys, or any other folder."""

import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from backend.domain.signatures import HEAD_BYTES, contradiction
from backend.domain.text import composed
from backend.storage.filesystem import FolderStore
from backend.storage.keys import FILES, THUMBNAILS, Key
from backend.storage.opening import OBJECTS_FOLDER

CHUNK: Final = 1024 * 1024
UNKNOWN_TYPE: Final = "application/octet-stream"
_KINDS: Final = tuple(prefix.rstrip("/") for prefix in (FILES, THUMBNAILS))
_NOBODYS: Final = frozenset({"thumbs.db", "desktop.ini"})
"""What systems leave in folders of people's files, beside names that begin with a dot."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Is one file to be brought: what it is called in reports, and how its bytes are read."""

    name: str
    size: int
    mime_type: str
    read: Callable[[int, int], bytes]
    """Reads as many bytes from a position; fewer where the file ends."""
    checksum_sha256: str | None = None
    """What is known of it already: the bytes are compared with that."""

    def digest(self) -> str:
        """Computes the SHA-256 of what there is."""
        digest = sha256()
        for start in range(0, self.size, CHUNK):
            digest.update(self.read(start, min(CHUNK, self.size - start)))
        return digest.hexdigest()


def dayroom_store(path: Path) -> FolderStore | None:
    """Opens the folder store in a folder, or in a DATA_DIR; None where there is none."""
    for root in (path / OBJECTS_FOLDER, path):
        if any(next((root / kind).glob("??/*/manifest.json"), None) for kind in _KINDS):
            return FolderStore(root, lambda: b"")  # nothing is signed here
    return None


def stored(store: FolderStore) -> Iterator[tuple[Key, Origin]]:
    """Finds every object of a folder store."""
    for prefix in (FILES, THUMBNAILS):
        for row in store.list(prefix):
            found = store.head(row.key)
            if found is not None:  # else it was deleted just now
                read, known = _object(store, row.key), found.checksum_sha256
                yield row.key, Origin(row.key.text, found.size, found.mime_type, read, known)


def _object(store: FolderStore, key: Key) -> Callable[[int, int], bytes]:
    def read(start: int, count: int) -> bytes:
        with store.read(key, start, start + count - 1) as chunks:
            return b"".join(chunks)

    return read


@dataclass(frozen=True, slots=True)
class Place:
    """Is where a file of another folder lies: its path within, and its folders from the outermost on."""

    path: Path
    relative: str
    folders: tuple[str, ...]

    def origin(self) -> Origin:
        """Looks at the file; raises `OSError`."""
        return Origin(self.relative, self.path.stat().st_size, self._type(), self._read)

    def _type(self) -> str:
        """Tells its type by its name; one that the content contradicts is that of the content, or unknown."""
        guessed = mimetypes.guess_type(self.path.name)[0] or UNKNOWN_TYPE
        with self.path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if not head or (found := contradiction(guessed, head)) is None:
            return guessed
        return found if contradiction(found, head) is None else UNKNOWN_TYPE

    def _read(self, start: int, count: int) -> bytes:
        with self.path.open("rb", buffering=0) as file:
            file.seek(start)
            body = bytearray()
            while len(body) < count and (chunk := file.read(count - len(body))):
                body += chunk
            return bytes(body)


def places(folder: Path) -> Iterator[Place]:
    """Finds the files of a folder, in order; raises `OSError`. Links are not followed."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts) or path.name.lower() in _NOBODYS
        if path.is_file() and not path.is_symlink() and not hidden:
            *folders, _ = (composed(part) for part in relative.parts)
            yield Place(path, composed(relative.as_posix()), tuple(folders))
