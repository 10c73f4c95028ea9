"""Makes attachments of the files in any folder: announced, brought and completed just as a client would.

The first folder says the department: its name, its id, or its id in the calendar before Dayroom; a second one may say
the event. The id of an attachment follows from its path, so that a second run finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from backend.domain import parts
from backend.domain.changes import Author
from backend.domain.errors import NotFound
from backend.domain.text import composed, name_key
from backend.repositories.decisions import is_deleted
from backend.services.uploads import Wanted
from backend.services.writing import Intent
from backend.storage.keys import file_key
from migrations_scripts.arrivals import DEVICE
from migrations_scripts.files.carrier import Carrier, Damaged, Tell, part_of, patiently
from migrations_scripts.files.report import Carried, Outcome
from migrations_scripts.files.sources import Origin, Place, places
from migrations_scripts.files.target import FileTarget
from migrations_scripts.files.work import Task
from migrations_scripts.legacy.entities import Ids


@dataclass(frozen=True, slots=True)
class Adoption:
    """Makes attachments of a folder's files; `department` gets those that are in no department's folder."""

    folder: Path
    ids: Ids
    target: FileTarget
    carrier: Carrier
    rehearses: bool
    department: str | None = None

    def tasks(self) -> list[Task]:
        """Lists the files, with what is to be done with each."""
        known = self._departments()
        return [
            Task(place.relative, place.path.stat().st_size, partial(self._adopt, place, known))
            for place in places(self.folder)
        ]

    def _departments(self) -> dict[str, str]:
        """Finds departments by everything that a folder may call them."""
        living = self.target.departments.list().entities
        return {key: each["id"] for each in living for key in (name_key(each["name"]), each["id"])}

    def _adopt(self, place: Place, known: Mapping[str, str], tell: Tell) -> Outcome:
        origin = place.origin()
        announced = self._announcement(place, origin, known)
        carried = self._carried(announced)
        if carried is not None:
            tell(origin.size)
        elif not self.rehearses:
            self._bring(announced, origin, tell)
        return Outcome(origin.name, origin.size, carried or Carried.MOVED)

    def _announcement(self, place: Place, origin: Origin, known: Mapping[str, str]) -> dict[str, Any]:
        department_id = self._department(place, known)
        declared = {"file_name": composed(place.path.name), "file_size": origin.size, "mime_type": origin.mime_type}
        where = {"department_id": department_id, "event_id": self._event(place, department_id)}
        whole = {"checksum_sha256": origin.digest(), "part_checksums": True}
        return {"id": self.ids.file(place.relative), **where, **declared, **whole}

    def _department(self, place: Place, known: Mapping[str, str]) -> str:
        wanted = place.folders[0] if place.folders else None
        keys = [key for each in (wanted, self.department) if each for key in self._names(each)]
        found = next((known[key] for key in keys if key in known), None)
        if found is None:
            raise Damaged(f"no department is called {wanted!r}" if wanted else "it is in no department's folder")
        return found

    def _names(self, name: str) -> tuple[str, ...]:
        old = int(name) if name.isascii() and name.isdigit() else name
        return name_key(name), name.lower(), self.ids.department(old)

    def _event(self, place: Place, department_id: str) -> str | None:
        """Finds the event that a second folder names by its id, now or before Dayroom; any other is just a folder."""
        for name in place.folders[1:2]:
            old = int(name) if name.isascii() and name.isdigit() else name
            for event_id in (name.lower(), self.ids.event(old)):
                if self.target.has_event(department_id, event_id):
                    return event_id
        return None

    def _carried(self, announced: Mapping[str, Any]) -> Carried | None:
        """Tells what became of a file in an earlier run; None where it is to be brought. Raises `Damaged`."""
        try:
            row = self.target.attachments.row(announced["id"])
        except NotFound:
            return None
        if is_deleted(row):
            return Carried.CHANGED_SINCE
        if row.get("checksum_sha256") != announced["checksum_sha256"]:
            raise Damaged("another content was brought from this path before: give the file another name")
        if row["status"] == "failed":
            raise Damaged("it was brought before, and failed for good: give the file another name")
        return None if row["status"] == "pending" else Carried.UNCHANGED

    def _bring(self, announced: Mapping[str, Any], origin: Origin, tell: Tell) -> None:
        intent, files = Intent(Author(device_id=DEVICE)), self.target.files
        files.attachments.announce(announced, intent)
        key = file_key(announced["id"])
        if parts.is_single(origin.size):
            body = origin.read(0, origin.size)
            patiently(lambda: self.carrier.store.write(key, body, mime_type=origin.mime_type))
            tell(origin.size)
        else:
            self.carrier.bring_parts(origin, key, self._begun(announced["id"], origin), tell)
        written = patiently(lambda: files.completion.complete(announced["id"], intent))
        if self.carrier.reads_back or written.entity["verified"] == "size":
            stored = self.carrier.store.head(key)
            if stored is None:
                raise Damaged("it has arrived, and is not there")
            self.carrier.verify(origin, stored, announced["checksum_sha256"], proven=False)

    def _begun(self, attachment_id: str, origin: Origin) -> str:
        """Begins an upload in parts as a client does, with each part's checksum, and tells how the store calls it."""
        numbers = range(1, parts.part_count(origin.size) + 1)
        wanted = [Wanted(number, sha256(part_of(origin, number)).hexdigest()) for number in numbers]
        self.target.files.uploads.sign_parts(attachment_id, wanted)
        record = self.target.records.find(attachment_id)
        if record is None:
            raise Damaged("its upload was ended by somebody else")
        return str(record["upload_id"])
