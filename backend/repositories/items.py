"""What a database may be asked to hold: all that either store refuses is refused before either is asked.

Limits: Amazon DynamoDB Developer Guide, "Quotas in Amazon DynamoDB" and "DynamoDB item sizes and formats".
Sizes are counted so that an item is never larger to DynamoDB than it is here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from backend.repositories.database import (
    ABSENT,
    MAX_ITEM_BYTES,
    MAX_OPERATIONS,
    MAX_TRANSACTION_BYTES,
    Attribute,
    Check,
    Delete,
    Index,
    Item,
    ItemRefused,
    KeyValue,
    Operation,
    Put,
    Table,
)

MAX_PARTITION_BYTES: Final = 2048
MAX_SORT_BYTES: Final = 1024
MAX_DEPTH: Final = 32
"""How deep lists and maps may stand in one another, the item itself counted as the first."""

MAX_TOKEN: Final = 36
LARGEST_INT: Final = 2**63 - 1
SMALLEST_INT: Final = -(2**63)

NUMBER_BYTES: Final = 21
CONTAINER_BYTES: Final = 3
ELEMENT_BYTES: Final = 1


def check_item(table: Table, item: Item) -> int:
    """Measures an item that is to be written; raises `ItemRefused` where one of the stores cannot hold it."""
    size = measure(item, table.name)
    if size > MAX_ITEM_BYTES:
        raise ItemRefused(f"{table.name}: the item has {size} bytes, more than {MAX_ITEM_BYTES}")
    check_key(table, {name: item[name] for name in names_of(table) if name in item})
    for index in table.indexes:
        for attribute, limit in limits(index):
            if attribute.name in item:
                check_key_value(f"{table.name}.{attribute.name}", attribute, item[attribute.name], limit)
    return size


def check_key(table: Table, key: Mapping[str, Any]) -> int:
    """Measures a primary key; raises `ItemRefused` where it is not exactly what the table declares."""
    if set(key) != set(names_of(table)):
        raise ItemRefused(f"{table.name}: the key is {', '.join(names_of(table))}, not {', '.join(map(repr, key))}")
    for attribute, limit in limits(table):
        check_key_value(f"{table.name}.{attribute.name}", attribute, key[attribute.name], limit)
    return measure(dict(key), table.name)


def check_query(
    table: Table, index: Index | None, partition: KeyValue, lower: KeyValue | None, upper: KeyValue | None
) -> None:
    """Raises `ItemRefused` where a query asks for what the table or the index does not declare."""
    if index is not None and index not in table.indexes:
        raise ItemRefused(f"{table.name} declares no index {index.name}")
    source = index or table
    check_key_value(f"{source.name}.{source.partition.name}", source.partition, partition, MAX_PARTITION_BYTES)
    for bound in (lower, upper):
        if bound is None:
            continue
        if source.sort is None:
            raise ItemRefused(f"{source.name} has no sort key to be bounded")
        check_key_value(f"{source.name}.{source.sort.name}", source.sort, bound, MAX_SORT_BYTES)


def check_sweep(table: Table) -> None:
    """Raises `ItemRefused` where a table's items never expire."""
    if not table.expires:
        raise ItemRefused(f"the items of {table.name} do not expire")


def check_transaction(operations: Sequence[Operation], token: str) -> None:
    """Raises `ItemRefused` where one of the stores could not perform these operations together."""
    if not 1 <= len(operations) <= MAX_OPERATIONS:
        raise ItemRefused(f"a transaction has 1 to {MAX_OPERATIONS} operations, not {len(operations)}")
    if not 1 <= len(token) <= MAX_TOKEN or not (token.isascii() and token.isprintable()):
        raise ItemRefused(f"a token has 1 to {MAX_TOKEN} printable ASCII characters, not {token!r}")
    size = sum(check_operation(operation) for operation in operations)
    if size > MAX_TRANSACTION_BYTES:
        raise ItemRefused(f"the transaction has {size} bytes, more than {MAX_TRANSACTION_BYTES}")
    touched = [(operation.table.name, tuple(sorted(operation.key.items()))) for operation in operations]
    if len(set(touched)) < len(touched):
        twice = next(key for key in touched if touched.count(key) > 1)
        raise ItemRefused(f"the transaction has two operations on one item, {twice}")


