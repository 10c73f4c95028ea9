"""Brings an old calendar into Dayroom, on DynamoDB or SQLite.

It is run as `python -m migrations_scripts.migrate_to_dynamodb --help` (contract, section 9).
The file itself can be run too; then Python looks for modules beside it, and has to be told where the project is.
"""

import sys
from pathlib import Path


def run() -> int:
    """Runs the command line; returns its exit status."""
    from migrations_scripts.command import main

    return main()


if __name__ == "__main__":
    if not __package__:
        sys.path[0] = str(Path(__file__).resolve().parents[1])
    sys.exit(run())
