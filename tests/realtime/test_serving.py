"""A server's life: how it starts, how it refuses to, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests
import socketio

from tests.components.server import Server, StartServer
from tests.subscriber import Subscriber
from toolchain.steps import ROOT


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs the program to its end."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "data"), **settings}
    command = [sys.executable, "-m", "backend", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=30, check=False)


def test_a_server_serves_on_either_store(start_server: StartServer, store_settings: dict[str, str]) -> None:
    server = start_server(**store_settings)
    department = server.create_department("영업부")
    assert server.create_event(department, "회의")["title"] == "회의"
    assert server.request("GET", "/readyz").json()["status"] == "ready"
    assert server.terminate() == 0


def test_a_body_in_chunks_is_read_and_one_cut_off_is_refused(start_server: StartServer, engine: str) -> None:
    server = start_server(SOCKETIO_ASYNC_MODE=engine)
    body = '{"name": "개발팀"}'.encode()
    answer = server.request(
        "POST", "/api/departments", data=iter([body[:5], body[5:]]), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["name"]) == (201, "개발팀")
    head = b"POST /api/departments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    for sent in (
        head + b"Content-Length: 30\r\n\r\n" + b'{"name": "x"}',
        head + b"Transfer-Encoding: chunked\r\n\r\nd\r\n" + b'{"name": "x"}\r\n',
        head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + b'{"name": "x"}\r\n',
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
            raw.sendall(sent)
            raw.shutdown(socket.SHUT_WR)
            said = raw.recv(4096)
        assert said == b"" or said.split()[1] == b"400", said
    assert [each["name"] for each in server.request("GET", "/api/departments").json()] == ["개발팀"]


def test_rooms_work_on_either_engine(start_server: StartServer, engine: str) -> None:
    server = start_server(SOCKETIO_ASYNC_MODE=engine)
    department = server.create_department("영업부")
    with (
        Subscriber(server.url, department) as by_websocket,
        Subscriber(server.url, department, transports=["polling"]) as by_polling,
    ):
        for number in range(20):
            server.create_event(department, str(number))
        for subscriber in (by_websocket, by_polling):
            assert subscriber.wait_for_seq(20)
            assert subscriber.heard == list(range(1, 21))
        assert server.terminate() == 0


def test_sigterm_lets_a_request_under_way_end(start_server: StartServer, engine: str) -> None:
    server = start_server(SOCKETIO_ASYNC_MODE=engine)
    department = server.create_department("영업부")
    body = b'{"title": "' + "회의".encode() + b'", "event_date": "2024-01-15"}'
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        head = f"POST /api/events/{department} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body[:20])
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert server.process.poll() is None
        connection.sendall(body[20:])
        assert connection.recv(65536).startswith(b"HTTP/1.1 201")
    assert server.process.wait(10) == 0


def test_sigterm_ends_a_server_under_load_in_time_and_without_a_word(start_server: StartServer, engine: str) -> None:
    server = start_server(SOCKETIO_ASYNC_MODE=engine, LOG_LEVEL="warning")
    department = server.create_department("영업부")
    stop = threading.Event()

    def write() -> None:
        with requests.Session() as session:
            while not stop.is_set():
                try:
                    body = {"title": "회의", "event_date": "2024-01-15"}
                    session.post(f"{server.url}/api/events/{department}", json=body, timeout=5)
                except requests.RequestException:
                    return

    writers = [threading.Thread(target=write, daemon=True) for _ in range(4)]
    with Subscriber(server.url, department), Subscriber(server.url, department, transports=["polling"]):
        for writer in writers:
            writer.start()
        time.sleep(0.5)
        began = time.monotonic()
        assert server.terminate() == 0
        assert time.monotonic() - began < 4
        stop.set()
    for writer in writers:
        writer.join(10)
    assert server.log.splitlines() == [f"Dayroom is ready at {server.url}"]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_server_that_has_nothing_to_do(
    start_server: StartServer, sign: signal.Signals, engine: str
) -> None:
    server = start_server(SOCKETIO_ASYNC_MODE=engine)
    server.process.send_signal(sign)
    assert server.process.wait(5) == 0


def test_a_second_server_on_the_same_port_says_one_clear_line(
    start_server: StartServer, tmp_path: Path, engine: str
) -> None:
    server = start_server(SOCKETIO_ASYNC_MODE=engine)
    refused = run(tmp_path, PORT=str(server.port), SOCKETIO_ASYNC_MODE=engine)
    assert refused.returncode == 1
    [line] = refused.stderr.splitlines()
    assert line.startswith("dayroom: cannot start: ") and str(server.port) in line
    assert refused.stdout == ""
    assert server.request("GET", "/healthz").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("DATABASE", "oracle"),
        ("DEFAULT_TIMEZONE", "Mars/Base"),
        ("LOG_LEVEL", "all"),
    ],
)
def test_a_bad_setting_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    refused = run(tmp_path, **{name: value})
    assert (refused.returncode, refused.stdout) == (2, "")
    [line] = refused.stderr.splitlines()
    assert name in line and value in line


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/dayroom.db").write_bytes(b"no database" * 100)
    refused = run(tmp_path, PORT="0")
    assert refused.returncode == 1
    [line] = refused.stderr.splitlines()
    assert line.startswith("dayroom: cannot start: ") and "dayroom.db" in line
    assert (tmp_path / "data/dayroom.db").read_bytes() == b"no database" * 100


def test_a_server_that_is_started_again_goes_on_where_it_was(start_server: StartServer) -> None:
    server = start_server()
    department = server.create_department("영업부")
    server.create_event(department, "회의")
    server.kill()
    server.start()
    assert [event["title"] for event in server.request("GET", f"/api/events/{department}").json()] == ["회의"]


def test_a_member_that_does_not_read_stops_nobody(start_server: StartServer, engine: str) -> None:
    server = start_server(SOCKETIO_ASYNC_MODE=engine)
    department = server.create_department("영업부")
    deaf = deaf_member(server, department)
    with Subscriber(server.url, department) as subscriber, deaf:
        for number in range(60):
            began = time.monotonic()
            server.create_event(department, str(number), description="가" * 20_000)
            assert time.monotonic() - began < 2
        assert subscriber.wait_for_seq(60)
        assert subscriber.heard == list(range(1, 61))
    assert server.terminate() == 0


def deaf_member(server: Server, department: str) -> socket.socket:
    """Joins a room over a WebSocket, and reads nothing from then on."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    head = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    head += f"Host: 127.0.0.1:{server.port}\r\nSec-WebSocket-Version: 13\r\n"
    head += "Sec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n\r\n"
    connection.sendall(head.encode())
    time.sleep(0.2)
    for text in ("40", f'420["join_department",{{"department_id":"{department}"}}]'):
        connection.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text.encode())
        time.sleep(0.2)
    assert b'"ok":true' in connection.recv(4096)
    return connection


def test_members_that_vanish_stop_nobody(start_server: StartServer, engine: str) -> None:
    server = start_server(SOCKETIO_ASYNC_MODE=engine)
    department = server.create_department("영업부")
    with Subscriber(server.url, department) as subscriber:
        for number in range(20):
            client = socketio.SimpleClient(reconnection=False)
            client.connect(server.url, transports=["websocket"])
            client.emit("join_department", {"department_id": department})
            client.client.eio.ws.sock.close()  # no goodbye, with the join perhaps still under way
            server.create_event(department, str(number))
        assert subscriber.wait_for_seq(20)
        assert subscriber.heard == list(range(1, 21))
