"""Does many files at once, and lets each fail for itself."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from backend.domain.errors import DayroomError, Unavailable
from backend.storage.errors import StorageError
from migrations_scripts.files.carrier import Damaged, Tell
from migrations_scripts.files.report import FileRejects, FileReport, Outcome

FILES_AT_ONCE: Final = 4
PARTS_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Task:
    """Is one file, and what is to be done with it."""

    name: str
    size: int
    do: Callable[[Tell], Outcome]


@contextmanager
def threads(count: int) -> Iterator[Executor]:
    """Has threads for as long as a `with` block lasts; what they have not begun at its end they never begin."""
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def carry_out(tasks: Sequence[Task], report: FileReport, rejects: FileRejects, tell: Tell) -> None:
    """Carries out all tasks; what fails for one file alone is rejected. Raises `Unavailable` where a store is away."""

    def one(task: Task) -> Outcome:
        try:
            return task.do(tell)
        except Unavailable:
            raise
        except (Damaged, DayroomError, StorageError, OSError) as error:
            return Outcome(task.name, task.size, None, str(error) or repr(error))

    with threads(FILES_AT_ONCE) as pool:
        for outcome in pool.map(one, tasks):
            report.count(outcome)
            if outcome.carried is None:
                rejects.add(outcome)
