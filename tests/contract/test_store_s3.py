"""What only S3 can get wrong: servers that ignore what they are asked, archives, pages, silence, other addresses."""

from __future__ import annotations

import socket
import time
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from boto3.session import Session
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from moto import mock_aws
from moto.s3.models import s3_backends

from backend.settings import Settings
from backend.storage.buckets import Bucket, Cdn
from backend.storage.errors import NoSuchObject, ObjectArchived, StoreUnavailable
from backend.storage.keys import FILES, file_key, thumbnail_key
from backend.storage.objects import Part
from backend.storage.opening import open_store
from backend.storage.s3 import S3Store
from backend.storage.s3_bucket import S3Bucket
from backend.storage.s3_capabilities import AMAZON, try_out
from backend.storage.s3_client import make_client
from backend.storage.s3_opening import open_bucket
from backend.storage.s3_signing import S3Signer
from tests.components.s3 import REGION, S3Server
from tests.contract.places import Place, checksum_of, making

KEY = file_key("a1")
BODY = b"0123456789"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def amazon(credentials: None) -> Iterator[S3Store]:
    """Yield a store that believes to be at Amazon's."""
    with mock_aws():
        store = open_bucket(Bucket("attachments", region="ap-northeast-2"), now)
        where: Any = {"LocationConstraint": "ap-northeast-2"}
        store._bucket.client.create_bucket(Bucket="attachments", CreateBucketConfiguration=where)
        yield store
        store.close()


