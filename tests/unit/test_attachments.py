"""Attachments by themselves: what may be declared, how they change, how they go up, and what files begin with."""

from __future__ import annotations

import pytest

from backend.domain import attachments, parts
from backend.domain.changes import Author
from backend.domain.errors import Invalid
from backend.domain.signatures import contradiction

LATER = "2024-01-16T00:00:00.000Z"
MIB = 1024**2
GIB = 1024**3
TIB = 1024**4
DECLARED = {"file_name": "배치도.png", "file_size": 10, "mime_type": "image/png"}


def created(**members: object) -> attachments.Attachment:
    identity = {"id": "A", "department_id": "D", "at": "2024-01-15T00:00:00.000Z", "author": Author("미나", "phone")}
    return attachments.create({**DECLARED, **members}, **identity)  # type: ignore[arg-type]


def test_an_attachment_begins_pending_with_every_member() -> None:
    made = created()
    assert tuple(made) == attachments.MEMBERS
    assert (made["status"], made["version"], made["created_by"], made["device_id"]) == ("pending", 1, "미나", "phone")


def test_a_row_says_what_the_attachment_says() -> None:
    ready = attachments.completed(created(), verified="size", at=LATER)
    for each in (created(), ready, attachments.failed(created(), code="size-mismatch", found="3", at=LATER)):
        assert attachments.from_row(attachments.to_row(each)) == each
    assert attachments.to_row(created())["pending"] == "D"
    assert attachments.to_row(ready)["pending"] == "D", "its thumbnail is awaited"
    assert "pending" not in attachments.to_row(attachments.with_thumbnail(ready, (256, 128), at=LATER))


@pytest.mark.parametrize("status", attachments.TRANSITIONS)
def test_only_some_changes_of_status_are_possible(status: str) -> None:
    there = {**created(), "status": status}
    changes = {
        "ready": lambda: attachments.completed(there, verified="size", at=LATER),
        "failed": lambda: attachments.failed(there, code="lost", found=None, at=LATER),
        "archived": lambda: attachments.archived(there, at=LATER),
    }
    for after, change in changes.items():
        if after in attachments.TRANSITIONS[status]:
            assert (change()["status"], change()["version"], change()["updated_at"]) == (after, 2, LATER)
        else:
            with pytest.raises(attachments.Impossible):
                change()


def test_a_picture_waits_for_its_thumbnail_and_nothing_else_does() -> None:
    def thumbnail(**members: object) -> object:
        return attachments.completed(created(**members), verified="size", at=LATER)["thumbnail"]

    assert thumbnail() == {"status": "pending", "width": None, "height": None}
    assert thumbnail(mime_type="video/mp4") is None
    assert thumbnail(file_size=0) is None


def test_a_tombstone_is_found_by_how_its_attachment_went() -> None:
    there = created(event_id="0b0e7f5e-3c1d-4d0e-9a53-7a1c5c1f3a10")

    def tombstone(**how: object) -> dict[str, object]:
        data = attachments.deleted_data(there, **how)  # type: ignore[arg-type]
        return attachments.tombstone(there, data, at=LATER, by="준")

    alone, moved, along = tombstone(), tombstone(moved_to="E"), tombstone(with_event=True)
    assert (alone["trash"], alone["deleted_by"], "place" in alone) == ("D", "준", False)
    assert not {"trash", "place", "deleted_by"} & moved.keys()
    assert "trash" not in along
    assert along["place"] == attachments.list_key(there)[0]
    assert all(each["was"] == there and each["version"] == 2 for each in (alone, moved, along))


def test_what_has_failed_weighs_nothing() -> None:
    assert attachments.weight(created()) == 10
    assert attachments.weight(attachments.failed(created(), code="abandoned", found=None, at=LATER)) == 0


@pytest.mark.parametrize(
    ("mime_type", "kept"),
    [
        ("Image/PNG", "image/png"),
        ("text/plain; charset=UTF-8", "text/plain; charset=UTF-8"),
        ("application/vnd.hancom.hwp", "application/vnd.hancom.hwp"),
        ('text/plain;name="a b.txt"', 'text/plain;name="a b.txt"'),
    ],
)
def test_types_are_kept_in_lower_case_with_their_parameters(mime_type: str, kept: str) -> None:
    assert created(mime_type=mime_type)["mime_type"] == kept


