"""Events: plain dicts, each the whole entity exactly as REST shows it (contract, section 3)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from backend.domain import recurrence, series, spans
from backend.domain.changes import Author
from backend.domain.errors import FieldError
from backend.domain.event_fields import READERS, REQUIRED
from backend.domain.fields import missing, read, refuse
from backend.domain.text import folded

Event: TypeAlias = dict[str, Any]
Fields: TypeAlias = Mapping[str, Any]

MEMBERS: Final = (
    "id",
    "department_id",
    "title",
    "event_date",
    "end_date",
    "start_time",
    "end_time",
    "time",
    "timezone",
    "starts_at",
    "ends_at",
    "recurrence",
    "description",
    "location",
    "url",
    "color",
    "category",
    "tags",
    "created_by",
    "updated_by",
    "device_id",
    "created_at",
    "last_modified",
    "version",
)
"""Every member, in the order in which it is shown."""

IMPORTED: Final = "imported"
"""Where an event that came from a calendar file has what the file said of it (`backend.domain.imports`).

No other event has this member.
"""

WRITABLE: Final = tuple(READERS)
"""What people may change."""

IGNORED: Final = (
    *(name for name in MEMBERS if name not in READERS),
    IMPORTED,
    "change",
    "merged",
    "scope",
    "occurrence_of",
)
"""What may come back in a request and means nothing there: programs send back what they received."""

SPILL_DAYS: Final = 1
"""By how many days a search by first dates must begin earlier, so that it finds what began before and still goes on.

Night shifts are common: if every event of two dates carried `until`, the sparse index would fill with them. So only
what lasts longer than two dates carries it, and a search looks one day further back instead.
"""


def create(
    fields: Fields,
    *,
    id: str,
    department_id: str,
    timezone: str,
    at: str,
    author: Author,
    created_at: str | None = None,
    last_modified: str | None = None,
) -> Event:
    """Makes the first version of an event; raises `Invalid` with everything that is wrong with `fields`.

    `timezone` is the department's; `at` is now. A migration passes the timestamps of before.
    """
    sent, faults = read(fields, READERS)
    faults += missing(REQUIRED, fields)
    sent["timezone"] = sent.get("timezone") or timezone
    content = _content(None, sent, faults)
    return _ordered(
        content
        | {"id": id, "department_id": department_id, "version": 1, "created_by": author.actor}
        | {"created_at": created_at or at, "last_modified": last_modified or created_at or at}
        | {"updated_by": author.actor, "device_id": author.device_id}
    )


def update(event: Event, fields: Fields, *, at: str, author: Author, timezone: str | None = None) -> Event:
    """Makes the next version; the same object where nothing changes. Raises `Invalid` with everything that is wrong.

    Members that are absent stay, null clears. `timezone` is the department's, to which a cleared zone returns.
    """
    sent, faults = read(fields, READERS)
    if "timezone" in sent:
        sent["timezone"] = sent["timezone"] or timezone
    content = _content(event, sent, faults)
    if all(event[name] == value for name, value in content.items()):
        return event
    stamp = {"last_modified": at, "updated_by": author.actor, "device_id": author.device_id}
    return _ordered({**event, **content, **stamp, "version": event["version"] + 1})


def match(event: Event, q: str) -> bool:
    """Tells whether `q` stands anywhere in the event's text or its overrides', whatever its case and composition."""
    wanted = folded(q)
    return any(wanted in folded(text) for each in (event, *series.overrides_of(event)) for text in _texts(each))


def _texts(members: Mapping[str, Any]) -> list[str]:
    texts = [members.get(name) for name in ("title", "description", "location", "category")]
    return [text for text in (*texts, *members.get("tags", ())) if text]


def overlaps(event: Event, first: str | None, last: str | None) -> bool:
    """Tells whether the event has a date between two, both included, in its own zone; None leaves a side open.

    One that ends at midnight has the date that begins there: its `end_date` says so, and clients go by it too.
    A series does where one of its occurrences does.
    """
    if event["recurrence"] is not None:
        return series.overlaps(event, first, last)
    return (last is None or event["event_date"] <= last) and (first is None or event["end_date"] >= first)


def list_key(event: Event) -> tuple[str, str]:
    """Is what lists are sorted by."""
    return event["event_date"], event["id"]


def until(event: Event) -> str | None:
    """Is the last date of an event that lasts longer than two dates or recurs; None for one that `SPILL_DAYS` finds."""
    if event["recurrence"] is not None:
        return series.last_date(event)
    days = date.fromisoformat(event["end_date"]) - date.fromisoformat(event["event_date"])
    return event["end_date"] if days.days > SPILL_DAYS else None


def to_row(event: Event) -> dict[str, Any]:
    """Makes the row that is stored: without what is null, since no key of an index may be."""
    row = {name: value for name, value in event.items() if value is not None}
    last = until(event)
    return row if last is None else {**row, "until": last}


def from_row(row: Mapping[str, Any]) -> Event:
    """Makes an event from a living row: every member, and nothing that is only the store's."""
    return _ordered(row)


