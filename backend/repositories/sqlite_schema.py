"""What a SQLite file has of the declared tables, and what it takes to make it right."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from backend.repositories.database import Attribute, Item, ItemRefused, StoreUnavailable, Table
from backend.repositories.items import MAX_PARTITION_BYTES, check_key_value
from backend.repositories.sqlite_statements import (
    SQL_TYPES,
    create_index,
    create_table,
    literal,
    quote,
    searched,
)

APPLICATION_ID: Final = 0x44617972
"""Marks a SQLite file as ours: "Dayr" (https://www.sqlite.org/fileformat.html, section 1.3)."""

SCHEMA_VERSION: Final = 1
"""Is raised when an older Dayroom could no longer use the file."""


def refuse_strangers(connection: sqlite3.Connection) -> None:
    """Raises `StoreUnavailable` for a file that is not Dayroom's or of a newer Dayroom; only reads."""
    application = scalar(connection, "PRAGMA application_id")
    version = scalar(connection, "PRAGMA user_version")
    if application == APPLICATION_ID:
        if version > SCHEMA_VERSION:
            raise StoreUnavailable(
                f"the file is of a newer Dayroom: version {version}, this one knows {SCHEMA_VERSION}"
            )
    elif application or version or scalar(connection, "SELECT count(*) FROM sqlite_master"):
        raise StoreUnavailable("the file is another program's SQLite database; nothing was changed in it")


def missing(connection: sqlite3.Connection, tables: Sequence[Table]) -> list[tuple[str, list[str]]]:
    """Lists what `tables` need and the file has not: a line that says it, and the SQL that makes it."""
    steps = [] if scalar(connection, "PRAGMA application_id") == APPLICATION_ID else [mark()]
    for table in tables:
        columns = columns_of(connection, table)
        if not columns:
            steps.append((f"create table {table.name}", [create_table(table)]))
        else:
            refuse_other_keys(table, columns)
            steps.extend(missing_columns(table, columns))
        steps.extend(missing_indexes(connection, table))
    return steps


def mark() -> tuple[str, list[str]]:
    """Makes an empty file ours."""
    return (
        "mark the file as a Dayroom database",
        [f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {SCHEMA_VERSION}"],
    )


def missing_columns(table: Table, columns: Mapping[str, tuple[str, int]]) -> Iterator[tuple[str, list[str]]]:
    """Adds a column for each attribute that came into an index later, and fills it from the items."""
    for attribute in searched(table):
        if attribute.name not in columns:
            name, sql_type = quote(attribute.name), SQL_TYPES[attribute.type]
            add = f"ALTER TABLE {quote(table.name)} ADD COLUMN {name} {sql_type}"
            value = f"searchable(item, {literal(attribute.name)}, '{sql_type}')"
            fill = f"UPDATE {quote(table.name)} SET {name} = {value}"
            yield f"add column {table.name}.{attribute.name}", [add, fill]


def missing_indexes(connection: sqlite3.Connection, table: Table) -> Iterator[tuple[str, list[str]]]:
    """Creates each index that is not there; one that was declared otherwise is made anew."""
    for index in table.indexes:
        sql, name = create_index(table, index), f"{table.name}.{index.name}"
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", (name,)).fetchall()
        if not rows:
            yield f"create index {name}", [sql]
        elif rows != [(sql,)]:
            yield f"create index {name} anew", [f"DROP INDEX {quote(name)}", sql]


def columns_of(connection: sqlite3.Connection, table: Table) -> dict[str, tuple[str, int]]:
    """Reads the columns that a table has: the type of each and its place in the primary key, 0 for none."""
    rows = connection.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table.name,))
    return {name: (sql_type, place) for name, sql_type, place in rows}


def refuse_other_keys(table: Table, columns: Mapping[str, tuple[str, int]]) -> None:
    """Raises `StoreUnavailable` where a table is there, but with another primary key."""
    there = sorted((place, name, sql_type) for name, (sql_type, place) in columns.items() if place)
    declared = [(place, key.name, SQL_TYPES[key.type]) for place, key in enumerate(table.key_attributes, 1)]
    if there != declared:
        raise StoreUnavailable(f"table {table.name} is there with other keys, {there}; nothing was changed")


def teach(connection: sqlite3.Connection) -> None:
    """Gives a connection the function that fills a new column."""
    types = {sql_type: kind for kind, sql_type in SQL_TYPES.items()}

    def searchable(item: str, name: str, sql_type: str) -> Any:
        return column_value(json.loads(item), Attribute(name, types[sql_type]))

    connection.create_function("searchable", 3, searchable, deterministic=True)


def column_value(item: Item, attribute: Attribute) -> Any:
    """Takes what an item has for a column: nothing where it could not be a key, which keeps it out."""
    with suppress(ItemRefused):
        check_key_value(attribute.name, attribute, item.get(attribute.name), MAX_PARTITION_BYTES)
        return item[attribute.name]
    return None


def scalar(connection: sqlite3.Connection, sql: str) -> Any:
    """Reads one value."""
    return connection.execute(sql).fetchone()[0]
