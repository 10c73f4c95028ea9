"""Tells what DynamoDB was asked, what became of it, and what it cost, by botocore's own events."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Observe = Callable[[str, str, float], None]
"""Hears of each call: its operation, `ok` or the code of its error, and the capacity units that it consumed."""

_COSTS: Final = ("GetItem", "Query", "Scan", "TransactWriteItems", "BatchWriteItem")


def measure_calls(client: Any, observe: Observe) -> None:
    """Makes a client report each of its calls."""

    def tell(parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        observe(model.name, parsed.get("Error", {}).get("Code", "ok"), _units(parsed))

    def tell_failure(exception: Exception, event_name: str, **_: Any) -> None:
        observe(event_name.rpartition(".")[2], type(exception).__name__, 0.0)

    for operation in _COSTS:
        client.meta.events.register(f"provide-client-params.dynamodb.{operation}", _ask_for_costs)
    client.meta.events.register("after-call.dynamodb", tell)
    client.meta.events.register("after-call-error.dynamodb", tell_failure)


def _ask_for_costs(params: Mapping[str, Any], **_: Any) -> dict[str, Any]:
    return {**params, "ReturnConsumedCapacity": "TOTAL"}


def _units(parsed: Mapping[str, Any]) -> float:
    """Adds up what the tables of a call consumed: one table's answer is a mapping, several tables' a list."""
    costs = parsed.get("ConsumedCapacity") or []
    return sum(float(each.get("CapacityUnits", 0)) for each in (costs if isinstance(costs, list) else [costs]))
