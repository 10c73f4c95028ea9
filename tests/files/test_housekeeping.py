"""What clients and crashes leave is ended, found and mended, on a folder and on S3; and nothing else is touched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner
from PIL import Image

from backend.cli.commands import commands
from backend.domain import parts
from backend.domain.errors import NotFound, UploadIncomplete
from backend.domain.pages import Entity
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.purging import purge
from backend.repositories.sqlite import SQLiteDatabase
from backend.services.housekeeping import Tended
from backend.services.writing import Intent
from backend.settings import Settings
from backend.storage.filesystem import FolderStore
from backend.storage.keys import file_key, thumbnail_key
from tests.files.bench import Bench, Steps, bench
from tests.files.pictures import SVG, picture, png_header
from tests.in_process import Clock

PART = parts.part_size(0)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let files of 5 MiB go up in parts already."""
    monkeypatch.setattr(parts, "SINGLE_BYTES", 5 * 1024**2)
    monkeypatch.setattr(parts, "LEAST_PART", 5 * 1024**2)
    return 5 * 1024**2


def test_a_picture_gets_its_thumbnail_beside_the_requests_and_as_a_new_version(calendar: Bench) -> None:
    photo = calendar.uploaded(picture(), mime_type="image/jpeg")
    assert photo["thumbnail"] == {"status": "pending", "width": None, "height": None}
    worker = Thread(target=calendar.care.thumbnails.run, args=(calendar.queue,))
    worker.start()
    calendar.queue.close()
    worker.join()
    drawn = calendar.get(photo)
    assert drawn["thumbnail"] == {"status": "ready", "width": 256, "height": 192}
    assert drawn["version"] == photo["version"] + 1
    with calendar.store.read(thumbnail_key(photo["id"])) as chunks:
        assert Image.open(BytesIO(b"".join(chunks))).format == "WEBP"
    assert calendar.care.thumbnails.make(photo["id"]) is False, "once is enough"


@pytest.mark.parametrize("body", [SVG, png_header(50_000, 50_000), picture()[:999]], ids=["svg", "bomb", "broken"])
def test_what_cannot_be_drawn_has_failed_for_good_and_the_file_is_ready_all_the_same(
    calendar: Bench, body: bytes
) -> None:
    kind = {b"<": "image/svg+xml", b"\x89": "image/png", b"\xff": "image/jpeg"}[body[:1]]
    file = calendar.uploaded(body, mime_type=kind)
    calendar.care.thumbnails.make(file["id"])
    after = calendar.get(file)
    assert (after["status"], after["thumbnail"]["status"]) == ("ready", "failed")
    assert calendar.keys() == [file_key(file["id"]).text]


def test_an_upload_that_is_whole_but_was_never_completed_is_completed(calendar: Bench, clock: Clock) -> None:
    photo = calendar.announce(len(picture()), mime_type="image/jpeg")
    calendar.put(photo, picture())
    assert calendar.care.housekeeping.tend() == Tended(), "its client may be about to do so"
    clock.advance(minutes=16)
    assert calendar.care.housekeeping.tend() == Tended(completed=1)
    assert calendar.get(photo)["status"] == "ready"
    clock.advance(minutes=16)
    assert calendar.care.housekeeping.has_work()
    assert calendar.care.housekeeping.tend() == Tended(thumbnails=1), "whose process has died"
    assert calendar.get(photo)["thumbnail"]["status"] == "ready"
    assert not calendar.care.housekeeping.has_work()


def test_one_in_parts_is_completed_when_it_rests_and_left_alone_while_parts_come(
    calendar: Bench, clock: Clock, small_parts: int
) -> None:
    file = calendar.announce(2 * small_parts + 9)
    for number, size in ((1, small_parts), (2, small_parts), (3, 9)):
        assert calendar.care.housekeeping.tend() == Tended()
        calendar.put_part(file, number, bytes(size))
        clock.advance(hours=20)
    assert calendar.care.housekeeping.tend() == Tended(), "its last part is new"
    clock.advance(minutes=16)
    assert calendar.care.housekeeping.tend() == Tended(completed=1)
    ready = calendar.get(file)
    assert (ready["status"], ready["file_size"]) == ("ready", 2 * small_parts + 9)
    assert calendar.uploads() == 0


