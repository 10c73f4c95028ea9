"""The command line of the migration: what it takes, what it prints, and its exit status."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from backend.domain.errors import Unavailable
from backend.repositories.database import DatabaseError
from backend.settings import BadSetting, Settings
from migrations_scripts.arrivals import Arrival
from migrations_scripts.legacy.documents import Unreadable
from migrations_scripts.legacy.entities import DEFAULT_NAMESPACE
from migrations_scripts.migration import migrate
from migrations_scripts.progress import Narrator
from migrations_scripts.report import Rejects, Report, rejects_to

ARRIVED: Final = 0
REJECTED_OR_DIFFERENT: Final = 1
COULD_NOT_RUN: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the migration that the arguments ask for; returns the exit status."""
    options = _parser().parse_args(arguments)
    narrator = Narrator(options.progress)
    try:
        return _run(options, narrator)
    except (Unreadable, BadSetting, OSError) as error:
        narrator.say(f"migration: {error}")
    except (Unavailable, DatabaseError) as error:
        narrator.say(f"migration: the database cannot be used: {error}. What arrived stays; run the same again later")
    except KeyboardInterrupt:
        narrator.say("migration: stopped. What arrived stays; run the same again to go on")
    return COULD_NOT_RUN


def _run(options: Namespace, narrator: Narrator) -> int:
    settings = Settings.from_env()
    settings = replace(settings, database=options.to or settings.database)
    if options.report:
        options.report.open("a").close()  # find out now, not after an hour, whether it can be written
    with rejects_to(options.rejects) as rejects:
        report = migrate(
            options.source, settings, options.namespace, rehearse=options.dry_run, rejects=rejects, narrator=narrator
        )
    _tell(report, rejects, options, narrator)
    line = json.dumps(report.as_json())
    if options.report:
        options.report.write_text(f"{line}\n", encoding="utf-8")
    else:
        print(line)
    fine = not report.rejected and (report.verified or options.dry_run)
    return ARRIVED if fine else REJECTED_OR_DIFFERENT


def _tell(report: Report, rejects: Rejects, options: Namespace, narrator: Narrator) -> None:
    for reject in rejects.first:
        narrator.say(f"rejected: {reject.source} {reject.id}: {reject.reason}")
    if report.rejected > len(rejects.first):
        narrator.say(f"rejected: {report.rejected - len(rejects.first):,} more; --rejects FILE keeps all of them")
    if updated := report.arrivals[Arrival.UPDATED]:
        narrator.say(f"brought up to date: {updated:,} rows that have changed in the source since an earlier run")
    if left := report.arrivals[Arrival.CHANGED_SINCE]:
        narrator.say(f"left alone: {left:,} rows that people have edited or deleted since an earlier run")
    if options.dry_run:
        narrator.say("dry run: nothing was written; the report tells what would happen")


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="migrate_to_dynamodb",
        description="Brings an old calendar into Dayroom. A second run changes nothing, and resumes a killed one.",
        epilog="Exit status: 0 everything arrived and was verified, 1 rows were rejected or differ, 2 could not run. "
        "The target is set as the server's is, by environment or .env: DATABASE, DATA_DIR, TABLE_PREFIX, AWS_REGION …",
    )
    parser.add_argument(
        "source",
        metavar="SOURCE",
        nargs="?",
        type=Path,
        default=Path(),
        help="a folder with departments.json and calendar_events.json, an old SQLite file, or a Dayroom "
        "database to move as it is (default: this folder)",
    )
    parser.add_argument("--to", choices=("dynamodb", "sqlite"), help="the target (default: the setting DATABASE)")
    parser.add_argument(
        "--namespace",
        metavar="NAME",
        type=_name,
        default=DEFAULT_NAMESPACE,
        help="tells old calendars apart that use the same ids (default: %(default)s)",
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing, only tell what would happen")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write the report there instead of printing it")
    parser.add_argument("--rejects", metavar="FILE", type=Path, help="write the rejected rows there, one JSON a line")
    parser.add_argument("--progress", metavar="FILE", type=Path, help="write DONE TOTAL there, again and again")
    return parser


def _name(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()
