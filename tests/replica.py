"""A reference client: a copy of one log that knows nothing of the server but contract.md.

It computes the digest by itself, and applies by version. Every suite that asks whether a reader ended with the server's
truth uses it: over REST, over Socket.IO's acks and messages, and after faults.
"""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

Json = dict[str, Any]
Get = Callable[[str], tuple[int, Json]]
"""Asks the server for a path; tells the status and the body."""


class Gone(Exception):
    """The server refused the position with 410; the problem is the argument."""


def digest_of(entities: Iterable[tuple[str, str, int]]) -> str:
    """Computes the digest of `(type, id, version)`s as section 4 of the contract has it."""
    total = 0
    for kind, identifier, version in entities:
        total += int.from_bytes(sha256(f"{kind}:{identifier}:{version}".encode()).digest()[:8], "big")
    return f"{total % 2**64:016x}"


class Replica:
    """Holds what lives in a log at `position`; None is nowhere yet."""

    def __init__(self, log: str) -> None:
        self.log = log
        self.position: str | None = None
        self.entities: dict[str, Json] = {}
        self._types: dict[str, str] = {}
        self._versions: dict[str, int] = {}

    @property
    def digest(self) -> str:
        """Is the digest of this copy, computed anew."""
        counted = ((self._types[key], key, entity) for key, entity in self.entities.items())
        return digest_of(
            (kind, key, entity["version"])
            for kind, key, entity in counted
            if kind != "attachment" or entity["status"] == "ready"
        )

    @property
    def seq(self) -> int:
        """Is the number of the entry that the copy is at."""
        return int(str(self.position).rpartition(":")[2])

    @property
    def epoch(self) -> str:
        """Is the epoch of the log that the copy is of."""
        return str(self.position).rpartition(":")[0]

    def type_of(self, key: str) -> str:
        """Tells the type of an entity."""
        return self._types[key]

    def apply(self, change: Mapping[str, Any]) -> bool:
        """Applies an entry by its version and tells whether anything changed; the position stays."""
        key, version = change["id"], change["version"]
        if self._versions.get(key, 0) >= version:
            return False
        self._versions[key] = version
        if change["op"] == "deleted":
            return self.entities.pop(key, None) is not None
        assert change["data"]["version"] == version
        self.entities[key], self._types[key] = dict(change["data"]), change["type"]
        return True

    def follow(self, change: Mapping[str, Any]) -> bool:
        """Applies the entry that comes next, as a live client does; its `seq` must be one more."""
        assert (change["epoch"], change["seq"]) == (self.epoch, self.seq + 1), f"{change['seq']} after {self.position}"
        changed = self.apply(change)
        self.position = f"{change['epoch']}:{change['seq']}"
        return changed

    def replace(self, created: Iterable[Mapping[str, Any]], position: str) -> None:
        """Takes a snapshot's place: what it lacks is dropped."""
        self.entities, self._types, self._versions = {}, {}, {}
        for change in created:
            self.apply(change)
        self.position = position

    def copy(self) -> "Replica":
        """Is the same again, for a client that stays behind."""
        other = Replica(self.log)
        other.position = self.position
        other.entities, other._types = dict(self.entities), dict(self._types)
        other._versions = dict(self._versions)
        return other


def take_snapshot(
    get: Get, log: str, limit: int | None = None, between_pages: Callable[[], None] = lambda: None
) -> Replica:
    """Makes a fresh copy: page after page where there is a `limit`, then what happened meanwhile."""
    created: list[Json] = []
    query = "" if limit is None else f"limit={limit}"
    while True:
        status, page = get(f"/api/departments/{log}/changes?{query}")
        assert status == 200 and page["snapshot"], page
        created += page["changes"]
        if not page["has_more"]:
            break
        assert page["position"] is None and page["digest"] is None
        query = f"limit={limit}&cursor={page['cursor']}"
        between_pages()
    replica = Replica(log)
    replica.replace(created, page["position"])
    return catch_up(get, replica)


def catch_up(get: Get, replica: Replica, limits: Iterable[int | None] = ()) -> Replica:
    """Applies `changes` until there are no more, in pages of the given limits; checks every digest, raises `Gone`."""
    sizes = iter(limits)
    while True:
        limit = next(sizes, None)
        query = f"since={replica.position}" + ("" if limit is None else f"&limit={limit}")
        status, page = get(f"/api/departments/{replica.log}/changes?{query}")
        if status == 410:
            raise Gone(page)
        assert status == 200, page
        assert limit is None or len(page["changes"]) <= limit
        for change in page["changes"]:
            replica.follow(change)
        assert replica.position == page["position"], "the position is that of the last entry"
        assert replica.digest == page["digest"], f"the copy differs at {replica.position}"
        if not page["has_more"]:
            assert page["position"] == page["head"]
            return replica
