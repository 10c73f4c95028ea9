"""Brings files from a folder to S3: those of Dayroom's own folder store, or of a server before Dayroom.

It is run as `python -m migrations_scripts.migrate_files_to_s3 --help`.
The file itself can be run too; then Python looks for modules beside it, and has to be told where the project is.
"""

import sys
from pathlib import Path


def run() -> int:
    """Runs the command line; returns its exit status."""
    from migrations_scripts.files.command import main

    return main()


if __name__ == "__main__":
    if not __package__:
        sys.path[0] = str(Path(__file__).resolve().parents[1])
    sys.exit(run())
