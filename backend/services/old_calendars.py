"""Takes in old calendars over HTTP: keeps the files that are sent, and has them imported by a process of its own.

All that is known of an import stands in its folder, so that it can be told after a crash, too.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import structlog

from backend.domain.errors import Invalid, NotFound, RateLimited, TooLarge, UploadIncomplete
from backend.domain.ids import sought_id

FILES: Final = ("departments.json", "calendar_events.json", "calendar.db")
"""What can be sent: the two files of the old server, or its database (a Dayroom's own, too)."""
KEPT: Final = 3600.0
"""Seconds after which an import's folder goes, counted from the last thing that happened to it."""
SILENT: Final = 30.0
"""Seconds without a sign after which an import that runs is taken for dead: it tells of its progress all the time."""
REJECTS_SHOWN: Final = 100
STEP: Final = 0.2
"""Seconds between two looks at whether the process has ended."""
AGAIN: Final = 5
"""Seconds after which whoever has to wait may ask again."""

log = structlog.get_logger(__name__)

Run = Callable[[Path, bool], int]
"""Imports a folder's calendar (or only rehearses it), writes `progress`, `report.json` and `rejects.jsonl` there."""


class OldCalendars:
    """Is the imports of this server; `spawn` lets something go on beside the requests."""

    def __init__(self, folder: Path, limit: int, *, run: Run, spawn: Callable[[Callable[[], None]], Any]) -> None:
        self._folder = folder
        self.limit = limit
        """Bytes that the files of an import may have together."""
        self._run = run
        self._spawn = spawn

    def open(self) -> dict[str, Any]:
        """Begins an import, without files yet."""
        self._sweep()
        identity = str(uuid4())
        (self._folder / identity).mkdir(parents=True)
        return self.tell(identity)

    def put(self, identity: str, name: str, chunks: Iterable[bytes]) -> dict[str, Any]:
        """Keeps a file; raises `NotFound`, `Invalid` for another name, `TooLarge`, `RateLimited` while it runs."""
        folder = self._idle(identity)
        if name not in FILES:
            raise Invalid.at("/name", "choice", f"must be one of {', '.join(FILES)}")
        arriving = folder / f"{name}.part"
        size = sum(path.stat().st_size for path in folder.iterdir() if path.name in FILES and path.name != name)
        try:
            with arriving.open("wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if size > self.limit:
                        raise TooLarge(f"Files of an import have at most {self.limit:,} bytes together")
                    file.write(chunk)
            arriving.replace(folder / name)
        finally:
            arriving.unlink(missing_ok=True)
        return self.tell(identity)

    def start(self, identity: str, *, dry_run: bool) -> dict[str, Any]:
        """Lets it run, or rehearse; raises `NotFound`, `UploadIncomplete`, and `RateLimited` while one runs."""
        folder = self._idle(identity)
        if not any((folder / name).exists() for name in FILES):
            raise UploadIncomplete("There are no files to import yet")
        if any(_state(other) == "running" for other in self._folder.iterdir()):
            raise RateLimited("Another import is running", retry_after=AGAIN)
        for name in ("exit", "report.json", "rejects.jsonl", "progress"):
            (folder / name).unlink(missing_ok=True)
        (folder / "mode").write_text("rehearsal" if dry_run else "import")
        (folder / "progress").write_text("0 0")
        self._spawn(lambda: self._work(folder, dry_run))
        return self.tell(identity)

    def tell(self, identity: str) -> dict[str, Any]:
        """Tells how an import stands; raises `NotFound`."""
        folder = self._find(identity)
        done, total = (int(number) for number in _read(folder / "progress", "0 0").split())
        report = json.loads(_read(folder / "report.json", "null"))
        state = _state(folder)
        return {
            "id": identity,
            "state": state,
            "dry_run": _read(folder / "mode", "") == "rehearsal",
            "files": sorted(path.name for path in folder.iterdir() if path.name in FILES),
            "done": done,
            "total": total,
            "report": report,
            "rejects": _rejects(folder / "rejects.jsonl"),
            "detail": _read(folder / "said", "").strip().rpartition("\n")[2] if state == "failed" else None,
        }

    def _work(self, folder: Path, dry_run: bool) -> None:
        status = self._run(folder, dry_run)
        log.info("old calendar", dry_run=dry_run, status=status)
        (folder / "exit").write_text(str(status))

    def _idle(self, identity: str) -> Path:
        folder = self._find(identity)
        if _state(folder) == "running":
            raise RateLimited("This import is running", retry_after=AGAIN)
        return folder

    def _find(self, identity: str) -> Path:
        folder = self._folder / sought_id(identity)
        if not folder.is_dir():
            raise NotFound("import", identity)
        return folder

    def _sweep(self) -> None:
        """Removes what nobody has touched for long."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if _age(folder) > KEPT and _state(folder) != "running":
                shutil.rmtree(folder, ignore_errors=True)


def _state(folder: Path) -> str:
    """Tells `new`, `running`, `done`, `failed`, or `interrupted` where the process died with its server."""
    ended = _read(folder / "exit", "")
    if ended:
        return "done" if ended in {"0", "1"} else "failed"
    if not (folder / "mode").exists():
        return "new"
    return "running" if _age(folder / "progress") < SILENT else "interrupted"


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _read(path: Path, default: str) -> str:
    try:
        return path.read_text(encoding="utf-8") or default
    except FileNotFoundError:
        return default


def _rejects(path: Path) -> list[Mapping[str, Any]]:
    lines = _read(path, "").splitlines()[:REJECTS_SHOWN]
    found = (json.loads(line) for line in lines)
    return [{"source": str(each["source"]), "id": str(each["id"]), "reason": each["reason"]} for each in found]


def by_the_migration(sleep: Callable[[float], None], database: str) -> Run:
    """Runs the migration as an operator would, beside the server and with its environment, on the same database."""

    def run(folder: Path, dry_run: bool) -> int:
        source = folder / "calendar.db" if (folder / "calendar.db").exists() else folder
        outcome = ["--report", folder / "report.json", "--rejects", folder / "rejects.jsonl"]
        command = [sys.executable, "-m", "migrations_scripts.migrate_to_dynamodb", source, "--to", database, *outcome]
        told = ["--progress", folder / "progress", *(["--dry-run"] if dry_run else [])]
        with (folder / "said").open("wb") as said:
            process = subprocess.Popen(
                [*map(str, command), *map(str, told)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
            )
            while (status := process.poll()) is None:  # waiting inside would stop everybody under eventlet
                sleep(STEP)
        return status

    return run
