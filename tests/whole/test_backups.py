"""A backup holds everything, is one file that proves itself, and the same calendar makes the same content."""

from __future__ import annotations

import gzip
import json
import os
import time
import tomllib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from backend import __version__
from backend.repositories import archive
from backend.repositories.archive import BadArchive
from backend.repositories.database import Put
from backend.repositories.tables import CHANGES, head_key
from backend.services.backups import back_up
from tests.in_process import Api
from tests.whole.calendars import Crash, Silent, crashing
from tests.whole.conftest import Place
from toolchain.steps import ROOT


def lines_of(file: Path) -> list[Any]:
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]


def test_backup_restore_backup_is_the_same_bytes_of_content(
    backup: Path, new_place: Callable[[], Place], tmp_path: Path
) -> None:
    place, again = new_place(), tmp_path / "again.gz"
    assert place.run("restore", backup).exit_code == 0
    assert place.run("backup", again).exit_code == 0
    first, second = (gzip.decompress(file.read_bytes()).splitlines(keepends=True) for file in (backup, again))
    assert len(first) > 40
    assert first[1:-1] == second[1:-1]
    assert json.loads(first[-1])["content"] == json.loads(second[-1])["content"]
    assert archive.verify(backup).content == sha256(b"".join(first[1:-1])).hexdigest()


def test_the_same_calendar_at_the_same_moment_is_the_same_file(api: Api, tmp_path: Path) -> None:
    now = api.dayroom.changelog.now()
    for name in "ab":
        back_up(api.dayroom.database, tmp_path / name, Silent(), lambda: now)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_backup_says_what_it_is_and_has_no_epochs_and_no_guards(backup: Path) -> None:
    header, *items, trailer = lines_of(backup)
    assert header.keys() == {"format", "version", "created_at", "server"}
    assert (header["format"], header["version"], header["server"]) == ("dayroom-backup", 2, __version__)
    assert trailer["items"] == len(items)
    assert [name for name, _ in items] == sorted(
        (name for name, _ in items), key=["departments", "events", "attachments", "changes"].index
    )
    heads = [item for name, item in items if name == "changes" and item["seq"] == 0]
    assert len(heads) == 4
    assert all("epoch" not in head and "floor" not in head for head in heads)


def test_the_version_is_the_projects() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == __version__


def test_a_backup_of_a_server_in_use_by_the_command(api: Api, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "b.gz"
    said = place.run("backup", file)
    assert said.exit_code == 0, said.output
    assert "2 departments, 11 events" in said.output, "one of them in the deleted department"
    assert archive.verify(file).content in said.output
    assert file.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.gz", "data"]


def test_a_backup_that_is_interrupted_leaves_the_older_one_alone(api: Api, backup: Path) -> None:
    before, calls = backup.read_bytes(), 0
    for calls in range(0, 200, 10):
        try:
            back_up(crashing(api.dayroom.database, calls), backup, Silent())
        except Crash:
            assert backup.read_bytes() == before
            assert sorted(path.name for path in backup.parent.iterdir()) == ["backup.gz", "data"]
        else:
            break
    assert calls > 50


def test_a_damaged_calendar_makes_no_backup(api: Api, place: Place, tmp_path: Path) -> None:
    head = api.dayroom.database.get(CHANGES, head_key("directory"))
    assert head is not None
    api.dayroom.database.transact([Put(CHANGES, {**head, "digest": "0" * 16})], "damage")
    said = place.run("backup", tmp_path / "b.gz")
    assert said.exit_code == 1
    assert "digest" in said.output
    assert not (tmp_path / "b.gz").exists()


def test_where_there_is_no_calendar_none_is_made(new_place: Callable[[], Place], tmp_path: Path) -> None:
    place = new_place()
    for command in (["backup", tmp_path / "b.gz"], ["doctor"], ["purge"]):
        said = place.run(*command)
        assert (said.exit_code, "dayroom.db is not there" in said.output) == (1, True), said.output
        assert not place.folder.exists()


def rezipped(file: Path, change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    return gzip.compress(b"".join(change(gzip.decompress(file.read_bytes()).splitlines(keepends=True))), mtime=0)


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


BAD: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "empty": (lambda file: b"", "no backup"),
    "text": (lambda file: b"hello\n", "no backup"),
    "another gzip": (lambda file: gzip.compress(b"hello\n"), "no backup"),
    "other JSON": (lambda file: gzip.compress(b'{"format": "x"}\n'), "no backup"),
    "cut in the middle": (lambda file: file.read_bytes()[: file.stat().st_size // 2], "cut or altered"),
    "without its last byte": (lambda file: file.read_bytes()[:-1], "cut or altered"),
    "without its last line": (lambda file: rezipped(file, lambda lines: lines[:-1]), "is cut"),
    "without an item": (lambda file: rezipped(file, lambda lines: [*lines[:5], *lines[6:]]), "is altered"),
    "an item twice": (lambda file: rezipped(file, lambda lines: [*lines[:5], lines[4], *lines[5:]]), "is altered"),
    "another word": (
        lambda file: rezipped(file, lambda lines: [each.replace(b"title", b"titel") for each in lines]),
        "is altered",
    ),
    "another date": (
        lambda file: rezipped(file, lambda lines: [lines[0].replace(b"Z", b"z"), *lines[1:]]),
        "is altered",
    ),
    "an unknown table": (
        lambda file: rezipped(file, lambda lines: [lines[0], b'["users",{}]\n', *lines[1:]]),
        "is altered",
    ),
    "something behind it": (lambda file: rezipped(file, lambda lines: [*lines, b"[]\n"]), "is altered"),
    "deep brackets": (lambda file: rezipped(file, lambda lines: [lines[0], b"[" * 100_000, *lines[1:]]), "is altered"),
    "a newer format": (
        lambda file: rezipped(file, lambda lines: [lines[0].replace(b'"version":2', b'"version":3'), *lines[1:]]),
        "newer Dayroom",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_whole_backup_is_refused_and_nothing_is_written(
    kind: str, backup: Path, new_place: Callable[[], Place]
) -> None:
    make, reason = BAD[kind]
    backup.write_bytes(make(backup))
    place = new_place()
    said = place.run("restore", backup)
    assert said.exit_code == 1
    assert reason in said.output
    assert "Traceback" not in said.output
    assert not place.folder.exists()


def test_any_flipped_bit_is_noticed(backup: Path) -> None:
    data = backup.read_bytes()
    for place in range(12, len(data), len(data) // 60):
        backup.write_bytes(flipped(data, place))
        with pytest.raises(BadArchive):
            archive.verify(backup)


def test_what_cannot_be_read_back_does_not_become_the_backup(
    api: Api, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backup.read_bytes()

    def refuse(path: Path, tell: object) -> None:
        raise BadArchive("the disk lies")

    monkeypatch.setattr(archive, "verify", refuse)
    with pytest.raises(OSError, match="the disk lies"):
        back_up(api.dayroom.database, backup, Silent())
    assert backup.read_bytes() == before


def test_what_killed_backups_have_left_is_removed_after_a_day(api: Api, backup: Path) -> None:
    yesterday, now = (backup.parent / f".dayroom-staged-{name}" for name in ("yesterday", "now"))
    for place in (yesterday, now):
        place.mkdir()
        (place / "copy.db").write_bytes(b"half")
    os.utime(yesterday, (0, time.time() - 90_000))
    back_up(api.dayroom.database, backup, Silent())
    assert (yesterday.exists(), now.exists()) == (False, True)
