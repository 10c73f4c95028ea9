"""Shows signed requests: absolute, also where the server is the store itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from backend.api.replies import absolute
from backend.domain.changes import instant
from backend.services.uploads import Offer


class Signed(Protocol):
    """Is a request that a store has signed."""

    @property
    def method(self) -> str:
        """Is GET or PUT."""
        ...

    @property
    def url(self) -> str:
        """Is where it goes; it begins with `/` where that is this server."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Is what must be sent with it."""
        ...

    @property
    def expires_at(self) -> datetime:
        """Is until when it is good."""
        ...


def shown_request(request: Signed) -> dict[str, Any]:
    """Shows a request that a client may make."""
    return {
        "method": request.method,
        "url": absolute(request.url) if request.url.startswith("/") else request.url,
        "headers": dict(request.headers),
        "expires_at": instant(request.expires_at),
    }


def shown_offer(offer: Offer) -> dict[str, Any]:
    """Shows how a file goes up."""
    if offer.request is None:
        return {"mode": "multipart", "part_size": offer.part_size, "part_count": offer.part_count}
    return {"mode": "single", **shown_request(offer.request)}
