"""Locks between processes that end with whoever holds them: `flock` on a file beside what is to be locked.

The kernel lets go of such a lock when a process dies, however it dies, and so does a file server that speaks NFS 4 or
SMB (`docs/adr`, on the cache). Nothing here waits: who finds a lock taken looks again later, and so it is safe under
eventlet, too.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Taken(Exception):
    """Somebody else holds the lock."""


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Holds a lock alone for as long as a `with` block lasts; raises `Taken`. The file is made where there is none."""
    with _held(path, alone=True):
        yield


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Holds a lock beside others that share it; raises `Taken` where somebody holds it alone."""
    with _held(path, alone=False):
        yield


@contextmanager
def _held(path: Path, *, alone: bool) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)  # NFS wants it writable to lock it alone
    try:
        _lock(descriptor, alone)
        if not _is_at(path, descriptor):  # whoever held it has removed the file: this lock excludes nobody any more
            raise Taken
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, alone: bool) -> None:
    import fcntl  # there is none on Windows, where only what uses files together would miss it

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Taken from None


def _is_at(path: Path, descriptor: int) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False