def test_one_that_was_abandoned_for_a_day_is_given_up_and_its_parts_freed(
    calendar: Bench, clock: Clock, small_parts: int
) -> None:
    files = [calendar.announce(2 * small_parts), calendar.announce(3 * small_parts), calendar.announce(9)]
    calendar.put_part(files[0], 1, bytes(small_parts))
    calendar.care.housekeeping.tend()
    clock.advance(hours=23)
    assert calendar.care.housekeeping.tend() == Tended()
    clock.advance(hours=2)
    assert calendar.care.housekeeping.tend() == Tended(abandoned=3)
    assert [calendar.get(file)["status"] for file in files] == ["failed"] * 3
    assert (calendar.keys(), calendar.uploads()) == ([], 0)
    assert calendar.read.attachments.used(calendar.department) == 0


def test_one_of_another_type_than_declared_is_refused_and_removed(calendar: Bench, clock: Clock) -> None:
    page = b"<!DOCTYPE html><script>alert(1)</script>"
    file = calendar.announce(len(page), mime_type="image/png")
    calendar.put(file, page)
    clock.advance(hours=1)
    assert calendar.care.housekeeping.tend() == Tended(refused=1)
    assert calendar.get(file)["status"] == "failed"
    assert calendar.keys() == []


def test_a_calendar_where_all_is_well_has_no_faults(calendar: Bench, clock: Clock) -> None:
    photo = calendar.uploaded(picture(), mime_type="image/jpeg")
    calendar.care.thumbnails.make(photo["id"])
    gone = calendar.uploaded(b"restorable")
    calendar.files.attachments.delete(gone["id"], Intent())
    calendar.put(calendar.announce(3), b"123")
    for _ in range(3):
        assert calendar.faults() == []
        calendar.repair()
        clock.advance(days=10)
    assert len(calendar.keys()) >= 3


def test_objects_without_records_are_found_after_a_day_and_removed(calendar: Bench, clock: Clock) -> None:
    kept = calendar.uploaded(b"kept")
    for key in (file_key("0b0e7f5e-0000-4000-8000-000000000000"), thumbnail_key(kept["id"])):
        calendar.store.write(key, b"left", mime_type="image/webp")
    calendar.store.begin_multipart(
        file_key("0b0e7f5e-0000-4000-8000-000000000001"), mime_type="a/b", part_checksums=False
    )
    assert calendar.faults() == []
    clock.advance(hours=25)
    assert [fault.explained for fault in calendar.care.check.faults(Steps())] == [False, True, False]
    calendar.repair()
    assert calendar.faults() == []
    assert (calendar.keys(), calendar.uploads()) == ([file_key(kept["id"]).text], 0)


def test_records_without_objects_are_found_at_once_and_said_to_have_failed(calendar: Bench) -> None:
    photo, file = calendar.uploaded(picture(), mime_type="image/jpeg"), calendar.uploaded(b"file")
    calendar.care.thumbnails.make(photo["id"])
    calendar.store.delete(thumbnail_key(photo["id"]), file_key(file["id"]))
    assert sorted(said.partition(" (")[0] for said in calendar.faults()) == [
        "the file of 사진.jpg",
        "the thumbnail of 사진.jpg",
    ]
    calendar.repair()
    assert calendar.faults() == []
    assert calendar.get(file)["status"] == "failed"
    assert calendar.store.head(thumbnail_key(photo["id"]))
    assert calendar.get(photo)["thumbnail"]["status"] == "ready"


def test_what_was_deleted_can_be_restored_for_30_days_and_is_then_purged_with_its_objects(
    calendar: Bench, clock: Clock
) -> None:
    photo, file = calendar.uploaded(picture(), mime_type="image/jpeg"), calendar.uploaded(b"file")
    calendar.care.thumbnails.make(photo["id"])
    for each in (photo, file):
        calendar.files.attachments.delete(each["id"], Intent())
    clock.advance(days=29)
    purge(calendar.database, clock(), discard=calendar.care.discard)
    calendar.repair()
    calendar.files.attachments.restore(photo["id"], Intent())
    clock.advance(days=2)
    assert purge(calendar.database, clock(), discard=calendar.care.discard).tombstones == 1
    assert sorted(calendar.keys()) == [file_key(photo["id"]).text, thumbnail_key(photo["id"]).text]
    assert calendar.faults() == []


