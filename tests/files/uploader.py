"""A client on a bad line, as a process of its own: uploads one file in parts, and goes on from what the store holds.

Started as `uploader.py SERVER FILE ATTACHMENT DEPARTMENT SHA256`. Of its parts 20 % fail at random: they
break off in the middle, or their answer is lost. Says each part that it has brought, with where to, and its end.
"""

from __future__ import annotations

import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

import requests

FAILING: Final = 0.2
WORKERS: Final = 3


class Uploader:
    """Uploads one file."""

    def __init__(self, server: str, file: Path, attachment: str, department: str, checksum: str) -> None:
        self._server, self._file, self._id, self._department = server, file, attachment, department
        self._checksum = checksum
        self._random = Random()
        self._session = requests.Session()

    def run(self) -> None:
        """Upload what is missing, until nothing is; then complete."""
        body = {"id": self._id, "department_id": self._department, "file_name": "녹화.bin", "mime_type": "a/b"}
        size = self._file.stat().st_size
        announced = {**body, "file_size": size, "checksum_sha256": self._checksum, "part_checksums": True}
        upload = self._post("/api/attachments", announced)["upload"]
        part_size, count = upload["part_size"], upload["part_count"]
        while missing := self._missing(count):
            with ThreadPoolExecutor(WORKERS) as pool:
                list(pool.map(lambda number: self._bring(number, part_size), missing))
        say(self._post(f"/api/attachments/{self._id}/complete", {})["status"])

    def _missing(self, count: int) -> list[int]:
        answer = self._session.get(f"{self._server}/api/attachments/{self._id}/parts", timeout=30)
        answer.raise_for_status()
        held = {part["part_number"] for part in answer.json()}
        return [number for number in range(1, count + 1) if number not in held]

    def _bring(self, number: int, part_size: int) -> None:
        with self._file.open("rb") as file:
            file.seek((number - 1) * part_size)
            body = file.read(part_size)
        part = {"part_number": number, "checksum_sha256": sha256(body).hexdigest()}
        (signed,) = self._post(f"/api/attachments/{self._id}/parts", {"parts": [part]})["parts"]
        if self._random.random() < FAILING:
            if self._random.random() < 0.5:
                break_off(signed["url"], signed["headers"], body)
                return
            requests.put(signed["url"], data=body, headers=signed["headers"], timeout=30)  # whose answer is lost
            return
        answer = requests.put(signed["url"], data=body, headers=signed["headers"], timeout=30)
        if answer.status_code == 200:
            say(f"part {number} {urlsplit(signed['url']).netloc}")

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        while True:
            answer = self._session.post(self._server + path, json=body, timeout=60)
            if answer.status_code != 503:
                break
            time.sleep(int(answer.headers["Retry-After"]))  # such as a checksum that is still being computed
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()


def break_off(url: str, headers: dict[str, str], body: bytes) -> None:
    """Send half of a request, and hang up."""
    parts = urlsplit(url)
    head = {"Host": parts.netloc, "Content-Length": str(len(body)), **headers}
    lines = [f"PUT {parts.path}?{parts.query} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as line:
        line.sendall("\r\n".join(lines).encode() + body[: len(body) // 2])


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Uploader(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]).run()
