"""Clients that flood, stall, send rubbish or come from elsewhere: they harm themselves, and nobody beside them."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import requests
import websocket

from tests.components.server import Server, StartServer
from toolchain.steps import ROOT

LIMIT = 64 * 1024


@pytest.fixture(scope="module", params=["eventlet", "threading"])
def server(request: pytest.FixtureRequest, start_shared_server: StartServer, tmp_path_factory: Any) -> Server:
    """Return a server on each engine."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    return start_shared_server(SOCKETIO_ASYNC_MODE=request.param, DATA_DIR=str(folder))


@contextmanager
def raw_client(server: Server, join: str | None = None, **options: Any) -> Iterator[websocket.WebSocket]:
    """Connects without a client library, into the namespace, and into a room where one is named."""
    with ExitStack() as stack:
        raw = websocket.create_connection(address(server), timeout=10, **options)
        stack.callback(raw.shutdown)
        assert str(raw.recv()).startswith("0{")
        raw.send("40")
        assert str(raw.recv()).startswith("40{")
        raw.recv()
        if join:
            raw.send(f'420["join_department",{{"department_id":"{join}"}}]')
            while not (frame := str(raw.recv())).startswith("43"):
                pass
            assert '"ok":true' in frame
        yield raw


def address(server: Server) -> str:
    return f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"


def end_of(raw: websocket.WebSocket, seconds: float = 10) -> int | None:
    """Reads to the end of a connection; gives the status it was closed with, 0 without one, None if it goes on."""
    raw.settimeout(seconds)
    try:
        while True:
            opcode, data = raw.recv_data(control_frame=True)
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int(struct.unpack("!H", data[:2])[0]) if len(data) >= 2 else 0
    except websocket.WebSocketTimeoutException:
        return None
    except (websocket.WebSocketException, OSError):
        return 0


def wire(raw: websocket.WebSocket) -> socket.socket:
    """Is what lies under a connection."""
    assert raw.sock is not None
    return raw.sock


def frame(data: bytes, opcode: int, *, final: bool) -> bytes:
    """Makes a masked frame."""
    return bytes(websocket.ABNF(int(final), 0, 0, 0, opcode, 1, data).format())


def send_fragments(raw: websocket.WebSocket, size: int, most: int) -> int:
    """Sends a message in fragments, for as long as somebody takes them; tells how many."""
    first, next_ = frame(b"4" * size, 1, final=False), frame(b"4" * size, 0, final=False)
    for sent in range(most):
        try:
            wire(raw).sendall(next_ if sent else first)
        except OSError:
            return sent
    return most


# Too much at once


def test_a_message_of_the_largest_size_is_read(server: Server) -> None:
    with raw_client(server) as raw:
        name = "x" * (LIMIT - 100)
        raw.send(f'420["join_department",{{"department_id":"{name}"}}]')
        while not (answer := str(raw.recv())).startswith("43"):
            pass
        assert '"code":"not-found"' in answer


def test_a_larger_message_ends_the_connection(server: Server) -> None:
    with raw_client(server) as raw:
        with suppress(OSError):
            raw.send('420["join_department",{"department_id":"' + "x" * LIMIT + '"}]')
        assert end_of(raw) in {1009, 0}
    assert_well(server)


