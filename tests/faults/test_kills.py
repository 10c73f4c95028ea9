"""A server that is killed under load, again and again: what it acknowledged stays, and all end with the same."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack

from tests.components.server import Server, StartServer
from tests.faults.crowd import Writer, assert_whole
from tests.subscriber import Subscriber

KILLS = {"sqlite": 8, "dynamodb": 5}


def test_kills_under_load(start_server: StartServer, store_settings: dict[str, str]) -> None:
    kills = KILLS[store_settings.get("DATABASE", "sqlite")]
    assert_survives(start_server(**store_settings), kills)


def assert_survives(server: Server, kills: int) -> None:
    """Kill a server so often under eight writers; half of them repeat by their ids, half by their keys."""
    department = server.create_department("영업부")
    with ExitStack() as stack:
        subscribers = [
            stack.enter_context(Subscriber(server.url, department, transports=[transport]))
            for transport in ("websocket", "websocket", "polling")
        ]
        crowd = [Writer(server.url, department, keyed=number % 2 == 0) for number in range(8)]
        for writer in crowd:
            writer.start()
        for _ in range(kills):
            time.sleep(random.uniform(0.3, 0.8))
            server.kill()
            server.start()
        time.sleep(0.5)
        for writer in crowd:
            writer.finish()
        last = assert_whole(server, department, crowd)
        assert all(writer.repeats for writer in crowd), "nobody noticed a kill"
        here = server.request("GET", f"/api/departments/{department}/changes?since=latest").json()
        for subscriber in subscribers:
            assert subscriber.wait_for_seq(last, 30)
            assert subscriber.joins > 1
            assert (subscriber.replica.position, subscriber.replica.digest) == (here["position"], here["digest"])
            assert subscriber.snapshots == 1, "a position was good for nothing"
