"""Reading feeds: those of a department, and the one behind a secret."""

from backend.domain import feeds
from backend.domain.errors import NotFound
from backend.domain.feeds import Feed
from backend.repositories.database import Database
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import FEEDS, feed_address_key, feed_key


class FeedRepository:
    """Finds the feeds of living departments; every read is strongly consistent, so what was revoked is gone at once."""

    def __init__(self, database: Database, reader: LogReader) -> None:
        self._database = database
        self._reader = reader

    def list(self, department_id: str) -> list[Feed]:
        """Lists a department's feeds, the oldest first; raises `NotFound`."""
        self._reader.head(department_id)
        found = map(feeds.from_row, self._database.query(FEEDS, department_id))
        return sorted(found, key=lambda feed: (feed["created_at"], feed["id"]))

    def get(self, department_id: str, feed_id: str) -> Feed:
        """Reads one feed; raises `NotFound`."""
        self._reader.head(department_id)
        row = self._database.get(FEEDS, feed_key(department_id, feed_id))
        if row is None:
            raise NotFound("feed", feed_id)
        return feeds.from_row(row)

    def behind(self, secret: str) -> Feed:
        """Finds the feed of an address; raises `NotFound`, which does not repeat the secret."""
        address = self._database.get(FEEDS, feed_address_key(feeds.hash_of(secret)))
        row = address and self._database.get(FEEDS, feed_key(address["department_id"], address["feed_id"]))
        if row is None:
            raise NotFound("feed", "at this address; it may have been revoked")
        return feeds.from_row(row)
