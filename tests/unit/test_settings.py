"""Settings are read once, and a bad one is told in one line."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from backend.settings import BadSetting, Settings


def test_nothing_need_be_set() -> None:
    settings = Settings.from_env({})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.database) == ("127.0.0.1", 5000, "sqlite")
    assert (settings.default_timezone, settings.change_retention_days) == ("Asia/Seoul", 90)
    assert settings.require_preconditions is False


BAD: list[tuple[str, str]] = [
    ("PORT", "a"),
    ("PORT", "-1"),
    ("PORT", "65536"),
    ("PORT", "5000.0"),
    ("PORT", "٥٠٠٠"),
    ("PORT", "0x10"),
    ("DATABASE", "mysql"),
    ("DB_MODE", "cloud"),
    ("SOCKETIO_ASYNC_MODE", "gevent"),
    ("DEFAULT_TIMEZONE", "Seoul"),
    ("DEFAULT_TIMEZONE", "../../etc/passwd"),
    ("DEFAULT_TIMEZONE", "/etc/localtime"),
    ("CHANGE_RETENTION_DAYS", "29"),
    ("CHANGE_RETENTION_DAYS", "forever"),
    ("REQUIRE_PRECONDITIONS", "maybe"),
    ("PUBLIC_URL", "calendar.example.com"),
    ("PUBLIC_URL", "ftp://calendar.example.com"),
    ("PUBLIC_URL", "http://"),
    ("CORS_ORIGINS", "https://a.example, b.example"),
    ("AWS_ENDPOINT_URL_DYNAMODB", "localhost:8000"),
    ("LOG_LEVEL", "loud"),
    ("LOG_FORMAT", "xml"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_told_in_one_line_that_names_it(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        Settings.from_env({name: value})
    said = str(caught.value)
    assert said.startswith(f"{name}=") or name == "CORS_ORIGINS"
    assert "must be" in said
    assert "\n" not in said


def test_a_bad_value_with_line_breaks_is_still_one_line() -> None:
    with pytest.raises(BadSetting) as caught:
        Settings.from_env({"PORT": "1\n2\r3"})
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "member", "read"),
    [
        ("PORT", " 0 ", "port", 0),
        ("DATABASE", "DynamoDB", "database", "dynamodb"),
        ("REQUIRE_PRECONDITIONS", "TRUE", "require_preconditions", True),
        ("REQUIRE_PRECONDITIONS", "0", "require_preconditions", False),
        (
            "CORS_ORIGINS",
            "https://a.example/, http://b.example:8080",
            "cors_origins",
            ("https://a.example", "http://b.example:8080"),
        ),
        ("PUBLIC_URL", "https://a.example/", "public_url", "https://a.example"),
        ("DATA_DIR", "/tmp/x", "data_dir", Path("/tmp/x")),
        ("ALLOWED_HOSTS", "A.example, b.example,", "allowed_hosts", ("a.example", "b.example")),
        ("PORT", "", "port", 5000),
        ("DEFAULT_TIMEZONE", "UTC", "default_timezone", "UTC"),
    ],
)
def test_a_good_value_is_read(name: str, value: str, member: str, read: object) -> None:
    assert getattr(Settings.from_env({name: value}), member) == read


def test_older_names_are_understood_and_newer_ones_win() -> None:
    assert Settings.from_env({"DB_MODE": "aws"}).database == "dynamodb"
    assert Settings.from_env({"DB_MODE": "Local"}).database == "sqlite"
    assert Settings.from_env({"DB_MODE": "aws", "DATABASE": "sqlite"}).database == "sqlite"
    assert Settings.from_env({"AWS_DEFAULT_REGION": "us-east-1"}).aws_region == "us-east-1"
    both = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "ap-northeast-2"}
    assert Settings.from_env(both).aws_region == "ap-northeast-2"


def test_tables_have_a_prefix_or_names_of_their_own() -> None:
    settings = Settings.from_env({"TABLE_PREFIX": "dayroom-", "EVENTS_TABLE": "CalendarEvents"})
    assert [settings.table_name(name) for name in ("events", "departments", "changes")] == [
        "CalendarEvents",
        "dayroom-departments",
        "dayroom-changes",
    ]


def test_a_real_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PORT=6001\nHOST=::1\n")
    monkeypatch.chdir(tmp_path)
    kept = {name: value for name, value in os.environ.items() if name not in {"PORT", "HOST"}}
    monkeypatch.setattr(os, "environ", {**kept, "PORT": "6002"})
    settings = Settings.from_env()
    assert (settings.host, settings.port) == ("::1", 6002)


def test_every_setting_says_what_it_means() -> None:
    assert all(each.metadata["meaning"] for each in fields(Settings))
