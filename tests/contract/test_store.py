"""The contract of the object store: one suite over the folder, moto and an S3 server that checks signatures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.errors import ChecksumMismatch, UploadIncomplete
from backend.storage.errors import NoSuchObject, NoSuchUpload, StoreUnavailable
from backend.storage.keys import FILES, THUMBNAILS, BadKey, Key, file_key, thumbnail_key
from backend.storage.objects import Part
from tests.contract.places import PART, Place, checksum_of, named

BODY = "회의록입니다.\n".encode()


def test_what_was_put_is_there_once_it_is_settled(place: Place) -> None:
    key = place.key()
    assert place.store.settle(key, checksum_sha256=None) is None
    assert place.put(key, BODY, "text/plain", checksum_of(BODY)).status == 200
    stored = place.store.settle(key, checksum_sha256=checksum_of(BODY))
    assert stored is not None
    assert (stored.key, stored.size, stored.mime_type, stored.state) == (key, len(BODY), "text/plain", "at-hand")
    assert stored.proof == ("object" if place.store.capabilities.checks_whole else "size")
    assert place.store.settle(key, checksum_sha256=checksum_of(BODY)) == stored
    found = place.store.head(key)
    assert found is not None
    assert (found.size, found.etag) == (stored.size, stored.etag)
    assert place.read(key) == BODY


def test_an_empty_file_is_a_file(place: Place) -> None:
    key = place.stored(b"", "application/x-empty")
    stored = place.store.head(key)
    assert stored is not None
    assert stored.size == 0
    assert place.read(key) == b""
    assert place.download(key).body == b""


def test_nothing_replaces_what_is_settled(place: Place) -> None:
    key = place.key()
    signed = place.store.sign_put(
        key, size=len(BODY), mime_type="text/plain", checksum_sha256=None, expires_at=place.later()
    )
    assert place.perform(signed, BODY).status == 200
    assert place.store.settle(key, checksum_sha256=None)
    again = place.perform(signed, bytes(len(BODY)))
    assert again.status == (412 if place.store.capabilities.refuses_overwriting else 200)
    assert place.store.settle(key, checksum_sha256=None)
    assert place.read(key) == BODY


def test_bytes_with_another_checksum_are_refused_and_leave_nothing(place: Place) -> None:
    key, altered = place.key(), BODY[:-1] + b"!"
    signed = place.store.sign_put(
        key, size=len(BODY), mime_type="text/plain", checksum_sha256=checksum_of(BODY), expires_at=place.later()
    )
    answer = place.perform(signed, altered)
    if place.store.capabilities.checks_whole:
        assert answer.status in {400, 422}
        assert place.store.settle(key, checksum_sha256=checksum_of(BODY)) is None
        assert list(place.store.list(FILES)) == []
        assert place.perform(signed, BODY).status == 200


def test_a_file_in_parts_is_whole_once_it_is_completed(place: Place) -> None:
    key, bodies = place.key(), [b"a" * PART, b"b" * PART, b"the end"]
    upload = place.store.begin_multipart(key, mime_type="video/mp4", part_checksums=True)
    for number in (3, 1, 2):
        body = bodies[number - 1]
        assert place.put_part(key, upload, number, body, checksum_of(body)).status == 200
    assert place.store.head(key) is None
    parts = place.store.list_parts(key, upload)
    assert [(part.number, part.size) for part in parts] == [(1, PART), (2, PART), (3, 7)]
    stored = place.complete(key, upload, None, *map(checksum_of, bodies))
    assert (stored.size, stored.mime_type) == (2 * PART + 7, "video/mp4")
    assert stored.proof == ("parts" if place.store.capabilities.checks_parts else "size")
    assert place.read(key, PART - 2, PART + 1) == b"aabb"
    assert place.read(key, 2 * PART - 1) == b"bthe end"
    repeated = place.store.complete_multipart(key, upload, parts, checksum_sha256=None)
    assert repeated.etag == stored.etag
    assert list(place.store.list_uploads()) == []
    assert checksum_of(place.read(key)) == checksum_of(b"".join(bodies))


def test_the_whole_files_checksum_is_compared_where_the_store_can(place: Place) -> None:
    key, body = place.key(), b"one part"
    upload = place.store.begin_multipart(key, mime_type="video/mp4", part_checksums=False)
    assert place.put_part(key, upload, 1, body).status == 200
    if place.store.capabilities.checks_whole_of_parts:
        with pytest.raises(ChecksumMismatch):
            place.complete(key, upload, checksum_of(b"another"))
        assert place.store.head(key) is None
        assert len(place.store.list_parts(key, upload)) == 1
        assert place.complete(key, upload, checksum_of(body)).proof == "object"
    else:
        assert place.complete(key, upload, checksum_of(body)).proof == "size"


def test_a_part_that_comes_again_counts_in_its_new_state(place: Place) -> None:
    key = place.key()
    upload = place.store.begin_multipart(key, mime_type="video/mp4", part_checksums=False)
    for body in (b"first", b"second", b"third", b"third") if place.replaces_parts else (b"third", b"third"):
        assert place.put_part(key, upload, 1, body).status == 200
    assert [part.size for part in place.store.list_parts(key, upload)] == [5]
    place.complete(key, upload)
    assert place.read(key) == b"third"


def test_an_altered_part_is_refused_and_can_be_sent_again(place: Place) -> None:
    key = place.key()
    upload = place.store.begin_multipart(key, mime_type="video/mp4", part_checksums=True)
    signed = place.store.sign_part(
        key, upload, 1, size=4, checksum_sha256=checksum_of(b"part"), expires_at=place.later()
    )
    answer = place.perform(signed, b"trap")
    if place.store.capabilities.checks_parts:
        assert answer.status in {400, 422}
        assert place.store.list_parts(key, upload) == []
    assert place.perform(signed, b"part").status == 200
    place.complete(key, upload, None, checksum_of(b"part"))
    assert place.read(key) == b"part"


def test_an_upload_goes_on_from_what_the_store_holds(place: Place) -> None:
    key = place.key()
    upload = place.store.begin_multipart(key, mime_type="video/mp4", part_checksums=False)
    assert place.put_part(key, upload, 2, b"the end").status == 200
    held = place.store.list_parts(key, upload)
    with pytest.raises(UploadIncomplete) as refused:
        place.store.complete_multipart(key, upload, held, checksum_sha256=None)
    assert refused.value.missing == [1]
    assert [(each.key, each.upload_id) for each in place.store.list_uploads()] == [(key, upload)]
    assert place.put_part(key, upload, 1, b"a" * PART).status == 200
    assert place.complete(key, upload).size == PART + 7


def test_parts_that_the_store_does_not_hold_complete_nothing(place: Place) -> None:
    key = place.key()
    upload = place.store.begin_multipart(key, mime_type="video/mp4", part_checksums=False)
    place.put_part(key, upload, 1, b"part")
    (held,) = place.store.list_parts(key, upload)
    with pytest.raises(UploadIncomplete):
        place.store.complete_multipart(key, upload, [named(held, "0" * 32)], checksum_sha256=None)
    with pytest.raises(UploadIncomplete):
        place.store.complete_multipart(key, upload, [], checksum_sha256=None)
    assert place.store.head(key) is None
    assert place.complete(key, upload).size == 4


def test_aborting_frees_the_parts_and_ends_the_upload(place: Place) -> None:
    key = place.key()
    upload = place.store.begin_multipart(key, mime_type="video/mp4", part_checksums=False)
    signed = place.store.sign_part(key, upload, 1, size=4, checksum_sha256=None, expires_at=place.later())
    assert place.perform(signed, b"part").status == 200
    place.store.abort_multipart(key, upload)
    place.store.abort_multipart(key, upload)
    assert place.perform(signed, b"part").status == 404 or not place.knows_absence
    assert list(place.store.list_uploads()) == []
    with pytest.raises(NoSuchUpload):
        place.store.list_parts(key, upload)
    with pytest.raises(NoSuchUpload if place.knows_absence else StoreUnavailable):
        place.store.complete_multipart(key, upload, [Part(1, 4, "0" * 32)], checksum_sha256=None)
    with pytest.raises(NoSuchUpload if place.knows_absence else StoreUnavailable):
        place.store.write_part(key, upload, 1, b"part")


def test_the_server_can_bring_parts_itself(place: Place) -> None:
    key = place.key()
    upload = place.store.begin_multipart(key, mime_type="video/mp4", part_checksums=True)
    part = place.store.write_part(key, upload, 1, b"part")
    assert (part.number, part.size, part.checksum_sha256) == (1, 4, checksum_of(b"part"))
    place.store.complete_multipart(key, upload, [part], checksum_sha256=None)
    assert place.read(key) == b"part"


def test_an_upload_belongs_to_its_key(place: Place) -> None:
    key, other = place.key(), place.key()
    upload = place.store.begin_multipart(key, mime_type="video/mp4", part_checksums=False)
    if place.name != "moto":  # which looks at the upload's id alone
        assert place.put_part(other, upload, 1, b"part").status == 404
        with pytest.raises(NoSuchUpload):
            place.store.list_parts(other, upload)
    assert place.store.list_parts(key, upload) == []


@pytest.mark.parametrize("upload_id", ["../..", "none", "a" * 1000, "", "한글"])
def test_an_upload_that_never_began_is_none(place: Place, upload_id: str) -> None:
    if upload_id or place.name == "folder":  # boto3 itself refuses an empty one
        with pytest.raises(NoSuchUpload):
            place.store.list_parts(place.key(), upload_id)


@pytest.mark.parametrize("number", [0, -1, 10_001])
def test_parts_have_numbers_from_1_to_10_000(place: Place, number: int) -> None:
    with pytest.raises(ValueError, match="no number of a part"):
        place.store.sign_part(place.key(), "u", number, size=1, checksum_sha256=None, expires_at=place.later())


def test_bytes_are_read_by_range(place: Place) -> None:
    key = place.stored(b"0123456789")
    assert place.read(key, 2, 4) == b"234"
    assert place.read(key, 8) == b"89"
    assert place.read(key, 8, 100) == b"89"
    assert place.read(key, 10) == b""
    assert place.read(key, 100, 200) == b""


def test_what_is_not_there_is_said_before_a_byte_is_read(place: Place) -> None:
    key = place.key()
    assert place.store.head(key) is None
    with pytest.raises(NoSuchObject):
        place.read(key)
    with pytest.raises(NoSuchObject):
        place.store.retrieve(key)
    assert place.download(key).status == 404 or not place.knows_absence


def test_what_is_at_hand_need_not_be_brought_back(place: Place) -> None:
    assert place.store.retrieve(place.stored(BODY)) == "at-hand"


def test_a_thumbnail_is_written_and_replaced(place: Place) -> None:
    key = thumbnail_key("a1")
    for body in (b"RIFF....WEBP", b"another"):
        stored = place.store.write(key, body, mime_type="image/webp")
        assert (stored.size, stored.mime_type) == (len(body), "image/webp")
        assert place.read(key) == body
    assert [row.key for row in place.store.list(THUMBNAILS)] == [key]
    said = place.download(key, "a.webp", "image/webp").headers.get("Cache-Control", "")
    assert "immutable" in said or place.name == "moto"  # which forgets it where a type is asked for


def test_deleting_may_be_repeated(place: Place) -> None:
    kept, gone = place.stored(BODY), place.stored(BODY)
    place.store.delete(gone, place.key())
    place.store.delete(gone)
    assert place.store.head(gone) is None
    assert [row.key for row in place.store.list(FILES)] == [kept]
    assert place.put(gone, BODY).status == 200  # so an address that still lives can bring it anew


def test_objects_are_listed_by_key(place: Place) -> None:
    keys = sorted(file_key(name) for name in ("0a", "0", "a-1", "b2", "b10", "zz"))
    for key in reversed(keys):
        place.store.write(key, key.text.encode(), mime_type="text/plain")
    rows = list(place.store.list(FILES))
    assert [row.key for row in rows] == keys
    assert [row.size for row in rows] == [len(key.text) for key in keys]
    assert list(place.store.list(THUMBNAILS)) == []


def test_what_was_interrupted_is_swept_away_and_nothing_else(place: Place) -> None:
    key = place.stored(BODY)
    place.store.sweep(place.clock() + timedelta(days=1))
    assert place.read(key) == BODY


def test_the_store_answers(place: Place) -> None:
    place.store.ping()


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../secret_key",
        "a/../b",
        "a/b",
        "a\x00b",
        "A",
        "한글",
        "a" * 1000,
        "a b",
        "-a",
        "a\n",
        "a.b.c",
        "/",
    ],
)
def test_what_no_server_made_is_no_key(name: str) -> None:
    with pytest.raises(BadKey):
        file_key(name)
    with pytest.raises(BadKey):
        Key(name)
