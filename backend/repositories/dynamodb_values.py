"""Items as DynamoDB's wire format has them, and operations as it is asked to perform them.

`boto3.dynamodb.types` would turn every number into a `Decimal`; none leaves this module.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from backend.repositories.database import (
    ABSENT,
    Check,
    Delete,
    Expectation,
    Index,
    Item,
    KeyValue,
    Operation,
    Put,
    Table,
)

Wire: TypeAlias = dict[str, Any]

KEY_TYPES: Final = {str: "S", int: "N"}


def to_wire(value: Any) -> Wire:
    """Writes one value; what cannot be written was refused before (`backend.repositories.items`)."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, list):
        return {"L": [to_wire(element) for element in value]}
    return {"M": item_to_wire(value)}


def from_wire(wire: Mapping[str, Any]) -> Any:
    """Reads one value. Other programs may have written what we never do: fractions, sets, bytes."""
    ((kind, value),) = wire.items()
    match kind:
        case "S" | "BOOL" | "B":
            return value
        case "NULL":
            return None
        case "N":
            return number(value)
        case "L":
            return [from_wire(element) for element in value]
        case "M":
            return item_from_wire(value)
    return [from_wire({kind[0]: element}) for element in value]


def number(text: str) -> int | float:
    """Reads a number; only one that we did not write can have a fraction or an exponent."""
    try:
        return int(text)
    except ValueError:
        return float(text)


def item_to_wire(item: Mapping[str, Any]) -> Wire:
    """Writes an item or a key."""
    return {name: to_wire(value) for name, value in item.items()}


def item_from_wire(wire: Mapping[str, Any]) -> Item:
    """Reads an item."""
    return {name: from_wire(value) for name, value in wire.items()}


def operation_to_wire(operation: Operation, real_name: str) -> Wire:
    """Writes one operation of a transaction."""
    condition = condition_to_wire(operation.table, operation.expect)
    match operation:
        case Put():
            return {"Put": {"TableName": real_name, "Item": item_to_wire(operation.item), **condition}}
        case Delete():
            return {"Delete": {"TableName": real_name, "Key": item_to_wire(operation.key), **condition}}
        case Check():
            return {"ConditionCheck": {"TableName": real_name, "Key": item_to_wire(operation.key), **condition}}


def condition_to_wire(table: Table, expect: Expectation) -> Wire:
    """Writes an expectation; every name goes through a placeholder, as hundreds of words are reserved."""
    if expect is None:
        return {}
    names = {"#key": table.partition.name}
    if expect is ABSENT:
        return {"ConditionExpression": "attribute_not_exists(#key)", "ExpressionAttributeNames": names}
    terms, values = ["attribute_exists(#key)"], {}
    for position, (name, value) in enumerate(expect.items()):
        names[f"#n{position}"], values[f":v{position}"] = name, to_wire(value)
        terms.append(f"#n{position} = :v{position}")
    wire: Wire = {"ConditionExpression": " AND ".join(terms), "ExpressionAttributeNames": names}
    return {**wire, "ExpressionAttributeValues": values} if values else wire


def query_to_wire(
    source: Table | Index, partition: KeyValue, lower: KeyValue | None, upper: KeyValue | None, descending: bool
) -> Wire:
    """Writes which part of a partition is read; only one term may speak of the sort key."""
    names, values = {"#partition": source.partition.name}, {":partition": to_wire(partition)}
    terms = ["#partition = :partition"]
    if source.sort and (lower is not None or upper is not None):
        names["#sort"] = source.sort.name
        bounds = {":lower": lower, ":upper": upper}
        values.update({name: to_wire(bound) for name, bound in bounds.items() if bound is not None})
        both = lower is not None and upper is not None
        one = "#sort >= :lower" if upper is None else "#sort <= :upper"
        terms.append("#sort BETWEEN :lower AND :upper" if both else one)
    return {
        "KeyConditionExpression": " AND ".join(terms),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ScanIndexForward": not descending,
    }
