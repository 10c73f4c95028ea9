"""300 MB on a bad line: 20 % of the parts fail, and the client is killed three times."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests

from tests.components.meter import metered
from tests.components.s3 import S3Server
from tests.components.server import Server, StartServer
from tests.files import uploader

SIZE: Final = 300 * 1024**2 + 12_345
KILLED_AFTER: Final = (3, 8, 14)
"""After how many parts of its own each client is killed."""
MEMORY: Final = 64 * 1024
"""By how many kB a server's memory may grow while 300 MB pass through it."""
TALK: Final = 2 * 1024**2
"""Bytes that may pass a server which only says where the bytes of a file go."""


@dataclass(frozen=True)
class Film:
    """Is a large file."""

    file: Path
    size: int
    checksum: str


def make_film(file: Path, size: int) -> Film:
    """Make a file with holes, no two parts of which are the same."""
    with file.open("wb") as sink:
        for start in range(0, size, 4 * 1024**2):
            sink.seek(start)
            sink.write(uuid4().bytes)
        sink.truncate(size)
    with file.open("rb") as source:
        return Film(file, size, file_digest(source, "sha256").hexdigest())


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Make the file that all tests upload."""
    return make_film(tmp_path_factory.mktemp("film") / "film", SIZE)


def memory_of(server: Server) -> int:
    """Tell the most memory that a server's process ever had, in kB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def client(url: str, film: Film, attachment: str, department: str) -> subprocess.Popen[str]:
    words = [url, film.file, attachment, department, film.checksum]
    return subprocess.Popen(
        [sys.executable, uploader.__file__, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def upload(server: Server, url: str, film: Film) -> tuple[str, set[str]]:
    """Upload by clients, three of which are killed in turn; give the attachment, and where its parts went.

    `url` is where the clients find the server.
    """
    attachment, department, went = str(uuid4()), server.create_department("영상"), set()
    for parts in (*KILLED_AFTER, None):
        process = client(url, film, attachment, department)
        assert process.stdout
        for number, line in enumerate(process.stdout, 1):
            went.add(line.split()[-1])
            if number == parts:
                process.kill()
                break
        _, said = process.communicate(timeout=600)
        assert parts is not None or process.returncode == 0, said
    assert "ready" in went
    return attachment, went - {"ready"}


def check_whole(server: Server, attachment: str, film: Film, verified: str) -> None:
    found = server.request("GET", f"/api/attachments/{attachment}").json()
    assert (found["status"], found["file_size"], found["verified"]) == ("ready", film.size, verified)
    digest = sha256()
    with requests.get(f"{server.url}/api/attachments/{attachment}/download", stream=True, timeout=60) as answer:
        for chunk in answer.iter_content(1024**2):
            digest.update(chunk)
    assert digest.hexdigest() == film.checksum


def test_300_mb_come_whole_into_the_folder_and_the_servers_memory_stays_flat(
    start_server: StartServer, film: Film
) -> None:
    server = start_server()
    before = memory_of(server)
    attachment, went = upload(server, server.url, film)
    check_whole(server, attachment, film, "object")
    assert went == {f"127.0.0.1:{server.port}"}
    assert memory_of(server) - before < MEMORY


def test_300_mb_come_whole_to_s3_and_no_byte_of_them_passes_the_server(
    start_server: StartServer, s3_server: S3Server, film: Film
) -> None:
    _, passed = to_s3(start_server, s3_server, film)
    assert 0 < passed < TALK


def to_s3(start_server: StartServer, s3_server: S3Server, film: Film) -> tuple[Server, int]:
    """Upload to a bucket; give the server and how many bytes passed it, from and to its clients and its store."""
    there = urlsplit(s3_server.endpoint)
    with metered(there.hostname or "", there.port or 0) as to_store:
        settings = s3_server.settings(s3_server.make_bucket())
        server = start_server(
            **settings | {"AWS_ENDPOINT_URL_S3": to_store.url, "S3_PUBLIC_ENDPOINT_URL": s3_server.endpoint}
        )
        with metered("127.0.0.1", server.port) as to_clients:
            attachment, went = upload(server, to_clients.url, film)
        check_whole(server, attachment, film, "parts")
        assert went == {there.netloc}
        return server, to_store.passed + to_clients.passed
