"""How every write is asked for, made once, and answered."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from backend.domain.changes import Author, Position
from backend.domain.errors import IdempotencyReuse, NotFound, PreconditionFailed, PreconditionRequired, Refused
from backend.repositories.changelog import ChangeLog, Committed
from backend.repositories.database import ABSENT, Database, Item, Put, TransactionRefused
from backend.repositories.decisions import Claim, Decide, Decision, View
from backend.repositories.tables import CHANGES, GUARDS, idempotency_guard

KEPT: Final = timedelta(hours=24)
"""How long a write is remembered under its idempotency key."""


@dataclass(frozen=True, slots=True)
class Precondition:
    """Is an `If-Match`: versions of which one must be there, `any` for `*`; without either it holds always."""

    versions: frozenset[str] = frozenset()
    any: bool = False
    header: str = ""

    @property
    def given(self) -> bool:
        """Tells whether there was one."""
        return self.any or bool(self.header)

    def require(self, current: Mapping[str, Any]) -> None:
        """Raises `PreconditionFailed`, with the entity that is there, where it does not hold."""
        if self.given and not self.any and str(current["version"]) not in self.versions:
            raise PreconditionFailed(self.header, current)


@dataclass(frozen=True, slots=True)
class Intent:
    """Is who wants to write, and on which condition; `request` is the fingerprint of what was asked for.

    The write is remembered for as long as `kept` says, if it has a name.
    """

    author: Author = field(default_factory=Author)
    precondition: Precondition = field(default_factory=Precondition)
    strict: bool = False
    """The server wants a precondition on every change of what is there (`REQUIRE_PRECONDITIONS`)."""
    request: str = ""
    scope: str = ""
    """Whose keys these are, where not every client's are one set: a device's own."""
    kept: timedelta = KEPT

    @property
    def guard(self) -> Item | None:
        """Is the key of the record under which this write is remembered; None for one without a name."""
        key = self.author.mutation_id
        return None if key is None else idempotency_guard(self.scope + key)

    def require(self, current: Mapping[str, Any]) -> None:
        """Raises `PreconditionRequired` or `PreconditionFailed`."""
        if self.strict and not self.precondition.given:
            raise PreconditionRequired
        self.precondition.require(current)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Is what a decision tells its caller: the entity as it will be, whether it is new, and how it was merged."""

    entity: Mapping[str, Any]
    created: bool = False
    merged: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Is what a write came to: its outcome, and where in its log that is; `replayed` if it happened before."""

    outcome: Outcome
    position: Position
    replayed: bool = False

    @property
    def entity(self) -> Mapping[str, Any]:
        """Is the entity now."""
        return self.outcome.entity

    @property
    def created(self) -> bool:
        """Tells whether the entity is new."""
        return self.outcome.created


@dataclass(frozen=True, slots=True)
class _Before:
    """Is the result of a decision that finds its key taken."""

    record: Item


class Writer:
    """Commits decisions, each at most once per idempotency key.

    The record of a key is written in the write's own transaction and says which entry was made; the answer to a repeat
    is made of that entry. Where nothing changed there is none, and the record keeps what was answered. What is refused
    is not recorded, unless somebody asks for that (`remember`).
    """

    def __init__(self, changelog: ChangeLog, database: Database) -> None:
        self._changelog = changelog
        self._database = database

    def commit(self, log: str, decide: Decide[Outcome], intent: Intent) -> Written:
        """Commits a decision; raises what it raises, and `IdempotencyReuse`."""
        if intent.author.mutation_id is None:
            committed = self._changelog.commit(log, decide, intent.author)
            return _written(committed, committed.result)
        try:
            return self._committed(log, _once(decide, intent), intent)
        except NotFound:  # the log is closed, perhaps by this very request, whose repeat is answered as it was
            if replayed := self.replay(intent):
                return replayed
            raise

    def replay(self, intent: Intent) -> Written | None:
        """Answers a request that was made before as it was answered then; None where it is the first.

        Raises `Refused` where that was remembered, and `IdempotencyReuse`.
        """
        record = self._database.get(GUARDS, intent.guard) if intent.guard else None
        if record is None or _is_past(record, self._changelog.now()):
            return None
        return self._answer(record, intent)

    def remember(self, intent: Intent, problem: Item) -> None:
        """Remembers a refusal, for a client that wants it repeated whatever has changed meanwhile."""
        assert intent.guard is not None
        expires_at = int((self._changelog.now() + intent.kept).timestamp())
        record = {**intent.guard, "request": intent.request, "refused": problem, "expires_at": expires_at}
        with suppress(TransactionRefused):  # the same came twice at once, and the other was faster
            self._database.transact([Put(GUARDS, record, ABSENT)], str(uuid4()))

    def _committed(self, log: str, decide: Decide[Outcome | _Before], intent: Intent) -> Written:
        committed = self._changelog.commit(log, decide, intent.author)
        if isinstance(committed.result, _Before):
            return self._answer(committed.result.record, intent)
        return _written(committed, committed.result)

    def _answer(self, record: Item, intent: Intent) -> Written:
        if record["request"] != intent.request:
            raise IdempotencyReuse(str(intent.author.mutation_id))
        if "refused" in record:
            raise Refused(record["refused"])
        shown = record["unchanged"] or self._entry(record)["data"]
        outcome = Outcome(shown, record["created"], record.get("merged"))
        return Written(outcome, Position(record["epoch"], record["seq"]), replayed=True)

    def _entry(self, record: Item) -> Item:
        entry = self._database.get(CHANGES, {"log": record["log"], "seq": record["seq"]})
        assert entry is not None  # kept for a month and a week at least, the record for a month at most
        return entry


def _written(committed: Committed[Any], outcome: Outcome) -> Written:
    return Written(outcome, committed.changes[-1].position if committed.changes else committed.position)


def _once(decide: Decide[Outcome], intent: Intent) -> Decide[Outcome | _Before]:
    """Makes a decision that claims its key, or finds that it was claimed."""
    guard = intent.guard
    assert guard is not None

    def decide_once(view: View) -> Decision[Outcome | _Before]:
        there = view.get(GUARDS, guard)
        now = datetime.fromisoformat(view.now)
        if there is not None and not _is_past(there, now):
            return Decision(_Before(there))
        decision = decide(view)
        record = {**guard, "request": intent.request, "created": decision.result.created}
        record |= {"merged": decision.result.merged, "expires_at": int((now + intent.kept).timestamp())}
        record["unchanged"] = None if decision.drafts else dict(decision.result.entity)
        expect = ABSENT if there is None else {"expires_at": there["expires_at"]}
        return replace(decision, claim=Claim(record, expect))  # type: ignore[return-value]

    return decide_once


def _is_past(record: Item, now: datetime) -> bool:
    return bool(record["expires_at"] <= now.timestamp())


def same(there: Mapping[str, Any], new: Mapping[str, Any], members: Iterable[str]) -> bool:
    """Tells whether what is there says the same as what a repeated creation says."""
    return all(there[name] == new[name] for name in members)
