"""Writers who write as fast as they can, repeat what was not answered, and remember what was acknowledged."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import requests

from tests.components.server import Server

PATIENCE = 60
"""Seconds for which a writer repeats one write."""


class Writer(threading.Thread):
    """Creates events and renames every third, until it is told to stop or has written enough.

    What makes its repeats safe is the id that it chose, or, if it is `keyed`, an idempotency key alone.
    """

    def __init__(self, url: str, department: str, *, writes: int = 10**9, keyed: bool = False) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[tuple[str, str]] = []
        """The id and the title of every write that was answered with success."""
        self.repeats = 0
        self.error: BaseException | None = None
        self._url = url
        self._department = department
        self._writes = writes
        self._keyed = keyed
        self._stopped = threading.Event()
        self._session = requests.Session()

    def run(self) -> None:
        """Write."""
        try:
            while len(self.acknowledged) < self._writes and not self._stopped.is_set():
                self._write_one()
        except BaseException as error:  # noqa: BLE001  is raised again in finish()
            self.error = error
        self._session.close()

    def finish(self) -> None:
        """Stop, and raise what went wrong."""
        self._stopped.set()
        self.wait()

    def wait(self) -> None:
        """Wait until it has written enough, and raise what went wrong."""
        self.join(PATIENCE + 10)
        assert not self.is_alive(), "a write is still not answered"
        if self.error:
            raise self.error

    def _write_one(self) -> None:
        number = len(self.acknowledged)
        if number % 3 == 2:
            event, title = self.acknowledged[-1][0], f"새 {uuid4()}"
            self._send("PUT", f"/api/events/{event}", {"title": title})
        else:
            title = f"글 {uuid4()}"
            chosen = {} if self._keyed else {"id": str(uuid4())}
            body = {**chosen, "title": title, "event_date": "2024-01-15"}
            event = self._send("POST", f"/api/events/{self._department}", body)["id"]
        self.acknowledged.append((event, title))

    def _send(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a write until it is answered, and return the answer."""
        headers = {"Idempotency-Key": str(uuid4())} if self._keyed else {}
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = self._session.request(method, self._url + path, json=body, headers=headers, timeout=15)
            except requests.RequestException:
                status, text = 0, "no answer"
            else:
                status, text = answer.status_code, answer.text
            if status in {200, 201}:
                return dict(answer.json())
            assert status in {0, 503}, text
            self.repeats += 1
            time.sleep(0.05)
        raise AssertionError(f"{method} {path}: {text}")


def write_together(urls: Sequence[str], department: str, *, writers: int, writes: int) -> list[Writer]:
    """Let so many writers, spread over the servers, make so many writes each."""
    crowd = [Writer(urls[number % len(urls)], department, writes=writes) for number in range(writers)]
    for writer in crowd:
        writer.start()
    for writer in crowd:
        writer.wait()
    return crowd


def assert_whole(server: Server, log: str, crowd: Sequence[Writer]) -> int:
    """Assert that a log has no gap, all that was acknowledged, and nothing twice; return its last `seq`."""
    head = server.request("GET", f"/api/departments/{log}/changes?since=latest").json()["head"]
    epoch, _, last = head.rpartition(":")
    page = server.request("GET", f"/api/departments/{log}/changes?since={epoch}:0").json()
    assert [change["seq"] for change in page["changes"]] == list(range(1, int(last) + 1))
    told = Counter((change["id"], change["data"]["title"]) for change in page["changes"])
    acknowledged = [write for writer in crowd for write in writer.acknowledged]
    assert not [write for write in acknowledged if write not in told], "an acknowledged write is lost"
    assert set(told.values()) <= {1}, "a write happened twice"
    assert len({title for _, title in told}) == len(told), "a creation made two events"
    versions: dict[str, int] = {}
    for change in page["changes"]:
        assert change["version"] == versions.get(change["id"], 0) + 1
        versions[change["id"]] = change["version"]
    listed = server.request("GET", f"/api/events/{log}").json()
    assert {event["id"]: event["version"] for event in listed} == versions
    return int(last)


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Do something so many times at once; the answers, in order."""
    barrier, answers = threading.Barrier(count), [None] * count

    def one(number: int) -> None:
        barrier.wait()
        answers[number] = work(number)

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers
