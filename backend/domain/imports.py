"""What comes from a calendar file, and what becomes of it: decided on what is here, so that nothing is lost.

An imported event carries `imported`: `{uid, sequence, modified, content, kept, kept_of}`. `content` is the fingerprint
of what was imported, by which it is known whether people have changed it since, also after an undo; `kept` and
`kept_of` (by original date) are the lines that Dayroom does not understand and gives back in every export.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Any, Final

from backend.domain import events
from backend.domain.errors import Invalid
from backend.domain.ids import uuid_text

UID_LENGTH: Final = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """Says what is wrong with a piece of a file, or worth knowing of it."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """Is one event of a file, read: `fields` are all writable members; `line` is where it begins.

    `original` is set for an occurrence whose series is not in the file: the date by which that knows it.
    """

    uid: str
    line: int
    fields: Mapping[str, Any]
    sequence: int = 0
    modified: str | None = None
    created: str | None = None
    kept: Sequence[str] = ()
    kept_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: Sequence[Fault] = ()
    original: str | None = None


class Fate(Enum):
    """Is what becomes of a row of a file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    """It differs from what is here, and what is here stays: people have changed or deleted it since."""
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Is what becomes of a row, and why, where that is not plain."""

    fate: Fate
    reason: Fault | None = None


def candidate_ids(uid: str, department_id: str) -> list[str]:
    """Lists the ids that the event of a UID may have here: the UID itself where it is one, and one made of both.

    So what Dayroom exported comes back as itself, a file may be imported into two departments, and no index is needed.
    """
    own = str(uuid.uuid5(uuid.UUID(department_id), uid))
    try:
        return [uuid_text(uid), own]
    except Invalid:
        return [own]


def origin_of(incoming: Incoming, content: str) -> dict[str, Any]:
    """Makes the member `imported`."""
    origin: dict[str, Any] = {"uid": incoming.uid, "sequence": incoming.sequence, "content": content}
    if incoming.modified is not None:
        origin["modified"] = incoming.modified
    if incoming.kept:
        origin["kept"] = list(incoming.kept)
    if incoming.kept_of:
        origin["kept_of"] = {day: list(lines) for day, lines in incoming.kept_of.items()}
    return origin


def content_of(event: Mapping[str, Any]) -> str:
    """Is the fingerprint of what an event says."""
    said = json.dumps([event[name] for name in events.WRITABLE], sort_keys=True, ensure_ascii=False)
    return sha256(said.encode()).hexdigest()[:16]


def judge(
    incoming: Incoming, candidate: Mapping[str, Any], current: Mapping[str, Any], *, overwrite: bool
) -> Judgement:
    """Tells what becomes of an event that is here; `candidate` is what it would be."""
    origin = current.get(events.IMPORTED)
    says_the_same = content_of(candidate) == content_of(current)
    if says_the_same and _kept(candidate) == _kept(current):
        return Judgement(Fate.UNCHANGED)
    if overwrite or (says_the_same and not (origin and _is_older(incoming, origin))):
        return Judgement(Fate.UPDATED)  # what only has other properties that are not understood overwrites nobody
    if origin is None:
        return _judge_own(incoming, current)
    if content_of(candidate) == origin["content"] and _kept(candidate) == _kept(current):
        return Judgement(Fate.UNCHANGED, Fault("edited-here", "the file says nothing new; it was changed here since"))
    if _is_older(incoming, origin):
        return Judgement(Fate.UNCHANGED, Fault("older", "the file is older than what was imported before"))
    if content_of(current) != origin["content"]:
        return Judgement(Fate.KEPT, Fault("changed-since", "was changed here since, and in the file too"))
    return Judgement(Fate.UPDATED)


def _judge_own(incoming: Incoming, current: Mapping[str, Any]) -> Judgement:
    """Judges an event that was made here and exported: the file must have gone on from what is here."""
    mine = (current["version"] - 1, current["last_modified"])
    if (incoming.sequence, incoming.modified or "") > mine:
        return Judgement(Fate.UPDATED)
    return Judgement(Fate.KEPT, Fault("changed-since", "was changed here since the file was made"))


def _is_older(incoming: Incoming, origin: Mapping[str, Any]) -> bool:
    if incoming.sequence != origin["sequence"]:
        return bool(incoming.sequence < origin["sequence"])
    return bool(incoming.modified and origin.get("modified") and incoming.modified < origin["modified"])


def _kept(event: Mapping[str, Any]) -> tuple[Any, Any]:
    origin = event.get(events.IMPORTED) or {}
    return origin.get("kept", []), origin.get("kept_of", {})
