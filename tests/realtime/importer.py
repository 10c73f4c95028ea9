"""Another program that writes into the store which a server uses: `python importer.py FOLDER DEPARTMENT COUNT`."""

from __future__ import annotations

import sys
from pathlib import Path

from backend.app import create_app
from backend.domain import events
from backend.domain.changes import Author
from backend.domain.ids import new_id
from backend.repositories.changelog import Proposal
from backend.repositories.decisions import Decide, Decision, View
from backend.services.events import creation_draft
from backend.settings import Settings


def creation(department: str, title: str) -> Decide[None]:
    """Decides to create an event."""
    identity = {"id": new_id(), "department_id": department, "timezone": "Asia/Seoul"}

    def decide(view: View) -> Decision[None]:
        fields = {"title": title, "event_date": "2024-01-15"}
        return Decision(None, [creation_draft(events.create(fields, **identity, at=view.now, author=Author()))])

    return decide


def main(folder: str, department: str, count: str) -> None:
    """Creates so many events, as many in a transaction as fit."""
    dayroom = create_app(Settings(data_dir=Path(folder), socketio_async_mode="threading"))
    proposals = [Proposal(creation(department, str(number)), Author()) for number in range(int(count))]
    dayroom.changelog.commit_all(department, proposals)
    for proposal in proposals:
        proposal.unwrap()
    dayroom.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
