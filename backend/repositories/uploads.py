"""What the store must be told of an upload in parts: how it calls the upload, and each part's checksum.

Nobody but the store asks for it, and it ends with the upload: so it is no entry of any log, and in no backup. An upload
whose record is missing begins anew.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from backend.repositories.bulk import Bulk
from backend.repositories.database import ABSENT, Database, Item, Operation, Put, TransactionRefused
from backend.repositories.tables import UPLOADS

KEPT: Final = timedelta(days=30)
"""How long a record stays after it was last written, if nobody ends the upload."""

NONE: Final = ""
"""Is the name of an upload that has not begun at the store."""


class UploadRepository:
    """Remembers uploads in parts."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def opening(self, attachment_id: str, *, part_checksums: bool) -> Operation:
        """Remembers an upload as part of the transaction that announces its file."""
        return Put(UPLOADS, self._record(attachment_id, NONE, part_checksums), ABSENT)

    def find(self, attachment_id: str) -> Item | None:
        """Reads what is known of an upload: `upload_id`, and whether it wants `part_checksums`."""
        return self._database.get(UPLOADS, {"id": attachment_id, "part": 0})

    def begun(self, attachment_id: str, before: Item | None, upload_id: str, *, part_checksums: bool) -> bool:
        """Remembers how the store calls an upload; False where somebody else was faster."""
        expect = ABSENT if before is None else {"upload_id": before["upload_id"]}
        try:
            record = self._record(attachment_id, upload_id, part_checksums)
            self._database.transact([Put(UPLOADS, record, expect)], str(uuid4()))
        except TransactionRefused:
            return False
        return True

    def put_checksums(self, attachment_id: str, checksums: Mapping[int, str]) -> None:
        """Remembers the SHA-256 of parts, by their numbers; the one that comes last counts."""
        expires_at = self._expiry()
        with Bulk(self._database) as bulk:
            for number, checksum in checksums.items():
                item = {"id": attachment_id, "part": number, "checksum_sha256": checksum, "expires_at": expires_at}
                bulk.put(UPLOADS, item)

    def checksums(self, attachment_id: str) -> dict[int, str]:
        """Reads the SHA-256 of parts, by their numbers."""
        items = self._database.query(UPLOADS, attachment_id, lower=1)
        return {item["part"]: item["checksum_sha256"] for item in items}

    def resting_since(self, attachment_id: str, held: str, begun_at: datetime) -> datetime:
        """Tells since when the store holds the same parts of an upload, as often as somebody looks.

        `held` names what it holds, and is empty where that is nothing, as it was when the upload began.
        """
        record = self.find(attachment_id)
        if record is None or record.get("held", "") == held:
            return datetime.fromisoformat(record["held_at"]) if record and held else begun_at
        now = self._clock()
        seen = {**record, "held": held, "held_at": now.isoformat(), "expires_at": self._expiry()}
        with suppress(TransactionRefused):  # it has begun anew
            self._database.transact([Put(UPLOADS, seen, {"upload_id": record["upload_id"]})], str(uuid4()))
        return now

    def forget(self, attachment_id: str) -> None:
        """Removes all that is known of an upload; what leads to it goes last."""
        with Bulk(self._database) as bulk:
            for item in self._database.query(UPLOADS, attachment_id, descending=True):
                bulk.delete(UPLOADS, UPLOADS.key_of(item))

    def _record(self, attachment_id: str, upload_id: str, part_checksums: bool) -> Item:
        kept = {"upload_id": upload_id, "part_checksums": part_checksums, "expires_at": self._expiry()}
        return {"id": attachment_id, "part": 0, **kept}

    def _expiry(self) -> int:
        return int((self._clock() + KEPT).timestamp())
