"""Many writers, two server processes, one store: nothing is lost, doubled or out of order for anybody."""

from __future__ import annotations

from contextlib import ExitStack

from tests.components.server import Server, StartServer
from tests.faults.crowd import assert_whole, together, write_together
from tests.subscriber import Subscriber

WRITES = {"sqlite": 45, "dynamodb": 15}
"""Writes of each writer; DynamoDB Local is slow."""


def start_two(start_server: StartServer, settings: dict[str, str]) -> list[Server]:
    """Starts two servers at once, so that both find that there are no tables yet."""
    servers = together(2, lambda _: start_server(**settings))
    assert all(servers)
    return servers


def test_eight_writers_in_two_processes(start_server: StartServer, store_settings: dict[str, str]) -> None:
    servers = start_two(start_server, store_settings)
    department = servers[0].create_department("영업부")
    with ExitStack() as stack:
        subscribers = [
            stack.enter_context(Subscriber(server.url, department, transports=[transport]))
            for server in servers
            for transport in ("websocket", "websocket", "polling")
        ]
        writes = WRITES[store_settings.get("DATABASE", "sqlite")]
        crowd = write_together([server.url for server in servers], department, writers=8, writes=writes)
        last = assert_whole(servers[0], department, crowd)
        assert last == 8 * writes
        here = servers[1].request("GET", f"/api/departments/{department}/changes?since=latest").json()
        for subscriber in subscribers:
            assert subscriber.wait_for_seq(last)
            assert subscriber.heard == list(range(1, last + 1))
            assert (subscriber.replica.position, subscriber.replica.digest) == (here["position"], here["digest"])
