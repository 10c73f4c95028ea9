"""The devices that synchronise: when each was last seen, and which positions it has.

Only their own sync tells of them, so they stand in no log; who is away for half a year is forgotten.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from backend.domain.changes import instant
from backend.domain.errors import NotFound
from backend.repositories.database import Database, Delete, Item, Put
from backend.repositories.tables import DEVICES

REALM: Final = "devices"
KEPT: Final = timedelta(days=180)
_MOST: Final = 2000
"""Positions that are kept of a device: the newest."""


class DeviceRepository:
    """Remembers devices."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def saw(self, device_id: str, positions: Mapping[str, str], actor: str | None) -> None:
        """Remembers that a device was here, and what it has; what it does not tell of stays as it was."""
        now, there = self._clock(), self._row(device_id)
        known = {**(there or {}).get("positions", {})}
        for log, position in positions.items():
            known.pop(log, None)
            known[log] = position
        since = now if there is None else datetime.fromisoformat(there["first_seen_at"])
        row = {
            **_key(device_id),
            "first_seen_at": instant(since),
            "last_seen_at": instant(now),
            "actor": actor or (there or {}).get("actor"),
            "positions": dict(list(known.items())[-_MOST:]),
            "expires_at": int((now + KEPT).timestamp()),
        }
        self._database.transact([Put(DEVICES, row)], str(uuid4()))

    def get(self, device_id: str) -> dict[str, Any] | None:
        """Reads a device; None where it was never here."""
        row = self._row(device_id)
        return None if row is None else _shown(row)

    def list(self) -> list[dict[str, Any]]:
        """Lists all devices, by id."""
        rows = self._database.query(DEVICES, REALM)
        return [_shown(row) for row in rows if row["expires_at"] > self._clock().timestamp()]

    def forget(self, device_id: str) -> None:
        """Forgets a device; raises `NotFound`."""
        if self._row(device_id) is None:
            raise NotFound("device", device_id[:64])
        self._database.transact([Delete(DEVICES, _key(device_id))], str(uuid4()))

    def _row(self, device_id: str) -> Item | None:
        row = self._database.get(DEVICES, _key(device_id))
        return None if row is None or row["expires_at"] <= self._clock().timestamp() else row


def _key(device_id: str) -> Item:
    return {"realm": REALM, "id": device_id}


def _shown(row: Item) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "actor", "first_seen_at", "last_seen_at", "positions")}
