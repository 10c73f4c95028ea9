"""The SQL of declared tables: a column for each key and index attribute, the item itself as JSON.

The columns are only there to be searched and ordered; what is read is always the JSON. Text is compared
by its UTF-8 bytes (SQLite's BINARY), as DynamoDB does.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from backend.repositories.database import Attribute, Check, Delete, Index, Operation, Put, Table
from backend.repositories.items import names_of

SQL_TYPES: Final = {str: "TEXT", int: "INTEGER"}


def create_table(table: Table) -> str:
    """Writes the SQL of a table."""
    keys = [f"{quote(key.name)} {SQL_TYPES[key.type]} NOT NULL" for key in table.key_attributes]
    rest = searched(table)[len(keys) :]
    others = [f"{quote(attribute.name)} {SQL_TYPES[attribute.type]}" for attribute in rest]
    primary = ", ".join(map(quote, names_of(table)))
    columns = ", ".join([*keys, *others, "item TEXT NOT NULL", f"PRIMARY KEY ({primary})"])
    return f"CREATE TABLE {quote(table.name)} ({columns})"


def create_index(table: Table, index: Index) -> str:
    """Writes the SQL of an index: sparse, and with the primary key last, so that equals have an order too."""
    columns = ", ".join(map(quote, [index.partition.name, *order(table, index)]))
    where = " AND ".join(presence(table, index))
    sql = f"CREATE INDEX {index_name(table, index)} ON {quote(table.name)} ({columns})"
    return f"{sql} WHERE {where}" if where else sql


def presence(table: Table, index: Index) -> list[str]:
    """Writes the SQL terms that are true of an item in the index: a query must repeat them."""
    attributes = [name for name in (index.partition.name, index.sort.name) if name not in names_of(table)]
    return [f"{quote(name)} IS NOT NULL" for name in attributes]


@cache
def order(table: Table, index: Index | None) -> tuple[str, ...]:
    """Lists the columns that order one partition, and that make each place in it unique."""
    if index is None:
        return () if table.sort is None else (table.sort.name,)
    rest = [name for name in names_of(table) if name not in (index.partition.name, index.sort.name)]
    return (index.sort.name, *rest)


@cache
def searched(table: Table) -> tuple[Attribute, ...]:
    """Lists every attribute of a key or an index, each once, the primary key first."""
    found = {attribute.name: attribute for attribute in table.key_attributes}
    for index in table.indexes:
        for attribute in (index.partition, index.sort):
            found.setdefault(attribute.name, attribute)
    return tuple(found.values())


@cache
def select_one(table: Table) -> str:
    """Writes the SQL that reads the item of a key."""
    return f"SELECT item FROM {quote(table.name)} WHERE {matches(table)}"


@cache
def select_many(table: Table, index: Index | None, lower: bool, upper: bool, descending: bool, resumed: bool) -> str:
    """Writes the SQL that reads the next items of a partition, each with its place, for the next chunk.

    Its values are the partition, the bounds that there are, the place (where `resumed`), and how many.
    """
    source, columns = index or table, [quote(name) for name in order(table, index)]
    hint = f" INDEXED BY {index_name(table, index)}" if index else ""
    sort = quote(source.sort.name) if source.sort else ""
    terms = [
        f"{quote(source.partition.name)} = ?",
        f"{sort} >= ?" if lower else "",
        f"{sort} <= ?" if upper else "",
    ]
    if resumed:
        beyond, places = "<" if descending else ">", ", ".join("?" for _ in columns)
        terms.append(f"({', '.join(columns)}) {beyond} ({places})")
    where = " AND ".join(filter(None, [*terms, *(presence(table, index) if index else [])]))
    by = ", ".join(f"{column} DESC" if descending else column for column in columns)
    wanted = f"WHERE {where} ORDER BY {by} LIMIT ?" if by else f"WHERE {where} LIMIT ?"
    return f"SELECT {', '.join(['item', *columns])} FROM {quote(table.name)}{hint} {wanted}"


@cache
def select_all(table: Table, resumed: bool) -> str:
    """Writes the SQL that reads the next items of a whole table, each with its key, for the next chunk.

    Its values are the last key (where `resumed`), and how many.
    """
    columns = ", ".join(map(quote, names_of(table)))
    places = ", ".join("?" for _ in names_of(table))
    where = f"WHERE ({columns}) > ({places}) " if resumed else ""
    return f"SELECT item, {columns} FROM {quote(table.name)} {where}ORDER BY {columns} LIMIT ?"


@cache
def last_row(table: Table) -> str:
    """Writes the SQL that tells the number of a table's last row."""
    return f"SELECT max(rowid) FROM {quote(table.name)}"


@cache
def delete_expired(table: Table) -> str:
    """Writes the SQL that removes what has expired; its values are the first and the last row's number, and now."""
    expired = "json_type(item, '$.expires_at') = 'integer' AND json_extract(item, '$.expires_at') <= ?"
    return f"DELETE FROM {quote(table.name)} WHERE rowid BETWEEN ? AND ? AND {expired}"


def change(operation: Operation) -> tuple[str, list[Any]] | None:
    """Writes the SQL that performs an operation, with its values; a check changes nothing."""
    match operation:
        case Put():
            text = json.dumps(operation.item, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            columns = [operation.item.get(attribute.name) for attribute in searched(operation.table)]
            return upsert(operation.table), [*columns, text]
        case Delete():
            sql = f"DELETE FROM {quote(operation.table.name)} WHERE {matches(operation.table)}"
            return sql, key_values(operation.table, operation.key)
        case Check():
            return None


@cache
def upsert(table: Table) -> str:
    """Writes the SQL that puts an item, whether its key is there or not."""
    columns = [*(quote(attribute.name) for attribute in searched(table)), "item"]
    update = ", ".join(f"{column} = excluded.{column}" for column in columns[len(names_of(table)) :])
    insert = f"INSERT INTO {quote(table.name)} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})"
    return f"{insert} ON CONFLICT ({', '.join(map(quote, names_of(table)))}) DO UPDATE SET {update}"


def matches(table: Table) -> str:
    """Writes the SQL term that is true of one key."""
    return " AND ".join(f"{quote(name)} = ?" for name in names_of(table))


def key_values(table: Table, key: Mapping[str, Any]) -> list[Any]:
    """Puts the values of a key into the order of the table's declaration."""
    return [key[name] for name in names_of(table)]


def index_name(table: Table, index: Index) -> str:
    """Writes the name of an index, which in SQLite is unique over all tables."""
    return quote(f"{table.name}.{index.name}")


def quote(name: str) -> str:
    """Writes a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Writes a text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"
