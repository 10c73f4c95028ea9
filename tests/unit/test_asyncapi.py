"""The AsyncAPI document names every event that the socket understands or sends, and no other."""

from __future__ import annotations

import ast

from backend.realtime.asyncapi import SENT_BY_CLIENTS, SENT_BY_SERVER, asyncapi_document
from toolchain.steps import ROOT

REALTIME = sorted((ROOT / "backend/realtime").glob("*.py"))


def emitted() -> set[str]:
    """Finds the events whose names stand in calls of `emit` and `send`; those of entities are made of type and op."""
    names: set[str] = set()
    for path in REALTIME:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"emit", "send"}
            ):
                names |= {
                    each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
    return names


def test_every_event_is_a_message_and_an_operation() -> None:
    document = asyncapi_document()
    events = {*SENT_BY_CLIENTS, *SENT_BY_SERVER}
    assert document["components"]["messages"].keys() == events
    assert document["operations"].keys() == events
    actions = {name: operation["action"] for name, operation in document["operations"].items()}
    assert len({actions[name] for name in SENT_BY_CLIENTS}) == len({actions[name] for name in SENT_BY_SERVER}) == 1
    assert actions["join_department"] != actions["event_created"]


def test_what_the_server_sends_is_described() -> None:
    entities = {
        f"{kind}_{op}" for kind in ("event", "department", "attachment") for op in ("created", "updated", "deleted")
    }
    assert emitted() | entities == SENT_BY_SERVER.keys()
