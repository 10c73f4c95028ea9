"""The secret that addresses are signed with: `SECRET_KEY`, or one that the server once made for itself."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

FILE: Final = "secret_key"
_LENGTH: Final = 64


def secret_key(given: str | None, data_dir: Path) -> bytes:
    """Gives the secret; where none is set a random one is kept in `data_dir`, for its owner's eyes only.

    Several processes agree: one of them makes the file, whole, the others read it. Raises `OSError`.
    """
    if given:
        return given.encode()
    file = data_dir / FILE
    if not file.exists():
        _make(file)
    return file.read_bytes()


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as sink:
            sink.write(secrets.token_hex(_LENGTH // 2))
            sink.flush()
            os.fsync(sink.fileno())
        with suppress(FileExistsError):  # another process was first
            os.link(fresh, file)
    finally:
        fresh.unlink()
