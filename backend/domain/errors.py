"""Everything that can go wrong in Dayroom's own terms: small classes that carry data, no transport.

`backend.problems` is the only place that knows what each of them looks like to a client.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class DayroomError(Exception):
    """Is the root of every error that a client may be told about."""


@dataclass(frozen=True)
class FieldError:
    """Says what is wrong with one member of what a client sent.

    `pointer` is a JSON pointer (RFC 6901) into the body, or `/name` of a query parameter.
    """

    pointer: str
    code: str
    detail: str


@dataclass
class Invalid(DayroomError):
    """Was well-formed but means nothing that can be stored: 422 with one `FieldError` a fault."""

    errors: Sequence[FieldError]

    @classmethod
    def at(cls, pointer: str, code: str, detail: str) -> "Invalid":
        """Names one faulty member."""
        return cls([FieldError(pointer, code, detail)])


@dataclass
class Malformed(DayroomError):
    """Could not be read at all: not JSON, not UTF-8, or nested beyond reason."""

    detail: str


@dataclass
class NotFound(DayroomError):
    """Names something that is not there, or is no longer."""

    kind: str
    id: str


@dataclass
class Awaited(NotFound):
    """Names something that is being made: it will be there soon, so ask again after `retry_after` seconds."""

    retry_after: int = 2


@dataclass
class Forbidden(DayroomError):
    """Is understood, and not allowed."""

    detail: str


@dataclass
class NameTaken(DayroomError):
    """Another living department has this name (compared NFC + casefold)."""

    name: str


@dataclass
class IdTaken(DayroomError):
    """The id that a client chose belongs to something else already, perhaps in another department."""

    id: str


@dataclass
class Conflict(DayroomError):
    """Both sides changed the same members since the version that the client had: nothing is written, nothing dropped.

    `conflicts` has a row `{field, base, yours, theirs}` each; `current` is None where the other side deleted it.
    """

    id: str
    current: Mapping[str, Any] | None
    conflicts: Sequence[Mapping[str, Any]] = ()


@dataclass
class IdempotencyReuse(DayroomError):
    """The key of an earlier write came with another request."""

    key: str


@dataclass
class Refused(DayroomError):
    """Was refused before, with this problem, and was remembered."""

    problem: Mapping[str, Any]


@dataclass
class PreconditionFailed(DayroomError):
    """`If-Match` names another version than the one that is there, which is `current`."""

    expected: str
    current: Mapping[str, Any] | None


@dataclass
class PreconditionRequired(DayroomError):
    """This server wants an `If-Match` on every change (`REQUIRE_PRECONDITIONS`)."""


@dataclass
class PositionExpired(DayroomError):
    """A log cannot be resumed from this position: the client takes a snapshot and replaces its copy.

    `reason` is `expired` (under the floor) or `epoch` (of another epoch, or beyond the head).
    """

    position: str
    reason: str
    head: str
    floor: str
    action: str = field(default="replace", init=False)


@dataclass
class UploadIncomplete(DayroomError):
    """The store does not hold all of a file yet; `missing` has the numbers of the parts (empty for a single upload)."""

    detail: str
    missing: Sequence[int] = ()


@dataclass
class SizeMismatch(DayroomError):
    """Came with another number of bytes than was declared."""

    declared: int
    found: int


@dataclass
class ChecksumMismatch(DayroomError):
    """The bytes have another SHA-256 than was declared; `found` is None where the store does not tell it."""

    declared: str
    found: str | None


@dataclass
class TypeMismatch(DayroomError):
    """The content is not of the type that was declared."""

    declared: str
    found: str


@dataclass
class AlreadyStored(DayroomError):
    """A whole file came to this address before, and nothing replaces it."""


@dataclass
class FileChanged(DayroomError):
    """A download is asked for on the condition of a state that the file is not in (`If-Match`)."""


@dataclass
class RangeNotSatisfiable(DayroomError):
    """The bytes that were asked for lie behind the end of a file of `size` bytes."""

    size: int


@dataclass
class TooLarge(DayroomError):
    """Is more than the server takes: at once, as one file, or beside what a department has `used` of its quota."""

    detail: str
    limit: int | None = None
    used: int | None = None


@dataclass
class WrongState(DayroomError):
    """Asks for what cannot be done with something in the state that it is in, `current`."""

    detail: str
    current: Mapping[str, Any]


@dataclass
class UnsupportedMediaType(DayroomError):
    """Came with another `Content-Type` than the one that is `wanted`."""

    content_type: str
    wanted: str = "application/json"


@dataclass
class RateLimited(DayroomError):
    """Asks for too much at once; try again after `retry_after` seconds."""

    detail: str
    retry_after: int = 1


@dataclass
class Unavailable(DayroomError):
    """The store throttles, is full or does not answer; try again after `retry_after` seconds."""

    detail: str
    retry_after: int = 1
