"""What was deleted and can still be brought back, as it is listed: who deleted it, when, and what it was."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from backend.domain import events
from backend.domain.changes import instant
from backend.domain.pages import Key
from backend.domain.text import folded

KEPT: Final = timedelta(days=30)
"""How long what was deleted can be brought back."""


def shown(type_: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Shows a tombstone: the whole entity as it last was is its `data`."""
    return {
        "type": type_,
        "id": row["id"],
        "version": row["version"],
        "deleted_at": row["deleted_at"],
        "deleted_by": row.get("deleted_by"),
        "restorable_until": instant(datetime.fromisoformat(row["deleted_at"]) + KEPT),
        "data": row["was"],
    }


def list_key(item: Mapping[str, Any]) -> Key:
    """Is what a trash is sorted by, newest first."""
    return item["deleted_at"], item["id"]


def match(item: Mapping[str, Any], q: str) -> bool:
    """Tells whether `q` stands in what was deleted, as a search for the living would find it."""
    if item["type"] == "event":
        return events.match(item["data"], q)
    texts = (item["data"].get(name) for name in ("name", "file_name", "description"))
    return any(folded(q) in folded(text) for text in texts if text)
