"""The requests to one bucket: each with its errors in the port's own terms, lists whole, bodies in chunks."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, HTTPClientError
from urllib3.exceptions import HTTPError

from backend.storage.errors import NoSuchObject, ObjectArchived, StoreUnavailable
from backend.storage.keys import Key
from backend.storage.s3_client import S3Refusal, call

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NO_OBJECT: Final = frozenset({"404", "NoSuchKey", "NotFound"})
CHUNK: Final = 1024 * 1024

_ARCHIVED: Final = "InvalidObjectState"
_NOT_SO_LONG: Final = frozenset({"InvalidRange", "416"})


class S3Bucket:
    """Asks S3 about one bucket."""

    def __init__(self, client: "S3Client", name: str) -> None:
        self.client: Any = client  # its types know no requests that are put together
        self.name = name

    def ask(self, operation: str, request: Mapping[str, Any], expected: Iterable[str] = ()) -> Any:
        """Sends one request; raises `S3Refusal` for the expected codes, else `StoreUnavailable`."""
        return call(lambda: getattr(self.client, operation)(Bucket=self.name, **request), frozenset(expected))

    def pages(self, operation: str, request: Mapping[str, Any], expected: Iterable[str] = ()) -> Iterator[Any]:
        """Asks for page after page, each as `ask` does."""
        paginator = self.client.get_paginator(operation)
        pages = iter(paginator.paginate(Bucket=self.name, **request))
        while (page := call(lambda: next(pages, None), frozenset(expected))) is not None:
            yield page

    def describe(self, key: str) -> Any | None:
        """Asks for an object's description with its checksum; None where there is none."""
        try:
            return self.ask("head_object", {"Key": key, "ChecksumMode": "ENABLED"}, NO_OBJECT)
        except S3Refusal:
            return None

    def read(self, key: Key, first: int, last: int | None) -> Generator[bytes, None, None]:
        """Opens an object or a range of it; raises `NoSuchObject`, `ObjectArchived`."""
        span = {} if first == 0 and last is None else {"Range": f"bytes={first}-{'' if last is None else last}"}
        try:
            answer = self.ask("get_object", {"Key": key.text, **span}, {*NO_OBJECT, _ARCHIVED, *_NOT_SO_LONG})
        except S3Refusal as error:
            if error.code in _NOT_SO_LONG:
                return _nothing()
            raise (ObjectArchived if error.code == _ARCHIVED else NoSuchObject)(key) from None
        return _chunks(answer["Body"], int(answer["ContentLength"]))


def _chunks(body: Any, length: int) -> Generator[bytes, None, None]:
    """Reads a body to its announced end; raises `StoreUnavailable` where it ends before."""
    try:
        for chunk in body.iter_chunks(CHUNK):
            length -= len(chunk)
            yield chunk
    except (BotoCoreError, HTTPClientError, HTTPError, OSError) as error:
        raise StoreUnavailable(f"S3: {error}") from error
    finally:
        body.close()
    if length:
        raise StoreUnavailable("S3: the answer ended early")


def _nothing() -> Generator[bytes, None, None]:
    yield from ()
