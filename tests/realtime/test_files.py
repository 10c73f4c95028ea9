"""The folder store behind a real server, on both engines: memory, broken connections, other origins, restarts."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests

from backend.settings import BadSetting, Settings
from backend.storage.filesystem import FolderStore
from backend.storage.keys import Key, file_key
from backend.storage.objects import SignedRequest
from backend.storage.opening import open_store
from tests.components.s3 import S3Server
from tests.components.server import Server, StartServer

MEGABYTE = 1024 * 1024
SIZE = 64 * MEGABYTE
GROWTH = 32 * MEGABYTE
"""What a server's memory may grow by, however large a file is."""

PAGE = "https://intranet.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the servers have in common."""
    return tmp_path_factory.mktemp("shared") / "data"


@pytest.fixture(scope="module", params=["eventlet", "threading"])
def server(request: pytest.FixtureRequest, start_shared_server: StartServer, folder: Path) -> Server:
    return start_shared_server(SOCKETIO_ASYNC_MODE=request.param, CORS_ORIGINS=PAGE, DATA_DIR=str(folder))


@pytest.fixture
def store(server: Server, folder: Path) -> FolderStore:
    """Return the store that the server has, in another process: both sign with the secret in their folder."""
    opened = open_store(Settings(data_dir=folder))
    assert isinstance(opened, FolderStore)
    return opened


@pytest.fixture
def key() -> Key:
    return file_key(str(uuid4()))


def later() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=10)


def signed_put(store: FolderStore, key: Key, size: int, checksum: str | None = None) -> SignedRequest:
    return store.sign_put(
        key, size=size, mime_type="application/octet-stream", checksum_sha256=checksum, expires_at=later()
    )


def resident(server: Server) -> int:
    """Return the bytes of memory that the server has."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def generated(size: int) -> Iterator[bytes]:
    for number in range(size // MEGABYTE):
        yield number.to_bytes(1, "big") * MEGABYTE


class Body:
    """Is a body that is made while it is sent, with a length."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        return generated(self._size)


def test_large_files_come_and_go_in_little_memory(server: Server, store: FolderStore, key: Key) -> None:
    digest = sha256()
    for chunk in generated(SIZE):
        digest.update(chunk)
    signed = signed_put(store, key, SIZE, digest.hexdigest())
    requests.get(server.url + "/healthz", timeout=5)
    before = resident(server)
    answer = requests.put(server.url + signed.url, data=Body(SIZE), headers=signed.headers, timeout=60)
    assert answer.status_code == 200, answer.text
    got = store.sign_get(key, file_name="영상.mp4", mime_type="video/mp4", disposition="inline", expires_at=later())
    came = sha256()
    with requests.get(server.url + got.url, stream=True, timeout=60) as download:
        assert int(download.headers["Content-Length"]) == SIZE
        for chunk in download.iter_content(MEGABYTE):
            came.update(chunk)
    assert came.hexdigest() == digest.hexdigest()
    assert resident(server) - before < GROWTH


