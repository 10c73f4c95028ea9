"""What devices did while they were away: many mutations, in order, each for itself, each once.

A mutation is remembered under its device and its own id, whatever came of it: so a device that did not hear the answer
sends what it is not sure of again, and nothing changes.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from backend.domain.changes import Author
from backend.domain.errors import DayroomError, IdempotencyReuse, Invalid, RateLimited, Refused, Unavailable
from backend.domain.ids import uuid_text
from backend.services.attachments import AttachmentService
from backend.services.departments import DepartmentService
from backend.services.event_lives import EventLives
from backend.services.events import EventService
from backend.services.syncing import Describe, Json
from backend.services.writing import Intent, Precondition, Writer, Written

KEPT: Final = timedelta(days=30)
"""How long a mutation is remembered: phones lie in drawers."""

Fields = Mapping[str, Any]
_PASSING: Final = (Unavailable, RateLimited)
_KNOWN: Final = (Refused, IdempotencyReuse)


@dataclass(frozen=True, slots=True)
class Mutation:
    """Is one thing that a device did; `read` tells the members that it sent, or raises `Invalid`."""

    mutation_id: str
    op: str
    type: str
    id: str
    department_id: str | None
    base_version: int | None
    sent: Fields
    read: Callable[[], Fields]

    def settled(self) -> "Mutation":
        """Is the same with ids as they are kept; raises `Invalid`."""
        if self.base_version is not None and self.base_version < 1:
            raise Invalid.at("/base_version", "range", "must be at least 1")
        home = None if self.department_id is None else uuid_text(self.department_id, "/department_id")
        return replace(self, id=uuid_text(self.id), department_id=home)

    @property
    def fingerprint(self) -> str:
        """Tells one mutation from another."""
        said = [self.op, self.type, self.id, self.department_id, self.base_version, self.sent]
        return sha256(json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def home(self) -> str:
        """Is the department that something is made in, or moves to; raises `Invalid` where there is none."""
        if self.department_id is None:
            raise Invalid.at("/department_id", "required", "is required")
        return self.department_id


Act = Callable[[Mutation, Intent], Written]


class PushService:
    """Applies mutations by the services that REST uses."""

    def __init__(
        self,
        writer: Writer,
        events: EventService,
        lives: EventLives,
        departments: DepartmentService,
        attachments: AttachmentService,
    ) -> None:
        self._writer = writer
        self._acts: dict[tuple[str, str], Act] = {
            ("event", "create"): lambda m, intent: events.create(m.home, {**m.read(), "id": m.id}, intent),
            ("event", "update"): lambda m, intent: events.update(m.id, m.read(), intent, m.base_version),
            ("event", "delete"): lambda m, intent: events.delete(m.id, _guarded(m, intent)),
            ("event", "restore"): lambda m, intent: lives.restore(m.id, m.read().get("version"), intent),
            ("event", "move"): lambda m, intent: lives.move(m.id, m.home, _guarded(m, intent)),
            ("department", "create"): lambda m, intent: departments.create({**m.read(), "id": m.id}, intent),
            ("department", "update"): lambda m, intent: departments.update(m.id, m.read(), intent, m.base_version),
            ("department", "delete"): lambda m, intent: departments.delete(m.id, _guarded(m, intent)),
            ("department", "restore"): lambda m, intent: departments.restore(m.id, m.read().get("name"), intent),
            ("attachment", "create"): lambda m, intent: attachments.announce(
                {**m.read(), "id": m.id, "department_id": m.home}, intent
            ),
            ("attachment", "delete"): lambda m, intent: attachments.delete(m.id, _guarded(m, intent)),
            ("attachment", "restore"): lambda m, intent: attachments.restore(m.id, intent),
        }

    def push(self, device_id: str, mutations: Sequence[Mutation], author: Author, describe: Describe) -> list[Json]:
        """Applies mutations in order and tells what became of each; one that is refused stops no other."""
        author = replace(author, device_id=device_id)
        return [self._result(mutation, author, describe) for mutation in mutations]

    def _result(self, mutation: Mutation, author: Author, describe: Describe) -> Json:
        named = replace(author, mutation_id=mutation.mutation_id)
        scope = f"push:{author.device_id}:"
        intent = Intent(named, request=mutation.fingerprint, scope=scope, kept=KEPT)
        try:
            written = self._writer.replay(intent) or self._applied(mutation, intent)
        except DayroomError as error:
            problem = describe(error)
            if not isinstance(error, (*_PASSING, *_KNOWN)):
                self._writer.remember(intent, problem)
            return {"mutation_id": mutation.mutation_id, "status": problem["status"], "problem": problem}
        status = 201 if written.created else 200
        merged = {} if written.outcome.merged is None else {"merged": written.outcome.merged}
        return {"mutation_id": mutation.mutation_id, "status": status, "entity": {**written.entity, **merged}}

    def _applied(self, mutation: Mutation, intent: Intent) -> Written:
        act = self._acts.get((mutation.type, mutation.op))
        if act is None:
            raise Invalid.at("/op", "choice", f"is nothing that can be done with a {mutation.type}")
        return act(mutation.settled(), intent)


def _guarded(mutation: Mutation, intent: Intent) -> Intent:
    """Asks that what is deleted or moved is still what the device saw, if it says what it saw."""
    if mutation.base_version is None:
        return intent
    version = str(mutation.base_version)
    return replace(intent, precondition=Precondition(frozenset({version}), header=f'"{version}"'))
