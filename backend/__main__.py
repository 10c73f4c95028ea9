"""`python -m backend` serves; `python -m backend COMMAND` does an operator's work, and `--help` explains it."""

import sys
import warnings

from backend.settings import BadSetting, Settings


def main() -> None:
    """Serves, or runs a command; a bad setting ends it with one line."""
    try:
        settings = Settings.from_env()
    except BadSetting as error:
        print(f"dayroom: {error}", file=sys.stderr)
        sys.exit(2)
    if len(sys.argv) > 1:
        from backend.cli.commands import commands

        commands(obj=settings, prog_name="python -m backend")
    elif settings.socketio_async_mode == "eventlet":
        warnings.filterwarnings(
            "ignore", message=r"\s*Eventlet is deprecated"
        )  # known, and why it is used is in docs/adr
        import eventlet

        eventlet.monkey_patch()  # before anything else is imported: what was imported before keeps the blocking sockets
    from backend.serving import serve

    sys.exit(serve(settings))


if __name__ == "__main__":
    main()
