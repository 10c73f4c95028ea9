"""What a download is called and whether it may be shown: `Content-Disposition` and the types that run no script.

Sources: RFC 6266 (the header), RFC 8187 (`filename*`), RFC 2045 (types).
"""

import re
from typing import Final
from unicodedata import category, normalize
from urllib.parse import quote

from backend.storage.objects import Disposition

PDF: Final = "application/pdf"

_SHOWN: Final = ("image/", "video/", "audio/")
_ATTRIBUTE_CHARACTERS: Final = "!#$&+-.^_`|~"
"""What `filename*` may have beside letters and digits (RFC 8187, section 3.2.1)."""
_NOT_PLAIN: Final = re.compile(r"[^ !#$&\'()+,\-.0-9;=@A-Z\[\]^_`a-z{}~]")
_FALLBACK_LENGTH: Final = 100


def may_be_inline(mime_type: str) -> bool:
    """Tells whether a browser that shows this type runs nothing of it: no SVG, no other XML, no HTML."""
    essence = mime_type.partition(";")[0].strip().lower()
    return essence == PDF or (essence.startswith(_SHOWN) and "xml" not in essence)


def content_disposition(file_name: str, mime_type: str, wanted: Disposition) -> str:
    """Writes the header: composed (NFC) for those that know UTF-8, and in ASCII for the others."""
    kind = wanted if may_be_inline(mime_type) else "attachment"
    name = "".join(each for each in normalize("NFC", file_name) if category(each) not in {"Cc", "Cs"})
    plain = ascii_fallback(name)
    header = f'{kind}; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe=_ATTRIBUTE_CHARACTERS)}"


def ascii_fallback(name: str) -> str:
    """Is a name that every program can write: accents fall off, the rest becomes `_`, the ending stays."""
    unaccented = "".join(each for each in normalize("NFKD", name) if category(each) != "Mn")
    plain = _NOT_PLAIN.sub("_", normalize("NFC", unaccented))
    if not re.search(r"[A-Za-z0-9]", plain.rpartition(".")[0] or plain):
        ending = plain.rpartition(".")[2] if "." in plain else ""
        plain = f"file.{ending}" if ending.isalnum() else "file"
    return plain[-_FALLBACK_LENGTH:].strip() or "file"
