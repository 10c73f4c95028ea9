"""All settings of the server, read once: `Settings.from_env()` is the only reader of the environment.

A real variable wins over `.env`; a bad value stops the start with one line that names it.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import load_dotenv

AsyncMode = Literal["eventlet", "threading"]
DatabaseKind = Literal["sqlite", "dynamodb"]
ObjectStoreKind = Literal["filesystem", "s3"]
LifecycleKind = Literal["none", "glacier_ir", "deep_archive"]
LogFormat = Literal["console", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]

LEAST_RETENTION_DAYS: Final = 30
Value = TypeVar("Value")


@dataclass
class BadSetting(Exception):
    """Says in one line which variable has which value, and what it should be."""

    name: str
    value: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.name}={self.value!r} cannot be used: it must be {self.wanted}"


def _setting(parse: Callable[[str, str], Any], default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"parse": parse, "meaning": meaning})


def _text(name: str, value: str) -> str:
    return value


def _path(name: str, value: str) -> Path:
    return Path(value).expanduser()


def _flag(name: str, value: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if value.lower() not in known:
        raise BadSetting(name, value, "true or false")
    return known[value.lower()]


def _number(least: int, most: int) -> Callable[[str, str], int]:
    def parse(name: str, value: str) -> int:
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise BadSetting(name, value, f"a whole number from {least} to {most}")
        return int(value)

    return parse


def _choice(kind: Any) -> Callable[[str, str], str]:
    def parse(name: str, value: str) -> str:
        if value.lower() not in get_args(kind):
            raise BadSetting(name, value, "one of " + ", ".join(get_args(kind)))
        return value.lower()

    return parse


def _zone(name: str, value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting(name, value, "an IANA time zone such as Asia/Seoul") from None


def _origin(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadSetting(name, value, "an http or https address")
    return value.rstrip("/")


def _origins(name: str, value: str) -> tuple[str, ...]:
    return tuple(_origin(name, part.strip()) for part in value.split(",") if part.strip())


def _names(name: str, value: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in value.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Settings:
    """Holds every setting; the variable of each is its name in capitals."""

    host: str = _setting(_text, "127.0.0.1", "the address to listen on")
    port: int = _setting(_number(0, 65535), 5000, "the port to listen on; 0 takes a free one")
    public_url: str | None = _setting(_origin, None, "where clients reach the server, if a proxy stands in front")
    allowed_hosts: tuple[str, ...] = _setting(_names, (), "further names in `Host` that are answered, by commas")
    data_dir: Path = _setting(_path, Path("data"), "the folder of the SQLite file and of attachments")
    database: DatabaseKind = _setting(_choice(DatabaseKind), "sqlite", "sqlite or dynamodb")
    table_prefix: str = _setting(_text, "", "stands before the name of every DynamoDB table")
    departments_table: str | None = _setting(_text, None, "the whole name of the table of departments")
    events_table: str | None = _setting(_text, None, "the whole name of the table of events")
    aws_region: str | None = _setting(_text, None, "the region of DynamoDB and S3")
    aws_endpoint_url_dynamodb: str | None = _setting(_origin, None, "another DynamoDB than Amazon's")
    object_store: ObjectStoreKind = _setting(_choice(ObjectStoreKind), "filesystem", "filesystem or s3")
    s3_bucket: str | None = _setting(_text, None, "the bucket of attachments")
    aws_endpoint_url_s3: str | None = _setting(_origin, None, "another S3 than Amazon's")
    s3_public_endpoint_url: str | None = _setting(_origin, None, "where clients reach it, if that is another address")
    s3_lifecycle: LifecycleKind = _setting(_choice(LifecycleKind), "none", "what `provision` does with old files")
    s3_replicate_to: str | None = _setting(_text, None, "a bucket in another region that gets a copy of each file")
    s3_replication_role: str | None = _setting(_text, None, "the ARN of the role that S3 copies as")
    cdn_base_url: str | None = _setting(_origin, None, "CloudFront's address, in front of the bucket")
    cdn_key_pair_id: str | None = _setting(_text, None, "the id of the public key that CloudFront knows")
    cdn_private_key_file: Path | None = _setting(_path, None, "the private key of that pair (PEM)")
    signed_url_ttl: int = _setting(_number(1, 604_800), 600, "for how many seconds a signed URL is good")
    signed_url_max_ttl: int = _setting(_number(1, 604_800), 3600, "the longest that a client may ask for (seconds)")
    attachment_max_bytes: int = _setting(_number(1, 5 * 1024**4), 5 * 1024**4, "the largest file (bytes)")
    department_quota_bytes: int = _setting(
        _number(0, 2**60), 0, "what all files of a department may take (bytes); 0 is without a limit"
    )
    secret_key: str | None = _setting(_text, None, "signs URLs; without it DATA_DIR keeps a random one")
    file_cache_dir: Path | None = _setting(_path, None, "the folder of copies of files; shared by all servers at best")
    file_cache_mb: int = _setting(_number(1, 100_000_000), 1024, "what these copies may take of its disk (MiB)")
    thumbnail_max_megapixels: int = _setting(_number(1, 10_000), 200, "larger pictures get no thumbnail")
    thumbnail_memory_mb: int = _setting(_number(256, 1_000_000), 1024, "the memory that drawing one may take (MiB)")
    thumbnail_seconds: int = _setting(_number(1, 3600), 20, "the seconds of computing that drawing one may take")
    cors_origins: tuple[str, ...] = _setting(_origins, (), "origins whose web pages may use the server, by commas")
    socketio_async_mode: AsyncMode = _setting(_choice(AsyncMode), "eventlet", "eventlet or threading")
    default_timezone: str = _setting(_zone, "Asia/Seoul", "the time zone of a department that names none")
    change_retention_days: int = _setting(
        _number(LEAST_RETENTION_DAYS, 36500), 90, "for how many days entries of the change log are kept"
    )
    require_preconditions: bool = _setting(_flag, False, "refuse changes that come without If-Match (428)")
    dynamodb_poll_seconds: int = _setting(
        _number(1, 3600), 2, "how often the rooms' logs are looked at for writes of other processes (DynamoDB)"
    )
    max_connections_per_address: int = _setting(
        _number(1, 1_000_000), 1000, "how many Socket.IO connections one address may have"
    )
    joins_per_second: int = _setting(
        _number(1, 1_000_000), 20, "how many rooms a client may join a second; at once, ten times as many"
    )
    calendar_file_max_bytes: int = _setting(
        _number(1024, 100 * 1024 * 1024), 10 * 1024 * 1024, "how large a calendar file may be that is imported"
    )
    backup_daily_to: Path | None = _setting(_path, None, "the folder that a backup is written to once a day")
    backup_keep: int = _setting(_number(1, 36500), 14, "how many daily backups are kept")
    import_max_bytes: int = _setting(
        _number(1024, 10 * 2**30), 256 * 2**20, "how large the files of an old calendar may be, together"
    )
    log_level: LogLevel = _setting(_choice(LogLevel), "info", "debug, info, warning or error")
    log_format: LogFormat = _setting(_choice(LogFormat), "console", "console or json")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Reads the environment, after completing it from `.env`; raises `BadSetting`."""
        if environ is None:
            load_dotenv(Path(".env"), override=False)
            environ = os.environ
        values = dict(_understood(environ))
        known = {
            each.name: each.metadata["parse"](each.name.upper(), values[each.name.upper()].strip())
            for each in fields(cls)
            if values.get(each.name.upper(), "").strip()
        }
        settings = cls(**known)
        settings._refuse_contradictions()
        return settings

    def _refuse_contradictions(self) -> None:
        """Raises `BadSetting` for values that are good alone, and not together."""
        if self.object_store == "s3" and not self.s3_bucket:
            raise BadSetting("S3_BUCKET", "", "the name of a bucket, as OBJECT_STORE=s3")
        if self.signed_url_ttl > self.signed_url_max_ttl:
            wanted = f"at most SIGNED_URL_MAX_TTL, which is {self.signed_url_max_ttl}"
            raise BadSetting("SIGNED_URL_TTL", str(self.signed_url_ttl), wanted)
        if self.cdn_base_url and not (self.cdn_key_pair_id and self.cdn_private_key_file):
            raise BadSetting("CDN_BASE_URL", self.cdn_base_url, "given with CDN_KEY_PAIR_ID and CDN_PRIVATE_KEY_FILE")
        if self.s3_replicate_to and not self.s3_replication_role:
            raise BadSetting("S3_REPLICATE_TO", self.s3_replicate_to, "given with S3_REPLICATION_ROLE")

    def table_name(self, table: str) -> str:
        """Tells the real name of a declared table."""
        own = {"departments": self.departments_table, "events": self.events_table}.get(table)
        return own or f"{self.table_prefix}{table}"


def _understood(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Adds what older programs called it: `DB_MODE=local|aws`, `AWS_DEFAULT_REGION`."""
    values = dict(environ)
    mode = values.get("DB_MODE", "").strip().lower()
    if mode and mode not in {"local", "aws"}:
        raise BadSetting("DB_MODE", values["DB_MODE"], "local or aws")
    if mode and not values.get("DATABASE"):
        values["DATABASE"] = {"local": "sqlite", "aws": "dynamodb"}[mode]
    if not values.get("AWS_REGION") and values.get("AWS_DEFAULT_REGION"):
        values["AWS_REGION"] = values["AWS_DEFAULT_REGION"]
    return values
