"""The commands for operators."""

import sys

import click

from backend.app import open_settings_database
from backend.cli import exchange, filing, whole
from backend.cli.storage import set_up_bucket, storage
from backend.repositories.database import DatabaseError
from backend.repositories.tables import TABLES
from backend.settings import Settings
from backend.storage.errors import StorageError


@click.group()
def commands() -> None:
    """Dayroom, a shared calendar: without a command it serves. Settings are environment variables (.env.example)."""


@commands.command()
@click.option("--plan", is_flag=True, help="Only say what would change.")
@click.pass_obj
def provision(settings: Settings, plan: bool) -> None:
    """Create missing tables and indexes, with expiry, backups and encryption where the store knows them.

    With OBJECT_STORE=s3 the bucket is set up, too: versioning, encryption, no public access, CORS for the server's
    pages, and the lifecycle that S3_LIFECYCLE names.
    """
    try:
        tables = open_settings_database(settings).provision(TABLES, plan=plan)
        bucket = set_up_bucket(settings, plan)
    except (DatabaseError, StorageError, OSError) as error:
        click.echo(f"dayroom: cannot provision: {error}", err=True)
        sys.exit(1)
    changed = [*tables.changed, *bucket.changed]
    for line in changed or ("nothing to change",):
        click.echo(("would " if plan and changed else "") + line)
    for line in tables.unsupported:
        click.echo(f"not known to this server: {line}")
    for line in bucket.unsupported:
        click.echo(f"not done: {line}")


for each in (*whole.COMMANDS, *exchange.COMMANDS, storage):
    commands.add_command(each)
for each in filing.COMMANDS:
    storage.add_command(each)
