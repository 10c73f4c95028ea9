"""What only the folder store can get wrong: a disk that fills, bodies that end early, kills, and its own secret."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.domain.errors import ChecksumMismatch, Forbidden, SizeMismatch, UploadIncomplete
from backend.storage import disk, whole_checksums
from backend.storage.disk import CHUNK, Read
from backend.storage.errors import NoSuchUpload, StoreUnavailable
from backend.storage.filesystem import FolderStore, reader
from backend.storage.folder_uploads import FolderUploads
from backend.storage.grants import Grant, Signer
from backend.storage.keys import FILES, Key, file_key
from backend.storage.secret import FILE, secret_key
from tests.contract.places import Answer, Place, app_of, checksum_of, making, through

BODY = b"0123456789"
SOON = datetime.now(UTC) + timedelta(hours=1)
KEY = file_key("a1")


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with making("folder", tmp_path, request) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "objects", lambda: b"a secret")


def grant(action: Any = "object", **more: Any) -> Grant:
    return Grant(**{"action": action, "key": KEY.text, "expires": int(SOON.timestamp()), "size": len(BODY), **more})


def files_under(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def failing(error: int) -> Callable[..., None]:
    def fail(*_: Any) -> None:
        raise OSError(error, os.strerror(error))

    return fail


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_disk_that_refuses_is_unavailable_and_keeps_nothing(
    folder: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    upload = folder.begin_multipart(KEY, mime_type="video/mp4", part_checksums=False)
    folder.write_part(KEY, upload, 1, b"kept")
    before = files_under(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing(error))
        with pytest.raises(StoreUnavailable):
            folder.receive(grant(type="text/plain"), reader(BODY))
        with pytest.raises(StoreUnavailable):
            folder.write_part(KEY, upload, 1, b"newer")
    assert [name for name in files_under(tmp_path) if not name.split("/")[-1].startswith(".")] == before
    assert [part.size for part in folder.list_parts(KEY, upload)] == [4]
    assert folder.receive(grant(type="text/plain"), reader(BODY)).size == len(BODY)


def test_an_upload_leaves_the_database_its_room(folder: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(disk, "RESERVE", 1 << 62)
        with pytest.raises(StoreUnavailable, match="do not fit"):
            folder.receive(grant(), reader(BODY))
    assert folder.head(KEY) is None


def test_a_full_disk_is_a_problem_that_says_when_to_come_back(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "RESERVE", 1 << 62)
    answer = place.put(KEY, BODY)
    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_body_that_ends_early_leaves_nothing(folder: FolderStore, tmp_path: Path) -> None:
    upload = folder.begin_multipart(KEY, mime_type="video/mp4", part_checksums=False)
    before = files_under(tmp_path)
    with pytest.raises(SizeMismatch):
        folder.receive(grant(), reader(BODY[:-1]))
    with pytest.raises(SizeMismatch):
        folder.receive(grant("part", upload_id=upload, number=1), reader(BODY[:-1]))
    assert files_under(tmp_path) == before


def test_a_client_that_breaks_off_leaves_nothing(folder: FolderStore, tmp_path: Path) -> None:
    def broken(most: int) -> bytes:
        raise ConnectionResetError

    with pytest.raises(StoreUnavailable):
        folder.receive(grant(), broken)
    assert files_under(tmp_path) == []


def test_what_a_kill_left_is_swept_when_it_is_old(folder: FolderStore, tmp_path: Path) -> None:
    folder.receive(grant(type="text/plain"), reader(BODY))
    for name in ("incoming/killed", "trash/killed"):
        (tmp_path / "objects" / name).mkdir(parents=True)
        (tmp_path / "objects" / name / "1").write_bytes(b"half")
    assert folder.sweep(datetime.now(UTC) - timedelta(days=1)) == 0
    assert folder.sweep(datetime.now(UTC) + timedelta(days=1)) == 2
    assert [row.key for row in folder.list(FILES)] == [KEY]
    assert files_under(tmp_path / "objects" / "incoming") == []


def test_what_others_put_into_the_folder_is_left_alone(folder: FolderStore, tmp_path: Path) -> None:
    folder.receive(grant(), reader(BODY))
    for name in ("files/zz/Not A Key", "files/a1/empty", "files/.hidden"):
        (tmp_path / "objects" / name).mkdir(parents=True)
    assert [row.key for row in folder.list(FILES)] == [KEY]


def test_a_part_that_comes_while_the_file_is_checked_is_not_lost_among_it(
    folder: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = folder.begin_multipart(KEY, mime_type="video/mp4", part_checksums=False)
    folder.write_part(KEY, upload, 1, b"first")
    parts = folder.list_parts(KEY, upload)
    compute = whole_checksums.WholeChecksums.of

    def slowly(self: Any, files: Any) -> str:
        found = compute(self, files)
        folder.write_part(KEY, upload, 1, b"other")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(whole_checksums.WholeChecksums, "of", slowly)
        with pytest.raises(UploadIncomplete):
            folder.complete_multipart(KEY, upload, parts, checksum_sha256=checksum_of(b"first"))
    assert folder.head(KEY) is None
    parts = folder.list_parts(KEY, upload)
    with pytest.raises(ChecksumMismatch):
        folder.complete_multipart(KEY, upload, parts, checksum_sha256=checksum_of(b"first"))
    assert folder.complete_multipart(KEY, upload, parts, checksum_sha256=checksum_of(b"other")).size == 5
    with pytest.raises(NoSuchUpload):
        folder.write_part(KEY, upload, 1, b"later")


@pytest.mark.parametrize("killed_in", ["move_in_place", "write_json", "tidy"])
def test_a_completion_that_was_killed_is_completed_by_a_repeat(
    folder: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    from backend.storage import folder_objects

    upload = folder.begin_multipart(KEY, mime_type="video/mp4", part_checksums=False)
    folder.write_part(KEY, upload, 1, b"replaced")
    folder.write_part(KEY, upload, 1, BODY)
    parts = folder.list_parts(KEY, upload)
    with monkeypatch.context() as patch:
        where: Any = folder_objects.FolderObjects if killed_in == "tidy" else folder_objects
        patch.setattr(where, killed_in, failing(errno.EINTR))
        with pytest.raises(StoreUnavailable):
            folder.complete_multipart(KEY, upload, parts, checksum_sha256=None)
    again = FolderStore(tmp_path / "objects", lambda: b"a secret")
    assert killed_in == "tidy" or [each.upload_id for each in again.list_uploads()] == [upload]
    assert again.complete_multipart(KEY, upload, parts, checksum_sha256=None).size == len(BODY)
    with again.read(KEY) as chunks:
        assert b"".join(chunks) == BODY
    again.delete(KEY)
    assert files_under(tmp_path) == []


def test_a_part_whose_record_a_power_cut_took_is_missing_and_sent_again(folder: FolderStore, tmp_path: Path) -> None:
    upload = folder.begin_multipart(KEY, mime_type="video/mp4", part_checksums=False)
    parts = [folder.write_part(KEY, upload, number, BODY) for number in (1, 2)]
    (tmp_path / "objects" / "uploads" / upload / "2.json").write_bytes(b"")
    assert folder.list_parts(KEY, upload) == parts[:1]
    with pytest.raises(UploadIncomplete) as refused:
        folder.complete_multipart(KEY, upload, parts, checksum_sha256=None)
    assert refused.value.missing == [2]
    folder.write_part(KEY, upload, 2, BODY)
    assert folder.complete_multipart(KEY, upload, parts, checksum_sha256=None).size == 2 * len(BODY)


def test_two_completions_at_once_make_one_object(folder: FolderStore) -> None:
    upload = folder.begin_multipart(KEY, mime_type="video/mp4", part_checksums=False)
    folder.write_part(KEY, upload, 1, BODY)
    parts, found = folder.list_parts(KEY, upload), []
    start = threading.Barrier(8)

    def complete() -> None:
        start.wait()
        found.append(folder.complete_multipart(KEY, upload, parts, checksum_sha256=None))

    threads = [threading.Thread(target=complete) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({stored.etag for stored in found}) == 1
    assert list(folder.list_uploads()) == []


def test_parts_are_found_where_the_upload_is_sealed_before_they_are_read(tmp_path: Path) -> None:
    root = tmp_path / "objects"
    folder = FolderStore(root, lambda: b"a secret")
    upload = folder.begin_multipart(KEY, mime_type="video/mp4", part_checksums=False)
    folder.write_part(KEY, upload, 1, BODY)

    def meanwhile(work: Callable[[], Any]) -> Any:
        if (root / "uploads" / upload).exists():
            (root / "sealed").mkdir()
            (root / "uploads" / upload).rename(root / "sealed" / upload)
        return work()

    uploads = FolderUploads(root, root / "trash", meanwhile)
    assert [part.number for part in uploads.held(KEY, upload)] == [1]


def test_a_checksum_that_takes_long_goes_on_where_it_stopped(
    folder: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [bytes([number]) * (CHUNK + 1) for number in range(3)]
    upload = folder.begin_multipart(KEY, mime_type="video/mp4", part_checksums=False)
    for number, body in enumerate(bodies, 1):
        folder.write_part(KEY, upload, number, body)
    parts, checksum = folder.list_parts(KEY, upload), checksum_of(b"".join(bodies))
    monkeypatch.setattr(whole_checksums, "BUDGET", 0.0)
    tries = 0
    while True:
        tries += 1
        try:
            assert folder.complete_multipart(KEY, upload, parts, checksum_sha256=checksum).proof == "object"
            break
        except StoreUnavailable as error:
            assert error.retry_after == 1
            assert tries < 20
    assert 3 < tries < 10


def test_without_a_secret_one_is_made_for_its_owners_eyes_only(tmp_path: Path) -> None:
    made = {secret_key(None, tmp_path / "data") for _ in range(3)}
    file = tmp_path / "data" / FILE
    assert len(made) == 1
    assert len(made.pop()) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == [FILE]
    assert secret_key("given", tmp_path / "data") == b"given"
    assert secret_key(None, tmp_path / "other") != file.read_bytes()


def test_servers_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    found: list[bytes] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        found.append(secret_key(None, tmp_path))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_server_with_another_secret_believes_nothing(folder: FolderStore) -> None:
    address = folder.signer.address(grant())
    other = Signer(lambda: b"another", lambda: datetime.now(UTC))
    query = dict(part.split("=") for part in address.partition("?")[2].split("&"))
    assert folder.signer.read("object", **asked(query)) == grant()
    with pytest.raises(Forbidden):
        other.read("object", **asked(query))
    with pytest.raises(Forbidden):
        folder.signer.read("download", **asked(query))


def asked(query: dict[str, str]) -> dict[str, str]:
    return {"text": query["grant"], "signature": query["signature"]}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "grant=&signature=",
        "grant=%00&signature=%00",
        "grant=../..&signature=x",
        "grant=%ED%95%9C&signature=%F0%9F",
        "x=1",
    ],
)
@pytest.mark.parametrize("path", ["/files/object", "/files/part", "/files/download"])
def test_what_nobody_signed_is_refused(place: Place, path: str, query: str) -> None:
    method = "GET" if path.endswith("download") else "PUT"
    for text in (query, query + "a" * 100_000):
        answer = place.send(method, f"{path}?{text}", {}, b"x")
        assert (answer.status, answer.headers["Content-Type"]) == (403, "application/problem+json")


@pytest.mark.parametrize("path", ["/files/../secret_key", "/files/objects/a1", "/files/%2e%2e/x", "/files/object/%00"])
def test_paths_lead_nowhere(place: Place, path: str) -> None:
    assert place.send("GET", path, {}, b"").status in {404, 405}


@pytest.mark.parametrize("wanted", ["bytes=x-y", "bytes=5-2", "bytes=-", "bytes=0-1,3-4", "bytes", "bytes=--1"])
def test_ranges_that_are_none_are_ignored(place: Place, wanted: str) -> None:
    answer = place.download(place.stored(BODY), Range=wanted)
    assert (answer.status, answer.body) == (200, BODY)


def test_head_says_what_get_would(place: Place) -> None:
    key = place.stored(BODY)
    signed = place.store.sign_get(
        key, file_name="a", mime_type="image/png", disposition="inline", expires_at=place.later()
    )
    answer = place.send("HEAD", signed.url, {}, b"")
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "10", b"")


def test_a_body_in_chunks_has_no_size_and_is_refused(folder: FolderStore, tmp_path: Path) -> None:
    signed = folder.sign_put(
        KEY, size=len(BODY), mime_type="text/plain", checksum_sha256=None, expires_at=datetime.now(UTC) + timedelta(1)
    )
    answer: Answer = through(app_of(folder))(
        "PUT", signed.url, {**signed.headers, "Transfer-Encoding": "chunked"}, BODY
    )
    assert answer.status == 400
    assert files_under(tmp_path) == []


def test_a_body_is_read_in_pieces(folder: FolderStore) -> None:
    most: list[int] = []
    read: Read = reader(bytes(3 * CHUNK + 5))

    def watched(size: int) -> bytes:
        most.append(size)
        return read(size)

    folder.receive(grant(size=3 * CHUNK + 5, type="a/b"), watched)
    assert most == [CHUNK, CHUNK, CHUNK, 5]
    with folder.read(Key(KEY.text)) as chunks:
        assert [len(chunk) for chunk in chunks] == most
