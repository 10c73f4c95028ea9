"""What can be done with attachments as entities: announce, list, delete, bring back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from backend.domain import attachments, parts
from backend.domain.attachments import weight
from backend.domain.changes import Author
from backend.domain.errors import IdTaken, NotFound, TooLarge
from backend.domain.ids import uuid_text
from backend.domain.pages import Listed
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.database import ABSENT, Item, Operation, Put
from backend.repositories.decisions import Decision, Draft, View, is_deleted, is_purgeable
from backend.repositories.events import EventRepository
from backend.repositories.tables import ATTACHMENTS, EVENTS, GUARDS, id_guard
from backend.repositories.uploads import UploadRepository
from backend.services.homes import commit_at_home
from backend.services.quotas import taking
from backend.services.writing import Intent, Outcome, Writer, Written, same

Fields = Mapping[str, Any]


class AttachmentService:
    """Announces, deletes and restores attachments: each is an entry of its department's log.

    `free` rids the store of an upload that has not ended; `follow` takes what hangs on an event to where it is. A file
    may have `max_bytes`, and a department's files `quota`: as many as they like where that is 0.
    """

    def __init__(
        self,
        writer: Writer,
        repository: AttachmentRepository,
        events: EventRepository,
        uploads: UploadRepository,
        *,
        free: Callable[[str], None],
        follow: Callable[[str, Sequence[str], Author], None],
        new_id: Callable[[], str],
        max_bytes: int,
        quota: int,
    ) -> None:
        self._writer = writer
        self._repository = repository
        self._events = events
        self._uploads = uploads
        self._free = free
        self._follow = follow
        self._new_id = new_id
        self._max_bytes = max_bytes
        self._quota = quota
        self.get = repository.get

    def list(self, department_id: str | None, event_id: str | None, **options: Any) -> Listed:
        """Lists the attachments of a department, or of an event wherever it is; raises `NotFound`."""
        home = department_id or self._events.department_of(str(event_id))
        return self._repository.list(home, event_id=event_id, **options)

    def announce(self, fields: Fields, intent: Intent) -> Written:
        """Announces a file that is going to be uploaded, and reserves its bytes.

        Raises `NotFound` of the department or event, `Invalid`, `IdTaken`, `TooLarge`. A repeat with an id that is
        there and says the same answers with what is there.
        """
        attachment_id = uuid_text(fields.get("id") or self._new_id())
        department_id = fields["department_id"]
        identity = {"id": attachment_id, "department_id": department_id}

        def decide(view: View) -> Decision[Outcome]:
            new = attachments.create(fields, **identity, at=view.now, author=intent.author)
            if view.get(GUARDS, id_guard(attachment_id)) is not None:
                return _repeated(view, new)
            self._require_small(new)
            require_event(view, new)
            guards = (*self._claims(new, fields), *taking(view, department_id, weight(new), self._quota))
            draft = Draft("attachment", ATTACHMENTS, None, attachments.to_row(new), new, guards)
            return Decision(Outcome(new, created=True), [draft])

        return self._writer.commit(department_id, decide, intent)

    def delete(self, attachment_id: str, intent: Intent) -> Written:
        """Deletes an attachment, and gives its bytes back; raises `NotFound`, `PreconditionFailed`."""

        def decide(department_id: str, view: View) -> Decision[Outcome]:
            row, current = living_attachment(view, department_id, attachment_id)
            intent.require(current)
            given_back = taking(view, department_id, -weight(current))
            draft = deletion_draft(row, current, view.now, intent.author, guards=given_back)
            return Decision(Outcome(draft.data), [draft])

        written = commit_at_home(self._writer, self._repository, attachment_id, decide, intent)
        if self._repository.row(attachment_id).get("was", {}).get("status") == "pending":
            self._free(attachment_id)
        return written

    def restore(self, attachment_id: str, intent: Intent) -> Written:
        """Brings a deleted attachment back, within 30 days; raises `NotFound`, also of its event, and `TooLarge`."""

        def decide(department_id: str, view: View) -> Decision[Outcome]:
            row = attachment_row(view, department_id, attachment_id)
            if is_purgeable(row, view.now):
                raise NotFound("attachment", attachment_id)
            if not is_deleted(row):
                intent.precondition.require(attachments.from_row(row))
                return Decision(Outcome(attachments.from_row(row)))
            self._require_living_event(view, row["was"])
            guards = taking(view, department_id, weight(row["was"]), self._quota)
            draft = restoration_draft(row, view.now, guards=guards)
            return Decision(Outcome(draft.data), [draft])

        written = commit_at_home(self._writer, self._repository, attachment_id, decide, intent)
        return self._followed(written, intent)

    def _require_living_event(self, view: View, attachment: Item) -> None:
        """Raises `NotFound` where the event that an attachment hung on is gone; it may have moved meanwhile."""
        try:
            require_event(view, attachment)
        except NotFound:
            if is_deleted(self._events.row(attachment["event_id"])):
                raise

    def _followed(self, written: Written, intent: Intent) -> Written:
        """Lets an attachment go where its event has gone meanwhile."""
        event_id, home = written.entity["event_id"], written.entity["department_id"]
        if event_id is None or self._events.department_of(event_id) == home:
            return written
        self._follow(event_id, [home], replace(intent.author, mutation_id=None))
        return replace(written, outcome=replace(written.outcome, entity=self._repository.get(written.entity["id"])))

    def _require_small(self, attachment: Item) -> None:
        most = min(self._max_bytes, parts.MAX_FILE)
        if attachment["file_size"] > most:
            raise TooLarge(f"A file may have {most:,} bytes at most", limit=most)

    def _claims(self, attachment: Item, fields: Fields) -> tuple[Operation, ...]:
        """Guards the id over all departments, and remembers what the store is to be told of an upload in parts."""
        guard = Put(GUARDS, {**id_guard(attachment["id"]), "type": "attachment"}, ABSENT)
        if parts.is_single(attachment["file_size"]):
            return (guard,)
        return (guard, self._uploads.opening(attachment["id"], part_checksums=bool(fields.get("part_checksums"))))


def attachment_row(view: View, department_id: str, attachment_id: str) -> Item:
    """Reads an attachment's row in its department, also a tombstone; raises `NotFound`, also where it has moved."""
    row = view.get(ATTACHMENTS, {"id": attachment_id, "department_id": department_id})
    if row is None or "moved_to" in row:
        raise NotFound("attachment", attachment_id)
    return row