def test_a_deleted_departments_files_go_with_it(calendar: Bench, clock: Clock, small_parts: int) -> None:
    calendar.uploaded(b"file")
    calendar.put_part(calendar.announce(2 * small_parts), 1, bytes(small_parts))
    calendar.write.departments.delete(calendar.department, Intent())
    clock.advance(days=2)
    assert calendar.care.housekeeping.tend() == Tended()
    calendar.repair()
    assert len(calendar.keys()) == 1, "it can be restored"
    clock.advance(days=30)
    purge(calendar.database, clock(), discard=calendar.care.discard)
    assert (calendar.keys(), calendar.uploads(), calendar.rows()) == ([], 0, [])


def test_what_is_deleted_while_it_is_looked_after_is_no_error(calendar: Bench, clock: Clock) -> None:
    photo = calendar.uploaded(picture(), mime_type="image/jpeg")
    pending = calendar.announce(10)
    with pytest.raises(UploadIncomplete):
        calendar.complete(pending)
    for each in (photo, pending):
        calendar.files.attachments.delete(each["id"], Intent())
    with pytest.raises(NotFound):
        calendar.care.thumbnails.make(photo["id"])
    clock.advance(hours=25)
    assert calendar.care.housekeeping.tend() == Tended()
    assert calendar.faults() == []


def test_nothing_is_mended_by_itself_where_the_bucket_or_the_database_is_another(calendar: Bench, clock: Clock) -> None:
    mine = calendar.uploaded(b"mine")
    calendar.store.write(file_key("0b0e7f5e-0000-4000-8000-000000000000"), b"another's", mime_type="a/b")
    calendar.store.delete(file_key(mine["id"]))
    clock.advance(days=2)
    assert [fault.explained for fault in calendar.care.check.faults(Steps())] == [False, False]


def test_a_lost_file_that_is_found_again_is_kept(calendar: Bench, clock: Clock) -> None:
    file = calendar.uploaded(b"file")
    calendar.store.delete(file_key(file["id"]))
    calendar.repair()
    calendar.store.write(file_key(file["id"]), b"file", mime_type="a/b")
    clock.advance(days=2)
    assert calendar.faults() == []


def test_the_purge_that_operators_run_removes_files_too(tmp_path: Path) -> None:
    long_ago = Clock((datetime.now(UTC) - timedelta(days=40)).isoformat())
    store = FolderStore(tmp_path / "objects", lambda: b"secret", clock=long_ago)
    with bench(store, tmp_path / "cache", long_ago, SQLiteDatabase(tmp_path / "dayroom.db")) as calendar:
        file = calendar.uploaded(b"file")
        calendar.files.attachments.delete(file["id"], Intent())
    assert store.head(file_key(file["id"]))
    done = CliRunner().invoke(commands, ["purge"], obj=Settings(data_dir=tmp_path))
    assert (done.exit_code, "1 deleted events and attachments" in done.output) == (0, True)
    assert store.head(file_key(file["id"])) is None


def test_what_a_client_ends_while_it_is_looked_after_stays_as_the_client_left_it(
    calendar: Bench, clock: Clock, small_parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [calendar.announce(small_parts + 1) for _ in range(3)]
    for file in files:
        calendar.put_part(file, 1, bytes(small_parts))
        calendar.put_part(file, 2, b"x")
    calendar.care.housekeeping.tend()
    clock.advance(hours=1)
    list_them = type(calendar.read.attachments).unfinished

    def meanwhile(repository: AttachmentRepository, department_id: str) -> Sequence[Entity]:
        found = list_them(repository, department_id)
        calendar.complete(files[0])
        calendar.files.attachments.delete(files[1]["id"], Intent())
        return found

    monkeypatch.setattr(type(calendar.read.attachments), "unfinished", meanwhile)
    assert calendar.care.housekeeping.tend() == Tended(completed=1)
    assert [calendar.get(file)["status"] for file in (files[0], files[2])] == ["ready", "ready"]