@pytest.mark.parametrize("size", [1000, 100])
def test_a_larger_message_in_fragments_ends_the_connection(server: Server, size: int) -> None:
    with raw_client(server) as raw:
        send_fragments(raw, size, 3 * LIMIT // size)
        assert end_of(raw) in {1009, 0}
    assert_well(server)


@pytest.fixture(scope="module")
def eventlet_server(start_shared_server: StartServer, tmp_path_factory: Any) -> Server:
    """Return a server on eventlet, for what is about its WebSockets alone."""
    return start_shared_server(DATA_DIR=str(tmp_path_factory.mktemp("alone")))


def assert_well(server: Server) -> None:
    """Asserts that others are served, and that nothing failed."""
    with raw_client(server, join="directory"):
        pass
    assert server.request("GET", "/healthz").status_code == 200
    assert "Traceback" not in server.log


def test_endless_empty_fragments_end_the_connection(eventlet_server: Server) -> None:
    with raw_client(eventlet_server) as raw:
        many = frame(b"", 0, final=False) * 100
        with suppress(OSError):
            wire(raw).sendall(frame(b"", 1, final=False))
            for _ in range(LIMIT // 100 + 10):
                wire(raw).sendall(many)
        assert end_of(raw) in {1009, 0}
    assert_well(eventlet_server)


@pytest.mark.parametrize("headers", [{}, {"Sec-WebSocket-Key1": "4 @1  46546xW%0l 1 5", "Sec-WebSocket-Key2": "1"}])
def test_the_drafts_of_before_websockets_are_turned_away(eventlet_server: Server, headers: dict[str, str]) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Origin": eventlet_server.url, **headers}
    path = "/socket.io/?EIO=4&transport=websocket"
    with socket.create_connection(("127.0.0.1", eventlet_server.port), 5) as raw:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{eventlet_server.port}"]
        lines += [f"{name}: {value}" for name, value in upgrade.items()]
        raw.sendall("\r\n".join([*lines, "", "12345678"]).encode())
        assert int(raw.recv(1000).split()[1]) in {400, 426}
    assert_well(eventlet_server)


@contextmanager
def flooding(server: Server, data: bytes, clients: int = 1) -> Iterator[list[int]]:
    """Lets clients send the same again and again, and drop what they are told; yields how much each has sent."""
    stopped, sent = threading.Event(), [0] * clients

    def flood(number: int, raw: websocket.WebSocket) -> None:
        wire(raw).settimeout(0.2)
        while not stopped.is_set():
            with suppress(OSError):
                wire(raw).sendall(data)
                sent[number] += len(data)
                wire(raw).settimeout(0)
            with suppress(OSError):
                while wire(raw).recv(2**20):
                    pass
            wire(raw).settimeout(0.2)

    with ExitStack() as stack:
        threads = [
            threading.Thread(target=flood, args=(number, stack.enter_context(raw_client(server))))
            for number in range(clients)
        ]
        for thread in threads:
            thread.start()
        try:
            yield sent
        finally:
            stopped.set()
            for thread in threads:
                thread.join()


def seconds_of_a_get(server: Server, department: str, count: int = 15) -> float:
    """Tells how long a GET takes, as the median of some."""
    taken = []
    with requests.Session() as session:
        for _ in range(count):
            began = time.monotonic()
            assert session.get(f"{server.url}/api/departments/{department}", timeout=20).status_code == 200
            taken.append(time.monotonic() - began)
    return median(taken)


FLOODS: dict[str, Callable[[], bytes]] = {
    "largest": lambda: frame(b'42["join_department",{"department_id":"' + b"x" * (LIMIT - 60) + b'"}]', 1, final=True),
    "largest with an ack": lambda: frame(b'420["x",{"x":"' + b"x" * (LIMIT - 60) + b'"}]', 1, final=True),
    "pings": lambda: frame(b"", 9, final=True) * 500,
    "pongs": lambda: frame(b"3", 1, final=True) * 500,
}


@pytest.mark.alone
@pytest.mark.parametrize("flood", FLOODS)
def test_one_who_floods_does_not_hold_up_others(server: Server, flood: str) -> None:
    department = server.create_department(f"영업부 {flood}")
    quiet, before = seconds_of_a_get(server, department), resident(server)
    with flooding(server, FLOODS[flood]()) as sent:
        time.sleep(0.2)
        loud = seconds_of_a_get(server, department)
        assert sent[0] > 100_000, "there was no flood"
        after = resident(server)
    assert loud - quiet < 0.1, f"{quiet * 1000:.0f} ms became {loud * 1000:.0f} ms"
    assert after - before < 20, f"{before:.0f} MB became {after:.0f} MB"
    assert_well(server)


@pytest.mark.alone
def test_half_requests_hold_up_nobody(server: Server) -> None:
    department = server.create_department("영업부 slow")
    with ExitStack() as stack:
        for number in range(300):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 5))
            slow.sendall(
                [b"GET", b"GET / HTTP/1.1\r\nHost: x", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"][number % 3]
            )
        assert seconds_of_a_get(server, department) < 0.2
        assert_well(server)


# Rubbish


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("POST", "EIO=4&transport=polling&sid=nobody", b"40"),
        ("POST", "EIO=4&transport=polling", b"x" * 100),
        ("PUT", "EIO=4&transport=polling", b"40"),
        ("OPTIONS", "EIO=4&transport=polling", b""),
        ("GET", "EIO=4&transport=polling&sid=" + "x" * 3000, b""),
        ("GET", "EIO=4&transport=polling&t=%00%ff&j=x", b""),
        ("GET", "EIO=4&transport=websocket", b""),
    ],
)
def test_a_poll_that_is_none_harms_nobody(server: Server, method: str, query: str, body: bytes) -> None:
    answer = server.request(method, f"/socket.io/?{query}", data=body)
    assert answer.status_code < 500, answer.text
    assert_well(server)


@pytest.mark.parametrize(
    "payload",
    [b"", b"9", b"x", b"\x1e" * 100, b"4\x1e" * 2000, b"bAAAA", b"b!", b"\xff\xfe", b"42[\x1e4", b"1", b"41", b"6"],
)
def test_a_payload_that_is_none_ends_only_its_own_connection(server: Server, payload: bytes) -> None:
    path = "/socket.io/?EIO=4&transport=polling"
    opened = json.loads(server.request("GET", path).text[1:])
    here = f"{path}&sid={opened['sid']}"
    assert server.request("POST", here, data="40").text == "OK"
    assert server.request("POST", here, data=payload).status_code in {200, 400}
    assert_well(server)