def tombstone(event: Event, *, at: str, by: str | None = None, moved_to: str | None = None) -> dict[str, Any]:
    """Makes the row of an event that was deleted (`by` whom) or moved: its next version, with what it was.

    It is in no index but the trash's, and there only if it was deleted.
    """
    row = {"version": event["version"] + 1, "deleted_at": at, "was": event}
    if moved_to is None:
        row |= {"trash": event["department_id"]} | ({} if by is None else {"deleted_by": by})
    return {**deleted_data(event, moved_to=moved_to), **row}


def deleted_data(event: Event, *, moved_to: str | None = None) -> dict[str, Any]:
    """Is what the log tells of an event that is gone from a department: deleted, or `moved_to` another."""
    left = {name: event[name] for name in ("id", "department_id", "title")}
    return left if moved_to is None else {**left, "moved_to": moved_to}


def renewed(content: Event, current: Mapping[str, Any], *, at: str, author: Author) -> Event:
    """Makes the next version after `current` (a tombstone or an event) from the content of an older one."""
    stamp = {"last_modified": at, "updated_by": author.actor, "device_id": author.device_id}
    return _ordered({**content, **stamp, "version": current["version"] + 1})


def moved(event: Event, department_id: str, *, at: str, author: Author) -> Event:
    """Makes the next version of an event, in another department."""
    return renewed({**event, "department_id": department_id}, event, at=at, author=author)


def _content(event: Event | None, sent: Fields, faults: list[FieldError]) -> dict[str, Any]:
    """Settles the writable members and the instants; raises `Invalid`."""
    whole = sent if event is None else {**event, **sent}
    content = {name: whole.get(name) for name in WRITABLE}
    faulty = {fault.pointer.split("/")[1] for fault in faults}
    if not faulty & set(spans.MEMBERS):
        span, wrong = spans.settled(event, sent)
        content |= span
        faults += wrong
        if not wrong and "recurrence" not in faulty:
            content["recurrence"], wrong = recurrence.settled(event, sent, content)
            faults += wrong
    refuse(faults)
    return content


def replaced(event: Mapping[str, Any], other: Event, *, at: str, author: Author) -> Event:
    """Makes the next version after `event` (or its tombstone) with the content of another, and where that came from."""
    content = {name: other[name] for name in (*WRITABLE, "starts_at", "ends_at")} | {IMPORTED: other.get(IMPORTED)}
    stayed = {name: event["was"][name] for name in ("created_by", "created_at")} if "was" in event else event
    return renewed(
        {**stayed, **content, "id": event["id"], "department_id": event["department_id"]}, event, at=at, author=author
    )


def _ordered(members: Mapping[str, Any]) -> Event:
    origin = {IMPORTED: members[IMPORTED]} if members.get(IMPORTED) else {}
    return {name: members.get(name) for name in MEMBERS} | {"tags": list(members.get("tags") or ())} | origin