def check_operation(operation: Operation) -> int:
    """Measures one operation; raises `ItemRefused` where it cannot be performed."""
    match operation:
        case Put():
            size = check_item(operation.table, operation.item)
        case Delete():
            size = check_key(operation.table, operation.key)
        case Check():
            size = check_key(operation.table, operation.key)
            if operation.expect is None:
                raise ItemRefused(f"{operation.table.name}: a check expects nothing of {operation.key}")
    check_expectation(operation)
    return size


def check_expectation(operation: Operation) -> None:
    """Raises `ItemRefused` where an expectation compares what is not a scalar."""
    if operation.expect is None or operation.expect is ABSENT:
        return
    for name, value in operation.expect.items():
        if isinstance(value, list | dict):
            raise ItemRefused(f"{operation.table.name}.{name}: only scalars are compared")
        measure({name: value}, operation.table.name)


def check_key_value(path: str, attribute: Attribute, value: Any, limit: int) -> None:
    """Raises `ItemRefused` where a value cannot be a key: wrong type, empty, or more than `limit` bytes."""
    if type(value) is not attribute.type:
        raise ItemRefused(f"{path} is a key: {attribute.type.__name__}, not {type(value).__name__}")
    if value == "":
        raise ItemRefused(f"{path} is a key and empty")
    size = measure(value, path)
    if type(value) is str and size > limit:
        raise ItemRefused(f"{path} is a key of {size} bytes, more than {limit}")


def measure(value: Any, path: str, depth: int = 1) -> int:
    """Counts a value's bytes as DynamoDB does, from above; raises `ItemRefused` for what a store cannot hold.

    `path` says where the value stands, for the reason. Subclasses are refused too: they come back plain.
    """
    if value is None or type(value) is bool:
        return 1
    if type(value) is str:
        return text_size(value, path)
    if type(value) is int:
        if not SMALLEST_INT <= value <= LARGEST_INT:
            raise ItemRefused(f"{path}: an integer of {value.bit_length() + 1} bits, more than 64")
        return NUMBER_BYTES
    if depth > MAX_DEPTH:
        raise ItemRefused(f"{path}: is nested deeper than {MAX_DEPTH} levels")
    if type(value) is dict:
        return CONTAINER_BYTES + sum(member_size(name, value[name], path, depth) for name in value)
    if type(value) is list:
        return CONTAINER_BYTES + sum(ELEMENT_BYTES + measure(element, f"{path}[]", depth + 1) for element in value)
    raise ItemRefused(f"{path}: a {type(value).__name__} cannot be stored")


def member_size(name: Any, value: Any, path: str, depth: int) -> int:
    """Counts the bytes of one attribute, its name included."""
    if type(name) is not str or not name:
        raise ItemRefused(f"{path}: an attribute's name is a text of at least one character, not {name!r}")
    size = text_size(name, path)
    return ELEMENT_BYTES + size + measure(value, f"{path}.{name}", depth + 1)


def text_size(text: str, path: str) -> int:
    """Counts the bytes of a text in UTF-8; raises `ItemRefused` for a lone surrogate, which has none."""
    try:
        return len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        raise ItemRefused(f"{path!a}: has half of a surrogate pair at {ascii(text)[:80]}") from None


def names_of(table: Table) -> tuple[str, ...]:
    """Lists the names of the primary key's attributes."""
    return tuple(attribute.name for attribute in table.key_attributes)


def limits(source: Table | Index) -> list[tuple[Attribute, int]]:
    """Lists the key attributes of a table or an index, each with the bytes that a text in it may have."""
    pairs = [(source.partition, MAX_PARTITION_BYTES)]
    return pairs if source.sort is None else [*pairs, (source.sort, MAX_SORT_BYTES)]
