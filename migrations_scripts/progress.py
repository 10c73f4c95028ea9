"""Shows how far a migration is: a bar on a terminal, a few plain lines anywhere else. All of it goes to stderr.

A program that runs it reads a file instead.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


class Narrator:
    """Tells a person what is going on; and a program, by `DONE TOTAL` in a file, at least every few seconds."""

    EVERY = 1.0
    """Seconds between two lines for a program: it takes silence for death."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._done, self._total = 0, 0
        self._lock = threading.Lock()
        if file is not None:
            threading.Thread(target=self._keep_telling, daemon=True).start()
        self._console = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)

    def say(self, line: str) -> None:
        """Says one line."""
        self._console.print(line, markup=False)

    @contextmanager
    def counting(self, what: str, total: int) -> Iterator[Callable[[int], None]]:
        """Shows a bar for as long as a `with` block lasts, which calls what it is given with how many more are done."""
        with self._bar(what, total, MofNCompleteColumn()) as advance:
            yield advance

    @contextmanager
    def transferring(self, what: str, total: int) -> Iterator[Callable[[int], None]]:
        """Shows the same for bytes, with how fast they go."""
        with self._bar(what, total, DownloadColumn(), TransferSpeedColumn()) as advance:
            yield advance

    @contextmanager
    def _bar(self, what: str, total: int, *amount: ProgressColumn) -> Iterator[Callable[[int], None]]:
        columns = (TextColumn("{task.description}"), BarColumn(), *amount, TimeRemainingColumn())
        silent = not self._console.is_terminal
        if silent:
            self.say(f"{what}: {total:,}")
        with Progress(*columns, console=self._console, disable=silent) as progress:
            task = progress.add_task(what, total=total)
            self._done, self._total = 0, total

            def advance(count: int) -> None:
                self._done += count
                progress.advance(task, count)

            yield advance
        self._tell()

    def _keep_telling(self) -> None:
        pause = threading.Event()
        while not pause.wait(self.EVERY):
            self._tell()

    def _tell(self) -> None:
        if self._file is not None:
            with self._lock:
                fresh = self._file.with_suffix(".new")
                fresh.write_text(f"{self._done} {self._total}")
                fresh.replace(self._file)
