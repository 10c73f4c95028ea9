"""How heads and entries of the change log lie in the table `changes`."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

from backend.domain.changes import Change, Head
from backend.domain.digest import EMPTY
from backend.repositories.database import Item
from backend.repositories.tables import head_key

EXPIRY_GRACE: Final = timedelta(days=7)
"""How long an entry outlives its retention: the store's own expiry is unordered, the computed floor must come first."""

_CHANGE_FIELDS: Final = tuple(field.name for field in fields(Change))


def new_head(log: str, epoch: str, at: str) -> Head:
    """Begins a log that has no entries yet."""
    return Head(log=log, epoch=epoch, seq=0, digest=EMPTY, at=at)


def head_to_item(head: Head) -> Item:
    """Lays a head down: it is the item `seq` 0 of its log, and keeps its own `seq` as `last`."""
    return {
        **head_key(head.log),
        "epoch": head.epoch,
        "last": head.seq,
        "digest": head.digest,
        "at": head.at,
        "open": head.open,
        "floor": head.floor,
        "floor_at": head.floor_at,
    }


def head_from_item(item: Item) -> Head:
    """Reads a head."""
    return Head(
        log=item["log"],
        epoch=item["epoch"],
        seq=item["last"],
        digest=item["digest"],
        at=item["at"],
        open=item["open"],
        floor=item["floor"],
        floor_at=item.get("floor_at"),
    )


def head_expectation(head: Head) -> dict[str, Any]:
    """Says what must still be there for a write on top of this head: nobody wrote in between, and it is open."""
    return {"epoch": head.epoch, "last": head.seq, "open": True}


def change_to_item(change: Change, *, token: str, retention: timedelta) -> Item:
    """Lays an entry down, with the token of the transaction that wrote it and the time when the store may drop it."""
    written = datetime.fromisoformat(change.at)
    item = {name: getattr(change, name) for name in _CHANGE_FIELDS}
    return {
        **item,
        "data": dict(change.data),
        "prior": dict(change.prior) if change.prior else None,
        "token": token,
        "expires_at": int((written + retention + EXPIRY_GRACE).timestamp()),
    }


def change_from_item(item: Item) -> Change:
    """Reads an entry."""
    return Change(**{name: item.get(name) for name in _CHANGE_FIELDS})  # type: ignore[arg-type]
