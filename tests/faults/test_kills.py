"""A server that is killed under load, five times: what it acknowledged stays, and everybody ends with the same."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack

from tests.components.server import StartServer
from tests.faults.crowd import Writer, assert_whole
from tests.subscriber import Subscriber

KILLS = 5


def test_five_kills_under_load(start_server: StartServer, store_settings: dict[str, str]) -> None:
    server = start_server(**store_settings)
    department = server.create_department("영업부")
    with ExitStack() as stack:
        subscribers = [
            stack.enter_context(Subscriber(server.url, department, transports=[transport]))
            for transport in ("websocket", "websocket", "polling")
        ]
        crowd = [Writer(server.url, department) for _ in range(4)]
        for writer in crowd:
            writer.start()
        for _ in range(KILLS):
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