def living_attachment(view: View, department_id: str, attachment_id: str) -> tuple[Item, Item]:
    """Reads the row of an attachment that is to change, and the attachment; raises `NotFound`."""
    row = attachment_row(view, department_id, attachment_id)
    if is_deleted(row):
        raise NotFound("attachment", attachment_id)
    return row, attachments.from_row(row)


def change_draft(row: Item, new: Item, guards: tuple[Operation, ...] = ()) -> Draft:
    """Drafts the next version of an attachment."""
    return Draft("attachment", ATTACHMENTS, row, attachments.to_row(new), new, guards)


def deletion_draft(
    row: Item,
    current: Item,
    at: str,
    author: Author,
    *,
    with_event: bool = False,
    guards: tuple[Operation, ...] = (),
) -> Draft:
    """Drafts the end of an attachment: a tombstone stays, and the file until that is purged."""
    data = attachments.deleted_data(current, with_event=with_event)
    gone = attachments.tombstone(current, data, at=at, by=author.actor)
    return Draft("attachment", ATTACHMENTS, row, gone, data, guards)


def restoration_draft(row: Item, at: str, *, guards: tuple[Operation, ...] = ()) -> Draft:
    """Drafts the return of a deleted attachment."""
    return change_draft(row, attachments.renewed(row["was"], row, at=at), guards)


def require_event(view: View, attachment: Mapping[str, Any]) -> None:
    """Raises `NotFound` where the event that an attachment hangs on is not in its department."""
    event_id = attachment["event_id"]
    if event_id is None:
        return
    row = view.get(EVENTS, {"id": event_id, "department_id": attachment["department_id"]})
    if row is None or is_deleted(row):
        raise NotFound("event", event_id)


def _repeated(view: View, new: Item) -> Decision[Outcome]:
    """Answers a repeated announcement; whatever has this id and differs is somebody else's."""
    rows = [row for row in view.find(ATTACHMENTS, new["id"]) if not is_deleted(row)]
    if not rows or not same(attachments.from_row(rows[0]), new, attachments.DECLARED):
        raise IdTaken(new["id"])
    return Decision(Outcome(attachments.from_row(rows[0])))
