"""Shows how far a migration is: a bar on a terminal, a few plain lines anywhere else. All of it goes to stderr."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Narrator:
    """Tells a person what is going on."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)

    def say(self, line: str) -> None:
        """Says one line."""
        self._console.print(line, markup=False)

    @contextmanager
    def counting(self, what: str, total: int) -> Iterator[Callable[[int], None]]:
        """Shows a bar for as long as a `with` block lasts, which calls what it is given with how many more are done."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        silent = not self._console.is_terminal
        if silent:
            self.say(f"{what}: {total:,}")
        with Progress(*columns, console=self._console, disable=silent) as progress:
            task = progress.add_task(what, total=total)
            yield lambda count: progress.advance(task, count)
