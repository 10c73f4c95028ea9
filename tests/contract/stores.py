"""The stores that the contract is tried on, and the tables that it is tried with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from backend.repositories.database import MAX_ITEM_BYTES, Attribute, Database, Index, Item, Table

NAMES: Final = Table("names", Attribute("id"), expires=True)
"""Has nothing but a key."""

ENTRIES: Final = Table("entries", Attribute("log"), Attribute("seq", int))
"""Is ordered by number."""

BY_DATE: Final = Index("owner-date-index", Attribute("owner"), Attribute("date"))
"""Shares its partition with the primary key."""

BY_RANK: Final = Index("group-rank-index", Attribute("group"), Attribute("rank", int))
"""Shares nothing with the primary key."""

THINGS: Final = Table("things", Attribute("id"), Attribute("owner"), indexes=(BY_DATE, BY_RANK))

TABLES: Final = (NAMES, ENTRIES, THINGS)


@dataclass(frozen=True)
class Store:
    """Is one place for items, and how it differs; `open` connects to it, anew with each call where `is_shared`."""

    name: str
    open: Callable[[], Database]
    where: str
    """What another process opens it by (`tests.contract.incrementing`)."""
    is_shared: bool = True
    knows_tokens: bool = False
    knows_recovery: bool = True
    compares_types: bool = True
    """moto takes True for 1 and nothing for null."""
    largest_item: int = MAX_ITEM_BYTES
    """moto refuses some items that DynamoDB takes."""
    fills_around_violations: bool = True
    """DynamoDB Local never finishes a later index over an item that could not be in it; DynamoDB leaves it out."""


def entry(seq: int, log: str = "log", **more: object) -> Item:
    """Makes an item of `ENTRIES`."""
    return {"log": log, "seq": seq, **more}


def thing(identifier: str, owner: str = "sales", **more: object) -> Item:
    """Makes an item of `THINGS`."""
    return {"id": identifier, "owner": owner, **more}
