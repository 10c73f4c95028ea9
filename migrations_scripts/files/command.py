"""The command line of the migration of files: what it takes, what it prints, and its exit status."""

import json
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from backend.domain.errors import Unavailable
from backend.repositories.database import DatabaseError
from backend.settings import BadSetting, Settings
from backend.storage.opening import open_store
from migrations_scripts.files.adopting import Adoption
from migrations_scripts.files.carrier import Carrier
from migrations_scripts.files.moving import StoreMove
from migrations_scripts.files.report import FileRejects, FileReport, rejects_to
from migrations_scripts.files.sources import dayroom_store
from migrations_scripts.files.target import opened
from migrations_scripts.files.work import PARTS_AT_ONCE, Task, carry_out, threads
from migrations_scripts.legacy.entities import DEFAULT_NAMESPACE, Ids
from migrations_scripts.progress import Narrator

ARRIVED: Final = 0
REJECTED: Final = 1
COULD_NOT_RUN: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the migration that the arguments ask for; returns the exit status."""
    options = _parser().parse_args(arguments)
    narrator = Narrator()
    try:
        return _run(options, narrator)
    except (BadSetting, OSError) as error:
        narrator.say(f"migration: {error}")
    except (Unavailable, DatabaseError) as error:
        narrator.say(f"migration: {error}. What arrived stays; run the same again later")
    except KeyboardInterrupt:
        narrator.say("migration: stopped. What arrived stays; run the same again to go on")
    return COULD_NOT_RUN


def _run(options: Namespace, narrator: Narrator) -> int:
    settings = _settings()
    source = options.source or settings.data_dir
    if not source.is_dir():
        raise NotADirectoryError(f"{source} is no folder")
    if options.report:
        options.report.open("a").close()  # find out now, not after an hour, whether it can be written
    started = time.monotonic()
    report = FileReport(options.dry_run)
    with rejects_to(options.rejects) as rejects:
        with _tasks(source, settings, options) as tasks:
            total = sum(task.size for task in tasks)
            narrator.say(f"{len(tasks):,} files, {total:,} bytes")
            with narrator.transferring("bytes", total) as tell:
                carry_out(tasks, report, rejects, tell)
        report.seconds = time.monotonic() - started
        _tell(report, rejects, options, narrator)
    return REJECTED if report.rejected else ARRIVED


def _settings() -> Settings:
    """Reads the server's settings; the target is S3, wherever the server keeps its files as yet."""
    settings = Settings.from_env()
    if not settings.s3_bucket:
        raise BadSetting("S3_BUCKET", "", "the name of the bucket that the files go to")
    return replace(settings, object_store="s3")


@contextmanager
def _tasks(source: Path, settings: Settings, options: Namespace) -> Iterator[list[Task]]:
    with threads(PARTS_AT_ONCE) as pool, closing(open_store(settings)) as store:
        store.ping()
        carrier = Carrier(store, pool, options.read_back)
        own = dayroom_store(source)
        if own is not None:
            yield StoreMove(own, carrier, options.dry_run).tasks()
            return
        with opened(settings, store, rehearse=options.dry_run) as target:
            ids, department = Ids(options.namespace), options.department
            yield Adoption(source, ids, target, carrier, options.dry_run, department).tasks()


def _tell(report: FileReport, rejects: FileRejects, options: Namespace, narrator: Narrator) -> None:
    for reject in rejects.first:
        narrator.say(f"rejected: {reject.name}: {reject.reason}")
    if report.rejected > len(rejects.first):
        narrator.say(f"rejected: {report.rejected - len(rejects.first):,} more; --rejects FILE keeps all of them")
    if options.dry_run:
        narrator.say("dry run: nothing was written; the report tells what would happen")
    line = json.dumps(report.as_json())
    if options.report:
        options.report.write_text(f"{line}\n", encoding="utf-8")
    else:
        print(line)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="migrate_files_to_s3",
        description="Brings files to S3. A second run changes nothing, and goes on where a killed one ended.",
        epilog="Exit status: 0 everything arrived and was verified, 1 files were rejected, 2 could not run. The bucket "
        "is set as the server's is, by environment or .env: S3_BUCKET, AWS_ENDPOINT_URL_S3, AWS_REGION …",
    )
    parser.add_argument(
        "source",
        metavar="SOURCE",
        nargs="?",
        type=Path,
        help="Dayroom's DATA_DIR, whose objects keep their keys (default: the one that is set), or any folder with a "
        "folder for each department, whose files become attachments",
    )
    parser.add_argument("--department", metavar="NAME", help="gets the files that are in no department's folder")
    parser.add_argument(
        "--namespace",
        metavar="NAME",
        default=DEFAULT_NAMESPACE,
        help="that of the calendar's migration, where folders are named by its old ids (default: %(default)s)",
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing, only tell what would happen")
    parser.add_argument("--read-back", action="store_true", help="read everything again from S3 and compare it")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write the report there instead of printing it")
    parser.add_argument("--rejects", metavar="FILE", type=Path, help="write the rejected files there, one JSON a line")
    return parser
