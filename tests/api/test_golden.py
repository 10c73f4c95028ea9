"""The golden data that the browser's tests read is what the server says today."""

from __future__ import annotations

import json
from typing import Any

from tests.golden.changes import FILE, make
from tests.replica import Replica

GOLDEN = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_golden_file_is_current() -> None:
    assert make() == GOLDEN, "write it anew: python -m tests.golden.changes"


def test_the_golden_file_is_the_same_every_time() -> None:
    assert make() == make()


def test_the_reference_client_ends_where_the_golden_file_says() -> None:
    replica = Replica(GOLDEN["log"])
    replica.replace(map(as_created, GOLDEN["start"]["entities"]), GOLDEN["start"]["position"])
    assert replica.digest == GOLDEN["start"]["digest"]
    assert [replica.follow(change) for change in GOLDEN["changes"]] == [True] * len(GOLDEN["changes"])
    assert replica.position == GOLDEN["end"]["position"]
    assert replica.digest == GOLDEN["end"]["digest"]
    assert replica.entities == {row["id"]: untyped(row) for row in GOLDEN["end"]["entities"]}


def test_the_golden_file_has_what_a_client_must_cope_with() -> None:
    changes = GOLDEN["changes"]
    assert {change["op"] for change in changes} == {"created", "updated", "deleted"}
    assert max(change["version"] for change in changes) > 2
    assert "저녁" in json.dumps(changes, ensure_ascii=False)
    gone = {change["id"] for change in changes if change["op"] == "deleted"}
    assert gone & {change["id"] for change in changes if change["op"] == "created"}, "one that came and went"


def as_created(row: dict[str, Any]) -> dict[str, Any]:
    return {"op": "created", "id": row["id"], "type": row["type"], "version": row["version"], "data": untyped(row)}


def untyped(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "type"}
