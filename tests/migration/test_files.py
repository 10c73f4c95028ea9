"""Files come to S3 whole and once, from Dayroom's own folder and from any other, however often a run is ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from backend.repositories.sqlite import SQLiteDatabase
from backend.services.writing import Intent
from backend.storage.filesystem import FolderStore
from backend.storage.keys import Key, file_key, thumbnail_key
from backend.storage.s3 import S3Store
from backend.storage.s3_signing import S3Signer
from migrations_scripts.files.command import main
from migrations_scripts.legacy.entities import DEFAULT_NAMESPACE, Ids
from tests.components.s3 import S3Server
from tests.files.bench import Bench, bench
from tests.files.pictures import picture
from tests.in_process import Clock
from tests.migration.runs import Run, capturing
from toolchain.steps import ROOT

MEBIBYTE = 1024**2
IDS = [f"0b0e7f5e-0000-4000-8000-{number:012}" for number in range(4)]


class Site:
    """Is a DATA_DIR, a bucket, and runs of the command between them."""

    def __init__(self, folder: Path, server: S3Server) -> None:
        self.folder, self.data_dir = folder, folder / "data"
        self.source = FolderStore(self.data_dir / "objects", lambda: b"secret")
        client, name = server.client(), server.make_bucket()
        self.bucket = S3Store(client, name, S3Signer(client, name, Clock()))
        self.environment = {**server.settings(name), "DATA_DIR": str(self.data_dir), "OBJECT_STORE": "filesystem"}

    def run(self, *arguments: object) -> Run:
        """Run the command in this process."""
        report, rejects = self.folder / "report.json", self.folder / "rejects.jsonl"
        report.unlink(missing_ok=True)
        with pytest.MonkeyPatch.context() as patch, capturing(patch) as said:
            patch.chdir(self.folder)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            status = main([*map(str, arguments), "--report", str(report), "--rejects", str(rejects)])
        whole = report.read_text() if report.exists() else ""
        lines = [json.loads(line) for line in rejects.read_text().splitlines()] if rejects.exists() else []
        return Run(status, json.loads(whole) if whole else None, said.text, lines)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start Python in this place."""
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.environment}
        return subprocess.Popen(
            [sys.executable, *words], cwd=self.folder, env=environment, stdout=subprocess.PIPE, text=True
        )

    def arrived(self, key: Key) -> bytes | None:
        if self.bucket.head(key) is None:
            return None
        with self.bucket.read(key) as chunks:
            return b"".join(chunks)


@pytest.fixture
def site(tmp_path: Path, s3_server: S3Server) -> Iterator[Site]:
    """Yield a DATA_DIR and an empty bucket."""
    made = Site(tmp_path, s3_server)
    yield made
    made.bucket.close()


@pytest.fixture
def own(site: Site) -> dict[Key, bytes]:
    """Fill Dayroom's own folder store, and return what is in it."""
    contents = {
        file_key(IDS[0]): os.urandom(20 * MEBIBYTE),
        file_key(IDS[1]): b"",
        file_key(IDS[2]): b"small",
        thumbnail_key(IDS[2]): b"webp",
    }
    for key, body in contents.items():
        site.source.write(key, body, mime_type="image/webp" if key.is_derived else "text/plain")
    return contents


def counts(report: dict[str, Any] | None) -> dict[str, Any]:
    assert report
    return {name: value for name, value in report.items() if name != "seconds"}