def test_a_connection_that_breaks_leaves_nothing_and_can_go_on(
    server: Server, store: FolderStore, key: Key, folder: Path
) -> None:
    signed = signed_put(store, key, MEGABYTE)
    address = urlsplit(server.url)
    head = f"PUT {signed.url} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {MEGABYTE}\r\n"
    head += f"Content-Type: {signed.headers['Content-Type']}\r\n\r\n"
    incoming = folder / "objects" / "incoming"
    with socket.create_connection((address.hostname or "", address.port or 0)) as connection:
        connection.sendall(head.encode() + bytes(MEGABYTE // 2))
        wait_until(lambda: incoming.is_dir() and bool(list(incoming.iterdir())))
    wait_until(lambda: not list(incoming.iterdir()))
    assert store.head(key) is None
    answer = requests.put(server.url + signed.url, data=bytes(MEGABYTE), headers=signed.headers, timeout=10)
    assert answer.status_code == 200


def wait_until(holds: Any) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_body_that_was_not_granted_is_not_read(server: Server, store: FolderStore, key: Key) -> None:
    signed = signed_put(store, key, 10)
    address = urlsplit(server.url)
    head = f"PUT {signed.url} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {1 << 32}\r\n"
    head += "Content-Type: application/octet-stream\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection((address.hostname or "", address.port or 0)) as connection:
        connection.settimeout(10)
        connection.sendall(head.encode())
        with connection.makefile("rb") as answer:  # werkzeug says "100 Continue" before it asks anybody
            lines = iter(answer.readline, b"")
            assert next(line for line in lines if line.startswith(b"HTTP/1.1") and b" 100 " not in line)[9:12] == b"422"


def test_addresses_outlive_the_process_that_signed_them(server: Server, store: FolderStore, key: Key) -> None:
    signed = signed_put(store, key, 10)
    server.stop()
    server.start()
    assert requests.put(server.url + signed.url, data=bytes(10), headers=signed.headers, timeout=10).status_code == 200
    stored = store.head(key)
    assert stored is not None
    assert stored.size == 10


def test_pages_of_other_origins_use_addresses_only_where_they_may(server: Server, store: FolderStore, key: Key) -> None:
    signed = signed_put(store, key, 10)

    def put(origin: str) -> requests.Response:
        headers = {**signed.headers, "Origin": origin}
        return requests.put(server.url + signed.url, data=bytes(10), headers=headers, timeout=10)

    assert put("https://evil.example").status_code == 403
    asked = {"Origin": PAGE, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    preflight = requests.options(server.url + signed.url, headers=asked, timeout=10)
    assert preflight.headers["Access-Control-Allow-Origin"] == PAGE
    assert "PUT" in preflight.headers["Access-Control-Allow-Methods"]
    answer = put(PAGE)
    assert answer.status_code == 200
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    assert put(server.url).status_code == 412  # its own page may, but it is there already


def policy_of(server: Server) -> dict[str, str]:
    policy = server.request("GET", "/").headers["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))


def test_pages_may_use_the_files_of_the_servers_own_store(server: Server) -> None:
    own = policy_of(server)
    assert all(own[name].startswith("'self'") for name in ("img-src", "media-src", "connect-src", "frame-src"))
    assert not [each for each in own.values() if "http" in each]


def test_a_server_on_s3_lets_its_pages_use_the_bucket(start_server: StartServer, s3_server: S3Server) -> None:
    server = start_server(**s3_server.settings(s3_server.make_bucket()))
    policy = policy_of(server)
    assert policy["script-src"] == "'self'"
    assert all(s3_server.endpoint in policy[name].split() for name in ("img-src", "media-src", "connect-src"))
    assert server.request("GET", "/readyz").json()["parts"] == {"database": "ok", "object_store": "ok"}
    assert server.request("GET", "/files/download?grant=x&signature=y").status_code == 404


def test_a_server_whose_bucket_is_not_there_is_not_ready(start_server: StartServer, s3_server: S3Server) -> None:
    answer = start_server(**s3_server.settings("not-there")).request("GET", "/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"database": "ok", "object_store": "does not answer"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"OBJECT_STORE": "s3"}, "S3_BUCKET="),
        ({"OBJECT_STORE": "ftp"}, "OBJECT_STORE="),
        ({"SIGNED_URL_TTL": "7200"}, "SIGNED_URL_TTL="),
        ({"CDN_BASE_URL": "https://cdn.example"}, "CDN_BASE_URL="),
        ({"S3_REPLICATE_TO": "copies"}, "S3_REPLICATE_TO="),
        ({"S3_LIFECYCLE": "glacier"}, "S3_LIFECYCLE="),
    ],
)
def test_settings_that_cannot_work_stop_the_start_with_one_line(settings: dict[str, str], said: str) -> None:
    with pytest.raises(BadSetting) as refused:
        Settings.from_env(settings)
    assert str(refused.value).startswith(said)
    assert os.linesep not in str(refused.value)
