"""How a file comes from the store: by a signed request, for a short while."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from backend.domain.errors import Awaited, Invalid, NotFound, UploadIncomplete, WrongState
from backend.domain.pages import Entity
from backend.repositories.attachments import AttachmentRepository
from backend.services.attachment_states import AttachmentStates
from backend.services.writing import Intent, Written
from backend.storage.keys import file_key, thumbnail_key
from backend.storage.objects import Disposition, SignedRequest
from backend.storage.store import ObjectStore

Variant = Literal["original", "thumbnail"]

THUMBNAIL_TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Is how long signed URLs live: usually, and where a client asks for more, at most."""

    usual: timedelta
    most: timedelta


class DownloadService:
    """Signs downloads, and asks for what is archived."""

    def __init__(
        self,
        repository: AttachmentRepository,
        states: AttachmentStates,
        store: ObjectStore,
        lifetimes: Lifetimes,
        clock: Callable[[], datetime],
    ) -> None:
        self._repository = repository
        self._states = states
        self._store = store
        self._lifetimes = lifetimes
        self._clock = clock

    def sign(
        self,
        attachment_id: str,
        *,
        seconds: int | None = None,
        disposition: Disposition = "attachment",
        variant: Variant = "original",
    ) -> SignedRequest:
        """Signs a download of the file or its thumbnail.

        Raises `NotFound`, `Awaited` while the thumbnail is made, `UploadIncomplete`, `WrongState` of an archived file.
        """
        expires_at = self._clock() + self._lifetime(seconds)
        attachment = self._repository.get(attachment_id)
        if variant == "thumbnail":
            _require_thumbnail(attachment)
            key, mime_type, name = thumbnail_key(attachment_id), THUMBNAIL_TYPE, f"{attachment['file_name']}.webp"
        else:
            _require_at_hand(attachment)
            key, mime_type, name = file_key(attachment_id), attachment["mime_type"], attachment["file_name"]
        return self._store.sign_get(
            key, file_name=name, mime_type=mime_type, disposition=disposition, expires_at=expires_at
        )

    def retrieve(self, attachment_id: str, intent: Intent) -> Written:
        """Asks the store to bring an archived file back; raises `NotFound`, `WrongState`."""
        written = self._states.current(attachment_id, intent)
        if written.entity["status"] not in {"ready", "archived"}:
            raise WrongState(f"The file is {written.entity['status']}: there is nothing to bring back", written.entity)
        if written.entity["status"] == "archived" and self._store.retrieve(file_key(attachment_id)) == "at-hand":
            return self._states.bring_back(attachment_id)
        return written

    def _lifetime(self, seconds: int | None) -> timedelta:
        if seconds is None:
            return self._lifetimes.usual
        if timedelta(seconds=seconds) > self._lifetimes.most:
            most = int(self._lifetimes.most.total_seconds())
            raise Invalid.at("/ttl", "range", f"must be at most {most:,} seconds")
        return timedelta(seconds=seconds)


def _require_at_hand(attachment: Entity) -> None:
    match attachment["status"]:
        case "pending":
            raise UploadIncomplete("The file is still being uploaded")
        case "failed":
            raise NotFound("file", attachment["id"])
        case "archived":
            raise WrongState("The file is archived: POST to its /retrieve asks for it", attachment)


def _require_thumbnail(attachment: Entity) -> None:
    match (attachment["thumbnail"] or {}).get("status"):
        case "ready":
            return
        case "pending":
            raise Awaited("thumbnail", attachment["id"])
        case _:
            raise NotFound("thumbnail", attachment["id"])
