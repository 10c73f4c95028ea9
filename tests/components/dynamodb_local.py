"""DynamoDB Local, in memory, on a free port, for as long as a `with` block lasts."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tests.components.ports import accepts, find_free_port

START_SECONDS = 60
JVM = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED")


class DynamoDBLocalError(Exception):
    """DynamoDB Local did not start; the message is what it said."""


@contextmanager
def running(java: Path, folder: Path) -> Iterator[str]:
    """Start DynamoDB Local and yield its endpoint's URL."""
    port = find_free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command(java, port), cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_for(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(process)


def command(java: Path, port: int) -> list[str]:
    """Return the command line; `-sharedDb` gives every region and key the same tables."""
    jar = ["-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
    return [str(java), *JVM, *jar, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]


def wait_for(process: subprocess.Popen[bytes], port: int, log: IO[bytes]) -> None:
    """Wait until the port accepts; raise DynamoDBLocalError if the process ends or takes too long."""
    for _ in range(START_SECONDS * 20):
        if accepts(port):
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            break
    log.seek(0)
    said = log.read().decode(errors="replace").strip()
    raise DynamoDBLocalError(f"DynamoDB Local did not start; it said: {said or 'nothing'}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process, first kindly."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
