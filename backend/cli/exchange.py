"""The commands that take a department's events out as a file, and bring a calendar file in."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click

from backend.cli.progress import ProgressNarrator
from backend.cli.whole import opened, working
from backend.domain.changes import Author
from backend.domain.errors import DayroomError, Invalid, NotFound
from backend.domain.fields import day
from backend.domain.ids import uuid_text
from backend.domain.imports import Fate
from backend.domain.text import composed
from backend.exchange.files import FORMATS
from backend.problems import problem_of
from backend.repositories.changelog import ChangeLog
from backend.services.exports import Span
from backend.services.imports import Wish
from backend.services.readers import Readers
from backend.services.writers import Writers
from backend.settings import Settings

DEPARTMENT: Final = click.option("--department", required=True, help="Its name, or its id.")
AUTHOR: Final = Author(device_id="import")


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Is a database with what reads and writes it."""

    read: Readers
    write: Writers

    def department(self, wanted: str) -> str:
        """Finds a department's id; raises `NotFound`."""
        for found in self.read.departments.named(composed(wanted)).entities:
            return str(found["id"])
        try:
            return str(self.read.departments.get(uuid_text(wanted))["id"])
        except Invalid:
            raise NotFound("department", f"called {wanted!r}") from None


def _day(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    try:
        return value and day(value)
    except Invalid as invalid:
        raise click.BadParameter(invalid.errors[0].detail) from None


@click.command()
@DEPARTMENT
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="ics", show_default=True)
@click.option("--from", "first", callback=_day, metavar="DATE", help="Only what goes on then or later.")
@click.option("--to", "last", callback=_day, metavar="DATE", help="Only what goes on then or earlier.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; without it standard output.")
@click.option("--language", type=click.Choice(["ko", "en"]), default="ko", help="Of the columns of a table.")
@click.pass_obj
def export(
    settings: Settings,
    department: str,
    form: str,
    first: str | None,
    last: str | None,
    output: Path | None,
    language: str,
) -> None:
    """Write a department's events as iCalendar, CSV or JSON, while the server runs."""
    with working("export") as narrator, _calendar(settings, narrator) as calendar:
        found = calendar.write.exports.export(calendar.department(department), form, Span(first, last), language)
        if output is None:
            for piece in found.pieces:
                sys.stdout.buffer.write(piece)
            return
        part = output.with_name(output.name + ".part")
        with part.open("wb") as file:
            file.writelines(found.pieces)
        part.replace(output)
    click.echo(f"{output}: {output.stat().st_size:,} bytes", err=True)


@click.command("import-ics")
@click.argument("file", metavar="FILE", type=click.File("rb"))
@DEPARTMENT
@click.option("--dry-run", is_flag=True, help="Only say what would become of each event.")
@click.option("--overwrite", is_flag=True, help="Let the file win over what people have changed or deleted here.")
@click.option("--charset", help="The file's characters, where it does not say so itself: utf-8, cp949 …")
@click.option("--report", type=click.File("w", encoding="utf-8"), help="Write the whole report there, as JSON.")
@click.pass_obj
def import_ics(
    settings: Settings,
    file: Any,
    department: str,
    dry_run: bool,
    overwrite: bool,
    charset: str | None,
    report: Any,
) -> None:
    """Bring an iCalendar FILE (or `-`) into a department, while the server runs; done twice it changes nothing.

    Exit status 1 if something of it was rejected, or stays as people have changed it here.
    """
    with working("import") as narrator, _calendar(settings, narrator) as calendar:
        wish = Wish(dry_run, overwrite, AUTHOR)
        data = file.read(settings.calendar_file_max_bytes + 1)
        if len(data) > settings.calendar_file_max_bytes:
            raise OSError(f"the file has more than CALENDAR_FILE_MAX_BYTES={settings.calendar_file_max_bytes:,} bytes")
        found = _told(calendar, calendar.department(department), data, wish, charset, narrator.step("importing"))
    if report is not None:
        json.dump(found, report, ensure_ascii=False, indent=1)
    left = [row for row in found["rows"] if row["outcome"] in (Fate.KEPT.value, Fate.REJECTED.value)]
    for row in left:
        click.echo(f"line {row['line']}: {row['outcome']}: {row['title'] or row['uid']}: {row['reason']['detail']}")
    counted = ", ".join(f"{found[fate.value]:,} {fate.value}" for fate in Fate)
    click.echo(f"{'would be: ' if dry_run else ''}{counted}")
    sys.exit(1 if left else 0)


def _told(
    calendar: _Calendar, department_id: str, data: bytes, wish: Wish, charset: str | None, tell: Callable[[int], None]
) -> dict[str, Any]:
    done = 0
    report = None
    for report in calendar.write.imports.run(department_id, data, wish, charset):
        tell(report.done - done)
        done = report.done
    assert report is not None
    return report.as_json()


@contextmanager
def _calendar(settings: Settings, narrator: ProgressNarrator) -> Iterator[_Calendar]:
    """Opens a calendar that is there; what it refuses is one line, and exit status 1."""
    with opened(settings) as database:
        read = Readers.of(database, timedelta(days=settings.change_retention_days))
        changelog = ChangeLog(database, read.log)
        write = Writers.of(database, read, changelog, default_timezone=settings.default_timezone)
        try:
            yield _Calendar(read, write)
        except DayroomError as error:
            narrator.say(f"dayroom: {problem_of(error).detail}")
            sys.exit(1)


COMMANDS: Final[tuple[click.Command, ...]] = (export, import_ics)
