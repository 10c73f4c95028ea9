"""Opens the database that the settings name."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from backend.repositories.database import Database
from backend.repositories.tables import TABLES

DATABASE_FILE: Final = "dayroom.db"


def open_database(
    kind: str,
    *,
    data_dir: Path,
    table_name: Callable[[str], str],
    region: str | None = None,
    endpoint_url: str | None = None,
    observe: Callable[[str, str, float], None] | None = None,
) -> Database:
    """Opens SQLite (`dayroom.db` in `data_dir`, which is made) or DynamoDB, without creating tables.

    `table_name` maps a declared table's name to DynamoDB's; `observe` hears of its calls (operation, outcome, capacity
    units). Only the database that is named is imported, so that a
    machine with SQLite never loads boto3.
    """
    if kind == "sqlite":
        from backend.repositories.sqlite import SQLiteDatabase

        data_dir.mkdir(parents=True, exist_ok=True)
        return SQLiteDatabase(data_dir / DATABASE_FILE)
    from backend.repositories.dynamodb import connect

    names = {table.name: table_name(table.name) for table in TABLES}
    return connect(names, region=region, endpoint=endpoint_url, observe=observe)
