"""A subscriber as the contract wants one (sections 4 and 5), on python-socketio: it copies a log, and heals the copy.

Live messages are held until the join's ack is in; what is not next makes it ask `changes`; every reconnect joins with
the position that it has. Beside the copy it keeps, as they came, the messages that it heard.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import engineio
import requests
import socketio

from tests.replica import Gone, Json, Replica, catch_up, take_snapshot

LIVE = [f"{kind}_{op}" for kind in ("event", "department") for op in ("created", "updated", "deleted")]


class OrderedTransport(engineio.Client):  # type: ignore[misc]  # the library has no types
    """Handles each message before it reads the next; the library's own starts a thread for each, and mixes them up."""

    def _trigger_event(self, event: str, *args: Any, **options: Any) -> Any:
        return super()._trigger_event(event, *args, **options | {"run_async": False})


class OrderedClient(socketio.Client):  # type: ignore[misc]  # the same
    """Is a Socket.IO client that hears everything in the order in which it came."""

    def _engineio_client_class(self) -> type[engineio.Client]:
        return OrderedTransport


class Subscriber:
    """Follows one log of one server, through its deaths if need be."""

    def __init__(self, url: str, log: str, *, transports: Iterable[str] = ("websocket",)) -> None:
        self.url = url
        self.log = log
        self.replica = Replica(log)
        self.joins = 0
        self.snapshots = 0
        self.heard: list[int] = []
        """Every `seq` of a live message, as it came."""
        self.messages: list[tuple[str, Any]] = []
        """Every message, as it came, by its name."""
        self._held: list[Json] | None = []
        self._news = threading.Condition()
        self._transports = list(transports)
        self._session = requests.Session()
        self._polls = requests.Session()  # the library does not close its own
        self.client = OrderedClient(
            reconnection_delay=0.1, reconnection_delay_max=0.3, randomization_factor=0.05, http_session=self._polls
        )
        self.client.on("connect", self._join)
        self.client.on("*", self._receive)

    def __enter__(self) -> Subscriber:
        """Connect, join, and wait until the copy is whole."""
        self.client.connect(self.url, transports=self._transports, wait_timeout=10)
        assert self.wait(lambda: self.joins > 0), "the join was not answered"
        return self

    def __exit__(self, *_: object) -> None:
        """Leave for good."""
        self.client.shutdown()
        self._session.close()
        self._polls.close()

    def wait(self, condition: Callable[[], bool], seconds: float = 10) -> bool:
        """Wait until a condition holds; False if it does not in time."""
        deadline = time.monotonic() + seconds
        with self._news:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._news.wait(min(left, 0.05))
        return True

    def wait_for_seq(self, seq: int, seconds: float = 15) -> bool:
        """Wait until the copy has reached a place in the log."""
        return self.wait(lambda: self.replica.position is not None and self.replica.seq >= seq, seconds)

    def names(self) -> list[str]:
        """List what it heard, by name."""
        return [name for name, _ in self.messages]

    def _join(self) -> None:
        self._held = []
        since = {"since": self.replica.position} if self.replica.position else {}
        self.client.emit("join_department", {"department_id": self.log, **since}, callback=self._joined)

    def _joined(self, ack: Json) -> None:
        assert ack["ok"], ack
        if self.replica.position is None or (not ack["recovered"] and ack["reason"] != "too-far"):
            self._replace()
        elif ack["recovered"]:
            for change in ack["changes"]:
                self.replica.follow(change)
            assert self.replica.digest == ack["digest"]
        else:
            self._catch_up()
        held, self._held = self._held or [], None
        for change in held:
            self._take(change)
        with self._news:
            self.joins += 1
            self._news.notify_all()

    def _receive(self, name: str, data: Any) -> None:
        if name in LIVE and "change" in data:
            self.heard.append(data["change"]["seq"])
            if self._held is None:
                self._take(self._entry(name, data))
            else:
                self._held.append(self._entry(name, data))
        with self._news:
            self.messages.append((name, data))
            self._news.notify_all()

    def _entry(self, name: str, data: Json) -> Json:
        """Make of a live message what `changes` would tell; a deletion does not say its version, it is the last."""
        kind, _, op = name.partition("_")
        entity = {member: value for member, value in data.items() if member != "change"}
        version = data.get("version", 2**63)
        return {**data["change"], "type": kind, "op": op, "id": data["id"], "version": version, "data": entity}

    def _take(self, change: Json) -> None:
        if change["epoch"] == self.replica.epoch and change["seq"] <= self.replica.seq:
            return
        if (change["epoch"], change["seq"]) == (self.replica.epoch, self.replica.seq + 1):
            self.replica.follow(change)
        else:
            self._catch_up()

    def _catch_up(self) -> None:
        try:
            catch_up(self._get, self.replica)
        except Gone:
            self._replace()

    def _replace(self) -> None:
        self.snapshots += 1
        self.replica = take_snapshot(self._get, self.log)

    def _get(self, path: str) -> tuple[int, Json]:
        """Ask the server, again while it is away; in the end its next join would ask the same."""
        for _ in range(200):
            try:
                answer = self._session.get(self.url + path, timeout=10)
            except requests.RequestException:
                time.sleep(0.1)
                continue
            if answer.status_code < 500:
                return answer.status_code, answer.json()
            time.sleep(0.1)
        raise AssertionError(f"{self.url} does not answer")
