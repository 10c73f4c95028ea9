"""The addresses that this server signs itself: a grant says all that a request may do, and cannot be altered.

A grant and its signature (HMAC-SHA-256) stand in the query, so that the logs, which have paths only, do not know them.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from hmac import compare_digest, digest
from typing import Final, Literal
from urllib.parse import urlencode

from backend.domain.errors import Forbidden
from backend.storage.keys import Key
from backend.storage.objects import Disposition

Action = Literal["object", "part", "download"]

ADDRESSES: Final = {"object": "/files/object", "part": "/files/part", "download": "/files/download"}
"""Where each of the three is served."""

_PURPOSE: Final = b"dayroom: addresses of files, 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Is what one address allows until `expires` (epoch seconds)."""

    action: Action
    key: str
    expires: int
    size: int = 0
    type: str = ""
    sha256: str | None = None
    upload_id: str = ""
    number: int = 0
    name: str = ""
    disposition: Disposition = "attachment"

    @property
    def object_key(self) -> Key:
        """Is the key that it is about."""
        return Key(self.key)


class Signer:
    """Writes and reads addresses; `secret` gives the server's `SECRET_KEY`, of which its own key is derived."""

    def __init__(self, secret: Callable[[], bytes], clock: Callable[[], datetime]) -> None:
        self._secret = secret
        self._clock = clock

    def address(self, grant: Grant) -> str:
        """Writes the path and query of what is granted."""
        said = {name: value for name, value in asdict(grant).items() if value not in (None, "", 0)}
        text = urlsafe_b64encode(json.dumps(said, separators=(",", ":")).encode()).decode().rstrip("=")
        return f"{ADDRESSES[grant.action]}?{urlencode({'grant': text, 'signature': self._sign(text)})}"

    def read(self, action: Action, text: str, signature: str) -> Grant:
        """Reads a grant for this action; raises `Forbidden` where this server did not sign it, or it has expired."""
        # Compared as bytes: what came may be no ASCII.
        if not compare_digest(self._sign(text).encode(), signature.encode("utf-8", "surrogatepass")):
            raise Forbidden("This address was not signed by this server, or was altered")
        grant = Grant(**json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4))))
        if grant.action != action:
            raise Forbidden("This address was signed for something else")
        if self._clock() >= datetime.fromtimestamp(grant.expires, UTC):
            raise Forbidden("This address has expired; ask for a new one")
        return grant

    @cached_property
    def _key(self) -> bytes:
        return digest(self._secret(), _PURPOSE, "sha256")

    def _sign(self, text: str) -> str:
        signed = digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")
        return urlsafe_b64encode(signed).decode().rstrip("=")
