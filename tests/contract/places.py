"""The object stores that the contract is tried on: a folder behind this server, moto, and a server that checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin
from uuid import uuid4

import pytest
import requests
from flask import Flask
from moto.server import ThreadedMotoServer
from requests.structures import CaseInsensitiveDict

from backend.api.errors import register_errors
from backend.api.files import files_blueprint
from backend.services.transfers import Transfers
from backend.storage.filesystem import FolderStore
from backend.storage.keys import Key, file_key
from backend.storage.objects import Capabilities, Part, SignedRequest
from backend.storage.s3 import S3Store
from backend.storage.s3_capabilities import try_out
from backend.storage.s3_client import make_client
from backend.storage.s3_signing import S3Signer
from backend.storage.store import ObjectStore
from tests.components.ports import find_free_port
from tests.components.s3 import REGION, S3Server

STRICT: Final = ("folder", "s3")
"""Look at signatures; moto takes what it is given, and so proves nothing."""

KINDS: Final = (*STRICT, "moto")
SOON: Final = timedelta(minutes=10)
PART: Final = 5 * 1024 * 1024
"""The least that S3 takes as a part that is not the last."""


@dataclass(frozen=True)
class Answer:
    """Is what a client gets, of whichever store."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Send = Callable[[str, str, Mapping[str, str], bytes], Answer]


@dataclass
class Clock:
    """Is the time that a store signs by; S3 itself goes by its own."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Place:
    """Is an empty object store, and a way to its signed addresses; what differs is declared."""

    name: str
    store: ObjectStore
    send: Send
    clock: Clock
    has_own_clock: bool = True
    """The folder goes by ours."""
    knows_if_range: bool = True
    """moto and SeaweedFS serve the range whatever `If-Range` says."""
    ignores_other_units: bool = True
    """moto fails over ranges that it does not understand, and gives no size with 416."""

    replaces_parts: bool = True
    """SeaweedFS holds what it replaced within a second, too."""
    knows_absence: bool = True
    """moto has other errors for what is not there."""

    def later(self) -> datetime:
        """Return when addresses that are signed now end."""
        return self.clock() + SOON

    def key(self) -> Key:
        """Return a key that nothing has."""
        return file_key(str(uuid4()))

    def perform(self, signed: SignedRequest, body: bytes = b"", **more: str) -> Answer:
        """Do what was signed, with further headers."""
        return self.send(signed.method, signed.url, {**signed.headers, **more}, body)

    def put(self, key: Key, body: bytes, mime_type: str = "text/plain", checksum: str | None = None) -> Answer:
        """Upload a whole object as a client does."""
        signed = self.store.sign_put(
            key, size=len(body), mime_type=mime_type, checksum_sha256=checksum, expires_at=self.later()
        )
        return self.perform(signed, body)

    def stored(self, body: bytes, mime_type: str = "text/plain") -> Key:
        """Upload and settle an object of its own."""
        key = self.key()
        assert self.put(key, body, mime_type).status == 200
        assert self.store.settle(key, checksum_sha256=None)
        return key

    def put_part(self, key: Key, upload_id: str, number: int, body: bytes, checksum: str | None = None) -> Answer:
        """Upload a part as a client does."""
        signed = self.store.sign_part(
            key, upload_id, number, size=len(body), checksum_sha256=checksum, expires_at=self.later()
        )
        return self.perform(signed, body)

    def complete(self, key: Key, upload_id: str, checksum: str | None = None, *kept: str) -> Any:
        """Complete an upload of whatever parts the store holds, with the checksums that the server has kept of them."""
        parts = self.store.list_parts(key, upload_id)
        if kept:
            parts = [replace(part, checksum_sha256=kept[part.number - 1]) for part in parts]
        return self.store.complete_multipart(key, upload_id, parts, checksum_sha256=checksum)

    def read(self, key: Key, first: int = 0, last: int | None = None) -> bytes:
        """Read an object, or a range of it, as the server does."""
        with self.store.read(key, first, last) as chunks:
            return b"".join(chunks)

    def download(self, key: Key, name: str = "회의록.txt", mime_type: str = "text/plain", **headers: str) -> Answer:
        """Fetch an object as a client does."""
        signed = self.store.sign_get(
            key, file_name=name, mime_type=mime_type, disposition="inline", expires_at=self.later()
        )
        return self.perform(signed, b"", **{name.replace("_", "-"): value for name, value in headers.items()})


def checksum_of(body: bytes) -> str:
    return sha256(body).hexdigest()


def named(part: Part, etag: str) -> Part:
    return Part(part.number, part.size, etag, part.checksum_sha256)


@contextmanager
def making(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Yield an empty store."""
    clock = Clock()
    if kind == "folder":
        store = FolderStore(folder / "objects", lambda: b"a secret", clock=clock)
        yield Place(kind, store, through(app_of(store)), clock, has_own_clock=False)
        return
    server: S3Server = request.getfixturevalue("moto_server" if kind == "moto" else "s3_server")
    bucket = server.make_bucket()
    client = make_client(region=REGION, endpoint_url=server.endpoint, session=server.session)
    s3 = S3Store(client, bucket, S3Signer(client, bucket, clock), capabilities=tried_out(server))
    with requests.Session() as session:
        is_moto = kind == "moto"
        yield Place(
            kind,
            s3,
            over(session),
            clock,
            knows_if_range=False,
            replaces_parts=is_moto,
            knows_absence=not is_moto,
            ignores_other_units=not is_moto,
        )
    s3.close()


@cache
def tried_out(server: S3Server) -> Capabilities:
    """Try once what a server can do, as the store would for each bucket."""
    client = make_client(region=REGION, endpoint_url=server.endpoint, session=server.session)
    try:
        return try_out(client, server.make_bucket())
    finally:
        client.close()


def app_of(store: FolderStore) -> Flask:
    """Make an application that serves the addresses of a folder store, and nothing else."""
    app = Flask("files")
    app.config["MAX_CONTENT_LENGTH"] = 1024  # what other addresses take does not matter here
    register_errors(app)
    app.register_blueprint(files_blueprint(Transfers(store)))
    return app


def through(app: Flask) -> Send:
    """Send requests to an application without a network."""
    client = app.test_client()

    def send(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        got = client.open(url, method=method, headers=dict(headers), data=body)
        answer = Answer(got.status_code, CaseInsensitiveDict(got.headers), got.get_data())
        got.close()
        return answer

    return send


def over(session: requests.Session) -> Send:
    """Send requests over HTTP."""

    def send(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        got = session.request(method, urljoin("http://127.0.0.1", url), headers=dict(headers), data=body, timeout=30)
        return Answer(got.status_code, got.headers, got.content)

    return send


@contextmanager
def moto_running() -> Iterator[S3Server]:
    """Start moto's server, which knows the shapes of S3 and believes everything."""
    port = find_free_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    try:
        yield S3Server(f"http://127.0.0.1:{port}")
    finally:
        server.stop()
