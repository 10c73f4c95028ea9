"""What can be seen of what was deleted; bringing it back is a matter of its own kind's service."""

from collections.abc import Callable
from datetime import datetime

from backend.domain import trash
from backend.domain.changes import instant
from backend.domain.pages import Key, Listed
from backend.repositories.trash import TrashRepository


class TrashService:
    """Lists what was deleted from a department, or from the directory, and can still be brought back."""

    def __init__(self, repository: TrashRepository, *, clock: Callable[[], datetime]) -> None:
        self._repository = repository
        self._clock = clock

    def list(self, log: str, *, text: str | None = None, after: Key | None = None, limit: int | None = None) -> Listed:
        """Lists the newest first; `text` is looked for as in a list of events. Raises `NotFound`."""
        since = instant(self._clock() - trash.KEPT)
        return self._repository.list(
            log,
            since=since,
            matches=lambda item: text is None or trash.match(item, text),
            after=after,
            limit=limit,
        )
