"""The SHA-256 of files that came in parts: it can take longer than a request may, so a repeat goes on from there."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from backend.storage.disk import CHUNK, Offload
from backend.storage.errors import StoreUnavailable

BUDGET: Final = 8.0
"""Seconds that one call may compute: clients are promised an answer within 10 s."""
REMEMBERED: Final = 64
"""Uploads whose computation can go on at a time; of others it begins anew."""


@dataclass(slots=True)
class _Course:
    """Is how far the computation for some files has come."""

    running: Any = field(default_factory=sha256)
    files_done: int = 0
    bytes_done: int = 0
    at_work: bool = False


class WholeChecksums:
    """Computes, and remembers how far it came."""

    def __init__(self, offload: Offload, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._offload = offload
        self._monotonic = monotonic
        self._courses: dict[tuple[Path, ...], _Course] = {}

    def of(self, files: Sequence[Path]) -> str:
        """Gives the SHA-256 of all the files' bytes, in order.

        Raises `StoreUnavailable` where time is up, or the same is being computed for somebody else.
        """
        course = self._courses.setdefault(tuple(files), _Course())
        if course.at_work:
            raise StoreUnavailable("folder: the checksum is still being computed", retry_after=2)
        course.at_work = True
        try:
            self._go_on(files, course)
        finally:
            course.at_work = False
            self._forget_oldest()
        del self._courses[tuple(files)]
        return str(course.running.hexdigest())

    def _go_on(self, files: Sequence[Path], course: _Course) -> None:
        end = self._monotonic() + BUDGET
        for file in files[course.files_done :]:
            for chunk in self._rest_of(file, course.bytes_done):
                self._offload(lambda chunk=chunk: course.running.update(chunk))  # type: ignore[misc]
                course.bytes_done += len(chunk)
                if self._monotonic() > end:
                    raise StoreUnavailable("folder: the checksum is still being computed", retry_after=1)
            course.files_done, course.bytes_done = course.files_done + 1, 0

    def _rest_of(self, file: Path, start: int) -> Iterator[bytes]:
        with file.open("rb", buffering=0) as source:
            source.seek(start)
            while chunk := self._offload(lambda: source.read(CHUNK)):
                yield chunk

    def _forget_oldest(self) -> None:
        while len(self._courses) > REMEMBERED:
            del self._courses[next(iter(self._courses))]
