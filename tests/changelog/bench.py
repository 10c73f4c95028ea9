"""A change log to try things on: a database that follows a script, and decisions about notes, the simplest entity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from backend.domain.changes import Author, Change
from backend.domain.errors import IdTaken, NotFound
from backend.repositories.changelog import ChangeLog, Committed, Proposal
from backend.repositories.database import ABSENT, Database, Delete, Item, Operation, Put
from backend.repositories.decisions import Decide, Decision, Draft, View
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import CHANGES, EVENTS, GUARDS, head_key
from tests.changelog.scripted import ScriptedDatabase
from tests.replica import Replica, digest_of

NOBODY: Final = Author()


def note(log: str, name: str, version: int = 1, **more: Any) -> Item:
    return {"id": f"{name}@{log}", "department_id": log, "version": version, **more}


@dataclass
class Bench:
    """Is one log of its own, and the writers of one process."""

    inner: Database
    log: str = field(default_factory=lambda: uuid4().hex)
    now: datetime = datetime(2100, 1, 15, tzinfo=UTC)  # DynamoDB Local drops what expires by the real clock

    def __post_init__(self) -> None:
        self.database = ScriptedDatabase(self.inner)
        self.announced: list[str] = []
        self.pauses: list[float] = []
        self.reader = LogReader(self.database, timedelta(days=90), lambda: self.now)
        self.changelog = self.another_process()
        self.open(self.log)

    def another_process(self, database: Database | None = None) -> ChangeLog:
        """Makes a change log that shares nothing but the database."""
        reader = LogReader(database or self.database, timedelta(days=90), lambda: self.now)
        return ChangeLog(
            database or self.database,
            reader,
            announce=self.announced.append,
            clock=lambda: self.now,
            sleep=self.pauses.append,
        )

    def open(self, log: str) -> None:
        self.inner.transact([self.changelog.opening(log, "2100-01-15T00:00:00.000Z")], uuid4().hex)

    def commit(self, decide: Decide[Any], author: Author = NOBODY) -> Committed[Any]:
        return self.changelog.commit(self.log, decide, author)

    def commit_all(self, decisions: Sequence[Decide[Any]]) -> list[Any]:
        """Commits many; tells each one's result, or its error."""
        proposals = [Proposal(decide, NOBODY) for decide in decisions]
        self.changelog.commit_all(self.log, proposals)
        outcomes = [proposal.outcome for proposal in proposals]
        return [outcome.result if isinstance(outcome, Committed) else outcome for outcome in outcomes]

    def race(self, decide: Decide[Any]) -> Callable[[], object]:
        """Is another process that commits, past the script."""
        other = self.another_process(self.inner)
        return lambda: other.commit(self.log, decide, NOBODY)

    def entries(self) -> list[Change]:
        """Reads the whole log, and checks everything that must always hold of it."""
        head = self.reader.last_head(self.log)
        assert head is not None
        items = list(self.inner.query(CHANGES, self.log, lower=1))
        assert [item["seq"] for item in items] == list(range(1, head.seq + 1)), "no gaps"
        changes = list(self.reader.between(self.log, 0, head.seq))
        assert [change.at for change in changes] == sorted(change.at for change in changes)
        replica = Replica(self.log)
        replica.position = f"{head.epoch}:0"
        for change in changes:
            assert replica.follow(change.as_json()), "each entry changes something"
            assert change.digest == replica.digest
        assert head.digest == replica.digest
        rows = [row for name in replica.entities for row in self.inner.query(EVENTS, name)]
        assert digest_of(("event", row["id"], row["version"]) for row in rows) == head.digest
        return changes

    def names(self) -> list[str]:
        """Lists which note each entry is of, in order."""
        return [change.id.partition("@")[0] for change in self.entries()]

    # Decisions

    def create(self, name: str, **more: Any) -> Decide[str]:
        def decide(view: View) -> Decision[str]:
            row = note(self.log, name, **more)
            if view.get(EVENTS, {"id": row["id"], "department_id": self.log}) is not None:
                raise IdTaken(name)
            return Decision(name, [Draft("event", EVENTS, None, row, {**row})])

        return decide

    def raise_version(self, name: str) -> Decide[int]:
        """Makes the next version of a note; its result is the version."""

        def decide(view: View) -> Decision[int]:
            row = view.get(EVENTS, {"id": f"{name}@{self.log}", "department_id": self.log})
            if row is None:
                raise NotFound("note", name)
            new = {key: value for key, value in row.items() if key != "seq"} | {"version": row["version"] + 1}
            return Decision(new["version"], [Draft("event", EVENTS, row, new, {**new})])

        return decide

    def claim(self, name: str, key: str) -> Decide[str]:
        """Creates a note under a guard that only one can have, in whichever log."""

        def decide(view: View) -> Decision[str]:
            guard = {"key": key}
            if view.get(GUARDS, guard) is not None:
                raise IdTaken(key)
            row = note(self.log, name)
            put = Put(GUARDS, guard, ABSENT)
            return Decision(name, [Draft("event", EVENTS, None, row, {**row}, (put,))])

        return decide

    def release(self, name: str, key: str) -> Decide[str]:
        """Creates a note and lets go of a guard."""

        def decide(view: View) -> Decision[str]:
            row = note(self.log, name)
            return Decision(name, [Draft("event", EVENTS, None, row, {**row}, (Delete(GUARDS, {"key": key}),))])

        return decide

    def close(self) -> None:
        self.inner.transact([self.closing()], uuid4().hex)

    def closing(self) -> Operation:
        return self.changelog.closing(self.log)

    def head_item(self) -> Item:
        item = self.inner.get(CHANGES, head_key(self.log))
        assert item is not None
        return item


def nothing(view: View) -> Decision[str]:
    """Decides that nothing changes."""
    return Decision("nothing")
