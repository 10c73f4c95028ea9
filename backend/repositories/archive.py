"""The backup file: gzip over lines of JSON, ordered, with a checksum at its end.

    {"format": "dayroom-backup", "version": 1, "created_at": "…", "server": "…"}
    ["departments", {…}]           every item, by table and key, its members in order
    {"items": 3, "content": "…", "sha256": "…"}

`content` is the SHA-256 of the lines between the first and the last: equal for equal databases. `sha256` covers the
first line too. Heads have no epoch here, since a log that is restored always gets a new one; guards follow from rows.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

from backend import __version__
from backend.repositories.database import Database, Item, Table
from backend.repositories.decisions import is_deleted
from backend.repositories.tables import ATTACHMENTS, CHANGES, DEPARTMENTS, EVENTS, FEEDS

FORMAT: Final = "dayroom-backup"
VERSION: Final = 2
READABLE: Final = (1, VERSION)
"""The formats that are understood: the first knew no attachments and no feeds."""
KEPT: Final = (DEPARTMENTS, EVENTS, ATTACHMENTS, CHANGES, FEEDS)
"""The tables that are in a backup, in the file's order."""
_TOLD: Final = (DEPARTMENTS, EVENTS, ATTACHMENTS)
"""Those whose living rows `Contents` counts, in its order."""
MAX_LINE: Final = 4 * 1024 * 1024
"""Bytes that a line may have: an item has 400 kB, of which JSON may write each control character in six."""

_OF_AN_EPOCH: Final = ("epoch", "floor", "floor_at")


@dataclass
class BadArchive(Exception):
    """A file cannot be restored; `reason` is one line."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class Contents:
    """Tells what an archive holds: since when, its content's sum, and how many items, and how many living entities."""

    created_at: str
    content: str
    items: int = 0
    departments: int = 0
    events: int = 0
    attachments: int = 0


def write(database: Database, file: IO[bytes], created_at: str, tell: Callable[[int], None]) -> Contents:
    """Writes a database that scans in order of its keys and that nobody writes to (a copy in SQLite)."""
    items, counts = 0, dict.fromkeys((table.name for table in KEPT), 0)
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as zipped:
        header = {"format": FORMAT, "version": VERSION, "created_at": created_at, "server": __version__}
        content, whole = sha256(), sha256(line := _line(header))
        zipped.write(line)
        for table in KEPT:
            for item in database.scan(table):
                zipped.write(line := _line([table.name, _without_epoch(table, item)]))
                content.update(line)
                whole.update(line)
                items += 1
                counts[table.name] += not is_deleted(item)
                tell(1)
        zipped.write(_line({"items": items, "content": content.hexdigest(), "sha256": whole.hexdigest()}))
    return Contents(created_at, content.hexdigest(), items, *(counts[table.name] for table in _TOLD))


def verify(path: Path, tell: Callable[[int], None] = lambda count: None) -> Contents:
    """Reads a whole file and tells what it holds; raises `BadArchive` where it is cut, altered, foreign or newer."""
    archive = Archive(path)
    for _ in archive.items():
        tell(1)
    return archive.contents


class Archive:
    """Reads a backup file, item by item; what it holds is known, and proven, only after the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tables = {table.name: table for table in KEPT}
        self.contents = Contents("", "")

    def items(self) -> Iterator[tuple[Table, Item]]:
        """Reads every item; raises `BadArchive`, also after the last one: nothing is to be believed before."""
        try:
            with gzip.open(self._path, "rb") as file:
                yield from self._checked(file)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise BadArchive(f"{self._path} is no backup, or is cut or altered") from None

    def _checked(self, file: Any) -> Iterator[tuple[Table, Item]]:
        line = file.readline(MAX_LINE)
        self.contents = Contents(self._header(line), "")
        content, whole = sha256(), sha256(line)
        while line := file.readline(MAX_LINE):
            if line.startswith(b"{"):
                self._end(self._parsed(line), content.hexdigest(), whole.hexdigest())
                if file.read(1):
                    raise self._altered()
                return
            content.update(line)
            whole.update(line)
            table, item = self._item(line)
            self._count(table, item)
            yield table, item
        raise BadArchive(f"{self._path} is cut: its end is missing")

    def _header(self, line: bytes) -> str:
        try:
            header = json.loads(line)
        except (ValueError, RecursionError):
            header = None
        if not isinstance(header, dict) or header.get("format") != FORMAT:
            raise BadArchive(f"{self._path} is no backup of Dayroom")
        if header.get("version") not in READABLE:
            raise BadArchive(
                f"{self._path} is of a newer Dayroom ({header.get('server')}): its format is "
                f"{header.get('version')}, this one knows {VERSION}"
            )
        return str(header.get("created_at"))

    def _item(self, line: bytes) -> tuple[Table, Item]:
        match self._parsed(line):
            case [str(name), dict(item)] if name in self._tables:
                return self._tables[name], item
        raise self._altered()

    def _count(self, table: Table, item: Item) -> None:
        found = self.contents
        more = {"items": found.items + 1}
        if table in _TOLD:
            more[table.name] = getattr(found, table.name) + (not is_deleted(item))
        self.contents = replace(found, **more)  # type: ignore[arg-type]

    def _end(self, trailer: Any, content: str, whole: str) -> None:
        if trailer != {"items": self.contents.items, "content": content, "sha256": whole}:
            raise self._altered()
        self.contents = replace(self.contents, content=content)

    def _parsed(self, line: bytes) -> Any:
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            raise self._altered() from None

    def _altered(self) -> BadArchive:
        return BadArchive(f"{self._path} is altered: its checksum is not that of its content")


def _without_epoch(table: Table, item: Item) -> Item:
    if table is not CHANGES or item["seq"] != 0:
        return item
    return {name: value for name, value in item.items() if name not in _OF_AN_EPOCH}


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
