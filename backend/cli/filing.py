"""The commands that look after files, in the group `storage`: `tidy` and `check`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import click

from backend import filing
from backend.cli.progress import ProgressNarrator
from backend.cli.whole import opened, working
from backend.filing import Filing
from backend.settings import Settings
from backend.storage.opening import open_store


@click.command()
@click.option(
    "--idle",
    metavar="MINUTES",
    type=click.IntRange(0, 1440),
    default=15,
    show_default=True,
    help="Leave alone what has moved within so many minutes.",
)
@click.pass_obj
def tidy(settings: Settings, idle: int) -> None:
    """Complete uploads that are whole, give up those abandoned for a day, and draw thumbnails that wait.

    The server does this every ten minutes by itself.
    """
    with _filing(settings, "tidy up") as (found, narrator):
        done = found.care.housekeeping.tend(idle=timedelta(minutes=idle), tell=narrator.step("unfinished files"))
    click.echo(
        f"completed {done.completed:,}, refused {done.refused:,} and gave up {done.abandoned:,} uploads, "
        f"drew {done.thumbnails:,} thumbnails"
    )


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
@click.option("--cautious", is_flag=True, help="With --repair: mend only what crashes leave, whatever else there is.")
@click.pass_obj
def check(settings: Settings, repair: bool, cautious: bool) -> None:
    """Compare the records of files with the object store, and say what is wrong; exit status 1 if anything stays so.

    Found are objects and uploads older than a day without a record, and records without their object. --repair removes
    the ones and says of the others that they have failed; a lost thumbnail is drawn again. Look first, without it: with
    the wrong database, an old backup or the wrong bucket everything is wrong.

    Once a day the server itself does it with --cautious: what its own records say that nobody wants is removed.
    """
    left = mended = 0
    with _filing(settings, "check the files") as (found, narrator):
        for fault in found.care.check.faults(narrator):
            wanted = repair and (fault.explained or not cautious)
            done = wanted and fault.mend is not None and fault.mend()
            mended, left = mended + done, left + (not done)
            click.echo(f"{'mended: ' if done else ''}{fault.said}")
        swept = found.care.check.sweep() if repair else 0
    click.echo(f"{left:,} faults, {mended:,} mended, {swept:,} remains swept" if left + mended else "all is well")
    sys.exit(1 if left else 0)


COMMANDS: Final = (tidy, check)


@contextmanager
def _filing(settings: Settings, what: str) -> Iterator[tuple[Filing, ProgressNarrator]]:
    with (
        working(what) as narrator,
        opened(settings) as database,
        filing.opened(settings, database, open_store(settings)) as found,
    ):
        yield found, narrator
