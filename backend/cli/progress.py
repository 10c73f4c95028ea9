"""Shows how far a command is: a counter on a terminal, one plain line a step anywhere else. All of it on stderr."""

from collections.abc import Callable

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class ProgressNarrator:
    """Tells a person what is going on, for as long as a `with` block lasts; how much is left nobody knows before."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,}"))
        self._progress = Progress(
            *columns, TimeElapsedColumn(), console=self._console, disable=not self._console.is_terminal
        )

    def __enter__(self) -> "ProgressNarrator":
        self._progress.start()
        return self

    def __exit__(self, *rest: object) -> None:
        self._progress.stop()

    def say(self, line: str) -> None:
        """Says one line."""
        self._console.print(line, markup=False)

    def step(self, what: str) -> Callable[[int], None]:
        """Begins a step; what it gives is called with how many items more are done in it."""
        if not self._console.is_terminal:
            self.say(what)
        for done in self._progress.task_ids:
            self._progress.stop_task(done)
        task = self._progress.add_task(what, total=None)
        return lambda count: self._progress.advance(task, count)