def test_dayrooms_own_files_keep_their_keys_and_a_second_run_changes_nothing(
    site: Site, own: dict[Key, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(map(len, own.values()))
    expected = {"files": 4, "bytes": size, "moved": 4, "unchanged": 0, "changed_since": 0, "rejected": 0}
    assert counts(site.run("--dry-run").report) == {**expected, "verified": False}
    assert list(site.bucket.list("files/")) == []
    first = site.run()
    assert (first.status, counts(first.report)) == (0, {**expected, "verified": True})
    assert {key: site.arrived(key) for key in own} == own
    stored = site.bucket.head(file_key(IDS[0]))
    assert stored
    assert (stored.mime_type, stored.proof) == ("text/plain", "parts")
    monkeypatch.setattr(S3Store, "write", None)
    monkeypatch.setattr(S3Store, "write_part", None)
    again = site.run(site.data_dir, "--read-back")
    assert (again.status, counts(again.report)) == (0, {**expected, "moved": 0, "unchanged": 4, "verified": True})


STUCK_AFTER_THREE_PARTS = """
import threading
from backend.storage.s3 import S3Store
from migrations_scripts.files.command import main
bring, left = S3Store.write_part, threading.Semaphore(3)
def bring_three(*words):
    left.acquire()
    return bring(*words)
S3Store.write_part = bring_three
main([])
"""


def test_a_run_that_is_killed_is_gone_on_with_and_no_part_goes_twice(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = bytes(48 * MEBIBYTE) + b"end"
    site.source.write(file_key(IDS[0]), body, mime_type="video/mp4")
    process = site.start("-c", STUCK_AFTER_THREE_PARTS)
    deadline = time.monotonic() + 60
    while parts_held(site.bucket) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert site.bucket.head(file_key(IDS[0])) is None
    sent: list[int] = []
    bring = S3Store.write_part

    def counting(store: S3Store, key: Key, upload_id: str, number: int, part: bytes) -> Any:
        sent.append(number)
        return bring(store, key, upload_id, number, part)

    monkeypatch.setattr(S3Store, "write_part", counting)
    assert site.run().status == 0
    assert len(set(sent)) == 4
    assert site.arrived(file_key(IDS[0])) == body
    assert list(site.bucket.list_uploads()) == []


def test_the_file_itself_can_be_run_from_any_folder_and_prints_its_report(site: Site, own: dict[Key, bytes]) -> None:
    process = site.start(str(ROOT / "migrations_scripts" / "migrate_files_to_s3.py"), "--dry-run")
    said, _ = process.communicate(timeout=60)
    assert (process.returncode, counts(json.loads(said))["moved"]) == (0, 4)


def parts_held(bucket: S3Store) -> int:
    return sum(len(bucket.list_parts(upload.key, upload.upload_id)) for upload in bucket.list_uploads())


def test_a_damaged_file_is_rejected_and_the_others_arrive(site: Site, own: dict[Key, bytes]) -> None:
    damaged = next((site.data_dir / "objects" / "files" / IDS[2][:2] / IDS[2]).glob("1*"))
    damaged.write_bytes(b"SMALL")
    site.bucket.write(file_key(IDS[1]), b"another", mime_type="text/plain")
    run = site.run()
    assert run.status == 1
    assert counts(run.report)["rejected"] == 2
    assert counts(run.report)["verified"] is False
    assert sorted(reject["source"] for reject in run.rejects) == [file_key(IDS[1]).text, file_key(IDS[2]).text]
    assert site.arrived(file_key(IDS[0])) == own[file_key(IDS[0])]
    assert site.arrived(file_key(IDS[1])) == b"another"


@pytest.fixture
def calendar(site: Site) -> Iterator[Bench]:
    """Yield a calendar whose department is called as macOS writes it."""
    clock = Clock()
    with bench(site.bucket, site.folder / "cache", clock, SQLiteDatabase(make(site.data_dir) / "dayroom.db")) as made:
        made.write.departments.update(made.department, {"name": "개발팀"}, Intent())
        yield made


def make(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_files_of_another_folder_become_attachments_of_the_department_that_it_names(
    site: Site, calendar: Bench
) -> None:
    event = calendar.write.events.create(calendar.department, {"title": "회의", "event_date": "2024-01-15"}, Intent())
    old = make(site.folder / "uploads")
    home = make(old / normalize("NFD", "개발팀"))
    (home / normalize("NFD", "사진.jpg")).write_bytes(picture())
    (make(home / event.entity["id"]) / "no type").write_bytes(b"\x00\x01")
    (home / "claims.png").write_bytes(b"%PDF-1.7 is what it is")
    (make(old / "nobody") / "x.txt").write_bytes(b"x")
    (old / "top.txt").write_bytes(b"top")
    (old / ".hidden").write_bytes(b"")
    rehearsed = site.run(old, "--dry-run")
    assert (rehearsed.status, counts(rehearsed.report)["moved"], calendar.rows()) == (1, 3, [])
    run = site.run(old)
    assert (run.status, counts(run.report)["moved"]) == (1, 3)
    assert {reject["source"]: reject["reason"] for reject in run.rejects} == {
        "nobody/x.txt": "no department is called 'nobody'",
        "top.txt": "it is in no department's folder",
    }
    files = {row["file_name"]: row for row in calendar.read.attachments.list(calendar.department).entities}
    assert {name: row["mime_type"] for name, row in files.items()} == {
        "사진.jpg": "image/jpeg",
        "no type": "application/octet-stream",
        "claims.png": "application/pdf",
    }
    assert {row["status"] for row in files.values()} == {"ready"}
    assert files["no type"]["event_id"] == event.entity["id"]
    assert site.arrived(file_key(files["사진.jpg"]["id"])) == picture()
    assert files["사진.jpg"]["checksum_sha256"] == sha256(picture()).hexdigest()
    assert calendar.care.housekeeping.has_work(), "the server draws its thumbnail"
    calendar.files.attachments.delete(files["no type"]["id"], Intent())
    again = site.run(old, "--department", "개발팀")
    assert (again.status, counts(again.report)["moved"], counts(again.report)["changed_since"]) == (0, 2, 1)


def test_a_second_run_over_a_folder_changes_nothing_and_leaves_alone_what_people_deleted(
    site: Site, calendar: Bench
) -> None:
    old = make(site.folder / "uploads")
    for name in "abc":
        (old / name).write_bytes(name.encode())
    assert site.run(old, "--department", calendar.department).status == 0
    rows = calendar.read.attachments.list(calendar.department).entities
    calendar.files.attachments.delete(rows[0]["id"], Intent())
    again = site.run(old, "--department", "개발팀")
    assert (again.status, counts(again.report)) == (
        0,
        {"files": 3, "bytes": 3, "moved": 0, "unchanged": 2, "changed_since": 1, "rejected": 0, "verified": True},
    )
    (old / rows[1]["file_name"]).write_bytes(b"changed")
    assert site.run(old, "--department", "개발팀").rejects[0]["reason"].startswith("another content")


def test_folders_may_be_named_by_the_ids_of_the_calendar_before(site: Site, calendar: Bench) -> None:
    ids = Ids(DEFAULT_NAMESPACE)
    calendar.write.departments.create({"name": "three", "id": ids.department(3)}, Intent())
    event = {"title": "x", "event_date": "2024-01-15", "id": ids.event(631)}
    calendar.write.events.create(ids.department(3), event, Intent())
    (make(site.folder / "uploads" / "3" / "631") / "plan.pdf").write_bytes(b"%PDF-1.7")
    assert site.run(site.folder / "uploads").status == 0
    (row,) = calendar.read.attachments.list(ids.department(3)).entities
    assert (row["event_id"], row["verified"]) == (ids.event(631), "object")


def test_a_file_over_100_mib_is_adopted_in_parts(site: Site, calendar: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.domain.parts.SINGLE_BYTES", 5 * MEBIBYTE)
    body = os.urandom(17 * MEBIBYTE)
    (make(site.folder / "uploads") / "large").write_bytes(body)
    assert site.run(site.folder / "uploads", "--department", "개발팀").status == 0
    (row,) = calendar.read.attachments.list(calendar.department).entities
    assert (row["status"], row["verified"]) == ("ready", "parts")
    assert site.arrived(file_key(row["id"])) == body


def test_a_folder_is_not_adopted_by_a_calendar_that_is_not_there(site: Site) -> None:
    (make(site.folder / "uploads") / "x").write_bytes(b"x")
    run = site.run(site.folder / "uploads", "--dry-run")
    assert (run.status, "dayroom.db is not there" in run.said) == (2, True)
    assert not site.data_dir.exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda site: site.environment.update(S3_BUCKET=""), "S3_BUCKET"),
        (lambda site: site.environment.update(S3_BUCKET="nowhere"), "S3"),
        (lambda site: site.environment.update(AWS_ENDPOINT_URL_S3="http://127.0.0.1:9"), "S3"),
        (lambda site: site.environment.update(DATA_DIR=str(site.folder / "nothing")), "no folder"),
    ],
)
def test_what_cannot_run_ends_with_2_and_one_line(
    site: Site, own: dict[Key, bytes], spoil: Callable[[Site], None], said: str
) -> None:
    spoil(site)
    run = site.run()
    assert run.status == 2
    assert run.said.startswith("migration: ")
    assert said in run.said
    assert len(run.said.splitlines()) == 1