@pytest.mark.parametrize("length", ["-5", "x", "99999999999", "", "1e3"])
def test_a_strange_length_of_a_payload_harms_nobody(server: Server, length: str) -> None:
    path = "/socket.io/?EIO=4&transport=polling"
    opened = json.loads(server.request("GET", path).text[1:])
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        head = f"POST {path}&sid={opened['sid']} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n40"
        raw.sendall(head.encode())
        raw.shutdown(socket.SHUT_WR)
        assert b" 50" not in raw.recv(1000)[:14]
    assert_well(server)


@pytest.mark.parametrize(
    ("request_head", "statuses"),
    [
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", {414, 400}),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"x" * 70_000 + b"\r\n\r\n", {400, 431}),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: x\r\n" * 20_000 + b"\r\n", {400, 431}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
        (b"GET\r\n\r\n", {400}),
    ],
    ids=["URL", "header", "headers", "TLS", "no request"],
)
def test_what_is_no_request_is_answered_without_a_trace(
    server: Server, request_head: bytes, statuses: set[int]
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        with suppress(OSError):
            raw.sendall(request_head)
        answer = b""
        with suppress(OSError):
            while more := raw.recv(10_000):
                answer += more
    assert b"Traceback" not in answer and b'File "' not in answer
    status = [int(word) for word in answer.split()[1:2] if word.isdigit()]
    assert set(status) <= statuses, answer[:200]
    assert_well(server)


# From elsewhere


def test_a_foreign_page_can_do_nothing(server: Server) -> None:
    foreign = {"Origin": "https://evil.example"}
    asked: list[tuple[str, str, dict[str, str], Any]] = [
        ("POST", "/api/departments", foreign, '{"name": "x"}'),
        ("POST", "/api/departments", {**foreign, "Content-Type": "text/plain"}, '{"name": "x"}'),
        ("POST", "/api/departments", {**foreign, "Content-Type": "application/x-www-form-urlencoded"}, "name=x"),
        ("POST", "/api/departments", {"Origin": "null"}, '{"name": "x"}'),
        ("POST", "/api/departments", {"Sec-Fetch-Site": "cross-site"}, '{"name": "x"}'),
        ("DELETE", "/api/departments/x", foreign, None),
        ("GET", "/socket.io/?EIO=4&transport=polling", foreign, None),
        ("GET", "/api/departments", {"Host": "evil.example"}, None),
        ("GET", "/socket.io/?EIO=4&transport=polling", {"Host": "evil.example"}, None),
        ("GET", "/api/departments", {"Host": f"evil.example:{server.port}", "Origin": "http://evil.example"}, None),
    ]
    before = server.request("GET", "/api/departments").json()
    for method, path, headers, body in asked:
        answer = server.request(method, path, headers={"Content-Type": "application/json", **headers}, data=body)
        assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json"), headers
        assert answer.json()["code"] == "forbidden"
        assert "Access-Control-Allow-Origin" not in answer.headers
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        websocket.create_connection(address(server), origin="https://evil.example", timeout=5)
    assert server.request("GET", "/api/departments").json() == before


def test_the_servers_own_page_and_programs_are_let_in(server: Server) -> None:
    for number, headers in enumerate(({"Origin": server.url}, {}, {"Sec-Fetch-Site": "same-origin"})):
        answer = server.request(
            "POST", "/api/departments", headers=headers, json={"name": f"own {number} {time.time()}"}
        )
        assert answer.status_code == 201, answer.text
    websocket.create_connection(address(server), origin=server.url, timeout=5).close()
    websocket.create_connection(address(server), suppress_origin=True, timeout=5).close()


def test_every_answer_carries_the_security_headers(server: Server) -> None:
    paths = [
        "/",
        "/api/departments",
        "/nothing",
        "/healthz",
        "/openapi.json",
        "/docs",
        "/static/js/main.js",
        "/metrics",
    ]
    answers = [server.request("GET", path) for path in paths]
    answers.append(server.request("GET", "/", headers={"Host": "evil.example"}))
    answers.append(server.request("POST", "/api/departments", data="{"))
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff", answer.url
        assert (
            "script-src" in answer.headers["Content-Security-Policy"]
            or "default-src 'none'" in (answer.headers["Content-Security-Policy"])
        )
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"]


def test_origins_and_names_that_are_allowed_are_let_in(start_server: StartServer) -> None:
    server = start_server(
        CORS_ORIGINS="https://app.example,https://two.example",
        PUBLIC_URL="https://calendar.example/team",
        ALLOWED_HOSTS="inside.example",
    )
    for number, headers in enumerate(
        (
            {"Origin": "https://app.example"},
            {"Origin": "https://two.example", "Host": "inside.example"},
            {"Origin": "https://calendar.example", "Host": "calendar.example"},
            {"Origin": "https://calendar.example"},
        )
    ):
        answer = server.request("POST", "/api/departments", headers=headers, json={"name": f"allowed {number}"})
        assert answer.status_code == 201, (headers, answer.text)
        socket_headers = {name: value for name, value in headers.items() if name == "Host"}
        websocket.create_connection(
            address(server), origin=headers["Origin"], host=socket_headers.get("Host"), timeout=5
        ).close()
    refused = server.request(
        "POST", "/api/departments", headers={"Origin": "https://three.example"}, json={"name": "x"}
    )
    assert refused.status_code == 403


# Too many, too quiet, too slow


def test_connections_of_an_address_and_joins_of_a_client_are_bounded(start_server: StartServer) -> None:
    server = start_server(MAX_CONNECTIONS_PER_ADDRESS="3", JOINS_PER_SECOND="1")
    with ExitStack() as stack:
        first = stack.enter_context(raw_client(server))
        for _ in range(2):
            stack.enter_context(raw_client(server))
        with pytest.raises((websocket.WebSocketException, OSError)):
            websocket.create_connection(address(server), timeout=5).recv()
        assert server.request("GET", "/socket.io/?EIO=4&transport=polling").status_code in {400, 401}
        codes = []
        for number in range(12):
            first.send(f'42{number}["join_department",{{"department_id":"directory"}}]')
            while not (answer := str(first.recv())).startswith("43"):
                pass
            ack = json.loads(answer[answer.index("[") :])[0]
            codes.append("ok" if ack["ok"] else ack["problem"]["code"])
        assert codes[:10] == ["ok"] * 10
        assert codes[-1] == "rate-limited"
    wait_for(lambda: server.request("GET", "/socket.io/?EIO=4&transport=polling").status_code == 200)


def test_a_connection_without_the_namespace_is_closed(start_server: StartServer) -> None:
    server = start_server()
    silent = websocket.create_connection(address(server), timeout=20)
    polling = json.loads(server.request("GET", "/socket.io/?EIO=4&transport=polling").text[1:])["sid"]
    began = time.monotonic()
    assert str(silent.recv()).startswith("0{")
    with raw_client(server) as member:
        assert end_of(silent, 20) == 0
        assert 8 < time.monotonic() - began < 15
        path = f"/socket.io/?EIO=4&transport=polling&sid={polling}"
        wait_for(lambda: server.request("GET", path).status_code == 400)
        member.send("420" + json.dumps(["leave_department", {"department_id": "directory"}]))
        while not str(member.recv()).startswith("43"):
            pass


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def resident(server: Server) -> float:
    """Tells how much memory a server has, in MB."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


BROADCASTS = 20_000
IMPORTER = ROOT / "tests" / "realtime" / "importer.py"


def test_a_member_that_does_not_read_costs_little_is_cut_and_comes_back(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server(DATA_DIR=str(tmp_path / "data"), LOG_LEVEL="info")
    department = server.create_department("영업부")
    small = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),)
    with raw_client(server, join=department) as reader, raw_client(server, join=department, sockopt=small) as stuck:
        write(tmp_path / "data", department, 200)
        while seq_of(str(reader.recv())) != 200:
            pass
        before = resident(server)
        most = before
        writing = threading.Thread(target=write, args=(tmp_path / "data", department, BROADCASTS))
        writing.start()
        seq = 0
        while seq < BROADCASTS + 200:
            seq = seq_of(str(reader.recv())) or seq
            if seq % 500 == 0:
                most = max(most, resident(server))
        writing.join()
        assert most - before < 10, f"{before:.1f} MB became {most:.1f} MB"
        wait_for(lambda: "does not read" in server.log)
        position = 0
        with suppress(websocket.WebSocketException, OSError):
            while True:
                found = seq_of(str(stuck.recv()))
                assert found in {None, position + 1}, "what it was sent had a gap"
                position = found or position
        assert position < BROADCASTS
    epoch = server.request("GET", f"/api/departments/{department}/changes?since=latest").json()["head"].split(":")[0]
    missed = server.request("GET", f"/api/departments/{department}/changes?since={epoch}:{position}").json()["changes"]
    assert [change["seq"] for change in missed] == list(range(position + 1, BROADCASTS + 201))


def write(folder: Path, department: str, count: int) -> None:
    """Writes so many events into a server's store from another process."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, str(IMPORTER), str(folder), department, str(count)], env=environment, check=True)


def seq_of(message: str) -> int | None:
    """Is the place in the log of what a frame tells, if it tells of a change."""
    return int(json.loads(message[2:])[1]["change"]["seq"]) if message.startswith('42["event_') else None