@pytest.mark.parametrize(
    "mime_type", ["", "png", "image/", "/png", "image/png, text/html", "a/b;c", "a/b\n", "그림/png"]
)
def test_what_is_no_type_is_refused(mime_type: str) -> None:
    with pytest.raises(Invalid):
        created(mime_type=mime_type)


def test_a_name_in_parts_is_the_same_name_composed() -> None:
    assert created(file_name="\u1100\u1161.txt")["file_name"] == "가.txt"


@pytest.mark.parametrize(
    "file_size", [1, 100 * MIB, 100 * MIB + 1, 20 * GIB, 78 * GIB, 79 * GIB, TIB, 5 * TIB - 1, 5 * TIB]
)
def test_any_file_fits_into_its_parts_exactly(file_size: int) -> None:
    size, count = parts.part_size(file_size), parts.part_count(file_size)
    assert 1 <= count <= parts.MAX_PARTS
    assert 5 * MIB <= size <= 5 * GIB
    assert size % MIB == 0
    assert (count - 1) * size + parts.size_of_part(file_size, count) == file_size
    assert 0 < parts.size_of_part(file_size, count) <= size


def test_what_is_missing_is_told_by_number() -> None:
    assert list(parts.missing(3 * parts.LEAST_PART, {2: 1})) == [1, 3]


BEGINNINGS = {
    "image/jpeg": b"\xff\xd8\xff\xe1",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/gif": b"GIF89a",
    "image/webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "image/avif": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
    "image/tiff": b"II*\0\x08\0\0\0",
    "image/svg+xml": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "video/mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41",
    "video/quicktime": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    "video/webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\1",
    "audio/mpeg": b"ID3\4\0\0",
    "audio/x-m4a": b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42",
    "audio/ogg": b"OggS\0\2",
    "audio/wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "audio/flac": b"fLaC\0\0\0\x22",
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "application/zip": b"PK\3\4\x14\0",
    "application/gzip": b"\x1f\x8b\x08\0",
    "application/x-7z-compressed": b"7z\xbc\xaf\x27\x1c",
    "application/msword": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "application/x-hwp": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": b"PK\3\4\x14\0\6\0",
}


@pytest.mark.parametrize("mime_type", BEGINNINGS)
def test_a_file_that_begins_as_its_type_does_is_of_that_type(mime_type: str) -> None:
    assert contradiction(mime_type, BEGINNINGS[mime_type] + b"\0" * 16 * (mime_type != "image/svg+xml")) is None


@pytest.mark.parametrize("mime_type", BEGINNINGS)
@pytest.mark.parametrize("body", [b"<!doctype html><script>alert(1)</script>", b"MZ\x90\0\3\0", b"#!/bin/sh\nls\n"])
def test_a_page_or_a_program_is_none_of_them(mime_type: str, body: bytes) -> None:
    if mime_type == "image/svg+xml" and body.startswith(b"<"):
        return  # markup is what it is, and is never shown inline
    assert contradiction(mime_type, body)


@pytest.mark.parametrize(
    ("mime_type", "body"),
    [
        ("image/png", BEGINNINGS["image/jpeg"]),
        ("image/heic", BEGINNINGS["video/mp4"]),
        ("video/mp4", BEGINNINGS["image/heic"]),
        ("audio/mpeg", BEGINNINGS["application/pdf"]),
        ("text/plain", BEGINNINGS["image/png"] + b"\0"),
        ("text/csv", BEGINNINGS["application/pdf"]),
        ("image/x-unheard-of", b"<html>"),
        ("video/x-unheard-of", BEGINNINGS["application/zip"]),
    ],
)
def test_one_type_does_not_pass_for_another(mime_type: str, body: bytes) -> None:
    assert contradiction(mime_type, body)


@pytest.mark.parametrize(
    ("mime_type", "body"),
    [
        ("application/octet-stream", b"MZ\x90\0"),
        ("text/plain", "회의록".encode()),
        ("text/plain", "회의록".encode("euc-kr")),
        ("text/csv", "\ufeff이름,전화".encode("utf-16")),
        ("text/html", b"<html>"),
        ("application/vnd.ms-excel", b"name,phone\r\n"),
        ("application/x-unheard-of", BEGINNINGS["application/zip"]),
        ("image/x-unheard-of", b"\1\2\3\4"),
        ("image/jpeg", BEGINNINGS["image/jpeg"] + b"<html><script>"),
        ("image/png", b""),
    ],
)
def test_what_nobody_can_tell_is_taken_as_declared(mime_type: str, body: bytes) -> None:
    assert contradiction(mime_type, body) is None
