"""REST for uploads: how the bytes of an attachment come to the store, and how that ends."""

from collections.abc import Mapping
from typing import Any, Final

from backend.api.operations import Resource
from backend.api.replies import Reply, written
from backend.api.requests import intent
from backend.api.signed import shown_offer, shown_request
from backend.domain.ids import sought_id
from backend.schemas.attachments import AttachmentRead, Nothing
from backend.schemas.uploads import HeldPart, PartsSigned, PartsWanted, UploadEnd, UploadRenewed
from backend.services.files import Files
from backend.services.uploads import Wanted

Fields = Mapping[str, Any]

_NEVER_CACHED: Final = {"Cache-Control": "no-store"}


def uploads_blueprint(files: Files) -> Resource:
    """Declares the routes of uploads."""
    api = Resource("uploads", __name__, description="Uploads: straight to the store, resumable, verified")

    @api.operation("POST", "/api/attachments/<string:id>/upload", body=Nothing, answer=UploadRenewed, creates=False)
    def renew_upload(fields: Fields, id: str) -> Reply:
        """Tells again, newly signed, how a file goes up."""
        return {"upload": shown_offer(files.uploads.renew(sought_id(id)))}, 200, _NEVER_CACHED

    @api.operation("POST", "/api/attachments/<string:id>/parts", body=PartsWanted, answer=PartsSigned, creates=False)
    def sign_parts(fields: Fields, id: str) -> Reply:
        """Signs the upload of parts, any of them, any number of times."""
        wanted = [Wanted(part["part_number"], part.get("checksum_sha256")) for part in fields["parts"]]
        signed = files.uploads.sign_parts(sought_id(id), wanted)
        shown = [{"part_number": number, **shown_request(request)} for number, request in signed]
        return {"parts": shown}, 200, _NEVER_CACHED

    @api.operation("GET", "/api/attachments/<string:id>/parts", answer=HeldPart(many=True), errors=(409,))
    def list_parts(id: str) -> Reply:
        """Lists the parts that the store holds already, all of them."""
        held = files.uploads.held(sought_id(id))
        return [{"part_number": part.number, "size": part.size, "etag": part.etag} for part in held], 200, _NEVER_CACHED

    @api.operation(
        "POST", "/api/attachments/<string:id>/complete", body=UploadEnd, answer=AttachmentRead, creates=False
    )
    def complete_attachment(fields: Fields, id: str) -> Reply:
        """Compares what the store holds with what was declared: `ready`, or 422 for good; 409 tells what is missing."""
        etags = {part["part_number"]: part["etag"] for part in fields.get("parts", ())}
        return written(files.completion.complete(sought_id(id), intent(), etags))

    return api
