"""How an attachment's status and thumbnail change: each change is a new version, and an entry of the log."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from backend.domain import attachments
from backend.domain.attachments import weight
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.database import Item
from backend.repositories.decisions import Decision, View
from backend.services.attachments import change_draft, living_attachment
from backend.services.homes import commit_at_home
from backend.services.quotas import taking
from backend.services.writing import Intent, Outcome, Writer, Written


class AttachmentStates:
    """Leads attachments from one status to the next; what is in that status already stays as it is.

    Every method raises `NotFound` where the attachment is gone.
    """

    def __init__(self, writer: Writer, repository: AttachmentRepository) -> None:
        self._writer = writer
        self._repository = repository

    def ready(self, attachment_id: str, verified: str, intent: Intent) -> Written:
        """Says that a file is whole, and how far that is proven."""
        return self._change(attachment_id, "pending", partial(attachments.completed, verified=verified), intent)

    def fail(self, attachment_id: str, code: str, found: str | None, intent: Intent) -> Written:
        """Says that an upload has failed for good, and gives its bytes back; what is ready stays ready."""
        change = partial(attachments.failed, code=code, found=found)
        return self._change(attachment_id, "pending", change, _unnamed(intent))

    def lose(self, attachment_id: str) -> Written:
        """Says that the store has lost a file which was ready."""
        change = partial(attachments.failed, code=attachments.LOST, found=None)
        return self._change(attachment_id, "ready archived", change, Intent())

    def archive(self, attachment_id: str) -> Written:
        """Says that the store has put a file away."""
        return self._change(attachment_id, "ready", attachments.archived, Intent())

    def bring_back(self, attachment_id: str) -> Written:
        """Says that an archived file can be read again."""
        return self._change(attachment_id, "archived", attachments.brought_back, Intent())

    def set_thumbnail(self, attachment_id: str, size: tuple[int, int] | None) -> Written:
        """Says that there is a thumbnail of this width and height, or that none can be made."""
        change = partial(attachments.with_thumbnail, size=size)
        return self._change(attachment_id, "ready archived", change, Intent())

    def current(self, attachment_id: str, intent: Intent) -> Written:
        """Answers with an attachment as it is."""
        return self._change(attachment_id, "", lambda attachment, at: attachment, intent)

    def _change(self, attachment_id: str, before: str, change: Callable[..., Item], intent: Intent) -> Written:
        def decide(department_id: str, view: View) -> Decision[Outcome]:
            row, current = living_attachment(view, department_id, attachment_id)
            new = change(current, at=view.now) if current["status"] in before.split() else current
            if new is current:
                return Decision(Outcome(current))
            given_back = taking(view, department_id, weight(new) - weight(current))
            return Decision(Outcome(new), [change_draft(row, new, given_back)])

        return commit_at_home(self._writer, self._repository, attachment_id, decide, intent)


def _unnamed(intent: Intent) -> Intent:
    """Is the same author's, without the key: a refusal is not what the key is remembered for."""
    return Intent(replace(intent.author, mutation_id=None))
