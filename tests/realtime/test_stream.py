"""The log as Server-Sent Events: in order, resumed from where a client was, and ended with a reason."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pytest
import requests

from backend.api import stream as stream_module
from tests.components.server import Server
from tests.faults.crowd import together
from tests.in_process import Api, code_of, serving
from tests.replica import Replica

STREAM = "text/event-stream"
Event = dict[str, str]


@contextmanager
def following(server: Server, log: str, since: str | None = None, **headers: str) -> Iterator[Iterator[Event]]:
    """Follows a log; yields what comes, each with its `id`, `event` and `data`, and comments by `comment`."""
    query = "" if since is None else f"?since={since}"
    named = {"Accept": STREAM, **{name.replace("_", "-"): value for name, value in headers.items()}}
    address = f"{server.url}/api/departments/{log}/changes{query}"
    with requests.get(address, headers=named, stream=True, timeout=20) as answer:
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, f"{STREAM}; charset=utf-8")
        assert answer.headers["Cache-Control"] == "no-store"
        yield events_of(line.decode() for line in answer.iter_lines(chunk_size=1))


def events_of(lines: Iterator[str]) -> Iterator[Event]:
    """Reads events as a browser does (WHATWG HTML, section 9.2.6)."""
    event: Event = {}
    for line in lines:
        if not line and event:
            yield event
            event = {}
        elif line.startswith(":"):
            event["comment"] = line[1:].strip()
        elif line:
            name, _, value = line.partition(":")
            event[name] = value.removeprefix(" ")


def change_of(event: Event) -> dict[str, Any]:
    return dict(json.loads(event["data"]))


def test_a_snapshot_comes_first_and_then_what_happens(server: Server, department: str) -> None:
    for title in ("하나", "둘"):
        server.create_event(department, title)
    with following(server, department) as events:
        living, position = list(islice(events, 2)), next(events)
        assert all("id" not in event for event in living), "a snapshot's entry is no position"
        assert set(position) == {"id"}
        copy = Replica(department)
        copy.replace(map(change_of, living), position["id"])
        for title in ("셋", "넷"):
            server.create_event(department, title)
            event = next(events)
            copy.follow(change_of(event))
            assert event["id"] == copy.position
    here = server.request("GET", f"/api/departments/{department}/changes?since=latest").json()
    assert (copy.position, copy.digest) == (here["position"], here["digest"])


def test_latest_begins_with_what_happens_next(server: Server, department: str) -> None:
    server.create_event(department, "하나")
    with following(server, department, "latest") as events:
        assert set(next(events)) == {"id"}
        server.create_event(department, "둘")
        assert change_of(next(events))["data"]["title"] == "둘"


def test_a_browser_that_comes_back_goes_on_from_its_last_event(server: Server, department: str) -> None:
    with following(server, department, "latest") as events:
        begin = next(events)["id"]
        server.create_event(department, "하나")
        last = next(events)["id"]
    for title in ("둘", "셋"):
        server.create_event(department, title)
    with following(server, department, since=begin, Last_Event_ID=last) as events:  # it repeats its address
        assert next(events)["id"] == last
        assert [change_of(event)["data"]["title"] for event in islice(events, 2)] == ["둘", "셋"]


def test_many_writers_are_told_in_order_without_a_gap(server: Server, department: str) -> None:
    readers, writers, each = 3, 4, 8
    seen: list[list[int]] = [[] for _ in range(readers)]

    def read(number: int, begun: threading.Barrier) -> None:
        with following(server, department, "latest") as events:
            next(events)
            begun.wait()
            seen[number] += [change_of(event)["seq"] for event in islice(events, writers * each)]

    begun = threading.Barrier(readers + 1)
    threads = [threading.Thread(target=read, args=(number, begun), daemon=True) for number in range(readers)]
    for thread in threads:
        thread.start()
    begun.wait()
    together(writers, lambda writer: [server.create_event(department, f"{writer}-{n}") for n in range(each)])
    for thread in threads:
        thread.join(20)
    assert seen == [list(range(1, writers * each + 1))] * readers


def test_a_deleted_department_ends_its_streams_with_a_problem(server: Server, department: str) -> None:
    with following(server, department, "latest") as events:
        next(events)
        server.request("DELETE", f"/api/departments/{department}")
        event = next(events)
        assert event["event"] == "problem"
        assert json.loads(event["data"])["code"] == "not-found"
        assert list(events) == []


@pytest.mark.parametrize("since", ["other:1", "{epoch}:99"])
def test_what_cannot_be_resumed_is_410_before_the_stream_begins(server: Server, department: str, since: str) -> None:
    server.create_event(department, "하나")
    head = server.request("GET", f"/api/departments/{department}/changes?since=latest").json()["head"]
    position = since.format(epoch=head.split(":")[0])
    for query, headers in ((f"?since={position}", {}), ("", {"Last-Event-ID": position})):
        answer = server.request(
            "GET", f"/api/departments/{department}/changes{query}", headers={"Accept": STREAM, **headers}
        )
        assert (answer.status_code, answer.json()["code"], answer.json()["action"]) == (
            410,
            "position-expired",
            "replace",
        )
        assert answer.headers["Cache-Control"] == "no-store"


@contextmanager
def in_process(monkeypatch: pytest.MonkeyPatch, silence: float = 15.0) -> Iterator[tuple[Api, str]]:
    """Serves in this process, with a relay that runs."""
    monkeypatch.setattr(stream_module, "SILENCE", silence)
    with serving() as api:
        relay = threading.Thread(target=api.dayroom.relay.run, daemon=True)
        relay.start()
        yield api, api.department()["id"]
        api.dayroom.relay.stop()
        relay.join(5)


def frames(api: Api, log: str, query: str) -> Any:
    """Opens a stream; its chunks come one by one, and `close` is the client that goes."""
    answer = api.client.get(f"/api/departments/{log}/changes?{query}", headers={"Accept": STREAM}, buffered=False)
    assert answer.status_code == 200
    return answer


def test_a_silent_stream_says_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_process(monkeypatch, silence=0.05) as (api, department):
        answer = frames(api, department, "since=latest")
        chunks = (chunk.decode() for chunk in answer.response)
        assert next(chunks).startswith("id: ")
        assert [next(chunks), next(chunks)] == [": alive\n\n"] * 2
        api.event(department)
        assert "event" in next(chunk for chunk in chunks if chunk != ": alive\n\n")
        answer.close()


def test_a_client_that_goes_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_process(monkeypatch, silence=0.05) as (api, department):
        rooms = api.dayroom.relay._rooms
        answer = frames(api, department, "since=latest")
        chunks = iter(answer.response)
        next(chunks)
        next(chunks)
        assert list(rooms) == [department]
        answer.close()
        assert list(rooms) == []


def test_many_streams_of_one_log_end_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_process(monkeypatch, silence=0.05) as (api, department):
        answers = [frames(api, department, "since=latest") for _ in range(3)]
        chunks = [iter(answer.response) for answer in answers]
        for each in chunks:
            next(each)
            next(each)
        answers[0].close()
        api.event(department)
        for each in chunks[1:]:
            assert b'"seq": 1' in next(chunk for chunk in each if chunk != b": alive\n\n")
        for answer in answers[1:]:
            answer.close()
        assert not api.dayroom.relay._rooms


def test_a_position_under_the_floor_is_410(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_process(monkeypatch) as (api, department):
        answer = api.call("GET", f"/api/departments/{department}/changes?since=a:1", headers={"Accept": STREAM})
        assert code_of(answer) == (410, "position-expired")
