"""The commands for operators."""

import sys

import click

from backend.app import open_settings_database
from backend.cli import exchange, whole
from backend.repositories.database import DatabaseError
from backend.repositories.tables import TABLES
from backend.settings import Settings


@click.group()
def commands() -> None:
    """Dayroom, a shared calendar: without a command it serves. Settings are environment variables (.env.example)."""


@commands.command()
@click.option("--plan", is_flag=True, help="Only say what would change.")
@click.pass_obj
def provision(settings: Settings, plan: bool) -> None:
    """Create missing tables and indexes, with expiry, backups and encryption where the store knows them."""
    try:
        report = open_settings_database(settings).provision(TABLES, plan=plan)
    except (DatabaseError, OSError) as error:
        click.echo(f"dayroom: cannot provision: {error}", err=True)
        sys.exit(1)
    for line in report.changed or ("nothing to change",):
        click.echo(("would " if plan and report.changed else "") + line)
    for line in report.unsupported:
        click.echo(f"not known to this server: {line}")


for each in (*whole.COMMANDS, *exchange.COMMANDS):
    commands.add_command(each)
