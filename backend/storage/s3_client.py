"""The client of S3, and how it is asked: again while somebody still waits, every error in the port's own terms."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, NoRegionError

from backend.domain import deadline
from backend.domain.jitter import jitter
from backend.storage.errors import StorageError, StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONNECT_TIMEOUT: Final = 2.0
READ_TIMEOUT: Final = 5.0
BUDGET: Final = 9.0
"""How many seconds a call may take: another attempt begins only if it can also end in time."""

ATTEMPTS: Final = 3
FIRST_PAUSE: Final = 0.05
COMPATIBLE_REGION: Final = "us-east-1"
"""What servers that have no regions sign with."""

_THROTTLED: Final = {"SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "RequestTimeout"}

Result = TypeVar("Result")


class S3Refusal(StorageError):
    """Is an answer that the caller expects: S3's own `code` of it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def make_client(*, region: str | None, endpoint_url: str | None, session: Session | None = None) -> "S3Client":
    """Makes a client; nothing is sent yet. Raises `StoreUnavailable` where nothing names a region.

    Amazon's buckets are addressed by name and region: the global address redirects, which a browser's upload cannot
    follow. Other servers are addressed as boto3 sees fit (`~/.aws/config`).
    """
    session = session or Session()
    config = Config(
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        retries={"total_max_attempts": 1, "mode": "standard"},  # it does not know how long our caller waits
        tcp_keepalive=True,
        max_pool_connections=50,
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3=None if endpoint_url else {"addressing_style": "virtual"},
    )
    region = region or session.region_name or (COMPATIBLE_REGION if endpoint_url else None)
    try:
        client: S3Client = session.client("s3", region_name=region, endpoint_url=endpoint_url, config=config)
    except NoRegionError:
        client = None  # type: ignore[assignment]
    if region is None or client is None:
        raise StoreUnavailable("S3: set AWS_REGION, the region of the bucket")
    return client


def call(ask: Callable[[], Result], expected: Iterable[str] = ()) -> Result:
    """Asks, up to `ATTEMPTS` times: every request of ours may be repeated.

    Raises `S3Refusal` for the codes that are `expected`, and `StoreUnavailable` for every other failure.
    """
    last_start = min(time.monotonic() + BUDGET, deadline.end()) - CONNECT_TIMEOUT - READ_TIMEOUT
    pause = FIRST_PAUSE
    for left in reversed(range(ATTEMPTS)):
        try:
            return ask()
        except (ClientError, BotoCoreError) as error:
            if code_of(error) in expected:
                raise S3Refusal(code_of(error), f"S3: {error}") from error
            pause *= jitter(1, 3)
            if not left or not _is_passing(error) or time.monotonic() + pause > last_start:
                raise StoreUnavailable(f"S3: {error}") from error
        time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def code_of(error: Exception) -> str:
    """Is S3's own name of an error; empty where it did not answer."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def _is_passing(error: ClientError | BotoCoreError) -> bool:
    """Tells whether the same request may succeed when it is sent again."""
    if not isinstance(error, ClientError):
        return isinstance(error, HTTPClientError)
    status: Any = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(error) in _THROTTLED or int(status) in {500, 502, 503, 504}
