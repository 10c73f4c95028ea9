"""Uploads files and dies at every step of that, each time at another one: by SIGKILL, in a process of its own.

Started as `dying_client.py FOLDER DEPARTMENT [ENDPOINT ACCESS_KEY SECRET_KEY BUCKET]`. Says `FLOW DEATHS STATUS` of
each flow; FOLDER/reached tells how far each life came. A step is what changes something that outlives a process: a
transaction, a new name on the disk, a request to S3. Death comes before it; after it is before the next one.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from backend.domain import parts
from backend.repositories.sqlite import SQLiteDatabase
from backend.services.writing import Intent
from backend.storage.filesystem import FolderStore
from backend.storage.s3 import S3Store
from backend.storage.s3_capabilities import try_out
from backend.storage.s3_signing import S3Signer
from tests.components.s3 import S3Server
from tests.files.bench import Bench, bench
from tests.files.pictures import picture
from tests.in_process import Clock

PART: Final = 5 * 1024**2
PHOTO: Final = picture(size=(64, 64))
FILM: Final = [bytes(PART), b"end"]


class Fuse:
    """Kills its process at the n-th step after it was lit."""

    def __init__(self, steps: int) -> None:
        self._left = steps
        self.lit = False

    def burn(self, *args: Any, **kwargs: Any) -> None:
        self._left -= self.lit
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, owner: Any, name: str) -> None:
        """Count a step before every call."""
        call = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.burn()
            return call(*args, **kwargs)

        setattr(owner, name, counted)


class Flow:
    """Is one life of a file; it says what it has reached by writing to a file that outlives it."""

    def __init__(self, calendar: Bench, reached: Path, fuse: Fuse) -> None:
        self._calendar, self._reached, self._fuse = calendar, reached, fuse
        self._id = str(uuid4())

    def say(self, **what: Any) -> None:
        with self._reached.open("a") as file:
            file.write(json.dumps({"id": self._id, **what}) + "\n")

    def photo(self) -> None:
        """Upload a picture by one PUT, and draw its thumbnail."""
        self._fuse.lit = True
        self.say(flow="photo")
        photo = self._calendar.announce(len(PHOTO), id=self._id, mime_type="image/jpeg")
        self._calendar.put(photo, PHOTO)
        self.say(whole=True)
        self._calendar.complete(photo)
        self._calendar.care.thumbnails.make(self._id)

    def film(self) -> None:
        """Upload a file in parts."""
        self._fuse.lit = True
        self._bring_film("film")
        self._calendar.complete({"id": self._id})

    def cancelled(self) -> None:
        """Upload one, and delete it when all of it is there."""
        self._bring_film("cancelled")
        self.say(cancelled=True)
        self._fuse.lit = True
        self._calendar.files.attachments.delete(self._id, Intent())

    def _bring_film(self, name: str) -> None:
        self.say(flow=name)
        film = self._calendar.announce(sum(map(len, FILM)), id=self._id, part_checksums=True)
        for number, part in enumerate(FILM, 1):
            self._calendar.put_part(film, number, part)
        self.say(whole=True)


def live(folder: Path, store: Any, department: str, flow: str, steps: int) -> None:
    """Live through a flow, and die at a step of it."""
    fuse = Fuse(steps)
    with bench(store, folder / "cache", Clock(now()), SQLiteDatabase(folder / "dayroom.db"), department) as calendar:
        fuse.before(calendar.database, "transact")
        os.fsync = fuse.burn  # SIGKILL leaves to the disk what was written
        for owner, name in ((os, "replace"), (Path, "rename"), (Path, "replace"), (Path, "unlink")):
            fuse.before(owner, name)
        if isinstance(store, S3Store):
            store._bucket.client.meta.events.register("before-send", fuse.burn)
        getattr(Flow(calendar, folder / "reached", fuse), flow)()


def opener(folder: Path, words: list[str]) -> Callable[[], Any]:
    """Tell how a process opens its store; a connection is nothing to be shared."""
    clock = Clock(now())
    if not words:
        return lambda: FolderStore(folder / "objects", lambda: b"secret", clock=clock)
    server, bucket = S3Server(*words[:3]), words[3]
    able = try_out(server.client(), bucket)

    def opened() -> S3Store:
        client = server.client()
        return S3Store(client, bucket, S3Signer(client, bucket, clock), capabilities=able)

    return opened


def now() -> str:
    return datetime.now(UTC).isoformat()


def main() -> None:
    parts.SINGLE_BYTES = parts.LEAST_PART = PART  # type: ignore[misc]
    folder, department = Path(sys.argv[1]), sys.argv[2]
    opened = opener(folder, sys.argv[3:])
    for flow in ("photo", "film", "cancelled"):
        for steps in count(1):
            child = os.fork()
            if not child:
                live(folder, opened(), department, flow, steps)
                os._exit(0)
            _, status = os.waitpid(child, 0)
            if status != signal.SIGKILL:
                sys.stdout.write(f"{flow} {steps - 1} {status}\n")
                break


if __name__ == "__main__":
    main()
