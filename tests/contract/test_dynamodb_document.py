"""What `docs/dynamodb.md` says of tables and rights is what the adapter has and asks for."""

from __future__ import annotations

import json
import re

import pytest

from backend.repositories.database import Table
from backend.repositories.tables import TABLES
from toolchain.steps import ROOT

DOCUMENT = (ROOT / "docs" / "dynamodb.md").read_text(encoding="utf-8")
ADAPTER = "".join(path.read_text() for path in (ROOT / "backend" / "repositories").glob("dynamodb*.py"))

TRANSACTED = {"PutItem", "DeleteItem", "ConditionCheckItem"}
"""TransactWriteItems is allowed by these."""


def camel(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("_"))


def asked() -> set[str]:
    called = re.findall(r"_client\.(\w+)\(", ADAPTER)
    named = re.findall(r'"((?:describe|create|update)_\w+)"', ADAPTER)
    operations = {camel(operation) for operation in (*called, *named)} - {"Close"}
    assert "TransactWriteItems" in operations
    return operations - {"TransactWriteItems"} | TRANSACTED


def test_the_policies_allow_what_is_asked_and_nothing_else() -> None:
    policies = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)]
    actions = [set(statement["Action"]) for policy in policies for statement in policy["Statement"]]
    assert len(actions) == 2
    assert {action.removeprefix("dynamodb:") for action in actions[0] | actions[1]} == asked()
    assert not [action for action in actions[0] if re.search(r":(Create|Update)", action)], (
        "the server changes no table"
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_is_told_with_its_keys_indexes_and_expiry(table: Table) -> None:
    (row,) = re.findall(rf"^\| `{table.name}` \|.*$", DOCUMENT, re.MULTILINE)
    _, _, partition, sort, indexes, expires, _ = (cell.strip() for cell in row.split("|"))
    assert partition == f"`{table.partition.name}`"
    assert sort.split(",")[0] == (f"`{table.sort.name}`" if table.sort else "")
    told = [f"`{index.name}` (`{index.partition.name}` + `{index.sort.name}`)" for index in table.indexes]
    assert indexes == ", ".join(told)
    assert expires == ("`expires_at`" if table.expires else "")