@pytest.fixture(params=["s3", "moto"])
def careless(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Yield a place whose server is taken for one that lets uploads replace what is there."""
    with making(request.param, tmp_path, request) as place:
        store: Any = place.store
        store.__dict__["capabilities"] = replace(store.capabilities, refuses_overwriting=False)
        yield place


def test_where_a_server_lets_uploads_replace_files_they_go_beside_until_they_are_settled(careless: Place) -> None:
    store, key = careless.store, careless.key()
    signed = store.sign_put(
        key, size=len(BODY), mime_type="text/plain", checksum_sha256=None, expires_at=careless.later()
    )
    assert f"/incoming/{key}?" in signed.url
    assert "If-None-Match" not in signed.headers
    assert careless.perform(signed, BODY).status == 200
    assert store.head(key) is None
    assert list(store.list(FILES)) == []
    stored = store.settle(key, checksum_sha256=None)
    assert stored is not None
    assert stored.mime_type == "text/plain"
    assert careless.perform(signed, bytes(len(BODY))).status == 200
    assert store.settle(key, checksum_sha256=None) == store.head(key) == stored
    assert careless.read(key) == BODY


def test_what_was_uploaded_beside_and_never_settled_is_deleted_or_swept(careless: Place) -> None:
    store = careless.store
    for wanted in (careless.key(), careless.key()):
        assert careless.put(wanted, BODY).status == 200
    store.delete(wanted)
    assert store.settle(wanted, checksum_sha256=None) is None
    assert store.sweep(now() - timedelta(days=1)) == 0
    assert store.sweep(now() + timedelta(days=1)) == 1


def test_a_servers_abilities_are_tried_out(s3_server: S3Server, moto_server: S3Server) -> None:
    def tried(server: S3Server) -> tuple[bool, ...]:
        client = make_client(region=REGION, endpoint_url=server.endpoint, session=server.session)
        bucket = server.make_bucket()
        found = try_out(client, bucket)
        assert "Contents" not in client.list_objects_v2(Bucket=bucket)
        assert "Uploads" not in client.list_multipart_uploads(Bucket=bucket)
        client.close()
        return found.checks_whole, found.checks_parts, found.refuses_overwriting, found.checks_whole_of_parts

    assert tried(s3_server) == (True, True, True, False)
    assert tried(moto_server) == (False, False, True, False)


def test_amazon_is_not_tried_out(amazon: S3Store) -> None:
    assert amazon.capabilities is AMAZON
    assert list(amazon._bucket.pages("list_objects_v2", {})) != []


def test_amazons_addresses_name_bucket_and_region(amazon: S3Store) -> None:
    signed = amazon.sign_get(KEY, file_name="a", mime_type="image/png", disposition="inline", expires_at=now())
    assert signed.url.startswith("https://attachments.s3.ap-northeast-2.amazonaws.com/files/a1?")
    assert amazon.browser_origins == ("https://attachments.s3.ap-northeast-2.amazonaws.com",)


def test_every_header_that_counts_is_signed(amazon: S3Store) -> None:
    end = now() + timedelta(seconds=90)
    signed = amazon.sign_put(KEY, size=10, mime_type="text/plain", checksum_sha256=checksum_of(BODY), expires_at=end)
    query = parse_qs(urlsplit(signed.url).query)
    assert query["X-Amz-SignedHeaders"] == ["content-length;content-type;host;if-none-match;x-amz-checksum-sha256"]
    assert query["X-Amz-Expires"] == ["90"]
    assert signed.headers.keys() == {"Content-Type", "If-None-Match", "x-amz-checksum-sha256"}
    assert b64decode(signed.headers["x-amz-checksum-sha256"]).hex() == checksum_of(BODY)
    part = amazon.sign_part(KEY, "u", 7, size=10, checksum_sha256=checksum_of(BODY), expires_at=end)
    query = parse_qs(urlsplit(part.url).query)
    assert query["X-Amz-SignedHeaders"] == ["content-length;host;x-amz-checksum-sha256"]
    assert (query["uploadId"], query["partNumber"]) == (["u"], ["7"])


def test_addresses_end_with_the_credentials_of_a_role(amazon: S3Store) -> None:
    end = now() + timedelta(minutes=5)
    amazon._signer._client._request_signer._credentials._expiry_time = end
    signed = amazon.sign_put(KEY, size=10, mime_type="a/b", checksum_sha256=None, expires_at=now() + timedelta(hours=1))
    assert abs(signed.expires_at - end) < timedelta(seconds=2)


def test_addresses_are_for_the_outside_where_that_is_another_one(s3_server: S3Server, credentials: None) -> None:
    settings = Settings(
        object_store="s3",
        s3_bucket="files",
        aws_endpoint_url_s3="http://storage:8333",
        s3_public_endpoint_url="https://files.example",
    )
    store = open_store(settings)
    signed = store.sign_get(KEY, file_name="a", mime_type="image/png", disposition="inline", expires_at=now())
    assert signed.url.startswith("https://files.example/files/files/a1?")
    assert store.browser_origins == ("https://files.example",)
    store.close()


def test_thumbnails_are_kept_where_that_is_cheap_and_by_everyone(amazon: S3Store) -> None:
    amazon.write(thumbnail_key("a1"), b"webp", mime_type="image/webp")
    amazon.write(KEY, BODY, mime_type="text/plain")
    derived: Any = amazon._bucket.describe(thumbnail_key("a1").text)
    assert (derived["StorageClass"], derived["CacheControl"]) == (
        "INTELLIGENT_TIERING",
        "public, max-age=31536000, immutable",
    )
    plain: Any = amazon._bucket.describe(KEY.text)
    assert "StorageClass" not in plain


def test_an_archived_file_is_brought_back(amazon: S3Store) -> None:
    amazon._bucket.ask("put_object", {"Key": KEY.text, "Body": BODY, "StorageClass": "DEEP_ARCHIVE"})
    archived = amazon.head(KEY)
    assert archived is not None
    assert archived.state == "archived"
    with pytest.raises(ObjectArchived), amazon.read(KEY):
        pass
    assert amazon.retrieve(KEY) in {"returning", "at-hand"}  # moto has it back at once
    assert amazon.retrieve(KEY) == "at-hand"
    with amazon.read(KEY) as chunks:
        assert b"".join(chunks) == BODY
    amazon._bucket.ask("put_object", {"Key": KEY.text, "Body": BODY, "StorageClass": "GLACIER_IR"})
    assert amazon.retrieve(KEY) == "at-hand"


def test_lists_are_whole_whatever_pages_they_come_in(amazon: S3Store) -> None:
    behind = s3_backends["123456789012"]["aws"]  # a thousand requests would take long
    keys = sorted(file_key(f"a{number}") for number in range(1001))
    for name in [*(key.text for key in keys), "files/Somebody Else's"]:
        behind.put_object("attachments", name, b"")
    assert [row.key for row in amazon.list(FILES)] == keys
    amazon.delete(*keys)
    assert list(amazon.list(FILES)) == []
    upload = amazon.begin_multipart(KEY, mime_type="a/b", part_checksums=False)
    for number in range(1, 1002):
        behind.upload_part("attachments", upload, number, b"x")
    assert [part.number for part in amazon.list_parts(KEY, upload)] == list(range(1, 1002))


@pytest.fixture
def silent() -> Iterator[S3Server]:
    """Yield a server that accepts connections, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield S3Server(f"http://127.0.0.1:{listener.getsockname()[1]}")


def store_at(server: S3Server) -> S3Store:
    client = make_client(region=REGION, endpoint_url=server.endpoint, session=server.session)
    return S3Store(client, "files", S3Signer(client, "files", now), capabilities=AMAZON)


def test_a_server_that_is_silent_is_said_to_be_within_ten_seconds(silent: S3Server) -> None:
    store, began = store_at(silent), time.monotonic()
    with pytest.raises(StoreUnavailable):
        store.head(KEY)
    assert time.monotonic() - began < 10
    store.close()


def test_a_server_that_is_away_is_asked_again_and_then_said_to_be(free_port: int) -> None:
    store = store_at(S3Server(f"http://127.0.0.1:{free_port}"))
    for ask in (store.ping, lambda: store.head(KEY), lambda: list(store.list(FILES)), lambda: store.delete(KEY)):
        with pytest.raises(StoreUnavailable):
            ask()
    store.close()


def test_a_bucket_that_is_not_there_is_a_store_that_does_not_answer(s3_server: S3Server) -> None:
    store = store_at(s3_server)
    with pytest.raises(StoreUnavailable):
        store.ping()
    with pytest.raises((StoreUnavailable, NoSuchObject)), store.read(KEY):
        pass
    store.close()


def test_a_body_that_ends_early_is_no_short_file() -> None:
    class Early:
        closed = False

        def iter_chunks(self, size: int) -> Iterator[bytes]:
            yield b"half"

        def close(self) -> None:
            self.closed = True

    body = Early()

    class Answering:
        def get_object(self, **_: Any) -> dict[str, Any]:
            return {"Body": body, "ContentLength": 8}

    untyped: Any = Answering()
    with pytest.raises(StoreUnavailable, match="ended early"):
        list(S3Bucket(untyped, "files").read(KEY, 0, None))
    assert body.closed


def test_without_a_region_or_a_key_the_server_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(StoreUnavailable, match="AWS_REGION"):
        make_client(region=None, endpoint_url=None, session=Session())
    store = open_bucket(Bucket("files", region="eu-central-1"), now)
    with pytest.raises(StoreUnavailable, match="credentials"):
        store.sign_part(KEY, "u", 1, size=1, checksum_sha256=None, expires_at=now())
    store.close()


def key_file(folder: Path, key: Any) -> Path:
    file = folder / "key.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


def test_downloads_from_the_cdn_are_signed_with_its_key(tmp_path: Path, credentials: None) -> None:
    key = rsa.generate_private_key(65537, 2048)
    cdn = Cdn("https://d111.cloudfront.net", "K2JCJMDEHXQW5F", key_file(tmp_path, key))
    store = open_bucket(Bucket("files", region="eu-central-1", cdn=cdn), now)
    end = datetime(2030, 1, 1, tzinfo=UTC)
    signed = store.sign_get(KEY, file_name="회의.png", mime_type="image/png", disposition="inline", expires_at=end)
    address, _, proof = signed.url.partition("&Expires=")
    query = parse_qs(f"Expires={proof}")
    assert address.startswith("https://d111.cloudfront.net/files/a1?response-content-disposition=inline")
    assert (query["Expires"], query["Key-Pair-Id"]) == ([str(int(end.timestamp()))], ["K2JCJMDEHXQW5F"])
    policy = (
        f'{{"Statement":[{{"Resource":"{address}","Condition":{{"DateLessThan":'
        f'{{"AWS:EpochTime":{int(end.timestamp())}}}}}}}]}}'
    )
    signature = b64decode(query["Signature"][0].translate(str.maketrans("-_~", "+=/")))
    key.public_key().verify(signature, policy.encode(), padding.PKCS1v15(), SHA1())
    assert store.browser_origins == ("https://files.s3.eu-central-1.amazonaws.com", "https://d111.cloudfront.net")
    upload = store.sign_part(KEY, "u", 1, size=1, checksum_sha256=None, expires_at=end)
    assert upload.url.startswith("https://files.s3.eu-central-1.amazonaws.com/")
    store.close()


def test_a_key_that_the_cdn_cannot_use_stops_the_start(tmp_path: Path, credentials: None) -> None:
    for file in (tmp_path / "missing.pem", key_file(tmp_path, ec.generate_private_key(ec.SECP256R1()))):
        with pytest.raises(StoreUnavailable, match="CDN_PRIVATE_KEY_FILE"):
            open_bucket(Bucket("files", region="eu-central-1", cdn=Cdn("https://cdn.example", "K", file)), now)


def test_parts_that_began_with_checksums_are_wanted_with_them_again(s3_server: S3Server, tmp_path: Path) -> None:
    store = store_at(s3_server)
    store = S3Store(store._bucket.client, s3_server.make_bucket(), store._signer, capabilities=AMAZON)
    upload = store.begin_multipart(KEY, mime_type="a/b", part_checksums=True)
    part = store.write_part(KEY, upload, 1, BODY)
    stored = store.complete_multipart(KEY, upload, [part], checksum_sha256=None)
    assert stored.proof == "parts"
    found = store.head(KEY)
    assert found is not None
    assert (found.proof, found.checksum_sha256) == ("parts", None)  # S3's checksum of checksums is not the file's
    assert part == Part(1, len(BODY), part.etag, checksum_of(BODY))
    store.close()
