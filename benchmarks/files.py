"""What an upload costs: 256 MiB in parts into the folder store, against moto and s3rver; and 1,000 signed addresses.

`python -m benchmarks.files [S3RVER]`; S3RVER is the program of npm's package, which is left out where it is not given.
All receive the same parts from the same client in turns; the best round of each counts, as the machine does other
things, too. The folder store alone syncs what it has to the disk.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from backend.settings import Settings
from backend.storage.keys import file_key
from backend.storage.opening import open_store
from tests.components.ports import find_free_port, wait_until_accepting
from tests.components.s3 import S3Server
from tests.components.server import Server

PART = 16 * 1024 * 1024
PARTS = 16
AT_ONCE = 4
ROUNDS = 5
SIGNED = 1000
BUCKET = "benchmark"

Upload = Callable[[str, bytes], None]


def in_parallel(url_of: Callable[[int], str], body: bytes) -> list[str]:
    """Sends all parts, and returns their entity tags."""

    def put(number: int) -> str:
        answer = requests.put(url_of(number), data=body, timeout=120)
        answer.raise_for_status()
        return answer.headers["ETag"]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(put, range(1, PARTS + 1)))


def into_the_folder(folder: Path, stack: ExitStack) -> Upload:
    """Uploads through a Dayroom server."""
    server = Server(folder / "log", {"DATA_DIR": str(folder / "data")}, None)
    stack.callback(server.stop)
    server.start()
    store = open_store(Settings(data_dir=folder / "data"))

    def upload(name: str, body: bytes) -> None:
        key, later = file_key(name), datetime.now(UTC) + timedelta(hours=1)
        begun = store.begin_multipart(key, mime_type="video/mp4", part_checksums=False)

        def url_of(number: int) -> str:
            signed = store.sign_part(key, begun, number, size=PART, checksum_sha256=None, expires_at=later)
            return urljoin(server.url, signed.url)

        in_parallel(url_of, body)
        store.complete_multipart(key, begun, store.list_parts(key, begun), checksum_sha256=None)
        store.delete(key)

    return upload


def into_s3(command: list[str], port: int, keys: tuple[str, str], stack: ExitStack) -> Upload:
    """Uploads to a server that is started by a command."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    assert wait_until_accepting(port, 30)
    client: Any = S3Server(f"http://127.0.0.1:{port}", *keys).client()
    stack.callback(client.close)
    client.create_bucket(Bucket=BUCKET)

    def upload(name: str, body: bytes) -> None:
        there = {"Bucket": BUCKET, "Key": name}
        begun = {**there, "UploadId": client.create_multipart_upload(**there)["UploadId"]}
        tags = in_parallel(
            lambda number: str(client.generate_presigned_url("upload_part", {**begun, "PartNumber": number})), body
        )
        parts = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]
        client.complete_multipart_upload(**begun, MultipartUpload={"Parts": parts})
        client.delete_object(**there)

    return upload


def best_of_each(uploads: Mapping[str, Upload], body: bytes) -> dict[str, float]:
    """Uploads to all in turns, and returns the seconds of each one's best round."""
    seconds = dict.fromkeys(uploads, math.inf)
    for number in range(ROUNDS):
        for name, upload in uploads.items():
            began = time.perf_counter()
            upload(f"round-{number}", body)
            seconds[name] = min(seconds[name], time.perf_counter() - began)
    return seconds


def signing(settings: Settings) -> float:
    """Returns the milliseconds that signing 1,000 parts takes."""
    store, later = open_store(settings), datetime.now(UTC) + timedelta(hours=1)
    began = time.perf_counter()
    for number in range(1, SIGNED + 1):
        store.sign_part(file_key("a"), "0" * 60, number, size=PART, checksum_sha256=None, expires_at=later)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Measures, and prints what was found."""
    body = bytes(PART)
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        port = find_free_port()
        moto = [str(Path(sys.executable).parent / "moto_server"), "-p", str(port)]
        uploads = {
            "folder": into_the_folder(folder, stack),
            "moto": into_s3(moto, port, ("key", "secret"), stack),
        }
        if len(sys.argv) > 1:
            port = find_free_port()
            s3rver = [sys.argv[1], "-d", str(folder / "s3rver"), "-p", str(port)]
            uploads["s3rver"] = into_s3(s3rver, port, ("S3RVER", "S3RVER"), stack)
        seconds = best_of_each(uploads, body)
        print(f"1,000 parts signed for the folder: {signing(Settings(data_dir=folder / 'data')):.0f} ms")
    for name, each in seconds.items():
        print(f"{name}: {PART * PARTS / each / 2**20:.0f} MiB/s, {each / seconds['folder']:.1f} of the folder's time")


if __name__ == "__main__":
    main()
