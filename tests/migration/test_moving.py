"""A Dayroom database moves to another store as it is: positions, epochs, versions and history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from backend.app import open_settings_database
from backend.cli.commands import commands
from backend.repositories.restoring import NotEmpty, begin
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import TABLES
from backend.services.backups import back_up, examine, move, restore
from backend.settings import Settings
from tests.in_process import Api, Clock
from tests.migration.conftest import Migrate
from tests.migration.runs import run
from tests.whole.calendars import Silent, answers, calendar, contents, empty, with_a_past

COUNTS = {"departments": 2, "events": 11, "rejected": 0, "changed_since": 0}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a Dayroom database in a file."""
    return tmp_path / "old" / "dayroom.db"


@pytest.fixture
def old(source: Path) -> Iterator[Api]:
    """Yield a server that goes on using it."""
    source.parent.mkdir()
    with closing(SQLiteDatabase(source)) as database, calendar(database) as api:
        with_a_past(api)
        yield api


@pytest.fixture
def remote(dynamodb_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """Return the environment of an empty DynamoDB."""
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "ap-northeast-2"}
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    prefix = f"w{uuid4().hex[:8]}_"
    return {**keys, "AWS_ENDPOINT_URL_DYNAMODB": dynamodb_endpoint, "TABLE_PREFIX": prefix, "DATABASE": "dynamodb"}


def test_sqlite_to_dynamodb_to_sqlite_is_the_same_and_answers_the_same(
    old: Api, source: Path, remote: Mapping[str, str], tmp_path: Path
) -> None:
    before, held = answers(old), contents(old.dayroom.database)
    done = run(tmp_path / "run", source, "--to", "dynamodb", environment=remote)
    assert done.status == 0, done.said
    assert done.report is not None
    assert done.report | COUNTS | {"created": 13, "unchanged": 0, "verified": True} == done.report
    with closing(open_settings_database(Settings.from_env(remote))) as database:
        assert contents(database) == held
        with calendar(database) as there:
            assert answers(there) == before
        assert list(examine(database, Silent())) == []
        with closing(empty()) as back:
            move(database, back, Silent())
            assert contents(back) == held
            with calendar(back) as again:
                assert answers(again) == before
    second = run(tmp_path / "run", source, "--to", "dynamodb", environment=remote)
    assert second.report is not None
    assert second.report | COUNTS | {"created": 0, "unchanged": 13, "verified": True} == second.report


def test_a_backup_is_restored_into_dynamodb_and_backed_up_again_with_the_same_content(
    old: Api, remote: Mapping[str, str], tmp_path: Path
) -> None:
    settings = Settings.from_env(remote)
    first = back_up(old.dayroom.database, tmp_path / "first.gz", Silent())
    with closing(open_settings_database(settings)) as database:
        database.provision(TABLES)
        restore(tmp_path / "first.gz", database, Silent())
        with pytest.raises(NotEmpty):
            restore(tmp_path / "first.gz", database, Silent())
    said = CliRunner().invoke(commands, ["backup", str(tmp_path / "second.gz")], obj=settings)
    assert said.exit_code == 0, said.output
    assert first.content in said.output


def test_clients_of_the_moved_calendar_go_on_from_their_positions(
    old: Api, source: Path, migrate: Migrate, data_dir: Path
) -> None:
    log = old.get("/api/departments").get_json()[0]["id"]
    position = old.changes(log, "since=latest")["position"]
    assert migrate(source, "--to", "sqlite").status == 0
    with closing(SQLiteDatabase(data_dir / "dayroom.db")) as database, calendar(database) as moved:
        event = moved.event(log)
        assert [change["id"] for change in moved.changes(log, f"since={position}")["changes"]] == [event["id"]]


def test_a_rehearsal_writes_nothing_and_tells_the_same(
    old: Api, source: Path, migrate: Migrate, data_dir: Path
) -> None:
    rehearsed = migrate(source, "--to", "sqlite", "--dry-run")
    assert (rehearsed.status, data_dir.exists()) == (0, False), rehearsed.said
    assert rehearsed.report is not None
    assert rehearsed.report | COUNTS | {"created": 13, "verified": False} == rehearsed.report


def test_a_target_that_has_gone_on_is_left_alone(old: Api, source: Path, migrate: Migrate, data_dir: Path) -> None:
    assert migrate(source, "--to", "sqlite").status == 0
    old.department("나중 팀")
    with closing(SQLiteDatabase(data_dir / "dayroom.db")) as target:
        before = contents(target)
        refused = migrate(source, "--to", "sqlite")
        assert (refused.status, refused.report) == (2, None)
        assert "not empty" in refused.said
        assert contents(target) == before


def test_an_old_calendar_is_not_imported_into_half_a_calendar(legacy: Path, migrate: Migrate, data_dir: Path) -> None:
    data_dir.mkdir()
    with closing(SQLiteDatabase(data_dir / "dayroom.db")) as half:
        half.provision(TABLES)
        begin(half, Clock()(), Silent().step)
    refused = migrate(legacy / "json-flat", "--to", "sqlite")
    assert (refused.status, "not whole yet" in refused.said) == (2, True), refused.said


def test_a_move_that_was_interrupted_is_done_again(old: Api, source: Path, migrate: Migrate, data_dir: Path) -> None:
    data_dir.mkdir()
    with closing(SQLiteDatabase(data_dir / "dayroom.db")) as half:
        half.provision(TABLES)
        begin(half, Clock()(), Silent().step)
    done = migrate(source, "--to", "sqlite")
    assert done.status == 0, done.said
    with closing(SQLiteDatabase(data_dir / "dayroom.db")) as whole:
        assert contents(whole) == contents(old.dayroom.database)


def test_a_damaged_source_is_said_and_is_exit_status_1(old: Api, source: Path, migrate: Migrate) -> None:
    database = old.dayroom.database
    from tests.whole.test_doctor import DAMAGE  # the damage that digests see

    log = old.get("/api/departments").get_json()[0]["id"]
    database.transact([DAMAGE["a wrong head"][0](database, log)], "damage")
    done = migrate(source, "--to", "sqlite")
    assert done.status == 1
    assert "NOT AS IT MUST BE" in done.said
    assert done.report is not None
    assert done.report["verified"] is False
