"""What can be done with feeds: make and revoke them, and read what is behind one."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from backend.domain import feeds
from backend.domain.changes import Author
from backend.domain.errors import DayroomError, IdTaken, NotFound
from backend.domain.feeds import Feed
from backend.domain.ids import uuid_text
from backend.exchange.calendars import Frame, pieces
from backend.exchange.vevents import busy, written
from backend.repositories.database import ABSENT, Delete, Put
from backend.repositories.decisions import Decision, View
from backend.repositories.departments import DepartmentRepository
from backend.repositories.events import EventRepository
from backend.repositories.feeds import FeedRepository
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import FEEDS, feed_address_key, feed_key
from backend.services.rendered import Rendered
from backend.services.writing import Intent, Outcome, Writer, Written, same

PAST_MONTHS: Final = 12
"""How far back a feed goes, from the beginning of this month: phones need no archive."""
_SETTLED: Final = timedelta(seconds=2)

Offload = Callable[[Callable[[], Any]], Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """Is a feed that was asked for: what its text is known by, when that last changed, and how to make it."""

    tag: str
    modified: datetime
    settled: bool
    """Nothing can change any more within the second that `modified` names: it may be told."""
    name: str
    text: Callable[[], bytes]


class FeedService:
    """Makes, revokes and reads feeds; `offload` runs what computes beside the requests."""

    def __init__(
        self,
        writer: Writer,
        repository: FeedRepository,
        departments: DepartmentRepository,
        events: EventRepository,
        reader: LogReader,
        *,
        new_id: Callable[[], str],
        clock: Callable[[], datetime],
        offload: Offload = lambda work: work(),
    ) -> None:
        self._writer = writer
        self._repository = repository
        self._departments = departments
        self._events = events
        self._reader = reader
        self._new_id = new_id
        self._clock = clock
        self._rendered = Rendered(offload)
        self.list = repository.list
        self.get = repository.get

    def create(self, department_id: str, fields: Mapping[str, Any], intent: Intent) -> Written:
        """Makes a feed under a new address; raises `NotFound` of the department, `Invalid`, `IdTaken`.

        A repeat with an id that is there and says the same answers with what is there.
        """
        feed_id, secret = uuid_text(fields.get("id") or self._new_id()), feeds.new_secret()

        def decide(view: View) -> Decision[Outcome]:
            identity = {"id": feed_id, "department_id": department_id, "secret": secret}
            new = feeds.create(fields, **identity, at=view.now, author=intent.author)
            there = view.find(FEEDS, department_id)
            for row in there:
                if row["id"] == feed_id:
                    return Decision(Outcome(_same(feeds.from_row(row), new)))
            if len(there) >= feeds.MAX_FEEDS:
                raise feeds.too_many()
            address = {**feed_address_key(feeds.hash_of(secret)), "department_id": department_id, "feed_id": feed_id}
            besides = (Put(FEEDS, feeds.to_row(new), ABSENT), Put(FEEDS, address, ABSENT))
            return Decision(Outcome(new, created=True), besides=besides)

        return self._writer.commit(department_id, decide, intent)

    def revoke(self, department_id: str, feed_id: str, intent: Intent) -> Written:
        """Revokes a feed: its address leads nowhere from now on. Raises `NotFound`, `PreconditionFailed`."""

        def decide(view: View) -> Decision[Outcome]:
            row = view.get(FEEDS, feed_key(department_id, feed_id))
            if row is None:
                raise NotFound("feed", feed_id)
            intent.require(row)
            gone = (
                Delete(FEEDS, feed_key(department_id, feed_id), {"secret": row["secret"]}),
                Delete(FEEDS, feed_address_key(feeds.hash_of(row["secret"]))),
            )
            return Decision(Outcome(feeds.from_row(row)), besides=gone)

        return self._writer.commit(department_id, decide, intent)

    def open(self, secret: str, client: str | None) -> Opened:
        """Finds what is behind an address, and notes that it was asked for; raises `NotFound`.

        What the text is known by follows from where the log stands: nothing is read of the events themselves.
        """
        feed = self._repository.behind(secret)
        department = self._departments.get(feed["department_id"])
        head = self._reader.head(feed["department_id"])
        first = _first_day(self._clock().date())
        changed = (head.at, department["updated_at"], feed["created_at"], f"{first}T00:00:00.000Z")
        sources = f"{head.position} {department['version']} {first} {feed['id']} {feeds.hash_of(secret)}"
        self._note_use(feed, client)
        modified = max(map(datetime.fromisoformat, changed)).astimezone(UTC).replace(microsecond=0)
        return Opened(
            sha256(sources.encode()).hexdigest()[:32],
            modified,
            self._clock() - modified > _SETTLED,
            department["name"],
            lambda: self._text(feed, department, str(first)),
        )

    def _text(self, feed: Feed, department: Mapping[str, Any], first: str) -> bytes:
        listed = self._events.list(feed["department_id"], first=first)
        home, language = department["timezone"], feed["language"]
        shape = f"{home} {language if feed['busy_only'] else ''}"

        def render(event: Mapping[str, Any]) -> bytes:
            return b"".join(written(busy(event, language) if feed["busy_only"] else event, home))

        texts = self._rendered.of(listed.entities, shape, render)
        return b"".join(pieces(Frame.of(department), listed.entities, lambda event: texts[event["id"]]))

    def _note_use(self, feed: Feed, client: str | None) -> None:
        """Writes when a feed was last used, and by what; that it cannot be written keeps nobody from reading."""
        if not feeds.is_use_worth_noting(feed, self._clock()):
            return
        department_id = feed["department_id"]

        def decide(view: View) -> Decision[Outcome]:
            row = view.get(FEEDS, feed_key(department_id, feed["id"]))
            if row is None:
                raise NotFound("feed", feed["id"])
            noted = feeds.used(feeds.from_row(row), at=view.now, client=client)
            put = Put(FEEDS, feeds.to_row(noted), {"secret": feed["secret"]})
            return Decision(Outcome(noted), besides=(put,))

        with suppress(DayroomError):
            self._writer.commit(department_id, decide, Intent(Author()))


def _same(there: Feed, new: Feed) -> Feed:
    if not same(there, new, feeds.READERS):
        raise IdTaken(new["id"])
    return there


def _first_day(today: date) -> date:
    """Is the first day that a feed has: it moves once a month, so that feeds are not made anew each day."""
    years, month = divmod(today.year * 12 + today.month - 1 - PAST_MONTHS, 12)
    return date(years, month + 1, 1)
